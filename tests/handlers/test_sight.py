"""Guests and strangers see only the orders that the channel follows from which they ask."""

import pytest

from bot.filters import parse
from bot.messages import orders
from handlers.people import Role
from handlers.sight import IN_A_CHANNEL, ONLY_HERE, WHOSE
from tests.handlers.clicks import clicked, said, texts_of
from tests.way_in import way_in


@pytest.fixture(params=[("guest", Role.GUEST), ("stranger", Role.STRANGER)], ids=lambda each: each[0])
def eve(request, workspace):
    """Somebody in #porting who sees only what it follows, and what they are to us."""
    kind, role = request.param
    workspace.add_person("eve", role=kind)
    workspace.put_in("eve", "porting")
    return role


@pytest.fixture
async def follow(desk, workspace):
    async def follow(filters, channel="porting"):
        channel_id = workspace.channel(channel).id
        await desk.parts.subscriptions.follow(channel_id, workspace.team_id, "U0OPERATOR", parse(filters))

    return follow


@pytest.fixture
def of_customer(telnyx_api):
    """Makes a customer's order with an event; gives both ids."""

    def add(reference, **facts):
        given = {"numbers": ["+13035550101"], "carrier": "Onvoy", "foc_requested": None}
        order_id = telnyx_api.add_port_in(reference=reference, **(given | facts))
        return order_id, telnyx_api.set_status(order_id, "exception")

    return add


async def denied(database):
    async with database.reading() as tx:
        rows = await tx.exec_driver_sql("SELECT action, target, detail FROM audit WHERE outcome = 'denied'")
        return [tuple(row) for row in rows]


@pytest.mark.usefixtures("desk", "eve")
async def test_order_that_the_channel_follows_is_shown(workspace, follow, of_customer, clock):
    await follow("ref:ACME* severity:critical -type:new_comment")
    order_id, event_id = of_customer("ACME Dental")
    clock.forward(minutes=5)

    by_name = await said(workspace, "ACME Dental", user="eve")
    by_event = await said(workspace, f"event {event_id}", user="eve")
    events = await said(workspace, f"events {order_id}", user="eve")

    assert "ACME Dental" in by_name.text
    assert "ACME Dental" in by_event.text
    assert event_id[:8] in texts_of(events.visible.blocks)


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("verb", ["", "order ", "events ", "event "])
async def test_order_that_only_another_channel_follows_is_not(
    workspace, database, follow, of_customer, eve, verb
):
    workspace.add_channel("initech")
    await follow("ref:ACME*")
    await follow("", channel="initech")
    order_id, _ = of_customer("Initech")

    answer = await said(workspace, f"{verb}{order_id}", user="eve")

    assert answer.text.startswith(f"Nothing that this channel follows goes by “{order_id}”. {WHOSE[eve]}")
    assert "Initech" not in texts_of(answer.visible.blocks)
    action = verb.strip() or "order"
    assert await denied(database) == [(action, order_id, eve.name.lower())]


@pytest.mark.usefixtures("desk")
async def test_name_that_nothing_goes_by_reads_the_same_and_is_no_refusal(workspace, database, follow, eve):
    await follow("ref:ACME*")

    answer = await said(workspace, "order sr_000000", user="eve")

    assert answer.text.startswith(f"Nothing that this channel follows goes by “sr_000000”. {WHOSE[eve]}")
    assert await denied(database) == []


@pytest.mark.usefixtures("desk", "eve")
async def test_misspelt_command_is_still_corrected(workspace):
    answer = await said(workspace, "S12", user="eve")

    assert "subs" in texts_of(answer.visible.blocks)


@pytest.mark.usefixtures("desk", "eve")
async def test_of_several_orders_only_those_are_shown_that_the_channel_follows(
    workspace, database, follow, of_customer
):
    await follow("carrier:Onvoy")
    for carrier in ("Onvoy", "Onvoy", "Lumen"):
        of_customer("ACME", carrier=carrier)

    answer = await said(workspace, "ACME", user="eve")

    assert answer.text.startswith("2 orders by “ACME”")
    assert len(await denied(database)) == 1


