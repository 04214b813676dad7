"""Channels in our tables: who has work, who rests, who is refused, and who moved."""

from functools import partial

import pytest

from storage import cards, channels, deliveries, promises, subscriptions, workspaces
from storage.subscriptions import NewSubscription
from tests.storage.rows import NOW, at, card, message, promise


@pytest.fixture
async def tx(database):
    async with database.transaction() as opened:
        for channel_id in ("C1", "C2"):
            await channels.ensure(opened, channel_id, "T1")
        yield opened


async def test_channel_is_made_once(tx):
    await channels.pace(tx, "C1", NOW)
    await channels.ensure(tx, "C1", "T1")

    assert (await channels.find(tx, "C1")).paced_until == NOW
    assert await channels.find(tx, "C9") is None


@pytest.mark.parametrize("state", ["pending", "sending", "uncertain"])
async def test_channel_with_an_open_message_has_work(tx, state):
    await deliveries.add(tx, message("d1", state=state))
    await deliveries.add(tx, message("d2", channel_id="C2", state="posted"))

    assert await channels.with_work(tx, NOW) == ["C1"]


async def test_channel_that_is_owed_an_event_has_work_until_it_is_carried_or_cancelled(tx):
    await promises.make(tx, [promise(1), promise(2, channel_id="C2", subscriptions=",2,")])
    before = await channels.with_work(tx, NOW)
    await promises.carry(tx, "d1", [promise(1)])
    await promises.cancel_followers(tx, "C2", [2], NOW)

    assert (before, await channels.with_work(tx, NOW)) == (["C1", "C2"], [])


@pytest.mark.parametrize("rest", [channels.pace, partial(channels.hold, now=NOW)])
async def test_channel_rests_until_its_time(tx, rest):
    await promises.make(tx, [promise(1)])
    await rest(tx, "C1", at(5))

    assert await channels.with_work(tx, at(4)) == []
    assert await channels.with_work(tx, at(5)) == ["C1"]


@pytest.mark.parametrize(
    ("paced_until", "not_before", "until"),
    [
        (None, None, None),
        (at(0), at(0), None),
        (at(2), None, at(2)),
        (at(2), at(5), at(5)),
        (at(5), at(2), at(5)),
        (at(60), None, at(60)),
        (at(61), None, None),
        (at(61), at(2), at(2)),
    ],
)
async def test_who_has_a_channel_knows_how_long_it_rests(tx, paced_until, not_before, until):
    await promises.make(tx, [promise(1)])
    await channels.pace(tx, "C1", paced_until)
    await channels.hold(tx, "C1", not_before, now=NOW)
    found = await channels.find(tx, "C1")

    assert found.rests_until(NOW) == until
    assert await channels.with_work(tx, NOW) == ([] if until else ["C1"])


@pytest.mark.parametrize(
    ("channel_id", "direct_id", "target"),
    [("C7", None, "C7"), ("U7", None, None), ("U7", "D7", "D7"), ("W7", "D7", "D7")],
)
async def test_messages_go_to_the_channel_or_into_the_conversation_with_a_person(
    tx, channel_id, direct_id, target
):
    await channels.ensure(tx, channel_id, "T1")
    if direct_id:
        await channels.note_direct(tx, channel_id, direct_id)

    assert (await channels.find(tx, channel_id)).target == target


async def test_channel_and_workspace_are_found_at_once(tx):
    workspace = await workspaces.ensure(tx, "T1")
    await workspaces.ensure(tx, "T2")
    await channels.pace(tx, "C1", NOW)

    assert await channels.find_with_workspace(tx, "C1", "T1") == (await channels.find(tx, "C1"), workspace)
    assert await channels.find_with_workspace(tx, "C9", "T1") == (None, workspace)


