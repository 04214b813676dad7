"""Secrets that sing: after each test, all that came of it is searched for every secret that tests run on.

Searched are what was printed and logged, what the stand-in of Slack was sent, the metrics, every file below
`tmp_path` (database files, their write-ahead logs, logs of processes) and, before it is dropped, each test's
database on the server. A find fails the test and says where it was.
"""

import base64
import functools
import json
import re
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from bot.metrics import Metrics
from bot.sandbox.slack_workspace import SlackWorkspace
from bot.sandbox.telnyx.wire import CANARY

PASSWORD = f"{CANARY}of-the-database"
PIN = "60281947"
"""Stands in what people write, behind a word that tells what it is."""
SECRETS = (
    PIN,
    CANARY,  # begins each PIN, account number, tax id and webhook address of the stand-in's orders
    "KEY_SANDBOX",
    "xoxb-sandbox",
    "xapp-sandbox",
    "sandbox-signing-secret",
)
GIVEN = frozenset({".env"})
"""Files that tests write themselves, secrets and all, for the bot to read."""
AROUND = 40


def forms(secret):
    """The secret as it is, and as it looks when something has been done with it."""
    plain = secret.encode()
    found = {secret, quote(secret, safe=""), repr(secret)[1:-1], json.dumps(secret)[1:-1], plain.hex()}
    for skipped in range(3):  # base64 goes by threes, so what stands before decides how it looks
        coded = base64.b64encode(b"\0" * skipped + plain).decode().rstrip("=")
        shared = 1 if (skipped + len(plain)) % 3 else 0  # with what follows
        found.add(coded[(0, 2, 3)[skipped] : len(coded) - shared])
    return {form.encode() for form in found}


_FORMS = {form: secret for secret in SECRETS for form in forms(secret)}
_ANY = re.compile(b"|".join(map(re.escape, _FORMS)))


def finds(content):
    """Each secret that stands in the bytes, with a little of what stands around it."""
    first = {}
    for found in _ANY.finditer(content):
        first.setdefault(_FORMS[found[0]], content[max(0, found.start() - AROUND) : found.end() + AROUND])
    return [f"{secret} in {around!r}" for secret, around in first.items()]


def finds_in(place, content):
    return [f"{place}: {found}" for found in finds(content)]


def finds_in_folder(folder):
    """What stands in any file below the folder."""
    files = [path for path in Path(folder).rglob("*") if path.is_file() and path.name not in GIVEN]
    return [found for path in files for found in finds_in(path, path.read_bytes())]


def finds_in_server(url):
    """What stands in any table of a PostgreSQL database."""
    with psycopg.connect(url) as connection:
        named = "SELECT format('SELECT each::text FROM %I each', tablename) FROM pg_tables"
        asked = connection.execute(f"{named} WHERE schemaname = 'public'").fetchall()
        query = " UNION ALL ".join(one for (one,) in asked)
        rows = connection.execute(query).fetchall() if query else []
    return finds_in("a table of the server", "\n".join(row for (row,) in rows).encode())


def finds_in_workspace(workspace):
    """What stands in anything that an app sent to the stand-in of Slack."""
    shown = [*workspace.views.values(), *workspace.homes.values()]
    sent = [f"{call.method} {call.arguments}" for call in workspace.calls]
    sent += [f"an answer: {each.text} {each.blocks}" for each in workspace.ephemerals]
    sent += [f"a view: {view.content}" for view in shown]
    return finds_in("sent to Slack", "\n".join(sent).encode(errors="replace"))


def check(found):
    """Fail where something was found."""
    assert not found, "secrets came out:\n" + "\n".join(found)


def _remembered(kind):
    """The list of all objects of a kind that are made from now on."""
    made, build = [], kind.__init__

    @functools.wraps(build)
    def noted(self, *given, **named):
        build(self, *given, **named)
        made.append(self)

    kind.__init__ = noted
    return made


_workspaces, _metrics = _remembered(SlackWorkspace), _remembered(Metrics)


def _all_finds(item, report):
    found = [each for name, text in report.sections for each in finds_in(name, text.encode(errors="replace"))]
    for workspace in _workspaces:
        found += finds_in_workspace(workspace)
    for metrics in _metrics:
        found += finds_in("metrics", metrics.render())
    if folder := item.funcargs.get("tmp_path"):
        found += finds_in_folder(folder)
    forget()
    return found


def forget():
    """Leave alone what was made so far: it was searched, or a secret was planted there."""
    _workspaces.clear()
    _metrics.clear()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Search once the test and its fixtures are through."""
    report = yield
    if call.when == "teardown" and (found := _all_finds(item, report)):
        report.outcome = "failed"
        report.longrepr = "secrets came out:\n" + "\n".join(found)
    return report
