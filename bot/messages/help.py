"""`help`: every command in a line, and a page a topic. Pure."""

from collections.abc import Callable

from bot.changes import Severity
from bot.errors import UserError
from bot.messages.severities import table
from bot.messages.wording import SIGNS, STATUSES
from bot.slack.blocks import Message, actions, button, section
from bot.suggestions import nearest
from bot.telnyx.events import KNOWN_KINDS


def help_on(topic: str, command: str) -> Message:
    """The page for a topic, or the list of commands; raises UserError with the nearest topic."""
    word = topic.strip().casefold()
    if not word:
        return _overview(command)
    name = word if word in TOPICS else _ALIASES.get(word)
    if name is None:
        raise UserError(
            f"There is no help on “{topic.strip()[:40]}”. There is on {', '.join(TOPICS)}.",
            suggestion=_suggested(word),
        )
    title, *paragraphs = TOPICS[name](command)
    return Message(title, [section(title), *(section(paragraph) for paragraph in paragraphs)])


def _suggested(word: str) -> str | None:
    near = nearest(word, (*TOPICS, *_ALIASES))
    return f"help {near}" if near else None


def _overview(command: str) -> Message:
    title = f"I watch your number ports at Telnyx. All I do begins with `{command}`:"
    lines = (
        f"`{command} <ref>` looks anything up: event id, order id, support key, customer reference, phone number",
        f"`{command} event <event-id>` shows an event, with its *Republish* button",
        f"`{command} events [<ref>] [type:…] [kind:in|out] [since:2d] [until:…]` lists events, newest first",
        f"`{command} order <ref>` shows an order: facts and timeline",
        f"`{command} republish <event-id>` asks first, then resends the event's notification",
        f"`{command} subscribe [filters] [options]` makes this channel follow events",
        f"`{command} subs [here|all|mine]` lists what is followed",
        f"`{command} unsubscribe <S12>|all` ends one subscription of this channel, or all of them",
        f"`{command} status` tells whether I am up to date",
        f"`{command} help [topic]`: {', '.join(TOPICS)}",
    )
    topics = (("Filters", "help filters"), ("Options", "help options"), ("Severity", "help severity"))
    buttons = (button(label, f"run_{place}", line) for place, (label, line) in enumerate(topics))
    return Message(
        title, [section(title), section("\n".join(f"• {line}" for line in lines)), actions(*buttons)]
    )


def _subscribe(command: str) -> list[str]:
    return [
        f"`{command} subscribe [filters] [options]` makes this channel follow events.",
        "Without a filter it follows everything. The same filter again replaces its options. "
        "A channel gets each event once, however many of its subscriptions match.",
        f"• `{command} subscribe ref:ACME*` everything of one customer\n"
        f"• `{command} subscribe kind:out` numbers that leave\n"
        f"• `{command} subscribe severity:critical style:flat` only what needs a person, a message each\n"
        f"• `{command} subscribe kind:in -status:draft -type:messaging_changed` with exceptions",
        f"More: `{command} help filters`, `{command} help options`.",
    ]


def _filters(command: str) -> list[str]:
    statuses = ", ".join(f"`{status}`" for status in STATUSES if status != "canceled")
    return [
        f"Filters say which events `{command} subscribe` follows.",
        "• `kind:in` or `kind:out`: numbers that come to Telnyx or leave it\n"
        f"• `type:` {', '.join(f'`{kind}`' for kind in KNOWN_KINDS)}\n"
        f"• `status:` {statuses}\n"
        "• `order:sr_98f022`: an order by its id, the first 8 or more characters of it, or its support key\n"
        "• `ref:ACME*`: the customer reference; port-outs carry none\n"
        "• `number:+1303*`: a phone number in any spelling, or its beginning with a star\n"
        '• `carrier:"Onvoy"`: the other carrier, losing or gaining\n'
        "• `severity:critical`, `warning` or `info`",
        "`key:a,b` is either, different keys are both, `-key:value` is not, `*` is anything. "
        "Quotes hold words together; upper and lower case are alike; a repeated key adds values.",
        "A key whose value an event can't have (`status:` on a comment) does not match, its `-key` does. "
        "What Telnyx can't tell me in time counts as a match.",
    ]


