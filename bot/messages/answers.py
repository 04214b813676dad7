"""Short answers to the one who asked: what was wrong and what would be right. Pure."""

from bot.slack.blocks import Block, Message, actions, button, plain_text, section
from bot.slack.escaping import clean, cut, escape, mask_secrets

LONGEST_TEXT = 2800
LONGEST_LINE = 2000
"""Slack's limit of a button's value."""

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


def suggestion(text: str, line: str, command: str) -> Message:
    """What was not understood, with the corrected line and a button that runs it."""
    said = sentence(text)
    if len(line) > LONGEST_LINE:
        return said
    literal = line.replace("`", "'")
    shown = sentence(f"Did you mean `{command} {literal}`?")
    again = actions(button("Run it", "run", line, style="primary", says=cut(f"Run {command} {line}", 75)))
    return Message(said.text, [*said.blocks, *shown.blocks, again])


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


def order_ids(source: str, order_id: str) -> Message:
    """An order's id to copy."""
    kind = "Port-in" if source == "port_in" else "Port-out"
    return sentence(f"{kind} order `{order_id.replace('`', '')}`")
