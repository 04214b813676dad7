"""What the HTTP side lets through: only what Slack or Telnyx signed lately, once, and nothing large."""

import asyncio
import base64
import hashlib
import hmac
import json
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO
from urllib.parse import urlencode

import aiohttp
import pytest
import structlog
from nacl.signing import SigningKey
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

import bot.web
from bot.errors import PermanentError
from bot.health import Health
from bot.listening import LARGEST_BODY, Bodies, serving
from bot.metrics import Metrics
from bot.web import SlackRoute, TelnyxRoute, Watch, application
from storage import watermarks
from storage.errors import StorageError

NOW = datetime(2026, 12, 1, 14, 2, tzinfo=UTC)
SECRET = "signing-secret"
KEY = SigningKey(b"k" * 32)
COMMAND = urlencode({"command": "/port", "text": "help", "team_id": "T1", "user_id": "U1"}).encode()
FORM = "application/x-www-form-urlencoded"


class Bench:
    """The HTTP side with a Bolt app that notes what it is asked, and a poller that notes its wake-ups."""

    def __init__(self, database):
        self.ran, self.woken, self.seen = [], [], set()
        self.ready, self.database_fails, self.now = True, False, NOW
        self.bodies = Bodies()
        self.health, self.database, self.metrics = Health(), database, Metrics()
        self.session = self.address = self.said = None

    def bolt(self):
        async def authorize():
            return AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-1", bot_user_id="UBOT")

        async def note(body, ack):
            self.ran.append(body)
            await ack()

        async def fail():
            raise ZeroDivisionError("xoxb-hush")

        async def hang(_body):
            await asyncio.Event().wait()

        app = AsyncApp(request_verification_enabled=False, authorize=authorize)
        app.command("/port")(note)
        app.command("/fail", matchers=[fail])(note)
        app.command("/hang", middleware=[hang])(note)
        app.event("channel_archive")(note)
        return app

    async def was_seen(self, key):
        if self.database_fails:
            raise StorageError("database is locked")
        known = key in self.seen
        self.seen.add(key)
        return known

    @asynccontextmanager
    async def served(self, *, slack=True, telnyx=True):
        public_key = base64.b64encode(KEY.verify_key.encode()).decode()
        app = application(
            Watch(self.health, self.database, self.metrics, lambda: self.now),
            SlackRoute(self.bolt(), SECRET, self.was_seen, lambda: self.now, lambda: self.ready, self.bodies)
            if slack
            else None,
            TelnyxRoute(public_key, lambda: self.woken.append(1), lambda: self.now, self.bodies)
            if telnyx
            else None,
        )
        async with serving(app, "127.0.0.1", 0) as port, aiohttp.ClientSession() as self.session:
            self.address = f"http://127.0.0.1:{port}"
            yield self

    async def post(self, path, body, headers):
        data = BytesIO(body) if isinstance(body, bytes) else body
        async with self.session.post(self.address + path, data=data, headers=headers) as answer:
            self.said = await answer.text()
            return answer.status

    async def slack(self, body=COMMAND, *, at=NOW, content_type=FORM, **changed):
        headers = signed(body, at) | {"Content-Type": content_type} | changed
        sent = {name.replace("_", "-"): value for name, value in headers.items() if value is not None}
        return await self.post("/slack/events", body, sent)

    async def telnyx(self, body=b"{}", **how):
        return await self.post("/telnyx/webhooks", body, self.signed_by_telnyx(body, **how))

    def signed_by_telnyx(self, body, *, at=NOW, signature=None):
        stamp = str(int(at.timestamp()))
        made = base64.b64encode(KEY.sign(f"{stamp}|".encode() + body).signature).decode()
        return {"telnyx-timestamp": stamp, "telnyx-signature-ed25519": signature or made}

    async def get(self, path):
        async with self.session.get(self.address + path) as answer:
            return answer.status, await answer.text(), answer.headers


