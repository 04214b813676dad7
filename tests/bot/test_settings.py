"""Settings are checked where they enter, all at once, and no answer repeats what stood there."""

from datetime import UTC, datetime
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import SettingsError
from bot.settings import Settings, load, misspelt
from storage.postgres import server_url

LEAST = {"TELNYX_API_KEY": "KEY_SANDBOX", "SLACK_BOT_TOKEN": "xoxb-1-a", "SLACK_APP_TOKEN": "xapp-1-a"}
SETTINGS = [name.upper() for name in Settings.model_fields]
PUBLIC_KEY = "e8bQ0lYwTUNkQpVJ4GjIdXfvzDqTQvGqK0c1yH8mJ3k="


def settings(**changes):
    return load(LEAST | changes, env_file=None)


def problems(**changes):
    with pytest.raises(SettingsError) as caught:
        settings(**changes)
    return caught.value.problems


def test_the_three_keys_are_enough():
    loaded = settings()

    assert loaded.slack_command == "/port"
    assert loaded.telnyx_base_url == "https://api.telnyx.com/v2"
    assert loaded.log_format is None


def test_every_missing_setting_is_named_at_once():
    with pytest.raises(SettingsError) as caught:
        load({}, env_file=None)

    named = " ".join(caught.value.problems)
    assert len(caught.value.problems) == 3
    for name in ("TELNYX_API_KEY", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"):
        assert name in named


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TELNYX_API_KEY", "KEY hush"),
        ("TELNYX_BASE_URL", "http://api.hush.example/v2"),
        ("TELNYX_BASE_URL", "hush"),
        ("TELNYX_BASE_URL", "https://"),
        ("TELNYX_BASE_URL", "https://user:hush@api.telnyx.com"),
        ("TELNYX_BASE_URL", "https://api.telnyx.com:99999/hush"),
        ("TELNYX_BASE_URL", "https://api.telnyx.com/v2?hush=1"),
        ("TELNYX_PUBLIC_KEY", "hush"),
        ("SLACK_BOT_TOKEN", "xoxp-hush"),
        ("SLACK_BOT_TOKEN", "xoxb-"),
        ("SLACK_BOT_TOKEN", "xoxb-hush\x00"),
        ("SLACK_BOT_TOKEN", "xoxb-hush\x1b[31m"),
        ("SLACK_APP_TOKEN", "xapp-hush\x7f"),
        ("TELNYX_API_KEY", "KEYhush\x01"),
        ("TELNYX_API_KEY", "KEYhushé"),
        ("SLACK_SIGNING_SECRET", "hush\x02"),
        ("HOST", "hush\x03"),
        ("SLACK_COMMAND", "/hush\x04"),
        ("SLACK_APP_TOKEN", "xoxb-hush"),
        ("SLACK_SIGNING_SECRET", "two hush"),
        ("SLACK_API_URL", "ftp://hush"),
        ("SLACK_API_URL", "https://slack.com/ hush"),
        ("SLACK_COMMAND", "hush"),
        ("SLACK_COMMAND", "/hush port"),
        ("DATABASE_URL", "mysql://hush"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///hush.db?mode=ro"),
        ("DATABASE_URL", "sqlite:///hush\x07.db"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "postgres://me:hush@host"),
        ("DATABASE_URL", "postgresql://me:hush@host:port/db"),
        ("DATABASE_URL", "postgresql://me:hush@host/d\x07b"),
        ("POLL_INTERVAL_S", "-1"),
        ("POLL_INTERVAL_S", "0"),
        ("POLL_INTERVAL_S", "hush"),
        ("POLL_OVERLAP_S", "-0.1"),
        ("DEEP_SWEEP_S", "nan"),
        ("DEEP_SWEEP_EVERY_S", "inf"),
        ("POLL_START", "hush"),
        ("POLL_START", "2026-13-01T00:00:00Z"),
        ("POLL_START", "0001-01-01T00:00:00+14:00"),
        ("POLL_START", "0001-01-01T00:00:00Z"),
        ("POLL_START", "9999-12-31"),
        ("RECONCILE_SETTLE_S", "-15"),
        ("PAYLOAD_WAIT_S", "-120"),
        ("LEASE_S", "0"),
        ("PROBE_S", "1e30"),
        ("PORTAL_ORDER_URL", "https://hush.example/orders"),
        ("PORTAL_ORDER_URL", "https://hush.example/{id}"),
        ("PORTAL_ORDER_URL", "https://hush.example/{kind}"),
        ("PORTAL_ORDER_URL", "https://hush.example/{id}/{other}"),
        ("PORTAL_ORDER_URL", "https://hush.example/{id.x}"),
        ("PORTAL_ORDER_URL", "javascript:hush({id})"),
        ("OPS_CHANNEL", "#hush"),
        ("HEARTBEAT_URL", "http://example.com/hush"),
        ("HEARTBEAT_URL", "https:///hush"),
        ("OPERATORS", "U012,hush"),
        ("ADMINS", "hush"),
        ("RETENTION_DAYS", "0"),
        ("RETENTION_DAYS", "1.5"),
        ("HOST", "two hush"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("LOG_LEVEL", "hush"),
        ("LOG_FORMAT", "hush"),
    ],
)
def test_a_wrong_setting_is_named_with_what_is_expected_but_not_repeated(name, value):
    (problem,) = problems(**{name: value})

    assert name in problem
    assert "expected" in problem
    assert "hush" not in problem


def test_all_wrong_settings_are_named_in_one_go():
    named = problems(PORT="70000", LOG_LEVEL="loud", SLACK_BOT_TOKEN="hush", POLL_INTERVAL_S="-1")

    assert {problem.split()[0] for problem in named} == {
        "SLACK_BOT_TOKEN",
        "POLL_INTERVAL_S",
        "PORT",
        "LOG_LEVEL",
    }


def test_a_setting_that_is_wrong_in_many_ways_is_named_once():
    (problem,) = problems(OPERATORS="bob,eve,joe")

    assert problem.startswith("OPERATORS")


def test_a_wrong_way_in_is_not_called_a_missing_one_too():
    (problem,) = problems(SLACK_APP_TOKEN="hush")

    assert problem.startswith("SLACK_APP_TOKEN")


@given(st.sampled_from(sorted(Settings.model_fields)), st.text(st.characters(codec="utf-8"), min_size=1))
def test_no_text_breaks_the_reading_or_is_echoed(name, value):
    marked = f"hush{value}"
    told = ""

    try:
        settings(**{name.upper(): marked})
    except SettingsError as error:
        told = str(error)

    assert "hush" not in told


def test_plain_http_is_fine_on_this_machine_only():
    loaded = settings(TELNYX_BASE_URL="http://localhost:8081/v2/", SLACK_API_URL="http://[::1]:8082/api")

    assert loaded.telnyx_base_url == "http://localhost:8081/v2"
    assert loaded.slack_api_url == "http://[::1]:8082/api/"


def test_values_are_read_as_people_write_them():
    loaded = settings(
        OPERATORS="U012AB, S34CD ,",
        POLL_START="2026-03-01T10:00:00+02:00",
        POLL_INTERVAL_S="0.5",
        LOG_LEVEL="WARNING",
        TELNYX_PUBLIC_KEY=PUBLIC_KEY,
        PORTAL_ORDER_URL="https://portal.example/{kind}/{id}",
        SLACK_BOT_TOKEN=" xoxb-2-b\n",
    )

    assert loaded.operators == ("U012AB", "S34CD")
    assert loaded.poll_start == datetime(2026, 3, 1, 8, tzinfo=UTC)
    assert loaded.poll_interval_s == 0.5
    assert loaded.log_level == "warning"
    assert loaded.slack_bot_token.get_secret_value() == "xoxb-2-b"


def test_a_start_without_a_zone_is_utc():
    assert settings(POLL_START="2026-03-01").poll_start == datetime(2026, 3, 1, tzinfo=UTC)


def test_an_empty_text_counts_as_not_set():
    assert settings(PORT="", OPS_CHANNEL=" ", OPERATORS="").port == 3000


def test_the_environment_beats_the_file_and_an_empty_variable_does_not(tmp_path):
    env_file = tmp_path / ".env"
    env_file.write_text("PORT=4000\nLOG_LEVEL=debug\nSOMETHING_ELSE=1\nPROBE_S=\n")

    loaded = load(LEAST | {"PORT": "5000", "LOG_LEVEL": ""}, env_file=env_file)

    assert (loaded.port, loaded.log_level, loaded.probe_s) == (5000, "debug", 300)


def test_a_file_that_is_no_text_is_said_in_a_sentence(tmp_path):
    env_file = tmp_path / ".env"
    env_file.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(SettingsError, match="cannot be read"):
        load(LEAST, env_file=env_file)


def test_settings_do_not_show_their_secrets():
    loaded = settings(SLACK_SIGNING_SECRET="hush-hush")

    assert "xoxb-1-a" not in repr(loaded)
    assert set(loaded.secrets()) == {"KEY_SANDBOX", "xoxb-1-a", "xapp-1-a", "hush-hush"}


def test_a_folder_in_the_place_of_the_file_is_said(tmp_path):
    (tmp_path / ".env").mkdir()

    with pytest.raises(SettingsError, match=r"\.env is a folder"):
        load(LEAST, env_file=tmp_path / ".env")


def test_a_name_that_is_nearly_a_settings_is_pointed_out(tmp_path):
    env_file = tmp_path / ".env"
    env_file.write_text(
        "# LOG_LEVL=x\nPOLL_INTERVAL=20\nexport OPERATOR = U1\nLOG_LEVEL=info\nlog_format=json\n"
    )
    environ = {"SLACK_BOT_TOKN": "x", "PORTWIRE_PROBE_S": "1", "PORTWIRE_PORT": "tcp://1", "HOSTNAME": "x"}

    assert list(misspelt(environ, env_file)) == [
        ("SLACK_BOT_TOKN", "SLACK_BOT_TOKEN"),
        ("PORTWIRE_PROBE_S", "PROBE_S"),
        ("POLL_INTERVAL", "POLL_INTERVAL_S"),
        ("OPERATOR", "OPERATORS"),
    ]


def test_no_setting_and_nothing_of_an_ordinary_environment_is_taken_for_misspelt(tmp_path):
    ordinary = ("HOME", "LOGNAME", "PORTS", "HOST_NAME", "DATABASE", "LOG_DIR", "ADMIN_URL", "SLACK_TOKEN")

    assert list(misspelt(dict.fromkeys([*SETTINGS, *ordinary], "x"), tmp_path)) == []
    assert list(misspelt({}, None)) == []


@pytest.mark.parametrize(
    "url", ["postgres://me:s%40cret@host/db", "postgresql://me:s%40cret@host:6432/db?sslmode=require"]
)
def test_a_servers_password_is_a_secret_however_it_is_written(url):
    loaded = settings(DATABASE_URL=url)

    assert loaded.database_url == url
    assert {"s%40cret", "s@cret"} <= set(loaded.secrets())


def test_a_password_that_would_be_cut_is_refused_and_says_how_to_write_it():
    (problem,) = problems(DATABASE_URL="postgresql://me:top@hush@host/db")

    assert problem.startswith("DATABASE_URL is wrong")
    assert "%40" in problem
    assert "hush" not in problem
    assert "top" not in problem


@pytest.mark.parametrize("password", ["12/hush", "hu#sh", "hu?sh", "1/x?y", "hu:sh", "s%40cret"])
def test_each_password_that_is_used_is_a_secret(password):
    url = f"postgresql://me:{password}@[::1]:5432/my@db?sslmode=require"

    assert server_url(url).password == unquote(password)
    assert unquote(password) in settings(DATABASE_URL=url).secrets()


@pytest.mark.parametrize(
    "url",
    [
        "postgres:///portwire?host=/run/pg",
        "postgresql://me@[::1]/db",
        "postgresql://h1,h2/db",
        "postgresql:///db?user=me@there",
        "postgresql://me@there@host:1/db",
    ],
)
def test_servers_addresses_of_all_kinds_are_taken(url):
    assert settings(DATABASE_URL=url).database_url == url
    assert server_url(url).password is None


def test_a_server_that_asks_for_no_password_has_no_secret():
    plain = settings().secrets()

    assert settings(DATABASE_URL="postgres:///portwire?host=/run/pg").secrets() == plain
