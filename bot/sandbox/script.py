"""Plays porting stories on the stand-in Telnyx, some minutes of a story in each real minute."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import cycle

from bot.sandbox.cast import Casting, Role
from bot.sandbox.stories import LANES, Act, Comment, Messaging, Split, Status, Step, Story
from bot.sandbox.telnyx.world import TelnyxWorld

FIRST_EVENT = timedelta(seconds=1)
LEAST_GAP = timedelta(seconds=4)
"""Between two events, at any speed, so that a person can read along. The lanes begin that far apart too:
nobody waits an hour to see what the bot does."""
REST_MIN = 30.0
LONGEST_WAIT_MIN = 60.0 * 24 * 365
PAUSE = timedelta(days=1)
REFUSED_AFTER = timedelta(hours=2)
DECIDED_BY = timedelta(hours=48)
FOC_HOUR_UTC = 15
SATURDAY = 5
REFUSED = ("rejected-pending", "rejected", "canceled")


@dataclass(slots=True)
class Lane:
    """Stories that follow each other: the one that is told, what is left of it, and when it goes on.

    `stories` is None where a story was begun by hand: the lane ends with it.
    """

    stories: Iterator[Story] | None
    due: datetime
    moved_at: datetime
    orders: list[str] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    in_real_time: bool = False


class Script:
    """The lanes side by side. `speed`: story minutes in a real minute; references count up from `first`.

    `changed` is set when what `play` said last may not hold any more.
    """

    def __init__(
        self, telnyx: TelnyxWorld, *, now: Callable[[], datetime], speed: float, first: int = 1042,
        lanes: tuple[tuple[Story, ...], ...] = LANES,
    ) -> None:  # fmt: skip
        self._telnyx = telnyx
        self._now = now
        self._speed = speed
        self._casting = Casting(first)
        begin = now() + FIRST_EVENT
        self._lanes = [Lane(cycle(stories), begin + i * LEAST_GAP, now()) for i, stories in enumerate(lanes)]
        self._free_at = begin
        self._paused_at: datetime | None = None
        self.changed = asyncio.Event()

    @property
    def speed(self) -> float:
        return self._speed

    @property
    def is_paused(self) -> bool:
        return self._paused_at is not None

    def change_speed(self, speed: float) -> None:
        """What waits comes sooner or later by as much."""
        now, factor = self._paused_at or self._now(), self._speed / speed
        for lane in self._lanes:
            if lane.orders and not lane.in_real_time:
                lane.due = now + max(lane.due - now, timedelta(0)) * factor
        self._speed = speed
        self.changed.set()

    def pause(self) -> None:
        """Nothing happens until `go_on`, but for what is done by hand."""
        self._paused_at = self._paused_at or self._now()
        self.changed.set()

    def go_on(self) -> None:
        """Go on as if no time had passed."""
        if self._paused_at is None:
            return
        passed, self._paused_at = self._now() - self._paused_at, None
        self._free_at += passed
        for lane in self._lanes:
            lane.due += passed
        self.changed.set()

    def start(self, story: Story) -> str:
        """Begin a story at once, beside the others; returns its order's id."""
        now = self._now()
        lane = Lane(None, now, now)
        self._lanes.append(lane)
        self._begin(lane, story)
        self._rest(lane, self._paused_at or now)
        self.changed.set()
        return lane.orders[0]

    def take_over(self, order_id: str) -> None:
        """Somebody moves the order by hand: its story ends there."""
        for lane in self._lanes:
            if order_id in lane.orders:
                lane.steps.clear()

    def play(self) -> timedelta:
        """Let the next thing happen if it is due, at most one; return how long to wait for another."""
        if self.is_paused or not self._lanes:
            return PAUSE
        # Of several that are due the one that rested longest, or a quick lane would keep the others out.
        lane = min(self._lanes, key=lambda each: (max(each.due, self._free_at), each.moved_at))
        now = self._now()
        if (due := max(lane.due, self._free_at)) > now:
            return due - now
        self._go_on(lane)
        self._rest(lane, now)
        self._free_at = now + LEAST_GAP
        return LEAST_GAP

    def _rest(self, lane: Lane, now: datetime) -> None:
        """Wait for the next step, or for the next story where there is one."""
        lane.moved_at = now
        if lane.steps:
            minutes = lane.steps[0].after_min
            lane.due = now + (timedelta(minutes=minutes) if lane.in_real_time else self._real(minutes))
        elif lane.stories:
            lane.due = now + self._real(REST_MIN)
        else:
            self._lanes.remove(lane)

    def _go_on(self, lane: Lane) -> None:
        if not lane.steps:
            if lane.stories:
                self._begin(lane, next(lane.stories))
            return
        step = lane.steps.pop(0)
        order_id = lane.orders[step.order]
        if self._was_refused(order_id):
            # By the story or by somebody at the keyboard: Telnyx confirms it, and nothing else comes.
            lane.steps.clear()
            self._telnyx.set_status(order_id, "rejected")
            return
        self._act(lane, order_id, step.act)

    def _begin(self, lane: Lane, story: Story) -> None:
        role = self._casting.role(story.numbers)
        workdays = story.foc_in_workdays
        foc = self._workday(workdays) if workdays else self._moment(story.foc_in_min)
        if story.source == "port_in":
            order_id = self._open_port_in(role, foc)
        elif story.asked_h_ago:
            order_id = self._reopen_port_out(role, self._now() - timedelta(hours=story.asked_h_ago))
        else:
            order_id = self._open_port_out(role, foc)
        lane.orders, lane.steps = [order_id], list(story.steps)
        lane.in_real_time = story.asked_h_ago > 0

    def _open_port_in(self, role: Role, foc: datetime) -> str:
        order_id = self._telnyx.add_port_in(
            reference=role.reference,
            numbers=role.numbers,
            carrier=role.customer.carrier,
            foc_requested=foc,
            entity_name=role.customer.entity,
            person_name=role.customer.person,
        )
        self._telnyx.set_status(order_id, "in-process")
        return order_id

    def _open_port_out(self, role: Role, foc: datetime, asked_at: datetime | None = None) -> str:
        return self._telnyx.add_port_out(
            numbers=role.numbers,
            carrier=role.customer.carrier,
            spid=role.customer.spid,
            subscriber_name=role.customer.entity,
            pon=role.reference,
            foc_date=foc,
            created_at=asked_at,
        )

    def _reopen_port_out(self, role: Role, asked_at: datetime) -> str:
        """One that is pending again: the clock of its deadline began when it was asked for."""
        order_id = self._open_port_out(role, asked_at + DECIDED_BY, asked_at)
        refused = (("1002", "Invalid PIN"),)
        self._telnyx.set_status(
            order_id, "rejected-pending", details=refused, created_at=asked_at + REFUSED_AFTER
        )
        self._telnyx.set_status(order_id, "pending")
        return order_id

    def _was_refused(self, order_id: str) -> bool:
        port_out = self._telnyx.port_outs.get(order_id)
        return port_out is not None and port_out.status in REFUSED

    def _act(self, lane: Lane, order_id: str, act: Act) -> None:
        match act:
            case Status(value, details, foc_in_min):
                foc = None if foc_in_min is None else self._foc(order_id, foc_in_min)
                self._telnyx.set_status(order_id, value, details=details, foc=foc)
            case Comment(body, author):
                self._telnyx.comment(order_id, body, author=author)
            case Split(numbers):
                leaving = [number.e164 for number in self._telnyx.port_ins[order_id].numbers[-numbers:]]
                lane.orders.append(self._telnyx.split(order_id, leaving)[0])
            case Messaging(value):
                self._telnyx.set_messaging(order_id, value)
            case _:
                self._telnyx.set_foc(order_id, self._moment(act.in_min))

    def _real(self, minutes: float) -> timedelta:
        """How long story minutes take."""
        return timedelta(minutes=min(minutes / self._speed, LONGEST_WAIT_MIN))

    def _moment(self, minutes: float) -> datetime:
        """When so many story minutes are over, to the next full minute."""
        moment = self._now() + self._real(minutes)
        return moment.replace(second=0, microsecond=0) + timedelta(minutes=1)

    def _foc(self, order_id: str, minutes: float) -> datetime:
        """The FOC that far ahead; one that moves is another minute at any speed."""
        before = self._telnyx.port_ins[order_id].foc_actual
        moment = self._moment(minutes)
        return moment if before is None else max(moment, before + timedelta(minutes=1))

    def _workday(self, ahead: int) -> datetime:
        """The business hours of that working day: carriers move no numbers at a weekend."""
        day = self._now().replace(hour=FOC_HOUR_UTC, minute=0, second=0, microsecond=0)
        while ahead:
            day += timedelta(days=1)
            ahead -= day.weekday() < SATURDAY
        return day
