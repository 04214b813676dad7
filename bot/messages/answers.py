"""Short answers to the one who asked: what was wrong and what would be right. Pure."""

from collections.abc import Sequence

from bot.changes import Change
from bot.masking import mask_secrets
from bot.messages.buttons import may_run
from bot.messages.rows import event_row
from bot.messages.wording import Look, code, full_name
from bot.slack.blocks import Block, Message, actions, button, plain_text, section
from bot.slack.escaping import clean, cut, escape
from bot.telnyx.orders import Order

EVENTS_A_PAGE = 10
LONGEST_TEXT = 2800

MENU = (
    ("Newest events", "events"),
    ("My subscriptions", "subs mine"),
    ("Followed here", "subs here"),
    ("Is it up to date?", "status"),
    ("How to subscribe", "help subscribe"),
    ("All commands", "help"),
)
"""The most used lines, as the buttons of a bare command."""


def sentence(text: str) -> Message:
    """A sentence for the asker. What they typed may stand in it: it is shown literally, backticks apart."""
    shown = cut(escape(mask_secrets(clean(text))), LONGEST_TEXT)
    return Message(shown, [section(shown)])


def suggestion(said: Message, line: str, command: str) -> Message:
    """What was not understood or not found, with the line that was perhaps meant and a button for it.

    A line with a secret in it is not said again.
    """
    if not may_run(line):
        return said
    meant = f"Did you mean {code(f'{command} {line}', LONGEST_TEXT)}?"
    again = actions(button("Run it", "run", line, style="primary", says=cut(f"Run {command} {line}", 75)))
    return Message(f"{said.text} {meant}", [*said.blocks, section(meant), again])


def looking() -> Message:
    """Said when an answer takes longer than a moment; the answer takes its place."""
    return sentence("Looking…")


def trouble(reference: str) -> Message:
    """Something that we did not expect; the log has the details under the reference."""
    return sentence(
        f"Sorry, something went wrong here; it is written down as {reference}. Please try again, and tell "
        "whoever runs this bot that reference if it happens again."
    )


def outdated(command: str) -> Message:
    """A button or menu that this version does not know."""
    return sentence(f"That button is from another version of me. `{command}` shows what works now.")


def other_command(command: str) -> Message:
    """A slash command that leads here but is not ours any more."""
    return sentence(f"My command is `{command}`: type `{command} help`.")


def outdated_view(command: str) -> Block:
    """The same as a modal, where no message can be shown."""
    return {
        "type": "modal",
        "title": plain_text("From another version"),
        "close": plain_text("Close"),
        "blocks": outdated(command).blocks,
    }


def menu(command: str) -> Message:
    """What a bare command shows: the most used things, a click each."""
    text = (
        f"I watch your number ports at Telnyx. Type `{command}` and an id, a support key, a reference or a "
        "phone number to look anything up, or choose:"
    )
    buttons = [button(label, f"run_{place}", line) for place, (label, line) in enumerate(MENU)]
    return Message(text, [section(text), actions(*buttons[:3]), actions(*buttons[3:])])


def order_ids(order: Order) -> Message:
    """What an order is called, to copy."""
    names = (
        ("Order", order.order_id),
        ("Support key", order.support_key),
        ("Reference", order.customer_reference),
        ("Parent's support key", order.parent_support_key),
        ("PON", order.pon),
    )
    lines = "\n".join(f"{label}: {code(name)}" for label, name in names if name)
    first = f"What {full_name(order)} is called:"
    return Message(first, [section(first), section(lines)])


def events_of_message(changes: Sequence[Change], page: int, delivery_id: str, look: Look) -> Message:
    """A page of what a roll-up holds, newest first; a page beyond the last one is the last one."""
    newest_first = tuple(reversed(changes))
    last = max(1, -(-len(newest_first) // EVENTS_A_PAGE))
    page = min(max(page, 1), last)
    shown = newest_first[(page - 1) * EVENTS_A_PAGE : page * EVENTS_A_PAGE]
    rows = [event_row(each, place, look) for place, each in enumerate(shown)]
    text = f"Events of that message, newest first (page {page:,} of {last:,}):"
    newer = [button("Newer", "show_all_newer", f"{delivery_id}:{page - 1}")] if page > 1 else []
    older = [button("Older", "show_all_older", f"{delivery_id}:{page + 1}")] if page < last else []
    turns = [actions(*newer, *older)] if newer or older else []
    return Message(text, [section(text), *rows, *turns])
