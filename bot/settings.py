"""Every setting of the bot, read once at the edge from the environment and `.env`.

A wrong setting is named together with what is expected there; what stood there is never repeated, it may be a
secret.
"""

import os
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.errors import SettingsError
from bot.setting_types import (
    HIGHEST_PORT,
    TOLD,
    AppToken,
    BaseUrl,
    BotToken,
    DatabaseUrl,
    Host,
    LogFormat,
    LogLevel,
    Moment,
    OrderUrl,
    People,
    Period,
    PublicKey,
    Seconds,
    Secret,
    SecretUrl,
    passwords_in,
    told,
)

ENV_FILE = Path(".env")
SHORTEST_KEY = 8
"""What is shorter in a path is no key but a word of it."""
SHORTEST_TO_MISSPELL = 6
"""HOST and PORT are too near to names that other programs use."""
ALIKE = 0.85
Kind = TypeVar("Kind", bound="LocalSettings")


A_URL = "an https:// address (http:// only on this machine)"
SOME_SECONDS = "a number of seconds, 0 or more"
A_PERIOD = "a number of seconds above 0"
SOME_IDS = "ids of users (U… or W…) or user groups (S…), separated by commas"


class LocalSettings(BaseSettings):
    """The settings of commands that talk to nobody: `migrate`, `trace` and `manifest` need no keys."""

    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", hide_input_in_errors=True, env_file_encoding="utf-8"
    )

    slack_command: str = Field(
        "/port",
        pattern=r"^/[^\s/\x00-\x1f\x7f]{1,31}$",
        description="a slash and a name of at most 31 letters, such as /port",
    )
    database_url: DatabaseUrl = Field(
        "sqlite:///portwire.db",
        description="a SQLite file, such as sqlite:///portwire.db, or a server's"
        " postgresql://user:password@host:5432/database",
    )
    log_level: LogLevel = Field("info", description="debug, info, warning, error or critical")
    log_format: LogFormat | None = Field(None, description="console or json")

    @classmethod
    def settings_customise_sources(  # type: ignore[override]  # pydantic hands the sources over by name
        cls, _settings_cls: type[BaseSettings], **sources: PydanticBaseSettingsSource
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What `load` was given first, then the file; `load` hands in the environment itself."""
        return sources["init_settings"], sources["dotenv_settings"]

    @model_validator(mode="before")
    @classmethod
    def _nothing_is_not_set(cls, given: dict[str, Any]) -> dict[str, Any]:
        stripped = {name: value.strip() if isinstance(value, str) else value for name, value in given.items()}
        return {name: value for name, value in stripped.items() if value != ""}


class Settings(LocalSettings):
    """All that can be set: in capitals a field's name is the setting's, its description what is expected."""

    telnyx_api_key: Secret = Field(description="a v2 API key of Telnyx, without blanks")
    telnyx_base_url: BaseUrl = Field("https://api.telnyx.com/v2", description=A_URL)
    telnyx_public_key: PublicKey | None = Field(
        None, description="the public key of your Telnyx account, base64 of 32 bytes"
    )
    slack_bot_token: BotToken = Field(description="a bot token that begins with xoxb-")
    slack_app_token: AppToken | None = Field(None, description="an app-level token that begins with xapp-")
    slack_signing_secret: Secret | None = Field(
        None, description="the signing secret of your Slack app, without blanks", validate_default=True
    )
    slack_api_url: BaseUrl = Field("https://slack.com/api/", description=A_URL, validate_default=True)
    poll_interval_s: Period = Field(20, description=A_PERIOD)
    poll_overlap_s: Seconds = Field(3600, description=SOME_SECONDS)
    deep_sweep_s: Seconds = Field(172_800, description=SOME_SECONDS)
    deep_sweep_every_s: Period = Field(3600, description=A_PERIOD)
    poll_start: Moment | None = Field(None, description="an ISO 8601 time, such as 2026-03-01T08:00:00Z")
    reconcile_settle_s: Seconds = Field(15, description=SOME_SECONDS)
    payload_wait_s: Seconds = Field(120, description=SOME_SECONDS)
    lease_s: Period = Field(60, description=A_PERIOD)
    probe_s: Period = Field(300, description=A_PERIOD)
    portal_order_url: OrderUrl | None = Field(
        None,
        description="an http address with {kind} and {id} in it, such as https://example.com/{kind}/{id}",
    )
    ops_channel: str | None = Field(
        None, pattern=r"^[CG][A-Z0-9]+$", description="a channel's id, such as C012AB3CD (not its name)"
    )
    heartbeat_url: SecretUrl | None = Field(
        None, description="an https:// address of a service that wants to hear from us"
    )
    operators: People = Field((), description=SOME_IDS)
    admins: People = Field((), description=SOME_IDS)
    retention_days: int = Field(400, gt=0, le=36_500, description="a whole number of days, 1 or more")
    host: Host = Field("0.0.0.0", description="an address to listen at")  # noqa: S104  # the contract's default: platforms route to it
    port: int = Field(3000, ge=0, le=HIGHEST_PORT, description="a port from 0 to 65535 (0 serves nothing)")

    @field_validator("slack_signing_secret")
    @classmethod
    def _slack_has_a_way_in(cls, secret: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if secret is None and info.data.get("slack_app_token", "it is wrong") is None:
            raise told(
                "SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP) is missing: set one of the two."
            )
        return secret

    @field_validator("slack_api_url")
    @classmethod
    def _ends_in_a_slash(cls, url: str) -> str:
        return f"{url}/"

    def secrets(self) -> tuple[str, ...]:
        """The values that must never be seen."""
        held = (self.telnyx_api_key, self.slack_bot_token, self.slack_app_token, self.slack_signing_secret)
        told = [secret.get_secret_value() for secret in held if secret]
        if self.heartbeat_url:
            url = self.heartbeat_url.get_secret_value()
            told += [url, *(part for part in urlsplit(url).path.split("/") if len(part) >= SHORTEST_KEY)]
        return (*told, *passwords_in(self.database_url))


def load(environ: Mapping[str, str] | None = None, env_file: Path | None = ENV_FILE) -> Settings:
    """The settings of `environ` (default: the process's own), which beats `env_file`.

    Raises SettingsError, which names every setting that is missing or wrong.
    """
    return _load(Settings, environ, env_file)


def load_local(environ: Mapping[str, str] | None = None, env_file: Path | None = ENV_FILE) -> LocalSettings:
    """As `load`, for commands that need no keys."""
    return _load(LocalSettings, environ, env_file)


def _load(kind: type[Kind], environ: Mapping[str, str] | None, env_file: Path | None) -> Kind:
    source = os.environ if environ is None else environ
    given: dict[str, Any] = {
        name: source[name.upper()] for name in kind.model_fields if source.get(name.upper(), "").strip()
    }
    try:
        if env_file and env_file.is_dir():  # pydantic would pass over it
            raise SettingsError((f"{env_file} is a folder: expected a text file of settings, or nothing.",))
        return kind(_env_file=env_file, **given)
    except ValidationError as error:
        raise SettingsError(tuple(_problems(error))) from None
    except (OSError, UnicodeDecodeError):
        raise SettingsError((f"{env_file} cannot be read: expected a text file in UTF-8.",)) from None


def _problems(error: ValidationError) -> Iterator[str]:
    """A sentence for each wrong setting, once.

    Of pydantic's own words none is passed on: they may quote the value.
    """
    seen = set()
    for entry in error.errors(include_url=False, include_input=False):
        name = str(entry["loc"][0])
        if name not in seen:
            seen.add(name)
            yield entry["msg"] if entry["type"] == TOLD else _problem(name, entry["type"])


def _problem(name: str, kind: str) -> str:
    state = "missing" if kind == "missing" else "wrong"
    return f"{name.upper()} is {state}: expected {Settings.model_fields[name].description}."


def misspelt(
    environ: Mapping[str, str] | None = None, env_file: Path | None = ENV_FILE
) -> Iterator[tuple[str, str]]:
    """What is set under a name that is nearly a setting's, each with the setting that is meant."""
    settings = [name.upper() for name in Settings.model_fields]
    meant = [name for name in settings if len(name) >= SHORTEST_TO_MISSPELL]
    source = os.environ if environ is None else environ
    for name in [*source, *_names_in(env_file)]:
        plain = name.upper().removeprefix("PORTWIRE_")
        if name.upper() not in settings and (near := get_close_matches(plain, meant, n=1, cutoff=ALIKE)):
            yield name, near[0]


def _names_in(env_file: Path | None) -> list[str]:
    try:
        text = env_file.read_text("utf-8", "replace") if env_file else ""
    except OSError:
        return []
    return re.findall(r"^\s*(?:export\s+)?(\w+)\s*=", text, re.MULTILINE)
