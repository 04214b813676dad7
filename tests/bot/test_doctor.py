"""The doctor names each thing that is wrong together with what to do, and changes nothing."""

from datetime import timedelta

import pytest
from aiohttp import web
from sqlalchemy.engine import make_url

from bot.doctor import examine
from bot.sandbox.slack_workspace import SlackWorkspace
from bot.sandbox.telnyx_api import TelnyxApi
from bot.settings import load
from bot.slack.manifest import SCOPES
from storage.database import Database


class Surgery:
    """Both stand-ins, and the settings that lead to them."""

    def __init__(self, folder):
        self.folder = folder
        self.telnyx, self.slack = TelnyxApi(), SlackWorkspace()
        self.slack.scopes.update(SCOPES)

    async def lines(self, **changes):
        settings = {
            "TELNYX_API_KEY": "KEY_SANDBOX",
            "TELNYX_BASE_URL": self.telnyx.url,
            "SLACK_BOT_TOKEN": "xoxb-sandbox",
            "SLACK_APP_TOKEN": "xapp-sandbox",
            "SLACK_API_URL": self.slack.url,
            "DATABASE_URL": f"sqlite:///{self.folder}/portwire.db",
        } | changes
        return [check.line for check in await examine(load(settings, env_file=None))]

    async def complaints(self, **changes):
        return [line for line in await self.lines(**changes) if line.startswith("✗")]


@pytest.fixture
async def surgery(tmp_path):
    made = Surgery(tmp_path)
    await made.telnyx.start()
    await made.slack.start()
    yield made
    await made.telnyx.stop()
    await made.slack.stop()


async def test_all_is_well_before_the_first_start(surgery):
    lines = await surgery.lines()

    [missing] = [line for line in lines if not line.startswith("✓")]
    assert missing.startswith("! Database: no such file")
    assert "check DATABASE_URL and the folder you are in" in missing
    assert not list(surgery.folder.iterdir())


async def test_a_database_that_is_in_use_is_only_read(surgery):
    async with Database.open(f"sqlite:///{surgery.folder}/portwire.db") as database:
        await database.migrate()
        async with database.transaction():
            lines = await surgery.lines()

    assert any("newest schema" in line for line in lines)
    assert not [line for line in lines if line.startswith("✗")]


async def test_a_database_that_others_may_open_is_pointed_out(surgery):
    async with Database.open(f"sqlite:///{surgery.folder}/portwire.db") as database:
        await database.migrate()
    private = await surgery.lines()
    (surgery.folder / "portwire.db").chmod(0o644)

    shared = await surgery.lines()

    [line] = [line for line in shared if line.startswith("!")]
    assert "portwire.db may be opened by other users" in line
    assert not [line for line in private if line.startswith("!")]


async def test_a_file_that_is_no_database_is_named(surgery):
    (surgery.folder / "portwire.db").write_bytes(b"no database" * 1000)

    (complaint,) = await surgery.complaints()

    assert "Database" in complaint


async def test_a_file_that_cannot_be_written_to_is_named(surgery, monkeypatch):
    (surgery.folder / "portwire.db").touch()
    monkeypatch.setattr("os.access", lambda path, _: path.suffix != ".db")  # root may write everywhere

    (complaint,) = await surgery.complaints()

    assert "portwire.db can't be written to" in complaint


async def test_a_folder_that_is_missing_is_named(surgery):
    (complaint,) = await surgery.complaints(DATABASE_URL=f"sqlite:///{surgery.folder}/missing/portwire.db")

    assert f"there is no folder {surgery.folder}/missing. Make it, or set DATABASE_URL" in complaint


async def test_a_folder_that_cannot_be_written_to_is_named(surgery, monkeypatch):
    monkeypatch.setattr("os.access", lambda *_: False)  # root may write everywhere

    (complaint,) = await surgery.complaints()

    assert f"{surgery.folder} can't be written to" in complaint


async def test_a_wrong_telnyx_key_is_named_and_not_echoed(surgery):
    (complaint,) = await surgery.complaints(TELNYX_API_KEY="KEY_HUSH")

    assert "TELNYX_API_KEY" in complaint
    assert "HUSH" not in complaint


@pytest.mark.parametrize("down", ["drop", "503"])
async def test_a_telnyx_that_does_not_answer_is_named(surgery, down):
    surgery.telnyx.faults.down = down

    (complaint,) = await surgery.complaints()

    assert complaint.startswith("✗ Telnyx:")
    assert "TELNYX_BASE_URL" in complaint


async def test_an_address_that_is_not_telnyx_is_named(surgery):
    (complaint,) = await surgery.complaints(TELNYX_BASE_URL=surgery.slack.url)

    assert complaint.startswith("✗ Telnyx:")


@pytest.mark.parametrize("path", ["", "/v1"])
async def test_an_address_without_the_version_is_named(surgery, path):
    (complaint,) = await surgery.complaints(TELNYX_BASE_URL=surgery.telnyx.url.removesuffix("/v2") + path)

    assert complaint.endswith(" Check TELNYX_BASE_URL: it ends in /v2.")
    assert ".. " not in complaint


