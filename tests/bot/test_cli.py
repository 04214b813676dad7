"""The command line: exit codes, and one clear line for whatever went wrong."""

import asyncio
import os
import re
import runpy
import signal
import socket
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest
import structlog
import yaml

from bot.cli import main
from bot.settings import Settings
from storage import watermarks
from storage.database import Database

COMMANDS = ("run", "sandbox", "doctor", "manifest", "migrate", "trace", "backup", "restored")
KEYS = {
    "TELNYX_API_KEY": "KEY_SANDBOX",
    "TELNYX_BASE_URL": "http://127.0.0.1:1/v2",
    "SLACK_BOT_TOKEN": "xoxb-sandbox",
    "SLACK_APP_TOKEN": "xapp-sandbox",
    "SLACK_API_URL": "http://127.0.0.1:1/api/",
}


@pytest.fixture(autouse=True)
def environment(monkeypatch, tmp_path):
    """Nothing is set, and the current folder is empty."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    return monkeypatch


@pytest.fixture(autouse=True)
def _logs_as_they_were(monkeypatch):
    monkeypatch.setattr("bot.log.configure", lambda *_: None)  # it would stay for the tests that follow


def set_keys(environment, **changes):
    for name, value in (KEYS | changes).items():
        environment.setenv(name, value)


async def a_bot_worked(url):
    at = datetime(2026, 3, 2, tzinfo=UTC)
    async with Database.open(url) as database, database.transaction() as tx:
        await watermarks.begin(tx, "port_in", watermark=at, baseline_at=at)
        await watermarks.note_read(tx, "port_in", at)


def exit_code(*arguments):
    try:
        return main(arguments)
    except SystemExit as exit_:
        return exit_.code


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("fly",),
        ("run", "--role", "poet"),
        ("run", "now"),
        ("sandbox", "--port", "65534"),
        ("sandbox", "--port", "-1"),
        ("sandbox", "--speed", "0"),
        ("sandbox", "--speed", "nan"),
        ("sandbox", "--speed", "fast"),
        ("manifest", "--mode", "carrier-pigeon"),
        ("manifest", "--mode", "http", "--url", "http://bot.example.com"),
        ("manifest", "--mode", "http"),
        ("manifest", "--url", "https://bot.example.com"),
        ("trace",),
    ],
)
def test_wrong_usage_is_2(arguments, capsys):
    assert exit_code(*arguments) == 2
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command, capsys):
    assert exit_code(command, "--help") == 0
    assert command in capsys.readouterr().out


def test_missing_settings_are_2_and_each_is_named(capsys):
    assert exit_code("run") == 2

    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 3
    assert all(line.startswith("portwire: ") for line in lines)


def test_a_wrong_setting_is_2_and_not_echoed(environment, capsys):
    set_keys(environment, SLACK_BOT_TOKEN="hush")

    assert exit_code("run") == 2
    assert "hush" not in capsys.readouterr().err


def test_a_misspelt_setting_is_pointed_out_beside_the_missing_one(environment, capsys):
    environment.setenv("SLACK_BOT_TOKN", "xoxb-hush")

    assert exit_code("run") == 2
    assert exit_code("doctor") == 1

    told, said = capsys.readouterr()
    assert "portwire: SLACK_BOT_TOKN is no setting: is SLACK_BOT_TOKEN meant?" in said.splitlines()
    assert "! SLACK_BOT_TOKN is no setting: is SLACK_BOT_TOKEN meant?" in told.splitlines()
    assert "hush" not in told + said


def test_a_misspelt_setting_is_logged_at_the_start(environment, taken_port):
    set_keys(environment, HOST="127.0.0.1", PORT=str(taken_port), LOG_LEVLE="debug")

    with structlog.testing.capture_logs() as logs:
        exit_code("run")

    assert {"name": "LOG_LEVLE", "meant": "LOG_LEVEL"}.items() <= logs[0].items()


@pytest.mark.parametrize("role", ["web", "worker"])
def test_roles_apart_need_postgresql(environment, capsys, role):
    set_keys(environment)

    assert exit_code("run", "--role", role) == 2
    assert "PostgreSQL" in capsys.readouterr().err


@pytest.fixture
def taken_port():
    with socket.create_server(("127.0.0.1", 0)) as held:
        yield held.getsockname()[1]


def test_a_taken_port_is_1_and_one_line(environment, capsys, taken_port):
    set_keys(environment, HOST="127.0.0.1", PORT=str(taken_port), LOG_LEVEL="critical")

    assert exit_code("run") == 1
    assert "set HOST or PORT" in capsys.readouterr().err.splitlines()[-1]


def test_a_sandbox_on_a_taken_port_is_1_and_one_line(capsys, taken_port):
    assert exit_code("sandbox", "--no-browser", "--speed", "1.5", "--port", str(taken_port)) == 1
    assert capsys.readouterr().err.startswith("portwire: ")


def test_a_sandbox_in_a_place_that_cannot_be_kept_is_1_and_one_line(capsys):
    Path("file").touch()

    assert exit_code("sandbox", "--no-browser", "--port", "0", "--keep", "file/kept") == 1
    [line] = capsys.readouterr().err.splitlines()
    assert "--keep file/kept: Not a directory." in line


def test_a_sandbox_that_is_not_installed_says_where_it_is(environment, capsys):
    environment.setitem(sys.modules, "bot.sandbox.world", None)
    environment.delattr("bot.sandbox.world", raising=False)

    assert exit_code("sandbox") == 2
    assert "make sandbox in a clone" in capsys.readouterr().err


@pytest.mark.parametrize(("command", "code"), [("manifest", 0), ("doctor", 1)])
def test_who_has_read_enough_changes_nothing_of_how_a_command_ends(command, code):
    reads, writes = os.pipe()
    os.close(reads)
    with os.fdopen(writes, "w") as closed:
        run = [sys.executable, "-m", "bot", command]
        ended = subprocess.run(run, check=False, stdout=closed, stderr=subprocess.PIPE, text=True)

    assert (ended.returncode, ended.stderr) == (code, "")


def test_the_doctor_names_every_missing_setting(capsys):
    assert exit_code("doctor") == 1

    *lines, hint = capsys.readouterr().out.splitlines()
    assert [line.split()[1] for line in lines] == ["TELNYX_API_KEY", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"]
    assert all(line.startswith("✗") for line in lines)
    assert "Telnyx portal, API Keys" in lines[0]
    assert "Install App" in lines[1]
    assert "Basic Information" in lines[2]
    assert hint.startswith("! Settings are read from the environment and from .env in the current folder")
    assert "(.env is not there)" in hint


def test_the_doctor_is_1_when_a_check_fails(environment, capsys):
    set_keys(environment)

    assert exit_code("doctor") == 1
    assert "✗ Telnyx" in capsys.readouterr().out


def test_the_manifest_needs_no_keys(environment, capsys):
    environment.setenv("SLACK_COMMAND", "/ports")

    assert exit_code("manifest") == 0
    assert yaml.safe_load(capsys.readouterr().out)["features"]["slash_commands"][0]["command"] == "/ports"


def test_the_manifest_for_http_carries_the_address(capsys):
    assert exit_code("manifest", "--mode", "http", "--url", "https://bot.example.com/") == 0
    assert "https://bot.example.com/slack/events" in capsys.readouterr().out


def test_migrate_needs_no_keys_and_may_be_repeated(environment, capsys):
    assert exit_code("migrate") == 0
    assert exit_code("migrate") == 0
    assert "newest schema" in capsys.readouterr().out
    assert Path("portwire.db").exists()


def test_an_unknown_event_is_1_and_one_line(capsys):
    exit_code("migrate")

    assert exit_code("trace", "nothing") == 1
    assert "No event nothing" in capsys.readouterr().err


def test_a_database_that_is_not_there_is_named_and_not_made(tmp_path, capsys):
    assert exit_code("trace", "nothing") == 1

    (line,) = capsys.readouterr().err.splitlines()
    assert f"no such file {tmp_path}/portwire.db" in line
    assert "check DATABASE_URL and the folder you are in" in line
    assert not list(tmp_path.iterdir())


def test_what_a_stranger_wrote_makes_no_line_of_its_own_at_the_terminal(environment, capsys):
    async def life(_database, _event_id):
        return ["porting_order.\x1b[2Jnew\n  posted at noon"]

    exit_code("migrate")
    capsys.readouterr()
    environment.setattr("bot.trace.life", life)

    assert exit_code("trace", "e1") == 0
    assert capsys.readouterr().out == "porting_order.\\x1b[2Jnew\\n  posted at noon\n"


def test_the_version_is_told(capsys):
    assert exit_code("--version") == 0
    assert re.fullmatch(r"portwire \d+\.\d+\.\d+\n", capsys.readouterr().out)


def test_a_version_that_nobody_installed_is_1(environment, capsys):
    def missing(_name):
        raise PackageNotFoundError

    environment.setattr("importlib.metadata.version", missing)

    assert exit_code("--version") == 1
    assert "unknown" in capsys.readouterr().err


def test_what_each_role_does_is_said_in_the_help(capsys):
    exit_code("run", "--help")

    said = " ".join(capsys.readouterr().out.split())
    assert "web answers Slack, worker polls and posts" in said
    assert "may share one PostgreSQL" in said


def test_an_old_schema_is_1_and_names_migrate(tmp_path, capsys):
    (tmp_path / "portwire.db").touch()

    assert exit_code("trace", "nothing") == 1
    assert "portwire migrate" in capsys.readouterr().err


def test_a_bug_is_1_and_one_line_without_a_secret(environment, capsys):
    def bug():
        raise ExceptionGroup("many", [RuntimeError("with KEY0123456789abc\nand more")])

    environment.setattr("bot.settings.load_local", bug)

    assert exit_code("migrate") == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "unexpected RuntimeError" in line
    assert "KEY0" not in line


@pytest.mark.parametrize(("command", "code"), [("run", 0), ("migrate", 1)])
@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.usefixtures("signals_as_before")
def test_signal_before_anything_is_begun_ends_in_one_line(environment, capsys, command, code, name):
    def stopped(*_):
        os.kill(os.getpid(), name)

    for load in ("load", "load_local"):
        environment.setattr(f"bot.settings.{load}", stopped)

    assert exit_code(command) == code
    assert capsys.readouterr().err == "portwire: stopped.\n"


def test_python_m_bot_is_the_same(environment, capsys):
    environment.setattr(sys, "argv", ["bot", "manifest"])

    with pytest.raises(SystemExit) as ended:
        runpy.run_module("bot", run_name="__main__")

    assert ended.value.code == 0
    assert "slash_commands" in capsys.readouterr().out


def test_backup_and_restored_say_what_comes_next(capsys):
    exit_code("migrate")
    asyncio.run(a_bot_worked("sqlite:///portwire.db"))

    codes = exit_code("backup", "copy.db"), exit_code("restored")

    said = capsys.readouterr().out
    assert codes == (0, 0)
    assert "copy.db is a whole copy" in said
    assert "Before anything is posted" in said
