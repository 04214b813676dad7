"""Whether a payload came before is asked of a database that may not answer."""

import asyncio

import pytest

from bot.slack.repeats import Payloads, is_repeat
from storage.errors import StorageError


class Memory:
    """A database that answers when it is let."""

    def __init__(self, answer):
        self.answer, self.let, self.asked = answer, asyncio.Event(), None

    async def seen(self, _key):
        self.asked = asyncio.current_task()
        await self.let.wait()
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.mark.parametrize(("answer", "said"), [(True, True), (False, False), (StorageError("locked"), None)])
async def test_what_the_database_knows_is_said_and_its_trouble_is_nothing_known(answer, said):
    memory = Memory(answer)
    memory.let.set()

    assert await is_repeat(memory.seen, "key", 5) is said


@pytest.mark.parametrize("late", [True, StorageError("locked")])
async def test_question_that_is_not_answered_in_time_is_left_to_itself(late):
    memory = Memory(late)

    assert await is_repeat(memory.seen, "key", 0.001) is None
    memory.let.set()
    await asyncio.wait({memory.asked})

    assert not memory.asked.cancelled()


async def test_question_that_ends_with_the_bot_is_no_error():
    memory = Memory(answer=True)
    await is_repeat(memory.seen, "key", 0.001)

    memory.asked.cancel()
    await asyncio.wait({memory.asked})

    assert memory.asked.cancelled()


async def test_payloads_that_come_together_share_a_transaction_and_one_of_equals_is_first(
    database, clock, monkeypatch
):
    transaction, begun = type(database).transaction, []

    def counted(self):
        begun.append(1)
        return transaction(self)

    monkeypatch.setattr(type(database), "transaction", counted)
    payloads = Payloads(database, clock)

    seen = await asyncio.gather(*(payloads.seen(f"key {n % 100}") for n in range(400)))
    again = await payloads.seen("key 7")

    assert (seen.count(False), seen[:100].count(False), again) == (100, 100, True)
    assert len(begun) <= 3


async def test_payloads_that_wait_while_the_database_is_written_share_the_next_turn(database, clock):
    payloads = Payloads(database, clock)
    async with database.transaction():
        asked = [asyncio.create_task(payloads.seen(f"key {n}")) for n in range(3)]
        await asyncio.sleep(0)
        asked[0].cancel()

    assert await asyncio.gather(*asked[1:]) == [False, False]


@pytest.mark.parametrize(
    "place", ["storage.interactions.first_times", "storage.sqlite.SqliteDatabase.transaction"]
)
async def test_database_that_fails_is_told_to_all_who_asked_and_asked_again_later(
    database, clock, monkeypatch, place
):
    def full(*_, **__):
        raise StorageError("the disk is full")

    payloads = Payloads(database, clock)
    with monkeypatch.context() as broken:
        broken.setattr(place, full)
        waiting = [asyncio.create_task(payloads.seen("key")) for _ in range(3)]
        await asyncio.sleep(0)
        waiting[0].cancel()
        told = await asyncio.gather(*waiting, return_exceptions=True)

    assert [type(each) for each in told] == [asyncio.CancelledError, StorageError, StorageError]
    assert await payloads.seen("key") is False