def signed(body, at=NOW):
    stamp = str(int(at.timestamp()))
    digest = hmac.new(SECRET.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


@pytest.fixture
def bench(database):
    return Bench(database)


async def test_what_slack_signed_runs(bench):
    async with bench.served():
        status = await bench.slack()

    assert status == 200
    assert bench.ran[0]["text"] == "help"


async def test_the_same_signed_payload_runs_once(bench):
    async with bench.served():
        statuses = [await bench.slack() for _ in range(3)]

    assert statuses == [200, 200, 200]
    assert len(bench.ran) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"X_Slack_Signature": None, "X-Slack-Signature": None},
        {"X-Slack-Request-Timestamp": None},
        {"X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Signature": "v0=é"},
        {"X-Slack-Signature": ""},
        {"X-Slack-Request-Timestamp": "soon"},
        {"X-Slack-Request-Timestamp": "9" * 400},
        {"X-Slack-Request-Timestamp": "٣" * 10},
        {"X-Slack-Request-Timestamp": "-1764597720"},
    ],
)
async def test_an_odd_or_missing_signature_is_refused_with_401(bench, changed):
    async with bench.served():
        status = await bench.slack(**changed)

    assert status == 401
    assert bench.ran == []


async def test_forged_requests_are_told_at_once_and_then_in_one_line_that_counts_them(bench):
    async with bench.served():
        with structlog.testing.capture_logs() as logs:
            for _ in range(3):
                await bench.slack(**{"X-Slack-Signature": "v0=" + "0" * 64})
            await bench.telnyx(signature="no base64")
            bench.now += timedelta(minutes=10)
            await bench.slack(at=NOW)

    told = [(entry["of"], entry["count"], entry["check"]) for entry in logs]
    assert told == [
        ("Slack", 1, "SLACK_SIGNING_SECRET"),
        ("Telnyx", 1, "TELNYX_PUBLIC_KEY"),
        ("Slack", 3, "SLACK_SIGNING_SECRET"),
    ]


@pytest.mark.parametrize(("off_s", "status"), [(-301, 401), (-300, 200), (300, 200), (301, 401)])
async def test_a_timestamp_more_than_five_minutes_off_either_way_is_refused(bench, off_s, status):
    async with bench.served():
        assert await bench.slack(at=NOW + timedelta(seconds=off_s)) == status


async def test_a_signature_of_other_bytes_is_refused(bench):
    async with bench.served():
        status = await bench.post(
            "/slack/events", COMMAND + b"&x=1", signed(COMMAND) | {"Content-Type": FORM}
        )

    assert status == 401


@pytest.mark.parametrize(("size", "status"), [(LARGEST_BODY, 400), (LARGEST_BODY + 1, 413)])
async def test_more_than_one_mebibyte_is_refused(bench, size, status):
    async with bench.served():
        assert await bench.slack(b"{" * size, content_type="application/json") == status


async def test_a_large_body_that_does_not_tell_its_size_is_refused(bench):
    async def chunks():
        for _ in range(20):
            yield b"x" * 65_536 * 2

    async with bench.served():
        status = await bench.post("/slack/events", chunks(), signed(b""))

    assert status == 413


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"[1]", "application/json"),
        (b"{", "application/json"),
        (b"[" * 100_000, "application/json"),
        (b"payload=[1]", FORM),
        (b"payload={", FORM),
        (b"\xff\xfe", FORM),
    ],
)
async def test_signed_nonsense_is_refused_with_400(bench, body, content_type):
    async with bench.served():
        status = await bench.slack(body, content_type=content_type)

    assert status == 400
    assert bench.ran == []


async def test_a_body_that_cannot_be_unpacked_is_refused(bench):
    async with bench.served():
        status = await bench.slack(b"no gzip", **{"Content-Encoding": "gzip"})

    assert status in (400, 401)


def command(name, **fields):
    return urlencode({"command": name, "team_id": "T1", "user_id": "U1"} | fields).encode()


async def test_a_form_is_read_by_its_fields_and_not_by_what_stands_in_them(bench):
    async with bench.served():
        status = await bench.slack(command("/port", text="order payload-7"))

    assert status == 200
    assert bench.ran[0]["text"] == "order payload-7"


