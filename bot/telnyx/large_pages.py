"""A page of events, in smaller pieces where it is too large to be read at once: a huge row hides no other."""

from datetime import datetime

import structlog

from bot.telnyx.client import Telnyx
from bot.telnyx.errors import TOO_LARGE, TelnyxUnavailableError
from bot.telnyx.events import Source
from bot.telnyx.pages import Page
from bot.telnyx.retrying import retried

log = structlog.get_logger()

PIECES = (50, 10, 1)
"""Page sizes for a page that is too large; each divides the one before, and the first any full page."""


async def whole_page(
    telnyx: Telnyx,
    source: Source,
    *,
    since: datetime | None,
    until: datetime | None,
    number: int,
    size: int,
) -> Page:
    """The page of that number and size, tried again like every request. Raises Telnyx's errors.

    An event that is too large by itself counts as an odd row.
    """

    async def ask() -> Page:
        return await telnyx.event_page(source, since=since, until=until, number=number, size=size)

    try:
        return await retried(ask, sleep=telnyx.sleep)
    except TelnyxUnavailableError as error:
        if error.kind != TOO_LARGE:
            raise
    if size == 1:
        log.error("an event is too large to be read, it is left out", source=source)
        return Page(odd=1)
    piece = next(each for each in PIECES if each < size)
    pieces = list[Page]()
    for nth in range((number - 1) * (size // piece) + 1, number * (size // piece) + 1):
        pieces.append(await whole_page(telnyx, source, since=since, until=until, number=nth, size=piece))
        if pieces[-1].is_short(piece):
            break
    return _joined(pieces, size)


def _joined(pieces: list[Page], size: int) -> Page:
    total = next((each.total_results for each in pieces if each.total_results is not None), None)
    return Page(
        rows=[row for each in pieces for row in each.rows],
        odd=sum(each.odd for each in pieces),
        total_pages=None if total is None else -(-total // size),
        total_results=total,
        page_size=size,
        server_time=next((each.server_time for each in pieces if each.server_time), None),
    )
