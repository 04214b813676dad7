"""An order's card: the parent of its thread, edited in place to the order's newest state."""

from collections.abc import Sequence

from bot.changes import Change
from bot.messages.buttons import buttons_of
from bot.messages.events import small_print
from bot.messages.facts import body_of_card
from bot.messages.sentences import headline
from bot.messages.wording import Look
from bot.slack.blocks import TEXT_LIMIT, Message, section
from bot.slack.escaping import cut


def card(
    change: Change,
    look: Look,
    *,
    subscriptions: tuple[str, ...] = (),
    other_events: Sequence[str] = (),
    may_repeat: bool = False,
) -> Message:
    """The order as it stands; `change` is the event that it shows last, which its Republish sends again.

    `other_events` are ids, newest first: the ⋯ menu leads to them. Always the same four blocks, since Slack
    refuses edits that take a rich text out.
    """
    text = cut(headline(change, look), TEXT_LIMIT)
    return Message(
        text,
        [
            section(text),
            body_of_card(change),
            *buttons_of(change, look, other_events=other_events),
            small_print(change, subscriptions, may_repeat=may_repeat),
        ],
    )