def _options(command: str) -> list[str]:
    return [
        f"Options say how `{command} subscribe` shows events.",
        "• `style:thread` (default): an order's first event posts its card, later ones go into the card's thread\n"
        "• `style:flat`: a message an event",
        "• `broadcast:milestones` (default): what is critical, a FOC set or moved, `ported` and comments of Telnyx's "
        "staff are shown in the channel beside the thread\n"
        "• `broadcast:critical`, `broadcast:all`, `broadcast:none`: less, all, nothing",
        "Where several subscriptions of a channel match, `thread` beats `flat` and the widest `broadcast` wins.",
    ]


def _severity(_command: str) -> list[str]:
    titles = {
        Severity.CRITICAL: "needs a person",
        Severity.WARNING: "should be known",
        Severity.INFO: "the rest",
    }
    rows = table()
    return [
        "How much an event matters:",
        *(
            f"{SIGNS[severity]} *{severity}* ({titles[severity]})\n"
            + "\n".join(f"• {row}" for row in rows[severity])
            for severity in Severity
        ),
    ]


def _republish(command: str) -> list[str]:
    return [
        f"`{command} republish <event-id>` makes Telnyx send an event's notification again.",
        "It asks first and says where the notification goes. It goes only to the webhooks and mailboxes that are "
        "set up at Telnyx now. No new event is made, so nothing new shows in Slack. E-mail may take minutes.",
        "One click is one request: a second one within 60 seconds is held back, and says who was first.",
    ]


def _events(command: str) -> list[str]:
    return [
        f"`{command} events` lists events, newest first.",
        f"• `{command} events sr_98f022` of one order\n"
        f"• `{command} events kind:out since:2d` port-outs of the last two days\n"
        f"• `{command} events type:new_comment since:2026-01-05 until:2026-01-06` comments of a day",
        "What is older than what I keep is asked of Telnyx.",
    ]


def _look_up(command: str) -> list[str]:
    return [
        f"`{command} <ref>` looks anything up; `{command} order <ref>` shows an order with its timeline.",
        "A ref is an event id, an order id or its first 8 characters, a support key, a customer reference, or a "
        "phone number in any spelling. I look among what I have seen, then at Telnyx, and say where I looked.",
    ]


def _subs(command: str) -> list[str]:
    return [
        f"`{command} subs` lists what this channel follows, each with the command that makes it again.",
        f"• `{command} subs all`: of all channels\n• `{command} subs mine`: those that you made\n"
        f"• `{command} unsubscribe S12` ends one of this channel, `{command} unsubscribe all` all of them",
        "Where Slack refuses a channel, its subscriptions are paused and kept, and their owner is told.",
    ]


def _status(command: str) -> list[str]:
    return [
        f"`{command} status` tells whether I am up to date.",
        "It shows when I last read each event list, how many messages wait, and which channels are paused.",
    ]


TOPICS: dict[str, Callable[[str], list[str]]] = {
    "subscribe": _subscribe,
    "filters": _filters,
    "options": _options,
    "severity": _severity,
    "subs": _subs,
    "events": _events,
    "lookup": _look_up,
    "republish": _republish,
    "status": _status,
}
_ALIASES = {
    "filter": "filters",
    "option": "options",
    "style": "options",
    "broadcast": "options",
    "critical": "severity",
    "warning": "severity",
    "info": "severity",
    "unsubscribe": "subs",
    "subscriptions": "subs",
    "event": "events",
    "order": "lookup",
    "ref": "lookup",
    **dict.fromkeys(("kind", "type", "number", "carrier"), "filters"),
}
"""What else people ask help on; the names of commands and keys among them."""
