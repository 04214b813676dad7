"""Work that outlives its own bugs, and ends with its block."""

import asyncio

import pytest
import structlog

from bot.repeating import Repeated


@pytest.fixture
def at_once(monkeypatch):
    monkeypatch.setattr("bot.repeating.AFTER_BUG_S", 0.0)


async def test_bug_of_one_round_is_told_once_and_ends_nothing(at_once):
    done, failures = asyncio.Event(), [RuntimeError("a bug")] * 3

    async def work():
        if failures:
            raise failures.pop()
        done.set()
        return 3600

    with structlog.testing.capture_logs() as cap:
        async with Repeated("pulse", work).beside():
            await done.wait()

    assert [(line["event"], line["work"], line.get("failures")) for line in cap] == [
        ("work failed, it is tried again and again", "pulse", None),
        ("work goes on", "pulse", 3),
    ]


async def test_nothing_of_it_is_left_behind_its_block():
    begun, ended = asyncio.Event(), []

    async def work():
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(True)

    async with Repeated("pulse", work).beside():
        await begun.wait()

    assert ended == [True]
