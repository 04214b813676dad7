"""An event as a message of its own, and as a line in its order's thread."""

from bot.changes import Change
from bot.messages.buttons import buttons_of, fitting, republish_button
from bot.messages.facts import body_of_event, comment_quote
from bot.messages.sentences import line, sentence
from bot.messages.wording import Look, clock, short_id
from bot.slack.blocks import TEXT_LIMIT, Block, Message, context, rich_text, section
from bot.slack.escaping import cut

MAY_REPEAT = "This may be a repeat: Slack did not say whether it took this message before."


def flat(
    change: Change, look: Look, *, subscriptions: tuple[str, ...] = (), may_repeat: bool = False
) -> Message:
    """The event as a message of its own. `subscriptions` are shown as they are given: `S12`."""
    text = cut(sentence(change, look), TEXT_LIMIT)
    small = small_print(change, subscriptions, may_repeat=may_repeat)
    return Message(text, [section(text), body_of_event(change), *buttons_of(change, look), small])


def reply(change: Change, look: Look, *, may_repeat: bool = False) -> Message:
    """The event as one line in its order's thread; a comment that the line cuts follows whole."""
    text = cut(line(change, look), TEXT_LIMIT)
    again, quotes = republish_button(change.event, change.order), comment_quote(change.event.comment)
    blocks = [section(text, fitting(again))]
    blocks += [rich_text(*quotes)] if quotes else []
    return Message(text, blocks + ([context(MAY_REPEAT)] if may_repeat else []))


def small_print(change: Change, subscriptions: tuple[str, ...], *, may_repeat: bool) -> Block:
    """Why the channel sees this, which event it is, and when that happened."""
    event = change.event
    facts = [", ".join(subscriptions[:8]), f"event {short_id(event.event_id)}", clock(event.created_at)]
    return context(MAY_REPEAT if may_repeat else "", " · ".join(fact for fact in facts if fact))
