"""Cuts a list into pages, with the bookkeeping (and the lies) that go with them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.sandbox.telnyx.faults import Faults
from bot.sandbox.telnyx.query import Query
from bot.sandbox.telnyx.wire import Json

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows and the answer's `meta`, None where faults leave it out."""

    rows: Sequence[Row]
    meta: Json | None

    def meta_bytes(self) -> bytes:
        """The `meta` part of an answer that begins before it."""
        return b"" if self.meta is None else b',"meta":' + json.dumps(self.meta).encode()

    def answer(self, bodies: Sequence[Json]) -> Json:
        """The whole answer, given the rows' bodies."""
        return {"data": list(bodies)} | ({} if self.meta is None else {"meta": self.meta})


def page_of(rows: Sequence[Row], query: Query, faults: Faults) -> Page[Row]:
    """The asked page; past the end it is empty."""
    size = min(query.size, faults.max_page_size or query.size)
    step = max(1, size - 1) if faults.duplicate_across_pages else size
    start = (query.page - 1) * step
    pages = 0 if not rows else 1 + max(0, -(-(len(rows) - size) // step))
    meta: Json = {
        "page_number": query.page,
        "page_size": size,
        "total_pages": pages,
        "total_results": len(rows),
    }
    said = {name: figure for name, figure in (meta | faults.odd_meta).items() if figure is not None}
    shown = rows[start : start + size]
    if query.page in faults.empty_once:
        faults.empty_once.remove(query.page)
        shown = []
    return Page(shown, None if faults.no_meta else said)
