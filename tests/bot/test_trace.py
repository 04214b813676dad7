"""The trace answers why a channel did or did not get an event, from the tables alone."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import PortwireError
from bot.filters import parse
from bot.recall import row_of
from bot.subscriptions import Subscriptions
from bot.trace import life
from storage import audit, deliveries, events, fan_out, promises, watermarks
from storage.deliveries import Message
from storage.fan_out import FannedOut
from storage.promises import Promise
from tests.factories import make_event

NOW = datetime(2026, 12, 1, 14, 2, tzinfo=UTC)
SOON = NOW + timedelta(seconds=1)


class Story:
    """One event of an exception, stored at NOW, and what is done with it."""

    def __init__(self, database):
        self.database = database
        self.event = make_event(status="exception", created_at=NOW - timedelta(seconds=9))
        self.key = 0

    async def stored(self, *, baseline=False):
        since = NOW if baseline else NOW - timedelta(days=1)
        async with self.database.transaction() as tx:
            await events.store(tx, "port_in", [row_of(self.event, since, NOW)], NOW)
            (row,) = await events.find(tx, self.event.event_id, self.event.source)
        self.key = row.key

    async def followed(self, channel_id, wish, *, at=NOW):
        subscriptions = Subscriptions(self.database, lambda: at)
        return (await subscriptions.follow(channel_id, "T1", "U1", parse(wish))).subscription.id

    async def promised(self, channel_id, number):
        promise = Promise(
            channel_id=channel_id,
            event_key=self.key,
            team_id="T1",
            source="port_in",
            order_id=self.event.order_id,
            created_at=self.event.created_at,
            promised_at=SOON,
            is_critical=True,
            style="thread",
            broadcast=True,
            subscriptions=f",{number},",
        )
        async with self.database.transaction() as tx:
            await promises.make(tx, [promise])
        return promise

    async def fanned_out(self):
        row = FannedOut(
            key=self.key, status_before="submitted", foc_before=None, foc_after=None, severity="critical"
        )
        async with self.database.transaction() as tx:
            await fan_out.note_fan_out(tx, [row], SOON)

    async def carried(self, promise, **state):
        message = Message("d1", "T1", promise.channel_id, "event", SOON, SOON, attempt=1, **state)
        async with self.database.transaction() as tx:
            await deliveries.add(tx, message)
            await promises.carry(tx, "d1", [promise])

    async def told(self):
        return "\n".join(await life(self.database, self.event.event_id))


@pytest.fixture
def story(database):
    return Story(database)


async def test_a_posted_event_shows_its_whole_way(story):
    await story.stored()
    number = await story.followed("C1", "status:exception")
    await story.fanned_out()
    await story.carried(await story.promised("C1", number), state="posted", posted_at=SOON, ts="17.42")

    told = await story.told()

    assert "seen     2026-12-01T14:02:00.000+00:00, 9.0 s later" in told
    assert "severity critical, status before: submitted" in told
    assert f"C1  for S{number}: posted at" in told
    assert "Slack's ts 17.42 (event, delivery d1, attempt 1)" in told


async def test_the_filter_term_that_stopped_it_is_named(story):
    await story.stored()
    number = await story.followed("C2", "kind:in status:ported")
    await story.fanned_out()

    assert f"C2  S{number}: stopped by status:ported" in await story.told()


async def test_a_younger_subscription_says_so(story):
    await story.stored()
    await story.fanned_out()
    number = await story.followed("C3", "", at=SOON + timedelta(seconds=1))

    assert f"C3  S{number}: is younger than the event" in await story.told()


async def test_a_match_that_came_with_later_facts_says_so(story):
    await story.stored()
    number = await story.followed("C3", "")
    await story.fanned_out()

    assert f"S{number}: would match by what is known of the order today" in await story.told()


async def test_a_promise_that_waits_and_one_that_was_cancelled_are_told_apart(story):
    await story.stored()
    first, second = await story.followed("C1", ""), await story.followed("C2", "")
    await story.fanned_out()
    await story.promised("C1", first)
    await story.promised("C2", second)
    await Subscriptions(story.database, lambda: SOON).unfollow("C2", second, "U1")

    told = await story.told()

    assert f"C1  for S{first}: waits since" in told
    assert "C2  for nobody any more: cancelled at" in told


async def test_a_parked_message_tells_what_slack_answered(story):
    await story.stored()
    await story.fanned_out()
    await story.carried(await story.promised("C1", 1), state="parked", error="msg_too_long")

    assert "parked, Slack's answer: msg_too_long" in await story.told()


async def test_an_event_from_before_the_watch_says_so(story):
    await story.stored(baseline=True)
    await story.fanned_out()
    await story.followed("C1", "")

    told = await story.told()

    assert "before watching began" in told
    assert "C1" not in told


async def test_an_event_that_still_waits_for_its_payload_says_so(story):
    story.event = make_event(payload=None, payload_status="created", created_at=NOW)
    await story.stored()

    told = await story.told()

    assert "none yet (Telnyx says: created)" in told
    assert "matched  not yet" in told


async def test_an_event_that_nobody_follows_says_so(story):
    await story.stored()
    await story.fanned_out()

    assert "promised to nobody: no channel follows it" in await story.told()


async def test_the_first_characters_of_an_id_are_enough(story):
    await story.stored()

    whole = await life(story.database, story.event.event_id)

    assert await life(story.database, story.event.event_id[:8].upper()) == whole
    assert await life(story.database, f"{story.event.event_id[:8]}…") == whole


async def test_events_that_begin_alike_are_listed(story):
    names = [f"8179f546-0000-4000-8000-00000000000{number}" for number in (1, 2)]
    for name in names:
        story.event = make_event(event_id=name)
        await story.stored()

    with pytest.raises(PortwireError) as several:
        await life(story.database, "8179f546")

    assert all(name in str(several.value) for name in names)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("8179", "too short"),
        (" ", "That is no event's id"),
        ("e" * 256, "That is no event's id"),
        ("\x1b[31m", "That is no event's id"),
        ("\udcff", "That is no event's id"),
        ("8179f546", "No event in the tables begins with 8179f546"),
        ("8179f546-9ba1-4ab3-a5a5-0de6ee5cb3fa", "Telnyx has not listed it"),
        ("sr_98f022", "first 8"),
    ],
)
async def test_what_is_not_found_is_not_blamed_on_telnyx_for_being_short(story, typed, words):
    with pytest.raises(PortwireError) as unknown:
        await life(story.database, typed)

    assert words in str(unknown.value)
    assert ("has not listed" in str(unknown.value)) == (len(typed) == 36)


async def test_of_an_event_that_may_come_yet_it_is_told_how_far_the_bot_has_read(story):
    unseen = "8179f546-9ba1-4ab3-a5a5-0de6ee5cb3fa"
    with pytest.raises(PortwireError, match=r"has not read it yet\. It has read no events at all so far\."):
        await life(story.database, unseen)
    async with story.database.transaction() as tx:
        await watermarks.begin(tx, "port_out", watermark=NOW, baseline_at=NOW)

    with pytest.raises(PortwireError, match=r"read port_out events up to 2026-12-01T14:02:00.000\+00:00.$"):
        await life(story.database, unseen)


async def test_an_unknown_event_is_said_to_be_unknown(story):
    with pytest.raises(PortwireError, match="No event nothing is in the tables"):
        await life(story.database, "nothing")


async def test_what_people_did_with_it_is_told_with_what_came_of_it(story):
    await story.stored()
    target = f"port_in:{story.event.event_id}"
    republish = {"action": "republish", "target": target, "at": NOW}
    async with story.database.transaction() as tx:
        await audit.add(tx, actor_id="U1", outcome="done", detail="204", **republish)
        await audit.add(tx, actor_id="U2", outcome=audit.ASKED, **republish)

    told = await story.told()

    at = "2026-12-01T14:02:00.000+00:00"
    assert f"republish by U1 at {at}: done 204" in told
    assert f"republish by U2 at {at}: asked, and nobody saw what came of it" in told
