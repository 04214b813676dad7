"""Who may only look is refused at every door that changes something, in a sentence, and the audit has it."""

import pytest

from bot import known_orders
from bot.filters import parse
from bot.messages import events, orders
from handlers.people import REFUSALS, Role
from tests.handlers.clicks import clicked, said
from tests.way_in import way_in

LOOKERS = [
    ("guest", Role.GUEST),
    ("stranger", Role.STRANGER),
    ("member", Role.VIEWER),
    ("unknown", Role.UNKNOWN),
]
LINES = {
    "subscribe by command": "subscribe kind:out",
    "unsubscribe one": "unsubscribe S1",
    "unsubscribe all": "unsubscribe all",
    "republish by a name": "republish sr_98f022",
}
WAYS = [
    *LINES,
    "subscribe by mention",
    "subscribe by button",
    "republish by button",
    "republish by command",
    "republish by menu",
    "review",
]


@pytest.fixture
def operators():
    """Somebody else than those who try."""
    return ("U0OPERATOR",)


@pytest.fixture(params=LOOKERS, ids=lambda each: each[0])
def eve(request, workspace, desk):
    """Somebody in #porting who may only look, and what they are to us."""
    kind, role = request.param
    workspace.add_person("eve", role="member" if kind == "unknown" else kind)
    workspace.put_in("eve", "porting")
    if role is Role.UNKNOWN:
        workspace.faults.refuse["users.info"] = "user_not_found"
    return role


@pytest.fixture
async def followed(desk, workspace):
    """A subscription of #porting."""
    channel_id = workspace.channel("porting").id
    return await desk.parts.subscriptions.follow(
        channel_id, workspace.team_id, "U0OPERATOR", parse("kind:in")
    )


@pytest.fixture
async def port_out(desk, telnyx_api, database, clock):
    """A port-out that waits to be decided."""
    telnyx_api.add_port_out(numbers=["+13035550999"], carrier="Onvoy", spid="123A")
    clock.forward(minutes=5)
    change = await desk.parts.orders.event(telnyx_api.events("port_out")[0]["id"])
    async with database.transaction() as tx:
        await known_orders.save(tx, [change.order], clock())
    return change


class Trying:
    """The ways to change something, each as a person would go it."""

    def __init__(self, desk, workspace, change):
        self.desk, self.workspace, self.change = desk, workspace, change

    async def go(self, way):
        """Try it as Eve; gives what she is told."""
        look = self.desk.parts.look()
        match way:
            case "subscribe by mention":
                await self.workspace.mention("eve", "porting", "subscribe kind:out")
                await self.workspace.until(lambda: self.workspace.ephemerals)
                shown = self.workspace.ephemerals[-1]
            case "subscribe by button":
                shown = await self._click("run", value="subscribe kind:out")
            case "republish by button":
                message = await self._posted(events.flat(self.change, look))
                shown = await clicked(self.workspace, message, "Republish", user="eve")
            case "republish by command":
                shown = await said(self.workspace, f"republish {self.change.event.event_id}", user="eve")
            case "republish by menu":
                message = await self._posted(orders.card(self.change, look, other_events=("e2",)))
                value = "republish:port_out:e2"
                shown = await clicked(self.workspace, message, "more", user="eve", value=value)
            case "review":
                message = await self._posted(orders.card(self.change, look))
                shown = await clicked(self.workspace, message, "review", user="eve")
            case _:
                shown = await said(self.workspace, LINES[way], user="eve")
        return shown.text

    async def _click(self, action, value):
        shown = await self._posted(events.flat(self.change, self.desk.parts.look()))
        label = {"type": "plain_text", "text": "Run it"}
        element = {"type": "button", "action_id": action, "text": label, "value": value}
        shown.blocks = [{"type": "actions", "block_id": "b1", "elements": [element]}]
        return await clicked(self.workspace, shown, action, user="eve")

    async def _posted(self, message):
        metadata = {"event_type": "porting_event", "event_payload": {}}
        channel_id = self.workspace.channel("porting").id
        await self.desk.parts.slack.post(channel_id, message, metadata=metadata)
        return self.workspace.messages("porting")[-1]


@pytest.mark.parametrize("way", WAYS)
async def test_who_may_only_look_changes_nothing_and_is_told_why(
    *, desk, workspace, telnyx_api, database, eve, followed, port_out, way
):
    told = await Trying(desk, workspace, port_out).go(way)

    assert told == REFUSALS[eve]
    assert await desk.parts.subscriptions.active() == [followed.subscription]
    assert telnyx_api.republished == []
    async with database.reading() as tx:
        known = await known_orders.find(tx, [(port_out.event.source, port_out.event.order_id)])
        rows = await tx.exec_driver_sql("SELECT actor_id, action, outcome, detail FROM audit ORDER BY id")
        denied = [tuple(row) for row in rows][-1]
    assert [order.reviewed_by for order in known.values()] == [None]
    assert denied == (workspace.person("eve").id, way.split()[0], "denied", eve.name.lower())
    assert desk.notices == []


@pytest.mark.usefixtures("desk", "eve")
async def test_refused_republish_is_audited_under_the_event_that_was_meant(
    workspace, database, telnyx, telnyx_api, metrics, clock
):
    order_id = telnyx_api.add_port_in(
        reference="ACME", numbers=["+13035550101"], carrier="Onvoy", foc_requested=None
    )
    event_id = telnyx_api.set_status(order_id, "exception")
    unseen = "8179f546-9ba1-4ab3-a5a5-0de6ee5cb3fa"
    await (await way_in(database, telnyx, metrics, clock)).take_in()

    for typed in (event_id[:8], f"https://portal.telnyx.com/{event_id.upper()}", unseen.upper(), "ACME"):
        await said(workspace, f"republish {typed}", user="eve")

    async with database.reading() as tx:
        rows = await tx.exec_driver_sql("SELECT target FROM audit WHERE outcome = 'denied' ORDER BY id")
        assert [row[0] for row in rows] == [f"port_in:{event_id}"] * 2 + [unseen, "ACME"]


@pytest.mark.parametrize("line", ["help", "status", "subs", "events", "order sr_1"])
@pytest.mark.usefixtures("desk", "eve")
async def test_who_may_only_look_may_look(workspace, line):
    answer = await said(workspace, line, user="eve")

    assert answer.text not in REFUSALS.values()