async def test_an_ops_channel_is_looked_up(surgery):
    inside = surgery.slack.add_channel("ops")
    outside = surgery.slack.add_channel("elsewhere", bot_member=False)

    assert "✓ OPS_CHANNEL: the bot is in #ops." in await surgery.lines(OPS_CHANNEL=inside)
    assert "not in #elsewhere" in (await surgery.complaints(OPS_CHANNEL=outside))[0]
    assert "no channel C0NOBODY" in (await surgery.complaints(OPS_CHANNEL="C0NOBODY"))[0]

    surgery.slack.archive("ops")
    assert "archived" in (await surgery.complaints(OPS_CHANNEL=inside))[0]


async def test_people_and_groups_that_slack_does_not_know_are_named(surgery):
    known = surgery.slack.add_person("ana")

    complaints = await surgery.complaints(OPERATORS=f"{known},U0NOBODY", ADMINS="S0NOBODY")

    assert [line.split(" (")[0] for line in complaints] == [
        "✗ OPERATORS: Slack knows no U0NOBODY",
        "✗ ADMINS: Slack knows no S0NOBODY",
    ]
    assert any("knows everybody" in line for line in await surgery.lines(OPERATORS=known))


async def test_what_slack_does_not_tell_is_no_failure(surgery):
    for method in ("conversations.info", "users.info"):
        surgery.slack.faults.refuse[method] = "missing_scope"

    lines = await surgery.lines(OPS_CHANNEL="C0OPS", OPERATORS="U0ANA")

    assert [line for line in lines if "missing_scope" in line and line.startswith("!")]
    assert not [line for line in lines if line.startswith("✗")]


async def test_a_slack_that_tells_nothing_of_channels_and_people_is_named(surgery):
    answers = dict.fromkeys(("auth.test", "apps.connections.open", "blocks.validate"), ('{"ok": true}', {}))
    runner, address = await odd_slack(answers)

    complaints = await surgery.complaints(SLACK_API_URL=address, OPS_CHANNEL="C0OPS", OPERATORS="U0ANA")
    await runner.cleanup()

    said = "What answers there is not Slack's Web API. Check SLACK_API_URL."
    assert complaints == [f"✗ OPS_CHANNEL: {said}", f"✗ OPERATORS: {said}"]


async def test_a_wrong_bot_token_is_named_and_not_echoed(surgery):
    complaints = await surgery.complaints(SLACK_BOT_TOKEN="xoxb-hush")

    assert "SLACK_BOT_TOKEN" in complaints[0]
    assert "invalid_auth" in complaints[0]
    assert "hush" not in complaints[0]


async def test_each_missing_scope_is_named_with_what_it_is_for(surgery):
    surgery.slack.scopes.difference_update({"channels:history", "im:write"})

    complaints = await surgery.complaints()

    assert len(complaints) == 2
    assert "im:write is missing" in complaints[1]
    assert "direct messages" in complaints[1]


async def test_a_wrong_app_token_is_named(surgery):
    (complaint,) = await surgery.complaints(SLACK_APP_TOKEN="xapp-hush")

    assert "SLACK_APP_TOKEN" in complaint
    assert "hush" not in complaint


@pytest.mark.parametrize("trouble", ["ratelimited", "internal_error"])
async def test_a_slack_in_trouble_is_not_called_a_wrong_token(surgery, trouble):
    surgery.slack.faults.refuse["auth.test"] = surgery.slack.faults.refuse["apps.connections.open"] = trouble

    said = f"Slack does not answer properly just now ({trouble}). Try again in a minute."
    assert await surgery.complaints() == [f"✗ Slack: {said}", f"✗ Slack Socket Mode: {said}"]


async def test_a_telnyx_that_limits_us_is_not_called_a_wrong_address(surgery):
    surgery.telnyx.faults.rate_limited = {"requests": 1}

    (complaint,) = await surgery.complaints()

    assert complaint.endswith("Try again in a minute: all that use this key share its limit.")


async def test_socket_mode_that_is_off_is_named(surgery):
    surgery.slack.faults.refuse["apps.connections.open"] = "not_allowed_token_type"

    (complaint,) = await surgery.complaints()

    assert complaint.startswith("✗ Slack Socket Mode: refused (not_allowed_token_type).")
    assert "switch Socket Mode on" in complaint


async def test_a_signing_secret_that_does_not_look_like_one_is_doubted_and_not_echoed(surgery):
    odd = await surgery.lines(SLACK_SIGNING_SECRET="hush")
    fine = await surgery.lines(SLACK_SIGNING_SECRET="0123456789abcdef" * 2)

    (doubt,) = [line for line in odd if line.startswith("! SLACK_SIGNING_SECRET")]
    assert "Basic Information" in doubt
    assert "hush" not in doubt
    assert not [line for line in fine if "SLACK_SIGNING_SECRET" in line]


