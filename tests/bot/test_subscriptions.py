"""Who follows what, on a real SQLite file."""

from datetime import timedelta

import pytest
import structlog
from sqlalchemy import text

from bot.errors import UserError
from bot.filters import Broadcast, Style, parse
from bot.subscriptions import MOST_IN_A_CHANNEL, Subscriptions
from storage import channels, promises
from storage.promises import Promise
from storage.subscriptions import version
from tests.factories import NOW

ACME = parse('ref:"ACME Dental" -status:draft')


@pytest.fixture
def subscriptions(database):
    return Subscriptions(database, now=lambda: NOW)


async def audit_of(database):
    async with database.reading() as tx:
        rows = await tx.execute(text("SELECT actor_id, action, target, outcome FROM audit ORDER BY id"))
        return [tuple(row) for row in rows]


async def version_of(database):
    async with database.reading() as tx:
        return await version(tx)


async def promise(database, *, event_key, subscriptions):
    async with database.transaction() as tx:
        made = Promise(
            channel_id="C1",
            event_key=event_key,
            team_id="T1",
            source="port_in",
            order_id="o1",
            created_at=NOW,
            promised_at=NOW,
            is_critical=False,
            style="thread",
            broadcast=False,
            subscriptions=subscriptions,
        )
        await promises.make(tx, [made])


async def test_what_a_channel_follows_is_kept_as_it_was_wished(subscriptions):
    wish = parse('ref:"ACME, Dental" number:+1303* style:flat broadcast:all')

    followed = await subscriptions.follow("C1", "T1", "U1", wish)

    assert await subscriptions.in_channel("C1") == [followed.subscription]
    assert followed.subscription.wish == wish
    assert followed.subscription.command == (
        'subscribe ref:"ACME, Dental" number:+1303* style:flat broadcast:all'
    )
    assert followed.subscription.created_at == NOW
    assert followed.before is None


async def test_the_first_subscription_makes_the_channel_known(subscriptions, database):
    await subscriptions.follow("C1", "T1", "U1", ACME)

    async with database.reading() as tx:
        channel = await channels.find(tx, "C1")
    assert channel.team_id == "T1"


async def test_another_filter_is_added(subscriptions):
    first = await subscriptions.follow("C1", "T1", "U1", ACME)
    second = await subscriptions.follow("C1", "T1", "U1", parse("kind:out"))

    assert await subscriptions.in_channel("C1") == [first.subscription, second.subscription]


async def test_the_same_filter_again_replaces_the_options_and_keeps_number_and_owner(subscriptions):
    first = await subscriptions.follow("C1", "T1", "U1", parse("ref:ACME* kind:in"))

    again = await subscriptions.follow("C1", "T1", "U2", parse("kind:IN ref:acme* style:flat broadcast:none"))

    assert again.before == first.subscription
    assert not again.was_same
    assert again.subscription.name == first.subscription.name
    assert (again.subscription.wish.style, again.subscription.wish.broadcast) == (Style.FLAT, Broadcast.NONE)
    assert again.subscription.owner_id == "U1"
    assert await subscriptions.in_channel("C1") == [again.subscription]


async def test_the_same_wish_again_changes_nothing(subscriptions, database):
    first = await subscriptions.follow("C1", "T1", "U1", ACME)
    before = await version_of(database)

    again = await subscriptions.follow("C1", "T1", "U2", ACME)

    assert again.was_same
    assert again.subscription == first.subscription
    assert await version_of(database) == before


async def test_channels_do_not_share_subscriptions(subscriptions):
    await subscriptions.follow("C1", "T1", "U1", ACME)
    other = await subscriptions.follow("C2", "T1", "U2", ACME)

    assert other.before is None
    assert await subscriptions.in_channel("C2") == [other.subscription]
    assert await subscriptions.of_owner("U2") == [other.subscription]
    assert len(await subscriptions.active()) == 2


async def test_a_subscription_ends_by_its_number_in_its_own_channel_only(subscriptions):
    kept = (await subscriptions.follow("C1", "T1", "U1", ACME)).subscription
    gone = (await subscriptions.follow("C1", "T1", "U1", parse("kind:out"))).subscription

    assert await subscriptions.unfollow("C2", gone.id, "U1") == []
    assert await subscriptions.unfollow("C1", gone.id, "U1") == [gone]
    assert await subscriptions.unfollow("C1", gone.id, "U1") == []
    assert await subscriptions.active() == [kept]