async def test_paused_channel_has_work_when_its_probe_is_due(tx):
    await promises.make(tx, [promise(1)])
    await channels.pause(tx, "C1", "is_archived", now=NOW, probe_at=at(300))

    assert await channels.with_work(tx, at(299)) == []
    assert await channels.with_work(tx, at(300)) == ["C1"]
    assert await channels.due_probes(tx, at(300)) == []


async def test_paused_channel_without_work_is_probed_when_that_is_due(tx):
    await channels.pause(tx, "C1", "is_archived", now=NOW, probe_at=at(300))

    assert await channels.due_probes(tx, at(299)) == []
    assert [each.id for each in await channels.due_probes(tx, at(300))] == ["C1"]


async def test_pause_tells_whether_it_is_news_and_keeps_its_beginning(tx):
    first = await channels.pause(tx, "C1", "is_archived", now=NOW, probe_at=at(1))
    second = await channels.pause(tx, "C1", "not_in_channel", now=at(2), probe_at=at(3))

    [paused] = await channels.paused(tx)
    assert (first, second) == (True, False)
    assert (paused.paused_at, paused.paused_reason, paused.probe_at) == (NOW, "not_in_channel", at(3))


async def test_channel_resumes_once_and_forgets_why_it_rested(tx):
    await channels.pause(tx, "C1", "is_archived", now=NOW, probe_at=at(1))
    await channels.hold(tx, "C1", at(60), now=NOW)

    assert [await channels.resume(tx, "C1"), await channels.resume(tx, "C1")] == [True, False]
    found = await channels.find(tx, "C1")
    assert (found.paused_at, found.paused_reason, found.probe_at, found.not_before) == (None,) * 4


async def test_channel_that_is_not_paused_keeps_its_rest_when_it_is_probed(tx):
    await channels.hold(tx, "C1", at(60), now=NOW)
    await channels.pause(tx, "C2", "is_archived", now=NOW, probe_at=at(300))
    await channels.hold(tx, "C2", at(60), now=NOW)
    for channel_id in ("C1", "C2"):
        await channels.probe_now(tx, channel_id, at(1), eager_until=at(31))

    unpaused = await channels.find(tx, "C1")
    assert (unpaused.not_before, unpaused.eager_until) == (at(60), at(31))
    paused = await channels.find(tx, "C2")
    assert (paused.probe_at, paused.not_before) == (at(1), None)


async def test_probe_that_found_the_channel_closed_is_put_off(tx):
    await channels.pause(tx, "C1", "is_archived", now=NOW, probe_at=at(1))

    await channels.put_off_probe(tx, "C1", at(301), now=NOW)

    assert await channels.due_probes(tx, at(300)) == []


async def test_conversation_and_history_of_a_channel_are_remembered(tx):
    await channels.note_direct(tx, "C1", "D1")
    await channels.note_history(tx, "C1", "missing_scope")

    found = await channels.find(tx, "C1")
    assert (found.direct_id, found.history_refused) == ("D1", "missing_scope")


async def test_channel_with_a_new_id_takes_everything_along(tx):
    wish = NewSubscription("T1", "C1", "", "flat", "all", "U1", NOW)
    await subscriptions.add(tx, wish)
    await deliveries.add(tx, message("d1", state="uncertain"))
    await promises.make(tx, [promise(1), promise(2, channel_id="C2")])
    await cards.put(tx, card())
    await channels.hold(tx, "C1", at(60), now=NOW)

    await channels.renumber(tx, "C1", "C77")
    await channels.renumber(tx, "C1", "C77")

    assert await channels.find(tx, "C1") is None
    assert (await channels.find(tx, "C77")).not_before == at(60)
    assert [each.owner_id for each in await subscriptions.in_channel(tx, "C77")] == ["U1"]
    assert (await deliveries.head(tx, "C77")).id == "d1"
    assert [each.event_key for each in await promises.oldest(tx, "C77", 9)] == [1]
    assert (await cards.find(tx, "C77", "port_in", "o1")).ts == "1.0"
    assert [each.event_key for each in await promises.oldest(tx, "C2", 9)] == [2]
