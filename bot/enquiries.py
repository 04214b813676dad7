"""Facts of orders that events leave out, asked of Telnyx in the background.

The fan-out never waits for an answer: an event that needs one is held back, and the answer wakes the fan-out.
"""

import asyncio
from collections.abc import Callable, Collection, Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.failpoints import reached
from bot.frontier import Frontier
from bot.known_orders import Key
from bot.orders.facts import fetch_listed, fetch_order, with_past
from bot.telnyx.client import Telnyx
from bot.telnyx.errors import TelnyxRefusedError, TelnyxUnavailableError
from bot.telnyx.orders import Order

log = structlog.get_logger()

AT_ONCE = 4
ANSWER_WITHIN_S = 10
LISTS_WITHIN_S = 30
FEW = 8
"""Up to so many orders are asked for one by one."""
MOST = 1000
"""Questions at a time; who asks more asks again when some are answered."""
AGAIN_AFTER = timedelta(seconds=5)
FORGOTTEN_AFTER = timedelta(minutes=10)


@dataclass(slots=True)
class Question:
    """An order that somebody wants to know more of."""

    since: datetime
    wanted_at: datetime
    tried_at: datetime | None = None
    is_under_way: bool = False


@dataclass(slots=True)
class Enquiries:
    """Questions to Telnyx and the answers that nobody has used yet."""

    telnyx: Telnyx
    frontier: Frontier
    now: Callable[[], datetime]
    on_answer: Callable[[], None]
    silent_since: datetime | None = None
    """Since when Telnyx has answered no question, where it has not."""
    _told_at: datetime | None = None
    _questions: dict[Key, Question] = field(default_factory=dict)
    _answers: dict[Key, Order] = field(default_factory=dict)
    _turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    _under_way: set["asyncio.Task[None]"] = field(default_factory=set)

    def answer(self, key: Key, since: datetime) -> Order | None:
        """What Telnyx told of the order at `since` or later; it may have told something else before.

        A `status_at` is there only where the order had that status before we began to watch.
        """
        found = self._answers.get(key)
        return found if found and found.fetched_at and found.fetched_at >= since else None

    def want(self, key: Key) -> None:
        """Note that the order is to be asked for; `ask` asks for all that are."""
        now = self.now()
        question = self._questions.get(key)
        if question is not None:
            question.wanted_at = now
            if question.since > now or (question.tried_at and question.tried_at > now):
                question.since, question.tried_at = now, None  # the clock was set back
        elif len(self._questions) < MOST:
            self._questions[key] = Question(since=now, wanted_at=now)

    def is_given_up(self, key: Key, after: timedelta) -> bool:
        """Whether Telnyx could not be asked for the order for so long, or for any."""
        now = self.now()
        if self.silent_since is not None and now - self.silent_since >= after:
            return True
        question = self._questions.get(key)
        return question is not None and now - question.since >= after

    def used(self, keys: Collection[Key]) -> None:
        """The answers about these orders are in our tables now."""
        for key in keys:
            self._answers.pop(key, None)

    def ask(self) -> None:
        """Ask for what is wanted and was not asked for just now."""
        now = self.now()
        self._forget(now)
        due = [key for key, question in self._questions.items() if _is_due(question, now)]
        for key in due:
            self._questions[key].tried_at, self._questions[key].is_under_way = now, True
        if len(due) > FEW:
            self._begin(self._find(due))
        else:
            for key in due:
                self._begin(self._find_one(key))

    async def settled(self) -> None:
        """Wait until every question was answered or failed."""
        while self._under_way:
            await asyncio.wait(self._under_way)

    async def close(self) -> None:
        """Ask no more."""
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    def _begin(self, errand: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(errand)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _find(self, keys: Collection[Key]) -> None:
        """Many orders: what the lists show, then the others one by one."""
        try:
            async with asyncio.timeout(LISTS_WITHIN_S), self._turns:
                for key, order in (await fetch_listed(self.telnyx, keys)).items():
                    self._answered(key, order)
        except (TelnyxUnavailableError, TelnyxRefusedError, TimeoutError) as error:
            self._failed(error)
        await asyncio.gather(*(self._find_one(key) for key in keys if key in self._questions))

    async def _find_one(self, key: Key) -> None:
        try:
            async with self._turns, asyncio.timeout(ANSWER_WITHIN_S):
                order = await fetch_order(self.telnyx, key)
                since = self.frontier.watched_since.get(key[0])
                self._answered(key, await with_past(self.telnyx, order, since))
        except (TelnyxUnavailableError, TelnyxRefusedError, TimeoutError) as error:
            self._failed(error)
        except Exception as error:  # a bug in reading an order, met by one that nobody thought of
            log.exception("an order could not be read", order_id=key[1])
            self._failed(error)
        finally:
            if question := self._questions.get(key):
                question.is_under_way = False
        self.on_answer()

    def _answered(self, key: Key, order: Order) -> None:
        reached("enquiry.answered")
        self._questions.pop(key, None)
        self._answers[key] = order
        self.silent_since = None

    def _failed(self, error: Exception) -> None:
        now = self.now()
        self.silent_since = self.silent_since or now
        if self._told_at is None or now - self._told_at >= FORGOTTEN_AFTER:
            self._told_at = now
            log.warning("an order can't be asked for just now", reason=str(error) or type(error).__name__)

    def _forget(self, now: datetime) -> None:
        """What nobody wants any more: a filter may be gone, or an event have been given up waiting."""
        old = now - FORGOTTEN_AFTER
        for key, question in list(self._questions.items()):
            if question.wanted_at < old and not question.is_under_way:
                del self._questions[key]
        for key, order in list(self._answers.items()):
            if order.fetched_at is None or order.fetched_at < old:
                del self._answers[key]


def _is_due(question: Question, now: datetime) -> bool:
    if question.is_under_way:
        return False
    return question.tried_at is None or now - question.tried_at >= AGAIN_AFTER
