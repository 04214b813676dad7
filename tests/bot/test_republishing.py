"""One click, one request."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
import structlog
from sqlalchemy import text

from bot.republishing import Republishing
from bot.results import Outcome
from bot.sandbox.telnyx.faults import NextFailure
from bot.telnyx.events import Source
from storage import republishes

ANA, BOB = "U0ANA", "U0BOB"


@pytest.fixture
def republishing(database, telnyx, clock):
    return Republishing(database, telnyx, clock)


@pytest.fixture
def event_id(telnyx_api):
    order_id = telnyx_api.add_port_in(
        reference="ACME", numbers=["+13035550100"], carrier="Onvoy", foc_requested=None
    )
    return telnyx_api.set_status(order_id, "in-process")


def sent(telnyx_api):
    return [seen for seen in telnyx_api.requests if seen.method == "POST"]


async def audited(database):
    async with database.reading() as tx:
        rows = await tx.execute(
            text("SELECT actor_id, action, target, outcome, detail FROM audit ORDER BY id")
        )
        return [tuple(row) for row in rows]


async def test_click_asks_telnyx_once_and_is_audited(republishing, telnyx_api, database, event_id, clock):
    result = await republishing.republish(Source.PORT_IN, event_id, ANA)

    assert (result.outcome, result.by, result.at) == (Outcome.DONE, ANA, clock.at)
    assert [each for each, _ in telnyx_api.republished] == [event_id]
    assert await audited(database) == [(ANA, "republish", f"port_in:{event_id}", "done", "204")]


class Watching:
    """A Telnyx at whose door `happens` is awaited before it is asked."""

    def __init__(self, telnyx, happens):
        self.telnyx, self.happens = telnyx, happens

    async def republish(self, source, event_id):
        await self.happens()
        return await self.telnyx.republish(source, event_id)


async def test_the_wish_is_written_down_before_telnyx_is_asked_and_stays_after_a_crash(
    republishing, telnyx, telnyx_api, database, event_id
):
    async def crash():
        raise SystemExit(137)

    with pytest.raises(SystemExit):
        await replace(republishing, telnyx=Watching(telnyx, crash)).republish(Source.PORT_IN, event_id, ANA)
    soon = await republishing.republish(Source.PORT_IN, event_id, ANA)

    assert sent(telnyx_api) == []
    assert soon.outcome is Outcome.HELD_BACK
    target = f"port_in:{event_id}"
    assert (await audited(database))[0] == (ANA, "republish", target, "asked", "")


async def test_what_telnyx_answered_is_told_though_it_cannot_be_kept(
    republishing, telnyx, database, event_id
):
    async def lose_the_audit():
        async with database.transaction() as tx:
            await tx.exec_driver_sql("DROP TABLE audit")

    watched = replace(republishing, telnyx=Watching(telnyx, lose_the_audit))
    with structlog.testing.capture_logs() as logs:
        result = await watched.republish(Source.PORT_IN, event_id, ANA)

    assert (result.outcome, result.detail) == (Outcome.DONE, "204")
    assert [entry["event"] for entry in logs] == ["the outcome of a republish can't be kept"]


@pytest.mark.parametrize(
    ("trouble", "outcome", "words"),
    [
        ("422", "refused", "(422)"),
        ("429", "refused", "(429)"),
        ("404", "unknown_event", "(404)"),
        ("500", "unclear", "(500)"),
        ("lost", "unclear", "may have been sent all the same"),
    ],
)
async def test_the_audit_says_what_telnyx_answered(
    *, republishing, telnyx_api, database, event_id, trouble, outcome, words
):
    telnyx_api.faults.next_failures.append(NextFailure(trouble))

    await republishing.republish(Source.PORT_IN, event_id, ANA)

    ((*_, kept, detail),) = await audited(database)
    assert kept == outcome
    assert words in detail


async def test_while_telnyx_asks_for_rest_the_wish_may_be_tried_again_afterwards(
    republishing, telnyx_api, event_id, clock
):
    telnyx_api.faults.next_failures.append(NextFailure("429", retry_after="30"))

    refused = await republishing.republish(Source.PORT_IN, event_id, ANA)
    soon = await republishing.republish(Source.PORT_IN, event_id, BOB)
    clock.forward(seconds=30)
    later = await republishing.republish(Source.PORT_IN, event_id, BOB)

    assert refused.again_at == refused.at + timedelta(seconds=30)
    assert [each.outcome for each in (refused, soon, later)] == ["refused", "refused", "done"]
    assert len(sent(telnyx_api)) == 2


async def test_a_telnyx_that_does_not_answer_in_time_may_have_been_asked(
    republishing, telnyx_api, event_id, database, monkeypatch
):
    monkeypatch.setattr("bot.telnyx.transport.REQUEST_S", 0.05)
    telnyx_api.faults.slow_s = 0.2

    result = await republishing.republish(Source.PORT_IN, event_id, ANA)

    assert result.outcome is Outcome.UNCLEAR
    said = "Telnyx did not answer in time. The notification may have been sent all the same."
    assert result.detail == said
    assert (await audited(database))[-1][3:] == ("unclear", said)


async def test_a_telnyx_that_is_down_is_surely_not_asked(republishing, telnyx_api, event_id):
    await telnyx_api.stop()

    result = await republishing.republish(Source.PORT_IN, event_id, ANA)

    assert (result.outcome, result.detail) == (Outcome.REFUSED, "Telnyx cannot be reached.")


async def test_double_click_sends_once(republishing, telnyx_api, event_id):
    results = await asyncio.gather(
        *(republishing.republish(Source.PORT_IN, event_id, user_id) for user_id in (ANA, ANA, BOB))
    )

    assert sorted(result.outcome for result in results) == ["done", "held_back", "held_back"]
    assert len(sent(telnyx_api)) == 1


async def test_second_person_within_a_minute_hears_who_did_it(
    republishing, telnyx_api, event_id, clock, database
):
    asked_at = clock.at
    await republishing.republish(Source.PORT_IN, event_id, ANA)
    clock.forward(seconds=59)

    result = await republishing.republish(Source.PORT_IN, event_id, BOB)

    assert (result.outcome, result.by, result.at) == (Outcome.HELD_BACK, ANA, asked_at)
    assert (await audited(database))[-1][3:] == ("held_back", f"asked by {ANA}: done")


async def test_after_a_minute_it_is_sent_again(republishing, telnyx_api, event_id, clock):
    await republishing.republish(Source.PORT_IN, event_id, ANA)
    clock.forward(seconds=60)

    result = await republishing.republish(Source.PORT_IN, event_id, BOB)

    assert result.outcome is Outcome.DONE
    assert len(telnyx_api.republished) == 2


@pytest.mark.parametrize("trouble", ["422", "429", "403", "404"])
async def test_after_a_definite_refusal_it_may_be_asked_at_once(republishing, telnyx_api, event_id, trouble):
    telnyx_api.faults.next_failures.append(NextFailure(trouble))

    refused = await republishing.republish(Source.PORT_IN, event_id, ANA)
    again = await republishing.republish(Source.PORT_IN, event_id, BOB)

    assert refused.outcome is (Outcome.UNKNOWN_EVENT if trouble == "404" else Outcome.REFUSED)
    assert refused.again_at == refused.at
    assert again.outcome is Outcome.DONE


@pytest.mark.parametrize("trouble", ["500", "503", "lost", "drop"])
async def test_after_an_unclear_answer_a_minute_passes_first(
    republishing, telnyx_api, event_id, clock, trouble
):
    telnyx_api.faults.next_failures.append(NextFailure(trouble))

    unclear = await republishing.republish(Source.PORT_IN, event_id, ANA)
    soon = await republishing.republish(Source.PORT_IN, event_id, ANA)
    clock.forward(seconds=60)
    later = await republishing.republish(Source.PORT_IN, event_id, ANA)

    outcomes = [unclear.outcome, soon.outcome, later.outcome]
    assert outcomes == [Outcome.UNCLEAR, Outcome.HELD_BACK, Outcome.DONE]
    assert soon.detail == "unclear"
    assert len(sent(telnyx_api)) == 2


async def test_wish_whose_end_nobody_saw_holds_others_back(republishing, database, event_id, clock):
    async with database.transaction() as tx:
        held_since = clock.at - timedelta(seconds=60)
        claimed = await republishes.claim(
            tx, Source.PORT_IN, event_id, user_id=ANA, now=clock.at, held_since=held_since
        )

    soon = await republishing.republish(Source.PORT_IN, event_id, BOB)

    assert claimed is None
    assert (soon.outcome, soon.by, soon.detail) == (Outcome.HELD_BACK, ANA, "")


async def test_wish_from_before_the_clock_was_set_back_holds_nobody_back(republishing, event_id, clock):
    clock.forward(hours=1)
    await republishing.republish(Source.PORT_IN, event_id, ANA)
    clock.forward(hours=-1)

    assert (await republishing.republish(Source.PORT_IN, event_id, BOB)).outcome is Outcome.DONE


@pytest.mark.parametrize("spell", [str.upper, lambda id_: id_.replace("-", "")])
async def test_other_spelling_of_the_same_id_is_held_back(
    republishing, telnyx_api, database, event_id, spell
):
    first = await republishing.republish(Source.PORT_IN, spell(event_id), ANA)
    second = await republishing.republish(Source.PORT_IN, event_id, BOB)

    assert (first.outcome, second.outcome) == (Outcome.DONE, Outcome.HELD_BACK)
    assert [each for each, _ in telnyx_api.republished] == [event_id]
    assert {target for _, _, target, _, _ in await audited(database)} == {f"port_in:{event_id}"}


async def test_other_events_are_not_held_back(republishing, telnyx_api, event_id):
    order_id = next(iter(telnyx_api.port_ins))
    other = telnyx_api.comment(order_id, "Hello")
    await republishing.republish(Source.PORT_IN, event_id, ANA)

    assert (await republishing.republish(Source.PORT_IN, other, ANA)).outcome is Outcome.DONE
