"""The calls to Telnyx that Portwire makes. Each is one request; for more tries wrap it in `retried`."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.metrics import Metrics
from bot.telnyx.errors import TelnyxRefusedError, TelnyxUnavailableError, UnclearAnswerError
from bot.telnyx.events import Event, Source, mapping, text
from bot.telnyx.orders import Order, port_in_order, port_out_order
from bot.telnyx.pages import ListedEvent, Page, read_page, read_shown
from bot.telnyx.reading import json_of
from bot.telnyx.redaction import safe_order
from bot.telnyx.transport import Transport

LARGEST_PAGE = 250
"""Rows a page that Telnyx gives at most."""

NUMBER_PAGES = 4

_EVENTS = {Source.PORT_IN: "/porting/events", Source.PORT_OUT: "/portouts/events"}
_ORDERS = {Source.PORT_IN: "/porting_orders", Source.PORT_OUT: "/portouts"}
_READ_ORDER = {Source.PORT_IN: port_in_order, Source.PORT_OUT: port_out_order}
_TYPE_FILTER = {Source.PORT_IN: "filter[type]", Source.PORT_OUT: "filter[event_type]"}
_ORDER_FILTER = {Source.PORT_IN: "filter[porting_order_id]", Source.PORT_OUT: "filter[portout_id]"}
_ID = re.compile(r"[0-9A-Za-z_-]{1,128}")
_NOTHING_WAS_SENT = frozenset({"connect", "rate_limited"})


@dataclass(frozen=True, slots=True)
class OrdersPage:
    """One answer of an orders list. `total_pages` is None where Telnyx did not say."""

    orders: list[Order]
    total_pages: int | None


def is_id(text: str) -> bool:
    """Whether Telnyx could have given this id; what is none is never asked for."""
    return _ID.fullmatch(text) is not None


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Telnyx:
    """Telnyx's API as Portwire uses it. Every call may raise TelnyxUnavailableError or TelnyxRefusedError."""

    transport: Transport
    now: Callable[[], datetime]
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    """What waits between tries, for those who try again."""

    @classmethod
    @asynccontextmanager
    async def open(
        cls, base_url: str, api_key: str, metrics: Metrics, now: Callable[[], datetime] = _now
    ) -> AsyncIterator["Telnyx"]:
        """The client for the block; `base_url` ends with the version (…/v2)."""
        async with Transport.open(base_url, api_key, metrics, now) as transport:
            yield cls(transport, now)

    async def event_page(
        self,
        source: Source,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        number: int = 1,
        size: int = LARGEST_PAGE,
        event_type: str | None = None,
        order_id: str | None = None,
    ) -> Page:
        """One page of events created from `since` to `until`, both included, in no order to rely on."""
        wanted = {
            "filter[created_at][gte]": _stamp(since),
            "filter[created_at][lte]": _stamp(until),
            _TYPE_FILTER[source]: event_type,
            _ORDER_FILTER[source]: order_id,
            "page[number]": str(number),
            "page[size]": str(size),
        }
        params = {name: value for name, value in wanted.items() if value}
        answer = await self.transport.ask(f"{source}_events", _EVENTS[source], params=params)
        return read_page(source, answer.body, answer.server_time)

    async def show_event(self, source: Source, event_id: str) -> Event | None:
        """The event, or None if Telnyx does not know it."""
        body = await self._shown(f"{source}_event", _EVENTS[source], event_id)
        row = None if body is None else self._row(source, body)
        return row.to_event(self.now()) if row else None

    async def republish(self, source: Source, event_id: str) -> int:
        """Have Telnyx send the event's notification again; return the status of its consent (204).

        Never tried twice: it would be sent twice.

        Raises TelnyxUnavailableError or TelnyxRefusedError where Telnyx surely did not do it,
        UnclearAnswerError where it may have.
        """
        if not is_id(event_id):
            raise TelnyxRefusedError("Telnyx does not know this event.", status=404)
        path = f"{_EVENTS[source]}/{event_id}/republish"
        try:
            return (await self.transport.ask(f"{source}_republish", path, method="POST")).status
        except TelnyxUnavailableError as error:
            if error.kind in _NOTHING_WAS_SENT:
                raise
            raise UnclearAnswerError(f"{error} The notification may have been sent all the same.") from error

    async def orders(
        self,
        source: Source,
        filters: Mapping[str, str] | None = None,
        *,
        number: int = 1,
        size: int = LARGEST_PAGE,
    ) -> OrdersPage:
        """One page of orders, newest first where Telnyx sorts. A filter may be ignored: check the rows."""
        params = {**(filters or {}), "page[number]": str(number), "page[size]": str(size)}
        answer = await self.transport.ask(f"{source}_orders", _ORDERS[source], params=params)
        body = mapping(json_of(answer.body))
        rows = body.get("data")
        if not isinstance(rows, list):
            raise TelnyxUnavailableError("Telnyx's answer is no list.", kind="wrong_shape")
        pages = mapping(body.get("meta")).get("total_pages")
        read = [self._order(source, row) for row in rows]
        return OrdersPage([order for order in read if order], pages if isinstance(pages, int) else None)

    async def order(self, source: Source, order_id: str) -> Order | None:
        """The order, or None if Telnyx does not know it (deleted drafts are gone)."""
        body = await self._shown(f"{source}_order", _ORDERS[source], order_id)
        if body is None:
            return None
        order = self._order(source, mapping(json_of(body)).get("data"))
        if order is None:
            raise TelnyxUnavailableError("Telnyx's answer is no order.", kind="wrong_shape")
        return order

    async def order_numbers(self, order_id: str) -> list[str]:
        """A port-in's numbers, of which its own answer has only the first fifty; some 1,000 at most."""
        found: list[str] = []
        for number in range(1, NUMBER_PAGES + 1):
            page = {"page[number]": str(number), "page[size]": str(LARGEST_PAGE)}
            params = {"filter[porting_order_id]": order_id, **page}
            answer = await self.transport.ask("port_in_numbers", "/porting_phone_numbers", params=params)
            body = mapping(json_of(answer.body))
            rows, pages = body.get("data"), mapping(body.get("meta")).get("total_pages")
            listed = [mapping(row) for row in rows] if isinstance(rows, list) else []
            held = [
                text(row.get("phone_number")) for row in listed if row.get("porting_order_id") == order_id
            ]
            found += [number for number in held if number]
            is_last = number >= pages if isinstance(pages, int) else len(listed) < LARGEST_PAGE
            if not listed or is_last:
                break
        return found

    async def _shown(self, operation: str, path: str, wanted_id: str) -> bytes | None:
        if not is_id(wanted_id):
            return None
        try:
            return (await self.transport.ask(operation, f"{path}/{wanted_id}")).body
        except TelnyxRefusedError as error:
            if error.status in (404, 422):  # 422: an id that is no uuid
                return None
            raise

    def _row(self, source: Source, body: bytes) -> ListedEvent:
        row = read_shown(source, body)
        if row is None:
            raise TelnyxUnavailableError("Telnyx's answer is no event.", kind="wrong_shape")
        return row

    def _order(self, source: Source, data: object) -> Order | None:
        order = _READ_ORDER[source](safe_order(source, mapping(data)), self.now())
        return order if order.order_id else None


def _stamp(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else None