async def test_a_payload_that_bolt_fails_on_is_refused_under_a_reference(bench):
    async with bench.served():
        with structlog.testing.capture_logs() as logs:
            status = await bench.slack(command("/fail"))

    assert status == 400
    assert [entry["event"] for entry in logs] == ["payload failed"]
    assert logs[0]["reference"] in bench.said
    assert "hush" not in f"{bench.said}{logs}"


async def test_a_payload_that_we_fail_on_ourselves_is_refused_under_a_reference(bench):
    bench.seen = None  # nothing can be remembered in it

    async with bench.served():
        with structlog.testing.capture_logs() as logs:
            status = await bench.slack()

    assert status == 400
    assert [(entry["event"], entry["error"]) for entry in logs] == [("payload failed", "TypeError")]
    assert logs[0]["reference"] in bench.said


async def test_a_command_is_acknowledged_in_time_though_something_hangs_behind_it(bench, monkeypatch):
    monkeypatch.setattr(bot.web, "ANSWER_WITHIN_S", 0.05)

    async with bench.served():
        status = await bench.slack(command("/hang"))

    assert status == 200


async def test_a_command_runs_though_the_database_cannot_remember_it(bench):
    bench.database_fails = True

    async with bench.served():
        status = await bench.slack()

    assert status == 200
    assert len(bench.ran) == 1


async def test_before_slack_took_our_token_a_command_is_told_to_wait_and_may_come_again(bench):
    bench.ready = False

    async with bench.served():
        status = await bench.slack()
        told = json.loads(bench.said)
        bench.ready = True
        again = await bench.slack()

    assert (status, told["response_type"]) == (200, "ephemeral")
    assert "starting or stopping" in told["text"]
    assert again == 200
    assert len(bench.ran) == 1


async def test_before_slack_took_our_token_an_event_is_not_taken_so_that_it_comes_again(bench):
    bench.ready = False
    event = json.dumps({"type": "event_callback", "event": {"type": "channel_archive"}}).encode()

    async with bench.served():
        assert await bench.slack(event, content_type="application/json") == 425
    assert bench.seen == set()


async def test_slack_may_verify_our_address_at_any_time(bench):
    bench.ready = False
    asked = json.dumps({"type": "url_verification", "challenge": "c1"}).encode()

    async with bench.served():
        assert await bench.slack(asked, content_type="application/json") == 200
    assert "c1" in bench.said


async def test_a_json_event_runs(bench):
    event = json.dumps({"type": "event_callback", "event": {"type": "channel_archive"}}).encode()

    async with bench.served():
        status = await bench.slack(event, content_type="application/json; charset=utf-8")

    assert status == 200
    assert bench.ran[0]["event"]["type"] == "channel_archive"


async def test_a_notification_of_telnyx_only_wakes_the_poller(bench):
    async with bench.served():
        assert await bench.telnyx() == 200

    assert bench.woken == [1]


async def test_what_telnyx_did_not_sign_lately_wakes_nobody(bench):
    async with bench.served():
        statuses = [
            await bench.telnyx(at=NOW - timedelta(seconds=301)),
            await bench.telnyx(signature=base64.b64encode(b"0" * 64).decode()),
            await bench.telnyx(signature="no base64"),
            await bench.post("/telnyx/webhooks", b"{}", {}),
            await bench.post("/telnyx/webhooks", b"x" * (LARGEST_BODY + 1), {}),
        ]

    assert statuses == [401, 401, 401, 401, 413]
    assert bench.woken == []


