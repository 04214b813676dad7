"""What is followed, and what a change of it was, said to the one who asked. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.masking import mask_secrets
from bot.messages.buttons import may_run
from bot.messages.places import place_of, why_refused
from bot.messages.rows import turning
from bot.messages.wording import code, counted, listed
from bot.slack.blocks import Block, Message, actions, bullets, button, context, leaf, rich_text, section
from bot.slack.escaping import clean, inline

PAGE = 8
"""Subscriptions a page: each may be 1,000 characters long, and Slack takes 12,000."""
LONGEST = 1200
MOST_LINES = 100
MOST_CHARACTERS = 10_000
"""Of lines in one message: Slack takes 12,000 characters."""
PLACES = {"here": "in this channel", "all": "in all channels", "mine": "that are yours"}
_STYLES = {
    "thread": "An order's first event posts its card, later ones go into the card's thread",
    "flat": "Each event is a message of its own",
}
_BROADCASTS = {
    "none": "nothing of a thread is shown in the channel too",
    "critical": "what is critical is shown in the channel too",
    "milestones": "milestones are shown in the channel too",
    "all": "all of it is shown in the channel too",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A subscription as people see it. `line` makes it again, behind the command's name."""

    name: str
    line: str
    channel_id: str
    owner_id: str
    paused_reason: str | None = None
    """Slack's error, where it refuses the channel."""


def listing(found: Sequence[Listed], scope: str, page: int, command: str) -> Message:
    """One page of subscriptions, each with the exact command that makes it again.

    `scope` is here, all or mine; a page beyond the last one is the last one.
    """
    if not found:
        return _nothing(scope, command)
    last = (len(found) + PAGE - 1) // PAGE
    page = min(max(page, 1), last)
    which = f" Page {page} of {last}." if last > 1 else ""
    text = f"{counted(len(found), 'subscription')} {PLACES[scope]}.{which}"
    shown = found[(page - 1) * PAGE : page * PAGE]
    lines = [section(_line(one, command, with_channel=scope != "here")) for one in shown]
    hint = context(f"{code(f'{command} unsubscribe {shown[0].name}')} ends one, in its channel.")
    turn = turning(f"subs {scope}", page, has_more=page < last, names=("Previous", "Next"))
    return Message(text, [section(text), *lines, hint, *turn])


def _nothing(scope: str, command: str) -> Message:
    missing = {"here": "This channel follows nothing", "mine": "You have no subscriptions"}
    nothing = missing.get(scope, "No channel follows anything")
    text = f"{nothing} yet. {code(f'{command} subscribe')} follows everything."
    return Message(text, [section(text), actions(button("How to filter", "run_0", "help filters"))])


def _line(one: Listed, command: str, *, with_channel: bool) -> str:
    where = f" in {place_of(one.channel_id)}" if with_channel else ""
    made_by = f" by <@{inline(one.owner_id, 20)}>" if one.owner_id else ""
    paused = f"\n⏸️ Paused: {why_refused(one.paused_reason)}." if one.paused_reason else ""
    return f"*{one.name}*{where}{made_by}\n{code(f'{command} {one.line}', LONGEST)}{paused}"


def followed(
    now: Listed, style: str, broadcast: str, *, before: Listed | None, command: str, hint: str = ""
) -> Message:
    """What became of `subscribe`. `before`: the same filter with the options it had."""
    if before is not None and before.line == now.line:
        text = f"This channel follows that already: it is {now.name}. Nothing changed."
        return Message(text, [section(text), section(code(f"{command} {now.line}", LONGEST))])
    text = f"This channel now follows {now.name}." if before is None else f"{now.name} has other options now."
    undo = f"unsubscribe {now.name}" if before is None else before.line
    blocks = [
        section(text),
        section(code(f"{command} {now.line}", LONGEST)),
        *([section(f"Before: {code(f'{command} {before.line}', LONGEST)}")] if before else []),
        context(f"{_shown(style, broadcast)} It begins with the next event."),
        *([section(hint)] if hint else []),
        *_undo(undo),
    ]
    return Message(text, blocks)


def _undo(line: str) -> list[Block]:
    return [actions(button("Undo", "run_0", line))] if may_run(line) else []


def _shown(style: str, broadcast: str) -> str:
    return f"{_STYLES[style]}." if style == "flat" else f"{_STYLES[style]}; {_BROADCASTS[broadcast]}."


def unfollowed(
    gone: Sequence[Listed], asked: str, command: str, *, elsewhere: str | None = None
) -> tuple[Message, ...]:
    """What became of `unsubscribe`, with every line that makes one again: as many messages as that takes.

    `asked` is what the person named: `S12` or `all`; `elsewhere` the channel that it is of instead.
    """
    if not gone:
        return (_nothing_ended(asked, command, elsewhere),)
    first = f"This channel no longer follows {listed([one.name for one in gone], 8)}."
    parts = list(_parted([mask_secrets(clean(f"{command} {one.line}")) for one in gone]))
    undo = _undo(gone[0].line) if len(gone) == 1 else []
    which = [
        f" Part {place} of {len(parts)}." if len(parts) > 1 else "" for place in range(1, len(parts) + 1)
    ]
    again = "What makes it again:" if len(gone) == 1 else "What makes them again:"
    said = [f"{first if place == 0 else again}{each}" for place, each in enumerate(which)]
    return tuple(
        Message(text, [section(text), *([context(again)] if place == 0 else []), _copied(lines), *undo])
        for place, (text, lines) in enumerate(zip(said, parts, strict=True))
    )


def _nothing_ended(asked: str, command: str, elsewhere: str | None) -> Message:
    there = f" It is of {place_of(elsewhere)}, and ended from there." if elsewhere else ""
    lists = f"{code(f'{command} subs')} lists what {'this one' if elsewhere else 'it'} has."
    what = (
        "This channel follows nothing."
        if asked == "all"
        else f"This channel has no {inline(asked, 20)}.{there} {lists}"
    )
    return Message(what, [section(what), actions(button("Followed here", "run_0", "subs here"))])


def _parted(lines: Sequence[str]) -> Iterator[list[str]]:
    """The lines, so many at a time as a message holds."""
    part: list[str] = []
    for line in lines:
        if part and (len(part) == MOST_LINES or sum(map(len, part)) + len(line) > MOST_CHARACTERS):
            yield part
            part = []
        part.append(line)
    yield part


def _copied(lines: Sequence[str]) -> Block:
    """Lines to copy, whole and literally but for secrets."""
    return rich_text(bullets([[leaf(line) | {"style": {"code": True}}] for line in lines]))
