"""List, show and republish of both event lists."""

from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

from bot.sandbox.telnyx.faults import Faults, error_answer
from bot.sandbox.telnyx.pages import page_of
from bot.sandbox.telnyx.payloads import PORT_IN_TYPES, PORT_OUT_TYPES
from bot.sandbox.telnyx.query import Query, Term, among, moment_in, not_found, parse_query, same_id
from bot.sandbox.telnyx.shelf import EARLIEST, LATEST, ShelfRow
from bot.sandbox.telnyx.wire import Source
from bot.sandbox.telnyx.world import TelnyxWorld

PATHS: Mapping[Source, str] = {"port_in": "/v2/porting/events", "port_out": "/v2/portouts/events"}
WINDOW = ("created_at.gte", "created_at.lte")
FILTERS: Mapping[Source, Mapping[str, Term[ShelfRow]]] = {
    "port_in": {
        "type": among(lambda row: row.event_type, PORT_IN_TYPES),
        "porting_order_id": same_id(lambda row: row.order_id),
    },
    "port_out": {
        "event_type": among(lambda row: row.event_type, PORT_OUT_TYPES),
        "portout_id": same_id(lambda row: row.order_id),
    },
}


@dataclass(frozen=True, slots=True)
class EventRoutes:
    """The calls of one event list."""

    source: Source
    world: TelnyxWorld
    faults: Faults

    def register(self, app: web.Application) -> None:
        """Add the list's paths."""
        path = PATHS[self.source]
        app.router.add_get(path, self.list_events)
        app.router.add_get(path + "/{id}", self.show)
        app.router.add_post(path + "/{id}/republish", self.republish)

    async def list_events(self, request: web.Request) -> web.Response:
        """A page of events; their JSON is kept, so that long lists stay quick."""
        query = parse_query(request.query.items())
        page = page_of(self._ordered(self._found(query)), query, self.faults)
        now = self.world.now()
        # Joined by hand: encoding 250 events anew for each request would be most of the work.
        body = (
            b'{"data":[' + b",".join(row.encoded(now) for row in page.rows) + b"]" + page.meta_bytes() + b"}"
        )
        return web.Response(body=body, content_type="application/json", charset="utf-8")

    def _found(self, query: Query) -> list[ShelfRow]:
        filters = FILTERS[self.source]
        if self.faults.strict:
            query.refuse_unknown({*filters, *WINDOW})
        tests = query.tests(filters, strict=False)
        bounds = [
            moment_in(given[0], given[1][-1]) if (given := query.filters.get(name)) else None
            for name in WINDOW
        ]
        rows = self.world.shelves[self.source].between(
            bounds[0] or EARLIEST, bounds[1] or LATEST, self._only_order(query)
        )
        return [row for row in rows if all(test(row) for test in tests)] if tests else rows

    def _only_order(self, query: Query) -> str | None:
        """The one order asked for, whose events lie together."""
        given = query.filters.get("porting_order_id" if self.source == "port_in" else "portout_id")
        only = given[1][-1].lower() if given else None
        return only if only and "," not in only else None

    def _ordered(self, rows: list[ShelfRow]) -> list[ShelfRow]:
        if self.faults.order == "uuid":
            return sorted(rows, key=lambda row: row.event_id)
        return rows if self.faults.order == "oldest_first" else rows[::-1]

    async def show(self, request: web.Request) -> web.Response:
        """One event."""
        row = self._row(request)
        body = b'{"data":' + row.encoded(self.world.now()) + b"}"
        return web.Response(body=body, content_type="application/json", charset="utf-8")

    async def republish(self, request: web.Request) -> web.Response:
        """Take note, make no event; 204 without a body, whatever came as body."""
        row = self._row(request)
        if isinstance(self.faults.republish_status, int) and self.faults.republish_status != 204:
            return error_answer(self.faults.republish_status, "The notification cannot be sent again")
        self.world.republished.append((row.event_id, self.world.now()))
        return web.Response(status=204)

    def _row(self, request: web.Request) -> ShelfRow:
        row = self.world.shelves[self.source].find(request.match_info["id"].lower())
        if row is None:
            raise not_found("The event")
        return row
