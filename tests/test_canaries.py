"""What looks for secrets can see: one is planted in each place, and is found there."""

import base64
import json
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import psycopg
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.metrics import Metrics
from bot.sandbox.slack.records import CallSeen
from bot.sandbox.slack_workspace import SlackWorkspace
from bot.settings import Settings, load
from storage import audit
from storage.database import Database
from tests import canaries, schema
from tests.canaries import CANARY, SECRETS, finds, finds_in_folder, finds_in_server, finds_in_workspace
from tests.factories import NOW
from tests.faults.process import BotProcess

ROOT = Path(__file__).parents[1]
PIN = f"{CANARY}PIN-7"


@given(st.sampled_from(SECRETS), st.binary(max_size=5), st.binary(max_size=5))
def test_a_secret_is_found_whatever_was_done_with_it(secret, before, behind):
    whole = before + secret.encode() + behind

    for form in (whole, base64.b64encode(whole), whole.hex().encode(), quote(whole).encode()):
        assert [found for found in finds(form) if found.startswith(secret)]
    assert finds(json.dumps({"a": repr(secret)}).encode())


def test_what_is_no_secret_is_none():
    assert finds(b"canary, sandbox, xoxb-, KEY_, signing-secret") == []


def test_every_secret_that_a_bot_can_have_is_looked_for():
    given = BotProcess("http://127.0.0.1:1", "http://127.0.0.1:1", ".").settings | {
        "SLACK_SIGNING_SECRET": SlackWorkspace().signing_secret,
        "DATABASE_URL": f"postgresql://me:{canaries.PASSWORD}@127.0.0.1/db",
        "HEARTBEAT_URL": f"https://heartbeat.test/{CANARY}heartbeat",
    }

    settings = load(given, env_file=None)

    hidden = [getattr(settings, name) for name in Settings.model_fields]
    hidden = [value.get_secret_value() for value in hidden if isinstance(value, SecretStr)]
    kinds = [name for name, field in Settings.model_fields.items() if "Secret" in repr(field.annotation)]
    assert len(hidden) == len(kinds) >= 5
    assert all(finds(secret.encode()) for secret in [*hidden, *settings.secrets()])


async def plant(database):
    async with database.transaction() as tx:
        await audit.add(tx, at=NOW, actor_id="U1", action="find", target=PIN, outcome="done")


async def test_one_in_a_file_is_found_also_before_it_reached_the_file_itself(tmp_path_factory):
    folder = tmp_path_factory.mktemp("planted")  # this test's own folder has to stay clean
    async with Database.open(schema.newest(folder / "test.db")) as database:
        await plant(database)

        (found,) = finds_in_folder(folder)

    assert "test.db-wal" in found
    assert "PIN-7" in found


async def test_one_on_a_server_is_found(postgres):
    with postgres.database() as url:
        async with Database.open(url) as database:
            await plant(database)

        (found,) = finds_in_server(url)
        with psycopg.connect(url) as connection:
            connection.execute("TRUNCATE audit")

    assert "PIN-7" in found


def test_one_in_what_slack_was_sent_is_found():
    workspace = SlackWorkspace()
    workspace.note_call(CallSeen("chat.postMessage", {"text": f"Its PIN is {PIN}"}, "ok", None, True))

    (found,) = finds_in_workspace(workspace)
    canaries.forget()

    assert "sent to Slack" in found


def test_one_in_a_metric_is_found():
    metrics = Metrics()
    metrics.commands_total.labels(name=PIN).inc()

    (found,) = canaries.finds_in("metrics", metrics.render())
    canaries.forget()

    assert 'name="CANARY-PIN-7"' in found


LEAKY = f"""
import logging
from bot.metrics import Metrics

def test_prints(): print("{PIN}")
def test_logs(): logging.getLogger("x").warning("with {PIN}")
def test_writes(tmp_path): (tmp_path / "bot.log").write_text("{PIN}")
def test_counts(): Metrics().commands_total.labels(name="{PIN}").inc()
def test_keeps_it_to_itself(): assert "{PIN}"
"""


def test_a_test_that_lets_one_out_fails_and_says_where(tmp_path_factory):
    folder = tmp_path_factory.mktemp("leaky")
    (folder / "test_leaky.py").write_text(LEAKY)
    pytest_alone = (sys.executable, "-m", "pytest", "-p", "tests.canaries", "-p", "no:cacheprovider")

    ran = subprocess.run(
        [*pytest_alone, "-q", str(folder)],
        cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip

    said = ran.stdout
    assert "5 passed, 4 errors" in said
    for place in ("Captured stdout call", "Captured log call", "bot.log", "metrics"):
        assert place in said