async def test_a_way_in_that_is_not_served_is_doubted(surgery):
    key = "dGhpcyBpcyBhIGtleSBvZiB0aGlydHktdHdvIGJ5dGU="
    lines = await surgery.lines(PORT="0", SLACK_SIGNING_SECRET="0" * 32, TELNYX_PUBLIC_KEY=key)

    doubts = [line.split(":")[0] for line in lines if "PORT=0" in line]
    assert doubts == ["! SLACK_SIGNING_SECRET", "! TELNYX_PUBLIC_KEY"]


async def test_without_an_app_token_requests_come_by_http(surgery):
    lines = await surgery.lines(SLACK_APP_TOKEN="", SLACK_SIGNING_SECRET="secret")

    assert any("/slack/events" in line for line in lines)


async def test_a_slack_that_does_not_answer_is_named(surgery):
    await surgery.slack.stop()

    complaints = await surgery.complaints()

    assert [line[:9] for line in complaints] == ["✗ Slack: ", "✗ Slack S"]


async def test_an_address_that_is_not_slack_is_named(surgery):
    complaints = await surgery.complaints(SLACK_API_URL=surgery.telnyx.url)

    assert "not Slack's Web API" in complaints[0]


async def test_a_wrong_clock_is_named(surgery):
    surgery.telnyx.faults.date_skew = timedelta(minutes=-3)

    (complaint,) = await surgery.complaints()

    assert "ahead of Telnyx's" in complaint
    assert "NTP" in complaint


async def test_slacks_validator_takes_every_sample(surgery):
    assert any("validator takes every sample" in line for line in await surgery.lines())


async def test_a_message_that_slack_would_refuse_is_named(surgery):
    surgery.slack.faults.refuse["blocks.validate"] = "invalid_blocks"

    complaints = await surgery.complaints()

    assert "order card: invalid_blocks" in complaints[0]


async def test_a_slack_without_the_validator_is_fine(surgery):
    surgery.slack.faults.refuse["blocks.validate"] = "unknown_method"

    assert await surgery.complaints() == []


async def odd_slack(answers):
    """A server that answers each method with a body of the test's choice."""

    async def answer(request):
        body, headers = answers[request.match_info["method"]]
        return web.Response(text=body, headers={"Content-Type": "application/json", **headers})

    app = web.Application()
    app.router.add_post("/api/{method}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, f"http://127.0.0.1:{runner.addresses[0][1]}/api/"


async def test_a_slack_that_hides_scopes_and_clock_is_taken_as_it_is(surgery):
    fine, odd = '{"ok": true}', {"Date": "soon"}
    answers = {
        "auth.test": (fine, odd),
        "apps.connections.open": (fine, odd),
        "blocks.validate": ("[1]", odd),
    }
    runner, address = await odd_slack(answers)

    lines = await surgery.lines(SLACK_API_URL=address)
    await runner.cleanup()

    assert "✓ Slack scopes: Slack did not tell them." in lines
    assert "✗ Slack messages: What answers there is not Slack's Web API. Check SLACK_API_URL." in lines
    assert not any("Slack's. " in line or line == "✓ Clock: the same as Slack's." for line in lines)


@pytest.mark.parametrize("engine", ["postgres"])
async def test_a_server_with_the_newest_schema_is_well(surgery, database_url):
    [line] = [line for line in await surgery.lines(DATABASE_URL=database_url) if "Database" in line]

    assert line.startswith("✓ Database: test_")
    assert line.endswith("has the newest schema.")


async def test_a_server_that_is_away_is_told_without_its_password(surgery):
    [line] = await surgery.complaints(DATABASE_URL="postgresql://maya:s3cret@127.0.0.1:1/portwire")

    assert "nothing answers there" in line
    assert "s3cret" not in line


async def test_a_server_without_our_tables_names_migrate(surgery, postgres):
    with postgres.database(is_empty=True) as url:
        [line] = await surgery.complaints(DATABASE_URL=url)

    assert "portwire migrate" in line


@pytest.mark.parametrize(
    ("changed", "advice"),
    [
        ({"database": "nowhere"}, "Make it (createdb), or check DATABASE_URL."),
        ({"query": {"foo": "1"}}, "it has no such option. Check what follows the ? in DATABASE_URL."),
    ],
)
async def test_what_is_wrong_in_a_servers_address_is_named_in_one_line(surgery, postgres, changed, advice):
    with postgres.database(is_empty=True) as url:
        wrong = make_url(url).set(**changed).render_as_string(hide_password=False)
        [line] = await surgery.complaints(DATABASE_URL=wrong)

    assert line.endswith(advice)


async def test_a_heartbeat_is_not_sent_but_its_server_is_reached(surgery, unused_tcp_port):
    there = await surgery.lines(HEARTBEAT_URL=f"{surgery.telnyx.url}/a-key")
    gone = await surgery.complaints(HEARTBEAT_URL=f"http://127.0.0.1:{unused_tcp_port}/a-key")

    assert "✓ Heartbeat: its server answers; the address itself was not called." in there
    assert [line for line in gone if "Check HEARTBEAT_URL" in line and "a-key" not in line]
    assert not [seen for seen in surgery.telnyx.requests if "a-key" in seen.path]
