"""No secret reaches a log line, wherever it hides; other people's chatter stays quiet."""

import json
import logging

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from slack_bolt.async_app import AsyncApp

from bot import log

NAMES = ["pin", "attempted_pin", "pin_passcode", "account_number", "tax_identifier", "ssn", "password"]


@pytest.fixture(autouse=True)
def _logging_as_before():
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    for name in log.OURS:
        logging.getLogger(name).setLevel(logging.NOTSET)
    structlog.reset_defaults()


def fail(text):
    raise ValueError(text)


def written(capsys):
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


@pytest.mark.parametrize(
    "leak",
    [
        "xoxb-12-hush",
        "xapp-1-A0-hush",
        "KEY0123456789ABCDEF_hush",
        "Authorization: Bearer hush.hush",
        "https://hooks.slack.com/commands/T0/1/hush",
        "{'attempted_pin': 'hush'}",
        '{"pin_passcode": "hush hush"}',
        r"{\"account_number\": \"hush\"}",
        "tax_identifier=hush",
        "webhook_url: https://hush.example/x",
        "configured-hush",
        'configured-"hush"',
    ],
)
def test_what_looks_like_a_secret_is_hidden_in_text_facts_and_traceback(capsys, leak):
    log.configure("debug", "json", ("configured-hush", 'configured-"hush"'))

    try:
        fail(f"with {leak}")
    except ValueError:
        structlog.get_logger("bot.x").exception("it failed", fact=f"a {leak}", facts={"deep": [leak]})
        logging.getLogger("some.library").exception("theirs: %s", leak)

    text = capsys.readouterr().err
    assert "hush" not in text
    assert "ValueError" in text
    assert len([json.loads(line) for line in text.splitlines()]) == 2


def test_what_is_absent_is_not_called_hidden(capsys):
    log.configure("info", "json")

    structlog.get_logger("bot.x").info("seen", payload="{'attempted_pin': None}")

    assert written(capsys)[0]["payload"] == "{'attempted_pin': None}"


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+13125550123", "+…0123"),
        ("+4930123456789", "+…6789"),
        ("13125550123", "…0123"),
        (13125550124, "…0124"),
        ("312-555-0123, (312) 555 0123.", "…0123, …0123."),
        ("+1 312-555-0123", "+…0123"),
        ("1764165600.123456", "1764165600.123456"),
        ("f1486bae-f067-460c-ad43-312555012301", "f1486bae-f067-460c-ad43-312555012301"),
        (3125, 3125),
    ],
)
def test_of_phone_numbers_four_digits_are_shown(capsys, number, shown):
    log.configure("info", "json")

    structlog.get_logger("bot.x").info("seen", number=number, deep={"numbers": [number]})

    line = written(capsys)[0]
    assert (line["number"], line["deep"]) == (shown, {"numbers": [shown]})


@pytest.mark.parametrize("form", ["json", "console"])
def test_what_people_write_is_masked_in_facts_and_tracebacks(capsys, form):
    log.configure("info", form)
    comment = "Use PIN 481516 for 312-555-0123"

    try:
        fail(comment)
    except ValueError as error:
        structlog.get_logger("bot.x").exception(
            "it failed", error=error, pin=481516, facts=({"pin": "481516"},)
        )
        logging.getLogger("some.library").exception("theirs: %s", comment)

    text = capsys.readouterr().err
    assert "481516" not in text
    assert "555" not in text
    shown = text.replace("\\u2022", "•").replace("\\u2026", "…")
    assert shown.count("Use PIN •••• for …0123") == 4
    assert form == "console" or len([json.loads(line) for line in text.splitlines()]) == 2


def test_what_is_no_text_stays_as_it_is(capsys):
    log.configure("info", "json")

    structlog.get_logger("bot.x").info("seen", took_s=0.5, ok=True, none=None, rows=1200)

    line = written(capsys)[0]
    assert (line["took_s"], line["ok"], line["none"], line["rows"]) == (0.5, True, None, 1200)


def test_libraries_speak_from_warning_on_and_we_at_our_level(capsys):
    log.configure("info", "json")

    logging.getLogger("httpx").info("a whole address")
    logging.getLogger("app.py:AsyncRequestVerification").info("a whole body")
    AsyncApp(token="xoxb-1", request_verification_enabled=False).logger.warning("a whole body again")
    logging.getLogger("apscheduler.executors.default").error("a job was cut off by the end")
    logging.getLogger("slack_sdk.socket_mode").error("no connection, for the hundredth time")
    logging.getLogger("slack_sdk").warning("a warning")
    structlog.get_logger("bot.x").info("ours", event_id="e1")
    structlog.get_logger("bot.x").debug("too fine")

    assert [(line["event"], line["level"]) for line in written(capsys)] == [
        ("a warning", "warning"),
        ("ours", "info"),
    ]


def test_a_json_line_names_logger_level_and_utc_time(capsys):
    log.configure("info", "json")

    structlog.get_logger("bot.poller").info("poll done", took_ms=3)

    (line,) = written(capsys)
    assert (line["logger"], line["took_ms"]) == ("bot.poller", 3)
    assert line["timestamp"].endswith("Z")


def test_the_console_gets_plain_lines(capsys):
    log.configure("info", "console")

    try:
        fail("no")
    except ValueError:
        structlog.get_logger("bot.x").exception("it failed", code=7)

    text = capsys.readouterr().err
    assert "it failed" in text
    assert "code=7" in text
    assert "ValueError: no" in text


def test_without_a_terminal_lines_are_json(capsys):
    log.configure("info")

    structlog.get_logger("bot.x").info("seen")

    assert written(capsys)[0]["event"] == "seen"


FORGED = "x\n2026-12-01T14:02:00Z [critical] all is lost\r\x1b[2K\x9b1A\u2028\u202e\x00"


class Odd:
    def __repr__(self):
        return FORGED


@pytest.mark.parametrize("form", ["json", "console"])
def test_nothing_that_is_logged_makes_a_line_of_its_own_or_steers_the_terminal(capsys, form):
    log.configure("info", form)

    structlog.get_logger("bot.x").info("seen", fact=FORGED, facts=[FORGED], odd=Odd(), number=1, none=None)
    logging.getLogger("some.library").warning("theirs: %s", FORGED)
    try:
        fail(FORGED)
    except ValueError:
        structlog.get_logger("bot.x").exception("it failed")

    lines = capsys.readouterr().err.split("\n")
    assert all(line.isprintable() for line in lines)
    begun = [line for line in lines if line and not line.startswith("    ")]
    assert len(begun) == 3
    assert not [line for line in begun if line.startswith("2026-12-01T14:02:00Z [critical]")]


FACTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(NAMES), inner),
    max_leaves=12,
)


@given(st.dictionaries(st.text() | st.sampled_from(NAMES), FACTS, max_size=4))
def test_whatever_is_hidden_a_json_line_stays_one(facts):
    line = log.Redactor(("configured-hush",))(
        json.dumps(log.without_people(None, "info", facts), default=str)
    )

    assert isinstance(json.loads(line), dict)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_tells_that_its_value_is_secret(name):
    line = log.Redactor()(
        json.dumps(log.without_people(None, "info", {name: 481516, "n": [{name: "481516"}]}))
    )

    assert "481516" not in line
