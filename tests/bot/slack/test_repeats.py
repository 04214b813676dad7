"""Whether a payload came before is asked of a database that may not answer."""

import asyncio

import pytest

from bot.slack.repeats import is_repeat
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
