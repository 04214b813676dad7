"""The porting stories of the sandbox, as data. Waits are minutes of story time.

The statuses and their usual order are Telnyx's: draft, in-process, submitted, foc-date-confirmed, ported;
what the carrier refuses goes to exception and, once mended, back to submitted.
"""

from dataclasses import dataclass
from typing import TypeAlias

from bot.sandbox.telnyx.wire import Source
from bot.sandbox.telnyx.world import Author


@dataclass(frozen=True, slots=True)
class Status:
    """An order takes a status, with (code, description) pairs; the FOC is so many minutes ahead."""

    value: str
    details: tuple[tuple[str, str], ...] = ()
    foc_in_min: float | None = None


@dataclass(frozen=True, slots=True)
class Comment:
    """Somebody writes on the order: Telnyx's staff (`admin`), one of us (`user`), or a machine (`system`)."""

    body: str
    author: Author = "admin"


@dataclass(frozen=True, slots=True)
class Split:
    """So many of the order's numbers move to an order of their own, which is the story's next one."""

    numbers: int


@dataclass(frozen=True, slots=True)
class Messaging:
    """The messaging of a port-in takes a status of its own."""

    value: str


@dataclass(frozen=True, slots=True)
class NewFoc:
    """The gaining carrier of a port-out wants another moment, so many minutes ahead."""

    in_min: float


Act: TypeAlias = Status | Comment | Split | Messaging | NewFoc


@dataclass(frozen=True, slots=True)
class Step:
    """What happens `after_min` minutes after the step before; `order` counts the story's orders from 0."""

    after_min: float
    act: Act
    order: int = 0


@dataclass(frozen=True, slots=True)
class Story:
    """One order's life. It begins with its first event: a port-in's sending, a port-out's `pending`.

    The FOC asked for lies `foc_in_min` story minutes ahead, or `foc_in_workdays` on the calendar: port-outs'
    deadlines go by that, whatever the story's pace. A port-out may have been asked for `asked_h_ago`: it was
    refused since, the refusal did not stand, and its deadline is near. Its waits are real minutes then.
    """

    title: str
    source: Source
    numbers: int
    steps: tuple[Step, ...]
    foc_in_min: float = 0
    foc_in_workdays: int = 0
    asked_h_ago: float = 0


SMOOTH = Story(
    "smooth port", "port_in", 2,
    (
        Step(35, Status("submitted")),
        Step(50, Status("foc-date-confirmed", foc_in_min=90)),
        Step(90, Status("ported")),
    ),
    foc_in_min=150,
)  # fmt: skip

EXCEPTION_AND_FIX = Story(
    "exception and fix", "port_in", 3,
    (
        Step(30, Status("submitted")),
        Step(45, Status("exception", (("PASSCODE_PIN_INVALID", "PIN or passcode is wrong"),))),
        Step(15, Comment(
            "The losing carrier refused the request: the PIN does not fit the account."
            " Please ask your customer for the port-out PIN and update the order."
        )),
        Step(40, Comment("The customer has made a new one: the PIN is 4821. Please send it again.", "user")),
        Step(20, Status("submitted")),
        Step(55, Status("foc-date-confirmed", foc_in_min=90)),
        Step(45, Comment("The carrier has moved the date: a technician has to unlock a line first.")),
        Step(10, Status("foc-date-confirmed", foc_in_min=100)),
        Step(100, Status("ported")),
    ),
    foc_in_min=330,
)  # fmt: skip

SPLIT = Story(
    "split", "port_in", 5,
    (
        Step(30, Status("submitted")),
        Step(40, Split(2)),
        Step(10, Comment(
            "Two numbers sit on another account of the carrier, so they got an order of their own."
        )),
        Step(25, Status("foc-date-confirmed", foc_in_min=120)),
        Step(20, Status("exception", (
            ("ACCOUNT_NUMBER_MISMATCH", "Account number differs from the carrier record"),
        )), order=1),
        Step(30, Comment("We have corrected the account number from the newest bill.", "user"), order=1),
        Step(20, Status("submitted"), order=1),
        Step(50, Status("ported")),
        Step(30, Status("foc-date-confirmed", foc_in_min=60), order=1),
        Step(60, Status("ported"), order=1),
    ),
    foc_in_min=240,
)  # fmt: skip

MESSAGING_LAG = Story(
    "messaging lag", "port_in", 1,
    (
        Step(30, Status("submitted")),
        Step(45, Status("foc-date-confirmed", foc_in_min=60)),
        Step(60, Status("ported")),
        Step(5, Messaging("activating")),
        Step(60, Messaging("exception")),
        Step(20, Comment(
            "Calls are fine. Text messages still go to the old provider; we have asked them to let go."
        )),
        Step(70, Messaging("ported")),
    ),
    foc_in_min=200,
)  # fmt: skip

CANCELLED_UNASKED = Story(
    "cancelled, and nobody asked for it", "port_in", 1,
    (
        Step(40, Status("submitted")),
        Step(60, Status("cancelled")),
        Step(15, Comment(
            "The carrier reports that the end user called it off. Please ask them before you order again."
        )),
    ),
    foc_in_min=200,
)  # fmt: skip

PORT_OUT_IN_DANGER = Story(
    "port-out in danger, nobody answers", "port_out", 2,
    (
        Step(40, Comment("The gaining carrier says that the request is urgent and wants an earlier date.")),
        Step(45, NewFoc(90)),
        Step(45, Status("authorized")),
        Step(45, Status("ported")),
    ),
    foc_in_workdays=3,
)  # fmt: skip

PORT_OUT_REFUSED = Story(
    "port-out refused in time", "port_out", 1,
    (
        Step(40, Status("rejected-pending", (("1002", "Invalid PIN"),))),
        Step(30, Status("rejected", (("1002", "Invalid PIN"),))),
    ),
    foc_in_workdays=3,
)  # fmt: skip

LANES: tuple[tuple[Story, ...], ...] = (
    (SMOOTH, MESSAGING_LAG, SPLIT),
    (PORT_OUT_IN_DANGER, PORT_OUT_REFUSED),
    (EXCEPTION_AND_FIX, CANCELLED_UNASKED),
)
"""Stories of one lane follow each other for ever; the lanes run side by side."""

PORT_OUT_BURNING = Story(
    "port-out that burns down, two minutes left", "port_out", 2,
    (
        Step(1, Comment("The gaining carrier waits for its numbers.")),
        Step(1, Status("authorized")),
        Step(1, Status("ported")),
    ),
    foc_in_min=3,
    asked_h_ago=48 - 2 / 60,
)  # fmt: skip
"""Told only when somebody asks for it: the deadline of 48 hours comes while they watch."""

STORIES: dict[str, Story] = {each.title: each for lane in (*LANES, (PORT_OUT_BURNING,)) for each in lane}
"""Every story by its title."""
