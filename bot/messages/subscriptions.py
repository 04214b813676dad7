"""What is followed, and what a change of it was, said to the one who asked. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.messages.wording import code, counted, listed
from bot.slack.blocks import Block, Message, actions, button, context, section
from bot.slack.escaping import inline

PAGE = 8
"""Subscriptions a page: each may be 1,000 characters long, and Slack takes 12,000."""
LONGEST = 1200
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
    return Message(text, [section(text), *lines, hint, *_turn(scope, page, last)])


def _nothing(scope: str, command: str) -> Message:
    missing = {"here": "This channel follows nothing", "mine": "You have no subscriptions"}
    nothing = missing.get(scope, "No channel follows anything")
    text = f"{nothing} yet. {code(f'{command} subscribe')} follows everything."
    return Message(text, [section(text), actions(button("How to filter", "run_0", "help filters"))])


def _line(one: Listed, command: str, *, with_channel: bool) -> str:
    where = f" in <#{inline(one.channel_id, 20)}>" if with_channel else ""
    made_by = f" by <@{inline(one.owner_id, 20)}>" if one.owner_id else ""
    paused = (
        f"\n⏸️ Paused: Slack refuses this channel ({inline(one.paused_reason, 60)})."
        if one.paused_reason
        else ""
    )
    return f"*{one.name}*{where}{made_by}\n{code(f'{command} {one.line}', LONGEST)}{paused}"


def _turn(scope: str, page: int, last: int) -> list[Block]:
    """The buttons to the pages before and after."""
    before = [button("Previous", "run_0", f"subs {scope} page:{page - 1}")] if page > 1 else []
    after = [button("Next", "run_1", f"subs {scope} page:{page + 1}")] if page < last else []
    return [actions(*before, *after)] if before or after else []


def followed(
    now: Listed, style: str, broadcast: str, *, before: Listed | None, command: str, hint: str = ""
) -> Message:
    """What became of `subscribe`. `before`: the same filter with the options it had."""
    if before is not None and before.line == now.line:
        text = f"This channel follows that already: it is {now.name}. Nothing changed."
        return Message(text, [section(text), section(code(f"{command} {now.line}", LONGEST))])
    text = (
        f"This channel now follows {now.name}." if before is None else f"{now.name} is shown otherwise now."
    )
    undo = f"unsubscribe {now.name}" if before is None else before.line
    blocks = [
        section(text),
        section(code(f"{command} {now.line}", LONGEST)),
        *([section(f"Before: {code(f'{command} {before.line}', LONGEST)}")] if before else []),
        context(f"{_shown(style, broadcast)} It begins with the next event."),
        *([section(hint)] if hint else []),
        actions(button("Undo", "run_0", undo)),
    ]
    return Message(text, blocks)


def _shown(style: str, broadcast: str) -> str:
    return f"{_STYLES[style]}." if style == "flat" else f"{_STYLES[style]}; {_BROADCASTS[broadcast]}."


def unfollowed(gone: Sequence[Listed], asked: str, command: str) -> Message:
    """What became of `unsubscribe`; `asked` is what the person named: `S12` or `all`."""
    if not gone:
        what = (
            "This channel follows nothing."
            if asked == "all"
            else f"{inline(asked, 20)} is not of this channel."
        )
        text = f"{what} {code(f'{command} subs')} lists what is."
        return Message(text, [section(text), actions(button("Followed here", "run_0", "subs here"))])
    text = f"This channel no longer follows {listed([one.name for one in gone], 8)}."
    lines = [section(code(f"{command} {one.line}", LONGEST)) for one in gone[:PAGE]]
    undo = [actions(button("Undo", "run_0", gone[0].line))] if len(gone) == 1 else []
    more = (
        [context(f"These lines make them again; {len(gone) - PAGE} more are left out.")]
        if len(gone) > PAGE
        else []
    )
    return Message(text, [section(text), *lines, *more, *undo])
