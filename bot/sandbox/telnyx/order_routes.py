"""Porting orders, their comments, numbers and jobs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5

from aiohttp import web

from bot.sandbox.telnyx import bodies
from bot.sandbox.telnyx.faults import Faults, json_answer
from bot.sandbox.telnyx.filters import NUMBER_FILTERS, PORT_IN_FILTERS
from bot.sandbox.telnyx.orders import Number, PortIn
from bot.sandbox.telnyx.pages import page_of
from bot.sandbox.telnyx.query import WITH_NUMBERS, Query, not_found, parse_query, read_text, unacceptable
from bot.sandbox.telnyx.world import TelnyxWorld

NUMBERS_URL = "/v2/porting_phone_numbers?filter[porting_order_id]="
SORTS: Mapping[str, Callable[[PortIn], float]] = {
    "created_at": lambda order: order.created_at.timestamp(),
    "activation_settings.foc_datetime_requested": lambda order: (
        order.foc_requested.timestamp() if order.foc_requested else 0.0
    ),
}


@dataclass(frozen=True, slots=True)
class OrderRoutes:
    """The calls about port-ins."""

    world: TelnyxWorld
    faults: Faults

    def register(self, app: web.Application) -> None:
        """Add the paths; literal ones go before `{id}`."""
        add = app.router.add_get
        add("/v2/porting_orders", self.list_orders)
        add("/v2/porting_orders/exception_types", self.exception_types)
        add("/v2/porting_orders/{id}", self.show)
        add("/v2/porting_orders/{id}/comments", self.list_comments)
        app.router.add_post("/v2/porting_orders/{id}/comments", self.add_comment)
        add("/v2/porting_orders/{id}/activation_jobs", self.list_jobs)
        add("/v2/porting_orders/{id}/sub_request", self.sub_request)
        add("/v2/porting_phone_numbers", self.list_numbers)

    async def list_orders(self, request: web.Request) -> web.Response:
        """A page of orders, newest first unless sorted otherwise."""
        query = parse_query(request.query.items())
        tests = query.tests(PORT_IN_FILTERS, strict=self.faults.strict)
        with_numbers = query.flag(WITH_NUMBERS, default=True)
        found = [order for order in self._sorted(query) if all(test(order) for test in tests)]
        page = page_of(found, query, self.faults)
        return json_answer(
            page.answer([bodies.port_in_body(order, with_numbers=with_numbers) for order in page.rows])
        )

    def _sorted(self, query: Query) -> list[PortIn]:
        wanted = query.options.get("sort.value") or query.options.get("sort") or "-created_at"
        key = SORTS.get(wanted.removeprefix("-"))
        if key is None:
            raise unacceptable("sort[value]", f"Must be among: {', '.join(SORTS)}, or these with -", "10032")
        return sorted(self.world.port_ins.values(), key=key, reverse=wanted.startswith("-"))

    def _order(self, request: web.Request) -> PortIn:
        order = self.world.port_ins.get(request.match_info["id"].lower())
        if order is None:
            raise not_found("The porting order")
        return order

    async def show(self, request: web.Request) -> web.Response:
        """One order."""
        order = self._order(request)
        with_numbers = parse_query(request.query.items()).flag(WITH_NUMBERS, default=True)
        body = bodies.port_in_body(order, with_numbers=with_numbers) | self.faults.odd_order
        return json_answer({"data": body, "meta": {"phone_numbers_url": NUMBERS_URL + order.order_id}})

    async def list_comments(self, request: web.Request) -> web.Response:
        """A page of an order's comments, newest first."""
        comments = self._order(request).comments[::-1]
        page = page_of(comments, parse_query(request.query.items()), self.faults)
        return json_answer(page.answer([bodies.port_in_comment_body(said) for said in page.rows]))

    async def add_comment(self, request: web.Request) -> web.Response:
        """Comment as the account's user, which makes an event."""
        order = self._order(request)
        self.world.comment(order.order_id, await read_text(request, "body"), author="user")
        return json_answer({"data": bodies.port_in_comment_body(order.comments[-1])}, 201)

    async def list_jobs(self, request: web.Request) -> web.Response:
        """The activation job that an order has once it has a FOC."""
        order, query = self._order(request), parse_query(request.query.items())
        jobs = [] if order.foc_actual is None else [
            bodies.activation_job_body(order, str(uuid5(NAMESPACE_URL, order.order_id)), order.foc_actual)
        ]  # fmt: skip
        page = page_of(jobs, query, self.faults)
        return json_answer(page.answer(page.rows))

    async def sub_request(self, request: web.Request) -> web.Response:
        """No order here was made through the retired API."""
        self._order(request)
        raise not_found("The sub request")

    async def exception_types(self, _request: web.Request) -> web.Response:
        """All exception codes."""
        return json_answer({"data": bodies.exception_type_bodies()})

    async def list_numbers(self, request: web.Request) -> web.Response:
        """A page of all orders' numbers."""
        query = parse_query(request.query.items())
        tests = query.tests(NUMBER_FILTERS, strict=self.faults.strict)
        rows: list[tuple[PortIn, Number]] = [
            (order, number) for order in self._sorted(Query()) for number in order.numbers
        ]
        page = page_of([row for row in rows if all(test(row) for test in tests)], query, self.faults)
        return json_answer(page.answer([bodies.number_body(order, number) for order, number in page.rows]))