@pytest.mark.usefixtures("desk", "eve")
async def test_order_of_which_little_is_known_is_asked_for_before_it_is_shown(
    workspace, database, telnyx, metrics, clock, follow, of_customer
):
    taking = await way_in(database, telnyx, metrics, clock)
    _, ours = of_customer("ACME", carrier="Onvoy")
    _, other = of_customer("ACME", carrier="Lumen")
    await taking.take_in()
    await follow("carrier:Onvoy")

    shown = await said(workspace, f"event {ours}", user="eve")
    hidden = await said(workspace, f"event {other}", user="eve")

    assert "goes by" not in shown.text
    assert "goes by" in hidden.text


@pytest.mark.usefixtures("desk", "eve")
async def test_events_are_those_that_the_channel_was_told(
    workspace, database, telnyx, metrics, clock, follow, of_customer, telnyx_api
):
    taking = await way_in(database, telnyx, metrics, clock)
    workspace.add_channel("initech")
    await follow("ref:ACME*")
    await follow("ref:Initech", channel="initech")
    order_id, ours = of_customer("ACME")
    telnyx_api.comment(order_id, "hello")
    _, other = of_customer("Initech")
    await taking.take_in()

    all_of_them = texts_of((await said(workspace, "events", user="eve")).visible.blocks)
    of_a_kind = texts_of((await said(workspace, "events type:new_comment", user="eve")).visible.blocks)

    assert (ours in all_of_them, other in all_of_them) == (True, False)
    assert ("hello" in of_a_kind, ours in of_a_kind) == (True, False)


@pytest.mark.parametrize("action", ["timeline", "more"])
async def test_button_of_an_order_that_the_channel_does_not_follow_shows_nothing(
    desk, workspace, database, follow, of_customer, eve, action
):
    order_id, event_id = of_customer("Initech")
    change = await desk.parts.orders.event(event_id)
    card = orders.card(change, desk.parts.look(), other_events=("e2",))
    channel_id = workspace.channel("porting").id
    await desk.parts.slack.post(channel_id, card, metadata={"event_type": "x", "event_payload": {}})
    posted = workspace.messages("porting")[-1]
    how = {"value": f"ids:port_in:{order_id}"} if action == "more" else {}

    before = await clicked(workspace, posted, action, user="eve", **how)
    await follow("kind:in")
    after = await clicked(workspace, posted, action, user="eve", **how)

    assert before.text.startswith(f"This channel does not follow that order. {WHOSE[eve]}")
    assert "follow" not in after.text
    [(done, target, _)] = await denied(database)
    assert (done, target) == ("ids" if action == "more" else "timeline", f"port_in:{order_id}")


@pytest.mark.usefixtures("desk", "eve")
async def test_conversation_of_two_follows_nothing(desk, workspace, of_customer):
    order_id, _ = of_customer("ACME")

    await workspace.mention("eve", workspace.dm("eve"), order_id)
    await workspace.until(lambda: desk.notices)

    assert desk.notices[-1][1].text.endswith(IN_A_CHANNEL)


@pytest.mark.usefixtures("desk", "eve")
async def test_subscriptions_of_other_channels_are_not_listed(workspace, database, follow):
    workspace.add_channel("initech")
    await follow("ref:ACME*")
    await follow("ref:Initech", channel="initech")

    everywhere = await said(workspace, "subs all", user="eve")
    here = await said(workspace, "subs", user="eve")

    assert everywhere.text.startswith(ONLY_HERE)
    assert "ACME" in texts_of(here.visible.blocks)
    assert [row[:2] for row in await denied(database)] == [("subs", "all")]


@pytest.mark.usefixtures("desk")
async def test_person_of_whom_slack_tells_nothing_sees_what_the_channel_follows(
    workspace, follow, of_customer
):
    workspace.faults.refuse["users.info"] = "user_not_found"
    order_id, _ = of_customer("ACME")

    before = await said(workspace, order_id)
    await follow("ref:ACME")
    after = await said(workspace, order_id)

    assert WHOSE[Role.UNKNOWN] in before.text
    assert "ACME" in after.text


@pytest.mark.usefixtures("desk")
async def test_full_member_sees_everything_everywhere(workspace, of_customer):
    order_id, _ = of_customer("ACME")

    answer = await said(workspace, order_id)

    assert "ACME" in answer.text
