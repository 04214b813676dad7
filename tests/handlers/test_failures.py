"""What goes wrong is said once, in plain words; what nobody expected gets a reference to the log."""

import pytest
import structlog
from slack_bolt.async_app import AsyncBoltRequest

from bot.errors import PermanentError, TemporaryError, UserError
from bot.orders import Orders
from handlers.failures import Failures, told
from handlers.under_way import UnderWay
from tests.handlers.clicks import said


@pytest.fixture
def broken_look_up(monkeypatch):
    """A bug: the look-up fails at once."""

    def fail(*_):
        raise ZeroDivisionError("xoxb-secret")

    monkeypatch.setattr(Orders, "look_up", fail)


@pytest.mark.usefixtures("broken_look_up")
async def test_a_bug_is_said_once_with_the_reference_of_its_log(desk, workspace):
    with structlog.testing.capture_logs() as logs:
        answer = await said(workspace, "ACME")

    failures = [entry for entry in logs if entry["event"] == "listener failed"]
    assert answer.acked
    assert answer.ack_after_s < 1
    assert len(workspace.ephemerals) == 1
    assert len(failures) == 1
    assert failures[0]["reference"] in answer.text
    assert "xoxb-secret" not in answer.text
    assert "Traceback" not in answer.text


async def test_trouble_on_the_way_to_a_listener_is_said_too(desk, workspace, monkeypatch):
    async def fail(*_):
        raise ZeroDivisionError

    command = await said(workspace, "help")
    monkeypatch.setattr("handlers.desk.is_repeat", fail)

    payload = command.payload | {"trigger_id": "another"}
    answer = await desk.app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=payload))

    assert answer.status == 200
    assert "something went wrong" in command.text


async def test_a_database_that_fails_is_said_in_a_sentence(desk, workspace, database):
    async with database.transaction() as tx:
        await tx.exec_driver_sql("DROP TABLE subscription")

    with structlog.testing.capture_logs() as logs:
        answer = await said(workspace, "subs")
        await said(workspace, "subs")

    assert answer.text == "My database does not answer just now. Please try again in a moment."
    told = [entry["event"] for entry in logs if entry["log_level"] in ("warning", "error")]
    assert told == ["the database can't be used, work waits and is tried again"]


async def test_a_bug_behind_an_event_is_logged(desk, workspace):
    async def listener(event):
        raise ZeroDivisionError

    with structlog.testing.capture_logs() as logs:
        await Failures(desk.parts, UnderWay()).guarded(listener)(event={})

    assert [entry["event"] for entry in logs] == ["listener failed"]
    assert workspace.ephemerals == []


def test_what_may_work_later_says_so():
    assert "try again" in told(TemporaryError("Telnyx did not answer."), "/port").text


def test_what_will_not_work_says_why():
    assert told(PermanentError("Telnyx refused it."), "/port").text == "Telnyx refused it."


def test_a_correction_comes_with_a_button_that_runs_it():
    message = told(UserError("I don't know “a”.", suggestion="subs"), "/port")

    button = message.blocks[-1]["elements"][0]
    assert (button["action_id"], button["value"]) == ("run", "subs")


def test_a_correction_too_long_for_a_button_is_left_out():
    message = told(UserError("Too long.", suggestion="x" * 2001), "/port")

    assert len(message.blocks) == 1
