"""What the composer offers of Portwire's command: the lines of its help, and the words of its filters."""

import re
from collections.abc import Iterator

from bot.filters.vocabulary import OPTIONS, VALUES, Key
from bot.messages.help import TOPICS
from bot.messages.help_pages import OVERVIEW
from bot.sandbox.slack.records import Json

_LINE = re.compile(r"^• `/port(?P<usage>[^`]*)` (?P<what>.+)$", re.MULTILINE)
_MARKS = re.compile(r"[`*]")
_KEYS = {
    Key.KIND: "numbers that come in or leave",
    Key.TYPE: "what happened",
    Key.STATUS: "the order's new status",
    Key.ORDER: "one order, by anything it goes by",
    Key.REF: "the customer reference, such as ref:ACME*",
    Key.NUMBER: "a phone number, or its beginning with a star",
    Key.CARRIER: "the other carrier",
    Key.SEVERITY: "how much it needs a person",
}
_OPTIONS = {
    "style": "a card with a thread, or a message an event",
    "broadcast": "what of a thread is shown to all",
}
_FILTERED = ("subscribe", "events")
_LISTED = (Key.KIND, Key.TYPE)
"""What `events` takes too."""


def suggestions(command: str) -> tuple[Json, ...]:
    """Whole lines with `line`, and words with `word` and the commands that they stand `behind`."""
    return (*_lines(command), *_words())


def _lines(command: str) -> Iterator[Json]:
    for found in _LINE.finditer(OVERVIEW):
        begin = re.split(r"[<\[]", found["usage"])[0]
        what = _MARKS.sub("", found["what"]).format(topics=", ".join(TOPICS))
        yield {"line": f"{command}{begin}", "shown": f"{command}{found['usage']}", "what": what}


def _words() -> Iterator[Json]:
    for key, what in _KEYS.items():
        behind = _FILTERED if key in _LISTED else _FILTERED[:1]
        yield {"word": f"{key}:", "what": what, "behind": behind}
        yield from ({"word": f"{key}:{value}", "what": "", "behind": behind} for value in VALUES.get(key, ()))
    for option, what in _OPTIONS.items():
        yield {"word": f"{option}:", "what": what, "behind": _FILTERED[:1]}
        yield from (
            {"word": f"{option}:{value}", "what": "", "behind": _FILTERED[:1]} for value in OPTIONS[option]
        )
    yield from ({"word": topic, "what": "", "behind": ("help",)} for topic in TOPICS)