@pytest.mark.parametrize("path", ["/slack/events", "/telnyx/webhooks"])
async def test_who_shows_no_signature_is_refused_before_anything_of_the_body_has_come(bench, path):
    async with bench.served():
        reader, writer = await asyncio.open_connection("127.0.0.1", int(bench.address.rpartition(":")[2]))
        writer.write(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n".encode())
        head = await asyncio.wait_for(reader.readuntil(b"\r\n"), 60)
        writer.close()

    assert head.startswith(b"HTTP/1.1 401 ")


async def test_a_signed_body_that_does_not_come_is_not_waited_for(bench):
    bench.bodies = Bodies(within_s=0.01)

    async def half():
        yield b"command="
        await asyncio.Event().wait()

    async with bench.served():
        slack = await bench.post("/slack/events", half(), signed(b"command=/port"))
        telnyx = await bench.post("/telnyx/webhooks", half(), bench.signed_by_telnyx(b"{}"))

    assert (slack, telnyx) == (408, 408)
    assert (bench.ran, bench.woken) == ([], [])


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/slack/events", 405),
        ("PUT", "/telnyx/webhooks", 405),
        ("POST", "/health", 405),
        ("DELETE", "/metrics", 405),
        ("TRACE", "/health", 405),
        ("GET", "/", 404),
        ("GET", "/slack/events/", 404),
        ("POST", "/slack", 404),
        ("GET", "/..%2f..%2fetc/passwd", 404),
        ("HEAD", "/health", 200),
    ],
)
async def test_other_paths_and_methods_lead_nowhere(bench, method, path, status):
    async with bench.served(), bench.session.request(method, bench.address + path) as answer:
        assert answer.status == status


async def test_a_bug_of_ours_is_logged_under_a_reference_and_tells_nothing(bench):
    bench.metrics = None  # nothing can be measured with it

    async with bench.served():
        with structlog.testing.capture_logs() as logs:
            status, body, _ = await bench.get("/metrics")

    assert status == 500
    assert [(entry["event"], entry["path"]) for entry in logs] == [("a request failed", "/metrics")]
    assert logs[0]["reference"] in body
    assert "AttributeError" not in body


async def test_only_what_is_configured_is_there(bench):
    async with bench.served(slack=False, telnyx=False):
        assert await bench.slack() == 404
        assert await bench.telnyx() == 404
        assert (await bench.get("/"))[0] == 404
        assert (await bench.get("/health"))[0] == 200


async def test_no_answer_names_the_software_or_is_kept_or_taken_for_something_else(bench):
    async with bench.served():
        for path in ("/health", "/ready", "/metrics", "/slack/events", "/nothing"):
            headers = (await bench.get(path))[2]
            assert "Server" not in headers
            assert (headers["Cache-Control"], headers["X-Content-Type-Options"]) == ("no-store", "nosniff")
            assert "charset=utf-8" in headers["Content-Type"]


async def test_health_asks_no_neighbour(bench):
    bench.health.slack_refused("token_revoked")

    async with bench.served():
        assert (await bench.get("/health"))[0] == 200


async def test_ready_tells_each_part_and_why_it_is_not(bench):
    async with bench.served():
        status, body, _ = await bench.get("/ready")

    assert status == 503
    parts = json.loads(body)
    assert parts["database"]["ok"]
    assert not parts["slack"]["ok"]
    assert not parts["port_in"]["ok"]
    assert "watermark" in parts["port_out"]["detail"]


async def test_ready_once_slack_took_the_token_and_both_lists_are_watched(bench):
    bench.health.slack_accepted(NOW)
    async with bench.database.transaction() as tx:
        for source in ("port_in", "port_out"):
            await watermarks.begin(tx, source, watermark=NOW, baseline_at=NOW)

    async with bench.served():
        status, body, _ = await bench.get("/ready")

    assert status == 200
    assert all(part["ok"] for part in json.loads(body).values())


async def test_metrics_are_prometheus_text(bench):
    bench.metrics.commands_total.labels(name="help").inc()

    async with bench.served():
        status, body, headers = await bench.get("/metrics")

    assert status == 200
    assert headers["Content-Type"].startswith("text/plain; version=")
    assert 'portwire_commands_total{name="help"} 1.0' in body


async def test_a_port_that_is_taken_is_said_in_a_sentence(bench):
    async with bench.served():
        port = int(bench.address.rpartition(":")[2])
        with pytest.raises(PermanentError, match="set HOST or PORT"):
            async with serving(application(Watch(Health(), None, Metrics(), lambda: NOW)), "127.0.0.1", port):
                pass
