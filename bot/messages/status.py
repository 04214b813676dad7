"""The answer to `status`: is the bot up to date? Pure."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from bot.messages.places import place_of, why_refused
from bot.messages.wording import Look, clock, counted, kind_words, listed
from bot.results import Cause, GivenUp, Hold, PausedChannel, PollState, Report, Trouble
from bot.slack.blocks import TEXT_LIMIT, Message, context, section
from bot.slack.escaping import inline
from bot.slack.plain import pieces

_CAUSES: Mapping[Cause, str] = MappingProxyType(
    {
        Cause.PAYLOAD: "with details that Telnyx is still making",
        Cause.OLDER: "behind an older event of their order",
        Cause.MATCHING: "being matched with subscriptions",
        Cause.GATHERED: "gathered for one message",
        Cause.PAUSED: "for paused channels",
        Cause.LIMITED: "resting as Slack asked",
        Cause.UNCLEAR: "until I know whether Slack took a post",
        Cause.RESTORED: "until I have read what their channels got before the restore",
        Cause.SILENT: "until Slack answers, tried again",
        Cause.TOKEN: "until Slack takes my token",
        Cause.OURS: "that I could not make, tried again",
    }
)
"""What so many are or do; behind it may stand until when."""
LATE_AFTER = timedelta(minutes=5)
MOST_CHANNELS = 10
MOST_REASON = 200


def status(report: Report, look: Look) -> Message:
    """One sentence first, then a line for each list, the backlog, and whatever is held up."""
    troubles = list(_troubles(report, look.now))
    first = (
        f"🟡 Not everything is up to date: {'; '.join(troubles)}."
        if troubles
        else "🟢 Everything is up to date."
    )
    if report.holds:
        first += f" Waiting: {listed([_hold(each) for each in report.holds], most=3)}."
    lines = [
        *(_poll_line(poll) for poll in report.polls),
        *(_trouble_line(trouble) for trouble in report.troubles),
        _backlog_line(report),
        *_hold_lines(report.holds),
        *_paused_lines(report.paused),
        *_given_up_lines(report.given_up),
        *_unreadable_lines(report.unreadable),
    ]
    watching = [clock(poll.watching_since) for poll in report.polls if poll.watching_since]
    since = [context(f"Events created since {watching[0]} are posted.")] if watching else []
    return Message(first, [section(first), *map(section, pieces(lines, TEXT_LIMIT)), *since])


def _troubles(report: Report, now: datetime) -> Iterator[str]:
    if report.slack_refusal:
        yield "Slack refuses my token"
    for poll in report.polls:
        if poll.last_success_at is None:
            yield f"{kind_words(poll.source)} events have not been read yet"
        elif poll.trouble or now - poll.last_success_at > LATE_AFTER:
            yield f"{kind_words(poll.source)} events have not been read since {clock(poll.last_success_at)}"
    yield from (trouble.what[:1].lower() + trouble.what[1:] for trouble in report.troubles)
    if report.paused:
        yield f"{counted(len(report.paused), 'channel')} paused"
    if report.parked:
        yield f"{counted(report.parked, 'message')} given up this week"
    if report.waiting_since and now - report.waiting_since > LATE_AFTER:
        yield f"the oldest message has waited since {clock(report.waiting_since)}"


def _poll_line(poll: PollState) -> str:
    name = kind_words(poll.source).capitalize()
    read = f"last read {clock(poll.last_success_at)}" if poll.last_success_at else "not read yet"
    if not poll.trouble:
        return f"*{name}* events: {read}"
    reason = inline(poll.trouble.reason, MOST_REASON)
    return f"*{name}* events: {read}; failing since {clock(poll.trouble.since)}: {reason}"


def _trouble_line(trouble: Trouble) -> str:
    return f"*{trouble.what}* since {clock(trouble.since)}: {inline(trouble.reason, MOST_REASON)}"


def _backlog_line(report: Report) -> str:
    waiting = [
        *([counted(report.events_waiting, "event")] if report.events_waiting else []),
        *([f"{counted(report.messages_open, 'message')} on the way"] if report.messages_open else []),
    ]
    if not waiting:
        return "*Waiting to be posted*: nothing"
    since = f", the oldest since {clock(report.waiting_since)}" if report.waiting_since else ""
    return f"*Waiting to be posted*: {' and '.join(waiting)}{since}"


def _hold(hold: Hold) -> str:
    """`9 gathered for one message, until 14:03`."""
    until = f" until {clock(hold.until)}" if hold.until else ""
    return f"{hold.count:,} {_CAUSES[hold.cause]}{until}"


def _hold_lines(holds: tuple[Hold, ...]) -> Iterator[str]:
    for hold in holds:
        if hold.channels:
            places = listed([place_of(each) for each in hold.channels])
            yield f"• {_hold(hold)}: {places}"


def _paused_lines(paused: tuple[PausedChannel, ...]) -> Iterator[str]:
    for channel in paused[:MOST_CHANNELS]:
        why = why_refused(channel.reason)
        yield f"*Paused*: {place_of(channel.channel_id)} since {clock(channel.since)}: {why}"
    if len(paused) > MOST_CHANNELS:
        yield f"… and {len(paused) - MOST_CHANNELS} more paused channels"


def _given_up_lines(given_up: tuple[GivenUp, ...]) -> Iterator[str]:
    for each in given_up:
        error = inline(each.error, MOST_REASON)
        yield f"*Given up*: a message for {place_of(each.channel_id)} of {clock(each.at)}: {error}"


def _unreadable_lines(channel_ids: tuple[str, ...]) -> Iterator[str]:
    if channel_ids:
        places = " ".join(map(place_of, channel_ids[:MOST_CHANNELS]))
        more = f" and {len(channel_ids) - MOST_CHANNELS} more" if len(channel_ids) > MOST_CHANNELS else ""
        yield f"*History that I may not read* (a post whose fate is unclear may repeat there): {places}{more}"
