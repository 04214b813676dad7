"""Slack's answers as our outcomes. Source: slack-platform.md §3.6, reliability.md §3.3."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from http import HTTPStatus
from math import inf, isfinite
from typing import Any

from bot.errors import PermanentError, TemporaryError

LONGEST_WAIT_S = 3600
A_MOMENT_S = 10**9
"""So many seconds are no wait but a moment, counted since 1970."""
CHANNEL_ERRORS = frozenset(
    [
        "channel_not_found",
        "channel_type_not_supported",
        "not_in_channel",
        "no_permission",
        "is_archived",
        "ekm_access_denied",
        "is_inactive",
        "messages_tab_disabled",
        "restricted_action",
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
        "access_denied",
        "slack_connect_canvas_sharing_blocked",
        "slack_connect_file_link_sharing_blocked",
        "slack_connect_lists_sharing_blocked",
        "channel_is_limited_access",
        "cannot_dm_bot",
        "user_disabled",
        "user_not_found",
    ]
)
MEMBERSHIP_ERRORS = frozenset({"channel_not_found", "not_in_channel", "is_archived"})
"""Of these `conversations.info` shows the end; of the others only a post that is taken."""
METHOD_ERRORS = frozenset(
    [
        "missing_scope",
        "method_deprecated",
        "deprecated_endpoint",
        "enterprise_is_restricted",
        "not_allowed_token_type",
        "is_bot",
        "user_is_restricted",
        "invalid_post_type",
        "missing_post_type",
        "invalid_charset",
    ]
)
"""Refusals of one method, whatever is asked of it: `auth.test` does not show their end, another try does."""
TOKEN_ERRORS = METHOD_ERRORS | frozenset(
    [
        "invalid_auth",
        "not_authed",
        "account_inactive",
        "token_revoked",
        "token_expired",
        "two_factor_setup_required",
        "org_login_required",
        "team_added_to_org",
        "accesslimited",
        "team_access_not_granted",
        "team_not_found",
        "ekm_access_denied_for_team",
    ]
)
MESSAGE_ERRORS = frozenset(
    [
        "invalid_blocks",
        "invalid_blocks_format",
        "msg_too_long",
        "msg_blocks_too_long",
        "no_text",
        "metadata_too_large",
        "invalid_metadata_format",
        "invalid_metadata_schema",
        "metadata_must_be_sent_from_app",
        "too_many_attachments",
        "attachment_payload_limit_exceeded",
        "only_one_table_allowed",
        "markdown_text_conflict",
        "invalid_arguments",
        "invalid_arg_name",
        "invalid_array_arg",
        "invalid_form_data",
        "invalid_json",
        "json_not_object",
        "block_mismatch",
        "invalid_attachments",
        "missing_file_data",
        "as_user_not_supported",
        "cant_broadcast_message",
        "no_dual_broadcast_content_update",
        "too_many_contact_cards",
    ]
)
THREAD_ERRORS = frozenset(
    [
        "cannot_reply_to_message",
        "restricted_action_thread_locked",
        "restricted_action_non_threadable_channel",
        "thread_not_found",
        "message_not_found",
        "cant_update_message",
        "edit_window_closed",
        "streaming_state_conflict",
    ]
)
RATE_ERRORS = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
OUTAGE_ERRORS = frozenset(
    {
        "fatal_error",
        "internal_error",
        "service_unavailable",
        "request_timeout",
        "update_failed",
        "external_channel_migrating",
        "team_migration_in_progress",
    }
)
HISTORY_FORBIDDEN = METHOD_ERRORS | {
    "access_denied",
    "no_permission",
    "channel_is_limited_access",
    "method_not_supported_for_channel_type",
}


class Refusal(StrEnum):
    """What a definite no of Slack is about, which decides what is done."""

    CHANNEL = "channel"
    TOKEN = "token"  # noqa: S105  # a kind of refusal, not a secret
    MESSAGE = "message"
    THREAD = "thread"
    RATE = "rate"
    UNREACHED = "unreached"
    """Nothing was sent: no connection, no name, no TLS."""


@dataclass(frozen=True, slots=True)
class Posted:
    """Slack took the message. `thread_ts` is None where it landed in the channel itself."""

    ts: str
    thread_ts: str | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """Slack certainly did not take it."""

    error: str
    kind: Refusal
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Unclear:
    """Slack may have taken it. `is_outage`: Slack itself is in trouble, however often it is tried."""

    error: str
    is_outage: bool = True


Outcome = Posted | Refused | Unclear


class SlackUnavailableError(TemporaryError):
    """Slack did not answer as it should; it is worth another try."""


class SlackRefusedError(PermanentError):
    """Slack refused the call; `kind` is None for an error that we do not know."""

    def __init__(self, error: str) -> None:
        super().__init__(f"Slack refused: {error}")
        self.error = error
        self.kind = refusal_of(error)


def refusal_of(error: str) -> Refusal | None:
    """What a refusal of Slack's is about; None for one that may hide a success, or that we do not know."""
    if error in CHANNEL_ERRORS or (error.startswith("restricted_action") and error not in THREAD_ERRORS):
        return Refusal.CHANNEL
    kinds = (
        (TOKEN_ERRORS, Refusal.TOKEN),
        (MESSAGE_ERRORS, Refusal.MESSAGE),
        (THREAD_ERRORS, Refusal.THREAD),
        (RATE_ERRORS, Refusal.RATE),
    )
    return next((kind for errors, kind in kinds if error in errors), None)


def status_of(response: Any) -> int:
    """The HTTP status, in slack_sdk's response or in aiohttp's own; 0 where there is none."""
    status: int = getattr(response, "status_code", 0) or getattr(response, "status", 0)
    return status


def error_of(response: Any) -> str | None:
    """Slack's word for a refusal; None where the answer has none. A 429 is one, whatever its body says.

    On a cut body slack_sdk hands over aiohttp's own response, which has no `data`.
    """
    if status_of(response) == HTTPStatus.TOO_MANY_REQUESTS:
        return "ratelimited"
    data = getattr(response, "data", None)
    error = data.get("error") if isinstance(data, Mapping) else None
    return error if isinstance(error, str) else None


def seconds(value: object) -> timedelta | None:
    """A Retry-After of seconds, or a moment in any form; at most LONGEST_WAIT_S. None for all else.

    A negative or endless one is no answer, and to no answer our own pauses fit better.
    """
    if not isinstance(value, str):
        return None
    try:
        amount = float(value)
    except ValueError:
        amount = _seconds_until(value)
    if A_MOMENT_S < amount < inf:
        amount -= datetime.now(UTC).timestamp()
    return timedelta(seconds=min(amount, LONGEST_WAIT_S)) if isfinite(amount) and amount >= 0 else None


def _seconds_until(date: str) -> float:
    """Until an HTTP date, by our clock; -1 for what is none."""
    try:
        return (parsedate_to_datetime(date) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError, IndexError, OverflowError):
        return -1