async def test_all_of_a_channel_end_at_once(subscriptions):
    first = (await subscriptions.follow("C1", "T1", "U1", ACME)).subscription
    second = (await subscriptions.follow("C1", "T1", "U1", parse(""))).subscription
    other = (await subscriptions.follow("C2", "T1", "U1", ACME)).subscription

    assert await subscriptions.unfollow("C1", None, "U1") == [first, second]
    assert await subscriptions.active() == [other]


async def test_a_number_is_never_used_again(subscriptions):
    first = (await subscriptions.follow("C1", "T1", "U1", ACME)).subscription
    await subscriptions.unfollow("C1", None, "U1")

    second = (await subscriptions.follow("C1", "T1", "U1", ACME)).subscription

    assert second.id > first.id


async def test_what_waits_only_for_an_ended_subscription_is_not_posted(subscriptions, database):
    ended = (await subscriptions.follow("C1", "T1", "U1", ACME)).subscription
    kept = (await subscriptions.follow("C1", "T1", "U1", parse("kind:in"))).subscription
    await promise(database, event_key=1, subscriptions=f",{ended.id},")
    await promise(database, event_key=2, subscriptions=f",{ended.id},{kept.id},")

    await subscriptions.unfollow("C1", ended.id, "U1")

    async with database.reading() as tx:
        waiting = await promises.oldest(tx, "C1", 10)
    assert [(one.event_key, one.subscriptions) for one in waiting] == [(2, f",{kept.id},")]


async def test_every_change_has_a_version_and_an_audit_row(subscriptions, database):
    versions = [await version_of(database)]
    for step in (
        lambda: subscriptions.follow("C1", "T1", "U1", ACME),
        lambda: subscriptions.follow("C1", "T1", "U2", parse(f"{ACME.canonical()} style:flat")),
        lambda: subscriptions.follow("C1", "T1", "U2", ACME),
        lambda: subscriptions.unfollow("C1", None, "U3"),
    ):
        await step()
        versions.append(await version_of(database))

    assert len(set(versions)) == 5
    assert await audit_of(database) == [
        ("U1", "subscribe", "S1", "done"),
        ("U2", "subscribe", "S1", "done"),
        ("U2", "subscribe", "S1", "done"),
        ("U3", "unsubscribe", "S1", "done"),
    ]


async def test_subscriptions_outlive_a_restart(subscriptions, database):
    followed = await subscriptions.follow("C1", "T1", "U1", ACME)

    restarted = Subscriptions(database, now=lambda: NOW + timedelta(days=1))

    assert await restarted.active() == [followed.subscription]


async def test_a_channel_can_only_have_so_many(subscriptions):
    for number in range(MOST_IN_A_CHANNEL):
        await subscriptions.follow("C1", "T1", "U1", parse(f"ref:CUSTOMER-{number}"))

    with pytest.raises(UserError, match="the most it can have"):
        await subscriptions.follow("C1", "T1", "U1", ACME)

    assert (
        await subscriptions.follow("C1", "T1", "U1", parse("ref:customer-7 style:flat"))
    ).before is not None


async def test_subscription_that_can_not_be_read_is_left_out_and_told_once(subscriptions, database):
    kept = await subscriptions.follow("C1", "T1", "U1", parse("kind:in"))
    spoilt = await subscriptions.follow("C1", "T1", "U1", ACME)
    async with database.transaction() as tx:
        await tx.execute(
            text("UPDATE subscription SET filters = 'kind:' WHERE id = :id"), {"id": spoilt.subscription.id}
        )

    with structlog.testing.capture_logs() as cap:
        found = [await subscriptions.in_channel("C1") for _ in range(2)]

    assert found == [[kept.subscription]] * 2
    assert [line["event"] for line in cap] == ["a subscription can't be read, it is left out"]


@pytest.mark.parametrize("wish", ['ref:"PIN 60281947"', 'carrier:"Onvoy, acct no. 12345"'])
async def test_a_filter_that_holds_a_secret_is_refused_and_not_kept(subscriptions, wish):
    with pytest.raises(UserError, match=r"put \* in its place"):
        await subscriptions.follow("C1", "T1", "U1", parse(wish))

    assert await subscriptions.active() == []
