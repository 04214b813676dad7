"""Who subscribes is told what the subscription will not do as they may think."""

from datetime import timedelta

import pytest

from bot.recall import row_of
from handlers.cautions import MOST_CHECKED
from storage import events
from tests.factories import NOW, make_event
from tests.handlers.clicks import clicked, said, texts_of


@pytest.fixture
def order_id(telnyx_api):
    made = telnyx_api.add_port_in(
        reference="ACME Dental",
        numbers=["+13035550123"],
        carrier="Onvoy",
        foc_requested=None,
        support_key="sr_b1a2c3",
    )
    telnyx_api.set_status(made, "in-process")  # a draft's support key is not shown
    return made


async def hint_of(workspace, line):
    """All that the answer to a line says."""
    return texts_of((await said(workspace, line)).blocks)


@pytest.mark.parametrize("name", ["sr_b1a2c3", '"acme dental"', "303-555-0123", "{id}"])
async def test_an_order_that_is_known_by_its_name_needs_no_word(desk, workspace, order_id, name):
    answer = await said(workspace, f"subscribe order:{name.format(id=order_id)}")

    assert "now follows S1" in answer.text
    assert "⚠️" not in texts_of(answer.blocks)


async def test_a_name_that_no_order_goes_by_is_followed_with_a_warning(desk, workspace):
    answer = await said(workspace, "subscribe order:sr_000000,sr_1* kind:in")

    assert "No order goes by “sr_000000” so far" in texts_of(answer.blocks)
    assert "sr_1*” so far" not in texts_of(answer.blocks)
    assert len(await desk.parts.subscriptions.active()) == 1


async def test_an_order_that_is_left_out_need_not_be_known(desk, workspace):
    shown = await hint_of(workspace, "subscribe -order:sr_000000")

    assert "now follows S1" in shown
    assert "so far" not in shown


async def test_an_event_among_what_is_left_out_leads_to_its_order(desk, workspace, telnyx_api, order_id):
    event_id = telnyx_api.comment(order_id, "Please confirm the BTN.")

    answer = await said(workspace, f"subscribe -order:{event_id}")
    await clicked(workspace, answer, "Run it")

    [made] = await desk.parts.subscriptions.active()
    assert made.wish.canonical() == f"-order:{order_id}"


@pytest.mark.parametrize(
    ("fault", "why"), [("down", "Telnyx did not answer"), ("unauthorized", "Telnyx refuses the bot's key")]
)
async def test_a_name_that_could_not_be_looked_for_is_followed_with_a_warning(
    *, desk, workspace, telnyx_api, fault, why
):
    setattr(telnyx_api.faults, fault, True)

    shown = await hint_of(workspace, "subscribe order:sr_000000")

    assert f"{why}, so I could not check" in shown


async def test_an_event_in_the_place_of_its_order_leads_to_the_order(desk, workspace, telnyx_api, order_id):
    event_id = telnyx_api.comment(order_id, "Please confirm the BTN.")

    answer = await said(workspace, f"subscribe kind:in order:{event_id},sr_1 style:flat")
    assert "is the id of an event" in answer.text
    assert await desk.parts.subscriptions.active() == []
    await clicked(workspace, answer, "Run it")

    [made] = await desk.parts.subscriptions.active()
    assert made.wish.canonical() == f"kind:in order:{order_id},sr_1 style:flat"


async def test_an_event_without_an_order_leads_nowhere(desk, workspace, database):
    orphan = make_event(event_id="8179f546-0000-4000-8000-000000000001", order_id="")
    async with database.transaction() as tx:
        await events.store(tx, "port_in", [row_of(orphan, NOW - timedelta(days=1), NOW)], NOW)

    answer = await said(workspace, f"subscribe order:{orphan.event_id}")

    assert "belongs to no order" in answer.text


async def test_only_some_of_many_names_are_looked_for(desk, workspace):
    names = ",".join(f"sr_{number}" for number in range(MOST_CHECKED + 1))

    shown = await hint_of(workspace, f"subscribe order:{names}")

    assert shown.count("so far") == MOST_CHECKED


async def test_a_wider_subscription_of_the_channel_is_named(desk, workspace):
    await said(workspace, "subscribe kind:in")
    one = await hint_of(workspace, "subscribe kind:in status:exception")
    both = await hint_of(workspace, "subscribe kind:in status:exception ref:ACME")

    assert "S1 follows all of that here already" in one
    assert "S1 and S2 follow all of that here already" in both


async def test_narrower_subscriptions_of_the_channel_are_named(desk, workspace):
    await said(workspace, "subscribe kind:in status:exception")
    one = await hint_of(workspace, "subscribe kind:in")
    both = await hint_of(workspace, "subscribe")

    assert "It holds all of S1: you may end that one" in one
    assert "It holds all of S1 and S2: you may end those" in both


async def test_other_channels_and_other_options_are_no_matter(desk, workspace):
    workspace.add_channel("sales")
    await said(workspace, "subscribe kind:in", channel="sales")
    await said(workspace, "subscribe kind:in")

    shown = await hint_of(workspace, "subscribe kind:in style:flat")

    assert "all of" not in shown
