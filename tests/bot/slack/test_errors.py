"""What Slack's refusals mean: each documented error has its class, and what may hide a success has none."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.errors import (
    CHANNEL_ERRORS,
    MESSAGE_ERRORS,
    OUTAGE_ERRORS,
    RATE_ERRORS,
    THREAD_ERRORS,
    TOKEN_ERRORS,
    Refusal,
    SlackRefusedError,
    refusal_of,
    seconds,
)

DOCUMENTED = {
    Refusal.CHANNEL: (
        "channel_not_found not_in_channel no_permission is_archived restricted_action "
        "restricted_action_read_only_channel restricted_action_thread_only_channel "
        "restricted_action_of_tomorrow ekm_access_denied is_inactive messages_tab_disabled"
    ),
    Refusal.TOKEN: (
        "invalid_auth not_authed account_inactive token_revoked token_expired missing_scope "
        "two_factor_setup_required org_login_required team_added_to_org accesslimited"
    ),
    Refusal.MESSAGE: (
        "invalid_blocks invalid_blocks_format msg_too_long msg_blocks_too_long no_text metadata_too_large "
        "invalid_metadata_format invalid_metadata_schema too_many_attachments"
    ),
    Refusal.THREAD: (
        "cannot_reply_to_message restricted_action_thread_locked restricted_action_non_threadable_channel "
        "message_not_found cant_update_message edit_window_closed streaming_state_conflict"
    ),
    Refusal.RATE: "ratelimited rate_limited message_limit_exceeded",
}
UNCLEAR = "internal_error fatal_error service_unavailable request_timeout update_failed"


@pytest.mark.parametrize(
    ("error", "kind"), [(error, kind) for kind, errors in DOCUMENTED.items() for error in errors.split()]
)
def test_documented_error_has_its_class(error, kind):
    assert refusal_of(error) is kind


@pytest.mark.parametrize("error", UNCLEAR.split())
def test_error_that_may_hide_a_success_is_no_refusal(error):
    assert refusal_of(error) is None
    assert error in OUTAGE_ERRORS


@given(error=st.text(max_size=20).filter(lambda word: not word.startswith("restricted_action")))
def test_error_that_we_do_not_know_is_no_refusal(error):
    known = CHANNEL_ERRORS | TOKEN_ERRORS | MESSAGE_ERRORS | THREAD_ERRORS | RATE_ERRORS

    assert (refusal_of(error) is None) is (error not in known)


def test_no_error_has_two_classes():
    classes = [CHANNEL_ERRORS, TOKEN_ERRORS, MESSAGE_ERRORS, THREAD_ERRORS, RATE_ERRORS, OUTAGE_ERRORS]

    assert sum(map(len, classes)) == len(frozenset().union(*classes))


def test_refusal_says_what_slack_said():
    error = SlackRefusedError("is_archived")

    assert (str(error), error.error) == ("Slack refused: is_archived", "is_archived")


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("30", timedelta(seconds=30)),
        ("0", timedelta(0)),
        ("1.5", timedelta(seconds=1.5)),
        ("999999999", timedelta(hours=1)),
        ("1234567890", None),
        ("inf", None),
        ("-1", None),
        ("nan", None),
        ("soon", None),
        ("", None),
        (None, None),
        (30, None),
    ],
)
def test_retry_after_is_read_as_seconds(value, wait):
    assert seconds(value) == wait


def test_retry_after_that_is_a_moment_is_waited_for():
    in_a_minute = str(int((datetime.now(UTC) + timedelta(seconds=60)).timestamp()))

    assert timedelta(seconds=50) < seconds(in_a_minute) <= timedelta(seconds=60)


@given(value=st.one_of(st.text(max_size=12), st.floats().map(str), st.integers().map(str)))
def test_retry_after_of_any_form_is_a_wait_of_an_hour_at_most_or_none(value):
    wait = seconds(value)

    assert wait is None or timedelta(0) <= wait <= timedelta(hours=1)
