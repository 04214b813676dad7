"""OPS_CHANNEL hears of our own trouble once when it begins and once when it is over, however many meet it."""

from datetime import timedelta

import pytest

from bot.delivery.telling import Telling
from bot.results import Trouble

WHAT = "It fails"


@pytest.fixture
def ops(day):
    return day.workspace.add_channel("ops")


@pytest.fixture
def process(day, ops):
    """Makes what one process tells with; none knows what the others know."""

    def made(channel=ops, team_id=day.workspace.team_id):
        return Telling(day.database, channel, day.clock, day.delivery.wake, team_id)

    return made


@pytest.fixture
def said(day, ops):
    async def texts():
        await day.deliver(seconds=10)
        return [post.text.split(":")[0] for post in day.posts(ops)]

    return texts


async def test_trouble_that_goes_over_to_another_process_is_told_once(day, process, said):
    first, second = process(), process()
    await first.fails(Trouble(WHAT, day.clock(), "down"))
    await first.fails(Trouble(WHAT, day.clock(), "still down"))
    first.forget(WHAT)
    await second.fails(Trouble(WHAT, day.clock(), "down"))
    begun = await said()

    await second.works(WHAT)
    await second.works(WHAT)
    ended = await said()
    await first.works(WHAT)

    assert begun == ["🔴 Trouble"]
    assert await said() == ended == ["🔴 Trouble", "🟢 Over"]


async def test_trouble_that_goes_on_and_work_that_is_done_cost_no_question_to_the_database(day, process):
    telling, trouble = process(), Trouble(WHAT, day.clock(), "down")
    kept = telling.database
    for tell in (lambda: telling.fails(trouble), lambda: telling.works(WHAT)):
        telling.database = kept
        await tell()
        telling.database = None
        await tell()


async def test_what_is_told_goes_out_at_once_and_what_was_told_before_wakes_nobody(day, ops):
    woken, trouble = [], Trouble(WHAT, day.clock(), "down")
    telling = Telling(day.database, ops, day.clock, lambda: woken.append(True), day.workspace.team_id)
    for tell in (
        lambda: telling.fails(trouble),
        lambda: telling.works(WHAT),
        lambda: telling.passed(trouble, day.clock()),
    ):
        woken.clear()
        await tell()
        assert woken == [True]
        await tell()
        assert woken == [True]


async def test_trouble_that_outlasts_the_process_is_over_for_the_next_one(day, process, said):
    await process().fails(Trouble(WHAT, day.clock(), "down"))
    day.clock.forward(minutes=2)

    await process().works(WHAT)

    assert await said() == ["🔴 Trouble", "🟢 Over"]


async def test_trouble_that_could_not_be_told_is_told_once_when_it_is_over(day, process, said):
    trouble = Trouble(WHAT, day.clock(), "down")
    day.clock.forward(minutes=2)

    await process().passed(trouble, day.clock())
    await process().passed(trouble, day.clock() + timedelta(seconds=5))

    assert await said() == ["🟢 Over"]


@pytest.mark.parametrize("given", [{"channel": None}, {"team_id": None}])
async def test_nobody_is_told_without_a_channel_or_before_slack_took_us(day, process, said, given):
    telling, trouble = process(**given), Trouble(WHAT, day.clock(), "down")

    await telling.fails(trouble)
    await telling.works(WHAT)
    await telling.passed(trouble, day.clock())

    assert await said() == []
