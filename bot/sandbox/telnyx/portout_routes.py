"""Port-outs, their comments, and the decision about them."""

from dataclasses import dataclass

from aiohttp import web

from bot.sandbox.telnyx import bodies
from bot.sandbox.telnyx.faults import Faults, json_answer
from bot.sandbox.telnyx.filters import PORT_OUT_FILTERS, wanted_codes
from bot.sandbox.telnyx.orders import REJECTIONS, PortOut
from bot.sandbox.telnyx.pages import page_of
from bot.sandbox.telnyx.query import (
    Query,
    not_found,
    parse_query,
    read_body,
    read_text,
    unacceptable,
    unacceptable_field,
)
from bot.sandbox.telnyx.wire import Json
from bot.sandbox.telnyx.world import TelnyxWorld

DECISIONS = ("authorized", "rejected-pending")


@dataclass(frozen=True, slots=True)
class PortOutRoutes:
    """The calls about port-outs."""

    world: TelnyxWorld
    faults: Faults

    def register(self, app: web.Application) -> None:
        """Add the paths; those of events are added before, since `{id}` would take them."""
        app.router.add_get("/v2/portouts", self.list_port_outs)
        app.router.add_get("/v2/portouts/rejections/{id}", self.rejections)
        app.router.add_get("/v2/portouts/{id}", self.show)
        app.router.add_get("/v2/portouts/{id}/comments", self.list_comments)
        app.router.add_post("/v2/portouts/{id}/comments", self.add_comment)
        app.router.add_patch("/v2/portouts/{id}/{status}", self.decide)

    async def list_port_outs(self, request: web.Request) -> web.Response:
        """A page of port-outs, newest first."""
        query = parse_query(request.query.items())
        tests = query.tests(PORT_OUT_FILTERS, strict=self.faults.strict)
        newest_first = sorted(self.world.port_outs.values(), key=lambda order: order.created_at, reverse=True)
        page = page_of(
            [order for order in newest_first if all(test(order) for test in tests)], query, self.faults
        )
        return json_answer(page.answer([bodies.port_out_body(order) for order in page.rows]))

    def _order(self, request: web.Request) -> PortOut:
        order = self.world.port_outs.get(request.match_info["id"].lower())
        if order is None:
            raise not_found("The port-out")
        return order

    async def show(self, request: web.Request) -> web.Response:
        """One port-out."""
        return json_answer({"data": bodies.port_out_body(self._order(request))})

    async def list_comments(self, request: web.Request) -> web.Response:
        """All comments of a port-out; unpaged, yet with `meta`."""
        comments = self._order(request).comments
        page = page_of(comments, Query(size=max(len(comments), 1)), self.faults)
        return json_answer(page.answer([bodies.port_out_comment_body(said) for said in page.rows]))

    async def add_comment(self, request: web.Request) -> web.Response:
        """Comment as the account's user, which makes an event."""
        order = self._order(request)
        self.world.comment(order.order_id, await read_text(request, "body"), author="user")
        return json_answer({"data": bodies.port_out_comment_body(order.comments[-1])}, 201)

    async def rejections(self, request: web.Request) -> web.Response:
        """Codes that this port-out may be refused with."""
        self._order(request)
        codes = wanted_codes(parse_query(request.query.items()).filters)
        found = [body for body in bodies.rejection_bodies() if codes is None or body["code"] in codes]
        return json_answer({"data": found})

    async def decide(self, request: web.Request) -> web.Response:
        """Authorise or refuse a pending port-out, which makes an event."""
        order, status = self._order(request), request.match_info["status"]
        if status not in DECISIONS:
            raise unacceptable("status", f"Must be among: {', '.join(DECISIONS)}", "10032")
        body = await read_body(request)
        reason = _reason(body, status)
        code = _rejection_code(body)
        host_messaging = body.get("host_messaging", False)
        if not isinstance(host_messaging, bool):
            raise unacceptable_field("/host_messaging", "Must be true or false", "10026")
        if order.status != "pending":
            raise unacceptable("status", f"A port-out that is {order.status} cannot become {status}", "10027")
        order.rejection_code, order.host_messaging = code, host_messaging
        details = [(str(code), reason)] if status == "rejected-pending" else []
        self.world.set_status(order.order_id, status, details=details)
        return json_answer({"data": bodies.port_out_body(order)})


def _reason(body: Json, status: str) -> str:
    reason = body.get("reason")
    if not isinstance(reason, str) or (status == "rejected-pending" and not reason.strip()):
        raise unacceptable_field("/reason", "A reason is required", "10004")
    return reason


def _rejection_code(body: Json) -> int | None:
    code = body.get("rejection_code")
    if code is None:
        return None
    if not isinstance(code, int) or isinstance(code, bool) or code not in REJECTIONS:
        raise unacceptable_field("/rejection_code", "Not a rejection code of this port-out", "10032")
    return code
