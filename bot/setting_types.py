"""What a setting may look like: the types of `bot.settings` and the checks behind them.

A check raises a bare ValueError: what is expected stands in the field's description. Where that is not enough
it raises `told`, a whole sentence of its own. None repeats what stood there.
"""

import re
from base64 import b64decode
from datetime import UTC, datetime
from typing import Annotated, Literal, LiteralString
from urllib.parse import SplitResult, unquote, urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_core import PydanticCustomError
from pydantic_settings import NoDecode

from bot.addresses import is_loopback

TOLD = "told"
TEN_YEARS_S = 315_360_000
OLDEST_YEAR, NEWEST_YEAR = 2000, 2199


_SERVER = re.compile(
    r"postgres(?:ql)?://(?:[^:/]*(?::(?P<password>[^@]*))?@)?(?P<host>\[[^/?]+\]|[^:/?]*)(?::(?P<port>[0-9]*))?"
    r"/+[^?/][^?]*(?:\?.*)?"
)
"""A server's address, taken apart as SQLAlchemy does it."""
HIGHEST_PORT = 65_535


def told(message: LiteralString) -> PydanticCustomError:
    """A refusal that says itself what is expected."""
    return PydanticCustomError(TOLD, message)


def _one_word(value: str) -> str:
    """Raise ValueError where blanks or controls stand inside: a key that was pasted with something else."""
    if " " in value or not value.isprintable():
        raise ValueError
    return value


def _secret(value: SecretStr) -> SecretStr:
    """A secret travels in headers: one word of ASCII."""
    if not _one_word(value.get_secret_value()).isascii():
        raise ValueError
    return value


def _is_safe(parts: SplitResult) -> bool:
    """Whether nobody on the way reads what is sent there; `.port` raises ValueError by itself if wrong."""
    is_private = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname))
    return is_private and bool(parts.hostname) and parts.port != 0


def _base_url(value: str) -> str:
    """An https address (http on loopback) without query, fragment or credentials; the last slash is cut."""
    parts = urlsplit(value)
    if not _is_safe(parts) or parts.query or parts.fragment or parts.username or parts.password:
        raise ValueError
    return _one_word(value).rstrip("/")


def _secret_url(value: SecretStr) -> SecretStr:
    """An https address (http on loopback) that holds a key of its own."""
    url = _one_word(value.get_secret_value())
    if not _is_safe(urlsplit(url)) or not url.isascii():
        raise ValueError
    return value


def _ed25519_key(value: str) -> str:
    if len(b64decode(value, validate=True)) != 32:
        raise ValueError
    return value


def _database_url(value: str) -> str:
    if value.startswith(("postgres://", "postgresql://")):
        return _server_url(value)
    path = value.removeprefix("sqlite:///")
    # Options would change how the file is opened: read-only, in memory, shared.
    if path == value or path in ("", ":memory:") or "?" in path or not path.isprintable():
        raise ValueError
    return value


def _server_url(value: str) -> str:
    """A server's address; raises ValueError where it names no database."""
    found = _SERVER.fullmatch(value)
    if found and "@" in found["host"]:  # the end of a password, which would be told as a part of the host
        raise told(
            "DATABASE_URL is wrong: its password ends at the first @. Write @ as %40 there, and % as %25."
        )
    if not found or not value.isprintable() or not 1 <= int(found["port"] or 1) <= HIGHEST_PORT:
        raise ValueError
    return value


def passwords_in(url: str) -> tuple[str, ...]:
    """The password in a server's address, as it stands there and as it is meant; nothing for a file."""
    found = _SERVER.fullmatch(url)
    password = found["password"] if found else None
    return tuple({password, unquote(password)}) if password else ()


def _token(prefix: str) -> AfterValidator:
    """A check that a secret begins with `prefix` and goes on after it."""

    def check(secret: SecretStr) -> SecretStr:
        if not re.fullmatch(rf"{prefix}[!-~]+", secret.get_secret_value()):
            raise ValueError
        return secret

    return AfterValidator(check)


def _order_url(value: str) -> str:
    """A template of an address with a slot for the kind and one for the id, and no others."""
    try:
        filled = value.format(kind="port-in", id="1")
    except (LookupError, AttributeError) as error:
        raise ValueError from error
    if not all(slot in value for slot in ("{kind}", "{id}")) or urlsplit(filled).scheme not in (
        "https",
        "http",
    ):
        raise ValueError
    return _one_word(value)


def _moment(value: str) -> datetime:
    """An ISO 8601 time; without a zone it is UTC. One of another age is a slip, and no clock can reach it."""
    moment = datetime.fromisoformat(value)
    if not OLDEST_YEAR <= moment.year <= NEWEST_YEAR:
        raise ValueError
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _listed(value: object) -> object:
    """The parts of a comma-separated text."""
    return (
        tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value
    )


def _lower(value: str) -> str:
    return value.lower()


BotToken = Annotated[SecretStr, _token("xoxb-")]
AppToken = Annotated[SecretStr, _token("xapp-")]
Secret = Annotated[SecretStr, AfterValidator(_secret)]
SecretUrl = Annotated[SecretStr, AfterValidator(_secret_url)]
BaseUrl = Annotated[str, AfterValidator(_base_url)]
Seconds = Annotated[float, Field(ge=0, le=TEN_YEARS_S, allow_inf_nan=False)]
Period = Annotated[float, Field(gt=0, le=TEN_YEARS_S, allow_inf_nan=False)]
PublicKey = Annotated[str, AfterValidator(_ed25519_key)]
DatabaseUrl = Annotated[str, AfterValidator(_database_url)]
OrderUrl = Annotated[str, AfterValidator(_order_url)]
Moment = Annotated[datetime, BeforeValidator(_moment)]
Host = Annotated[str, AfterValidator(_one_word)]
PersonId = Annotated[str, Field(pattern=r"^[UWS][A-Z0-9]+$")]
People = Annotated[tuple[PersonId, ...], NoDecode, BeforeValidator(_listed)]
LogLevel = Annotated[Literal["debug", "info", "warning", "error", "critical"], BeforeValidator(_lower)]
LogFormat = Annotated[Literal["console", "json"], BeforeValidator(_lower)]
