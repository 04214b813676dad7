"""What people are answered to made-up commands and clicks, for the gallery."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from bot.errors import PortwireError, UserError
from bot.messages import answers, home, lookups, outcomes, searches, status, subscriptions, timelines
from bot.messages.help import TOPICS, help_on
from bot.messages.subscriptions import Listed
from bot.references import read_reference
from bot.results import (
    Cause,
    EventsPage,
    Found,
    Hold,
    Outcome,
    Place,
    Republished,
    Reviewed,
    Trouble,
)
from bot.slack.blocks import Message
from bot.telnyx.errors import TelnyxUnavailableError
from docs import samples
from docs.gallery_scenes import LOOK, NOW, PORT_IN, PORT_OUT, SCENES
from docs.samples import FOLLOWED
from handlers.failures import told
from handlers.parsing import parse

Answer = tuple[str, Message]

COMMAND = LOOK.command
SOON = NOW - timedelta(seconds=20)
HOUR = timedelta(hours=1)
EVERYWHERE = (Place.SEEN, Place.TELNYX, Place.NEWEST)
BY_TITLE = {scene.title: scene.change for scene in SCENES}
EXCEPTION = BY_TITLE["Port-in: exception"]
TROUBLED = replace(EXCEPTION.order, status_at=NOW - timedelta(hours=3))
CHANGES = tuple(
    replace(change, event=replace(change.event, created_at=NOW - timedelta(hours=age)), order=TROUBLED)
    for age, change in (
        (72, BY_TITLE["Port-in: in process"]),
        (48, BY_TITLE["Port-in: submitted"]),
        (3, EXCEPTION),
    )
)
PENDING = BY_TITLE["Port-out: pending"]
_POLLS = samples.well(NOW).polls
EVERY_PORT_OUT = replace(FOLLOWED, name="S15", line="subscribe kind:out", paused_reason="is_archived")
QUESTIONS = (
    "evnts kind:in",
    "subscribe knd:in",
    "subscribe status:exeption",
    "events since:yesteryear",
    "republish",
    "help subscrbe",
)


def answered() -> Iterator[tuple[str, list[Answer]]]:
    """Each chapter with its answers."""
    yield "A bare command and help", [("Menu", answers.menu(COMMAND)), *_help()]
    yield "Look-ups", list(_look_ups())
    yield "Republish and review", list(_clicks())
    yield "Subscriptions", list(_subscriptions())
    yield "Status and App Home", list(_status())
    yield "What was not understood, and what failed", list(_errors())


def _help() -> Iterator[Answer]:
    yield "`help`", help_on("", COMMAND)
    for topic in TOPICS:
        yield f"`help {topic}`", help_on(topic, COMMAND)


def _look_ups() -> Iterator[Answer]:
    named = Found(read_reference("ACME Dental"), (EXCEPTION.order, PORT_OUT), (), EVERYWHERE)
    none = read_reference("sr_000000")
    look = LOOK
    yield "An order", lookups.order_answer(TROUBLED, CHANGES, look, looked_in=(Place.SEEN,))
    yield (
        "A port-out",
        lookups.order_answer(replace(PENDING.order, subscriber_name="John Doe"), [PENDING], look),
    )
    yield "An order of which no event is known", lookups.order_answer(PORT_IN, [], look, looked_in=EVERYWHERE)
    yield "An event", lookups.event_answer(EXCEPTION, look, looked_in=(Place.SEEN,))
    yield "Newest events", lookups.events_list(EventsPage(CHANGES[::-1], has_more=True), "events", look)
    yield "No events", lookups.events_list(EventsPage(), "events kind:out", look)
    yield "Several by one name", searches.several_found(named, look, line="ACME Dental")
    yield "Nothing by that name", searches.nothing_found(none, (*EVERYWHERE, Place.UNREACHED), look)
    yield "No event by that id", searches.no_event(read_reference("8179f546"), EVERYWHERE, look)
    yield "Timeline", timelines.timeline(EXCEPTION.order, CHANGES, look)
    yield "Copy ids", answers.order_ids(EXCEPTION.order)


def _clicks() -> Iterator[Answer]:
    yield "`republish` of an event", lookups.republish_question(EXCEPTION, LOOK)
    yield "`republish` of an order", searches.events_to_republish(EXCEPTION.order, CHANGES, LOOK)
    details = {
        Outcome.DONE: "204",
        Outcome.REFUSED: "The event is too old.",
        Outcome.UNCLEAR: "It did not answer.",
    }
    for outcome in Outcome:
        result = Republished(outcome, samples.PERSON, NOW, details.get(outcome, ""))
        yield f"Republish: {outcome.replace('_', ' ')}", outcomes.republished(result, EXCEPTION)
        said = outcomes.republish_asked("Ada", result, EXCEPTION)
        yield from [("… and in the thread", said)] if said else []
    yield "I'll check", outcomes.reviewed(Reviewed(PENDING.order, samples.PERSON, NOW, already=False))
    yield (
        "I'll check, after somebody",
        outcomes.reviewed(Reviewed(PENDING.order, samples.PERSON, NOW, already=True)),
    )


def _subscriptions() -> Iterator[Answer]:
    def now(line: str, before: Listed | None, broadcast: str = "milestones") -> Message:
        shown = replace(FOLLOWED, line=line)
        return subscriptions.followed(shown, "thread", broadcast, before=before, command=COMMAND)

    both = [FOLLOWED, EVERY_PORT_OUT]
    yield "New", now(FOLLOWED.line, None)
    yield "Other options", now(f"{FOLLOWED.line} broadcast:all", FOLLOWED, "all")
    yield "The same again", now(FOLLOWED.line, FOLLOWED)
    yield "`subs`", subscriptions.listing([FOLLOWED], "here", 1, COMMAND)
    yield "`subs all`", subscriptions.listing(both, "all", 1, COMMAND)
    yield "`subs`, but there are none", subscriptions.listing([], "here", 1, COMMAND)
    yield "Ended", subscriptions.unfollowed([FOLLOWED], "S12", COMMAND)[0]
    yield "All ended", subscriptions.unfollowed(both, "all", COMMAND)[0]
    yield "Not of this channel", subscriptions.unfollowed([], "S99", COMMAND)[0]


def _status() -> Iterator[Answer]:
    well = samples.well(NOW, polls=tuple(replace(each, last_success_at=SOON) for each in _POLLS))
    silent = Trouble("Telnyx's port-in events can't be read", NOW - HOUR, "Telnyx cannot be reached.")
    unwell = replace(
        well,
        polls=(replace(well.polls[0], last_success_at=NOW - HOUR, trouble=silent), well.polls[1]),
        events_waiting=14,
        messages_open=1,
        waiting_since=NOW - HOUR,
        holds=(Hold(Cause.PAUSED, 15, None, (samples.CHANNEL,)),),
        **samples.held_up(NOW - HOUR),
    )
    yield "All is well", status.status(well, LOOK)
    held = (
        Hold(Cause.PAYLOAD, 2),
        Hold(Cause.GATHERED, 12, NOW + timedelta(seconds=40), (samples.CHANNEL,)),
    )
    waiting = replace(well, events_waiting=12, waiting_since=SOON, holds=held)
    yield "Something waits", status.status(waiting, LOOK)
    yield "Not all is well", status.status(unwell, LOOK)
    yield "App Home", Message("", home.home(COMMAND, status.status(well, LOOK))["blocks"])


def _errors() -> Iterator[Answer]:
    for line in QUESTIONS:
        yield f"`{COMMAND} {line}`", told(_error(line), COMMAND)
    yield "Telnyx is down", told(TelnyxUnavailableError("Telnyx cannot be reached.", kind="network"), COMMAND)
    yield "A bug", answers.trouble("ab12cd34")
    yield "An old button", answers.outdated(COMMAND)
    yield "An old command", answers.other_command(COMMAND)
    yield "While it looks", answers.looking()


def _error(line: str) -> PortwireError:
    try:
        command = parse(line, NOW, COMMAND)
        help_on(getattr(command, "topic", ""), COMMAND)
    except UserError as error:
        return error
    raise AssertionError(line)
