"""What Slack's refusals mean: each documented error has its class, and what may hide a success has none."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace as Answer

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.errors import (
    CHANNEL_ERRORS,
    HISTORY_FORBIDDEN,
    MESSAGE_ERRORS,
    METHOD_ERRORS,
    OUTAGE_ERRORS,
    RATE_ERRORS,
    THREAD_ERRORS,
    TOKEN_ERRORS,
    Refusal,
    SlackRefusedError,
    error_of,
    refusal_of,
    seconds,
    status_of,
)
from tests.bot.slack.documented import errors_of

TOKEN = (
    "accesslimited account_inactive invalid_auth not_authed org_login_required team_access_not_granted "
    "team_added_to_org team_not_found token_expired token_revoked two_factor_setup_required"
)
METHOD = (
    "deprecated_endpoint enterprise_is_restricted invalid_charset invalid_post_type is_bot method_deprecated "
    "missing_post_type missing_scope not_allowed_token_type user_is_restricted"
)
OUTAGE = (
    "external_channel_migrating fatal_error internal_error request_timeout service_unavailable update_failed"
)
DECIDED = {
    Refusal.CHANNEL: (
        "access_denied channel_is_limited_access channel_not_found ekm_access_denied is_archived is_inactive "
        "messages_tab_disabled no_permission not_in_channel restricted_action "
        "restricted_action_read_only_channel restricted_action_thread_only_channel "
        "restricted_action_of_tomorrow slack_connect_canvas_sharing_blocked "
        "slack_connect_file_link_sharing_blocked slack_connect_lists_sharing_blocked"
    ),
    Refusal.TOKEN: f"{TOKEN} {METHOD}",
    Refusal.MESSAGE: (
        "as_user_not_supported attachment_payload_limit_exceeded block_mismatch cant_broadcast_message "
        "invalid_arg_name invalid_arguments invalid_array_arg invalid_attachments invalid_blocks "
        "invalid_blocks_format invalid_form_data invalid_metadata_format invalid_metadata_schema "
        "markdown_text_conflict metadata_must_be_sent_from_app metadata_too_large missing_file_data "
        "msg_blocks_too_long msg_too_long no_dual_broadcast_content_update no_text too_many_attachments "
        "too_many_contact_cards"
    ),
    Refusal.THREAD: (
        "cannot_reply_to_message cant_update_message edit_window_closed message_not_found "
        "restricted_action_non_threadable_channel restricted_action_thread_locked streaming_state_conflict "
        "thread_not_found"
    ),
    Refusal.RATE: "message_limit_exceeded rate_limited ratelimited",
}
"""What follows is the same for all errors of a kind; see the tests of the delivery."""
LEFT_UNCLEAR = {
    # of a `client_msg_id`, which we never send: what Slack did then, nobody can tell
    "chat.postMessage": {"duplicate_channel_not_found", "duplicate_message_not_found"},
    "chat.update": set(),
    # of a question that we never ask so: it is asked three times, then history counts as forbidden
    "conversations.history": {
        "invalid_cursor",
        "invalid_metadata_filter_keys",
        "invalid_ts_latest",
        "invalid_ts_oldest",
        "pagination_not_available",
    },
    "conversations.replies": {
        "invalid_cursor",
        "invalid_metadata_filter_keys",
        "invalid_ts_latest",
        "invalid_ts_oldest",
        "list_record_comment_fetch_failed",
    },
}
"""Errors without a kind, by the method. After one a post is looked up, three times at most; an edit is drawn
plainer. Methods that are not named here have one way on, whatever is refused."""


@pytest.mark.parametrize(
    ("error", "kind"), [(error, kind) for kind, errors in DECIDED.items() for error in errors.split()]
)
def test_documented_error_has_its_class(error, kind):
    assert refusal_of(error) is kind


@pytest.mark.parametrize(
    ("kind", "errors"),
    [
        (Refusal.CHANNEL, "cannot_dm_bot channel_type_not_supported user_disabled user_not_found"),
        (Refusal.TOKEN, "ekm_access_denied_for_team"),
        (Refusal.MESSAGE, "invalid_json json_not_object only_one_table_allowed"),
        (None, "team_migration_in_progress"),
    ],
)
def test_error_that_stands_on_no_page_of_our_methods_has_its_class_too(kind, errors):
    assert {refusal_of(error) for error in errors.split()} == {kind}
    assert kind or set(errors.split()) <= OUTAGE_ERRORS


def test_errors_of_one_method_are_known():
    assert {*METHOD.split()} == METHOD_ERRORS <= HISTORY_FORBIDDEN


@pytest.mark.parametrize("method", LEFT_UNCLEAR)
def test_what_follows_each_documented_error_is_decided(method):
    decided = {*OUTAGE.split(), *LEFT_UNCLEAR[method]}
    if method.startswith("conversations"):
        decided |= HISTORY_FORBIDDEN
    for errors in DECIDED.values():
        decided |= {*errors.split()}

    assert set(errors_of(method)) - decided == set()


@pytest.mark.parametrize("error", OUTAGE.split())
def test_error_that_may_hide_a_success_is_no_refusal(error):
    assert refusal_of(error) is None
    assert error in OUTAGE_ERRORS


@pytest.mark.parametrize("error", sorted(frozenset().union(*LEFT_UNCLEAR.values())))
def test_error_that_is_left_unclear_is_neither_a_refusal_nor_an_outage(error):
    assert refusal_of(error) is None
    assert error not in OUTAGE_ERRORS


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
    assert error.kind is Refusal.CHANNEL


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("30", timedelta(seconds=30)),
        ("0", timedelta(0)),
        ("1.5", timedelta(seconds=1.5)),
        ("1000000000", timedelta(hours=1)),
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


@pytest.mark.parametrize("written", [lambda moment: str(int(moment.timestamp())), format_datetime])
def test_retry_after_that_is_a_moment_is_waited_for(written):
    in_a_minute = written(datetime.now(UTC) + timedelta(seconds=60))

    assert timedelta(seconds=50) < seconds(in_a_minute) <= timedelta(seconds=60)


@given(value=st.one_of(st.text(max_size=12), st.floats().map(str), st.integers().map(str)))
def test_retry_after_of_any_form_is_a_wait_of_an_hour_at_most_or_none(value):
    wait = seconds(value)

    assert wait is None or timedelta(0) <= wait <= timedelta(hours=1)


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (Answer(status_code=503), 503),
        (Answer(status=502), 502),
        (Answer(status_code=429, status=200), 429),
        (Answer(status_code=0, status=500), 500),
        (Answer(), 0),
        (None, 0),
    ],
)
def test_status_is_found_in_either_librarys_answer(answer, status):
    assert status_of(answer) == status


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer(status_code=200, data={"ok": False, "error": "is_archived"}), "is_archived"),
        (Answer(status=429), "ratelimited"),
        (Answer(status_code=429, data={"error": "is_archived"}), "ratelimited"),
        (Answer(status_code=200, data={"ok": False}), None),
        (Answer(status_code=200, data={"error": 7}), None),
        (Answer(status_code=200, data="<html>"), None),
        (Answer(status_code=500), None),
    ],
)
def test_slacks_word_is_found_or_there_is_none(answer, error):
    assert error_of(answer) == error
