"""Logs: structlog and the standard library through one handler to stderr, with no secret in any line.

Tokens and keys are hidden in the finished line, wherever they stand in it. What people write or are called by
(PINs in comments, phone numbers) is hidden in each fact and traceback, before the line is made of them.
Nothing that comes from outside ends a line, or steers the terminal that shows it.
"""

import json
import logging
import re
import sys
from collections.abc import Mapping
from typing import Literal

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.masking import mask_secrets

HIDDEN = "[hidden]"
OURS = ("bot", "handlers", "storage")
QUIETER = {
    "slack_bolt": logging.ERROR,  # its warnings carry request bodies
    "slack_sdk.socket_mode": logging.CRITICAL,  # we watch over the sockets, and say it once
    "psycopg": logging.ERROR,  # what it can't end in order when a server breaks off; the error itself is ours
    "apscheduler": logging.CRITICAL,  # our jobs log their own errors; a job cut off by the end is none
}
SHORTEST_SECRET = 6  # shorter values would blank out ordinary words

_HELD_BACK = "attempted_pin|pin_passcode|account_number|tax_identifier|webhook_url"
_TO_THE_VALUE = r"['\"\\]*+\s*+[:=]\s*+\\*+['\"]?+"  # backslashes: JSON inside another text
_PATTERNS = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"(?:xox[a-z]|xapp)-[\w.-]+", HIDDEN),
        (r"\bKEY[0-9_][\w-]{5,}", HIDDEN),
        (r"(?i)(bearer\s+)[^\s'\"\\,]+", rf"\1{HIDDEN}"),
        (r"(https://hooks\.slack\.com/)[^\s'\"\\]+", rf"\1{HIDDEN}"),
        (rf"({_HELD_BACK})({_TO_THE_VALUE})(?!None|null|[\[{{])[^'\"\\,}}\n]+", rf"\1\2{HIDDEN}"),
    )
)


_PHONE = re.compile(
    r"(?<![\w.+-])(?:\+\d{3,11}|(?:\+?\d{1,3}[ .-]?)?\(?[2-9]\d{2}\)?[ .-]?[2-9]\d{2}[ .-]?)"
    r"(\d{4})(?!\w|[.-]\d)"
)
_PLAIN = (bool, type(None))
TRACES = ("exception", "stack")


class Redactor:
    """Replaces in a text all that looks like a secret, and the given secrets wherever they stand."""

    def __init__(self, secrets: tuple[str, ...] = ()) -> None:
        shown = {form for secret in secrets for form in (secret, json.dumps(secret)[1:-1])}
        known = sorted((form for form in shown if len(form) >= SHORTEST_SECRET), key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    def __call__(self, text: str) -> str:
        """The text without its secrets."""
        if self._known:
            text = self._known.sub(HIDDEN, text)
        for pattern, replacement in _PATTERNS:
            text = pattern.sub(replacement, text)
        return text


class _RedactingFormatter(structlog.stdlib.ProcessorFormatter):
    """The last step before a line is written."""

    def __init__(self, redact: Redactor, processors: list[Processor], foreign: list[Processor]) -> None:
        super().__init__(processors=processors, foreign_pre_chain=foreign)
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """The finished line."""
        return self._redact(super().format(record))


def without_people(_logger: WrappedLogger, _method: str, facts: EventDict) -> EventDict:
    """The facts with secrets of free text masked, and of phone numbers the last four digits."""
    return {name: _without_people(name, value) for name, value in facts.items()}


def _without_people(name: str, value: object) -> object:
    if value is not None and re.search(_HELD_BACK, name):
        return HIDDEN
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, Mapping):
        return {str(key): _without_people(str(key), item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_without_people(name, item) for item in value]
    # The name may be what tells that its value is secret.
    said = f"{name}: {value}"
    hushed = _PHONE.sub(_last_digits, mask_secrets(said))
    return value if hushed == said else hushed.removeprefix(f"{name}: ")


def _last_digits(number: re.Match[str]) -> str:
    return f"+…{number[1]}" if number[0].startswith("+") else f"…{number[1]}"


def on_one_line(text: str) -> str:
    """The text with line ends, and all else that is not seen where it stands, spelt out: `\\n`, `\\x1b`."""
    if text.isprintable():
        return text
    return "".join(s if s.isprintable() else s.encode("unicode_escape").decode() for s in text)


def _one_line_each(_logger: WrappedLogger, _method: str, facts: EventDict) -> EventDict:
    """The facts on one line; a traceback keeps its lines, set in: none looks like a line of the log."""
    return {name: _set_in(value) if name in TRACES else _told(value) for name, value in facts.items()}


def _told(value: object) -> object:
    if isinstance(value, (*_PLAIN, int, float)):
        return value
    return on_one_line(value if isinstance(value, str) else repr(value))


def _set_in(trace: object) -> str:
    return "\n".join(f"    {on_one_line(line)}" for line in str(trace).split("\n"))


def _is_wanted(record: logging.LogRecord) -> bool:
    """A filter of the handler and no level of loggers: Bolt sets the levels of its own again."""
    names = (name for name in QUIETER if f"{record.name}.".startswith(f"{name}."))
    return record.levelno >= max((QUIETER[name] for name in names), default=logging.NOTSET)


def configure(
    level: str, log_format: Literal["console", "json"] | None = None, secrets: tuple[str, ...] = ()
) -> None:
    """Send every log line to stderr; without `log_format`, console on a terminal and JSON elsewhere.

    Only our own modules speak below WARNING: Bolt logs whole request bodies, httpx whole addresses.
    """
    colours = sys.stderr.isatty()
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_is_wanted)
    handler.setFormatter(
        _RedactingFormatter(
            Redactor(secrets),
            _rendering(log_format or ("console" if colours else "json"), colours=colours),
            shared,
        )
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    _route(handler, getattr(logging, level.upper()))


def _rendering(log_format: str, *, colours: bool) -> list[Processor]:
    without_meta = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    made: list[Processor] = [without_meta, structlog.processors.format_exc_info, without_people]
    if log_format == "json":
        return [*made, structlog.processors.JSONRenderer(default=str)]
    # plain_traceback: the default shows local variables where `rich` is installed.
    plain = structlog.dev.plain_traceback
    return [
        *made,
        _one_line_each,
        structlog.dev.ConsoleRenderer(colors=colours, exception_formatter=plain),
    ]


def _route(handler: logging.Handler, level: int) -> None:
    logging.basicConfig(handlers=[handler], level=max(level, logging.WARNING), force=True)
    for name in OURS:
        logging.getLogger(name).setLevel(level)
