"""The sandbox as a person starts it: a process with a terminal, which outside clients talk to."""

import signal

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.world import served
from tests.sandboxes import started


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    with started(tmp_path_factory.mktemp("sandbox")) as running:
        running.line_with("(ACME-", "[Republish]")
        yield running
        assert running.end()[1:] == (0, "")


@pytest.fixture
def slack(sandbox):
    return WebClient("xoxb-sandbox", base_url=f"http://127.0.0.1:{sandbox.port + 2}/api/", retry_handlers=[])


def channels(slack):
    return {channel["name"]: channel for channel in slack.conversations_list()["channels"]}


def posts(slack):
    porting = channels(slack)["porting"]["id"]
    shown = slack.conversations_history(channel=porting, include_all_metadata=True)["messages"]
    return [message for message in shown if message.get("metadata")]


def test_the_three_addresses_are_said_first(sandbox):
    assert sandbox.seen[:3] == [
        f"page http://127.0.0.1:{sandbox.port}",
        f"telnyx http://127.0.0.1:{sandbox.port + 1}/v2",
        f"slack http://127.0.0.1:{sandbox.port + 2}/api/",
    ]


def test_posts_name_their_events_in_metadata_that_telnyx_knows(sandbox, slack):
    metadata = posts(slack)[0]["metadata"]
    key = {"Authorization": "Bearer KEY_SANDBOX"}
    listed = [
        httpx.get(f"http://127.0.0.1:{sandbox.port + 1}/v2/{path}/events", headers=key, trust_env=False)
        for path in ("porting", "portouts")
    ]

    known = {event["id"] for answer in listed for event in answer.json()["data"]}
    assert metadata["event_type"] == "porting_event"
    assert set(metadata["event_payload"]["event_ids"]) <= known


def test_both_channels_are_listed_and_the_bot_is_in_one(slack):
    assert channels(slack)["porting"]["is_member"]
    assert not channels(slack)["customer-acme"]["is_member"]


def test_the_customers_channel_takes_no_message_before_the_bot_joined(slack):
    customer = channels(slack)["customer-acme"]["id"]

    with pytest.raises(SlackApiError, match="not_in_channel"):
        slack.chat_postMessage(channel=customer, text="hello")


def test_people_of_every_role_are_there(slack):
    people = slack.users_list()["members"]

    assert any(person.get("is_admin") for person in people)
    assert any(person.get("is_restricted") for person in people)
    assert any(person.get("is_stranger") for person in people)


def test_the_page_is_served(sandbox):
    page = httpx.get(f"http://127.0.0.1:{sandbox.port}", trust_env=False)

    assert page.status_code == 200
    assert "<title>Portwire sandbox</title>" in page.text


@pytest.mark.parametrize("typed", ["/port order {}", "order {}"])
def test_a_typed_line_is_answered_to_the_typist_alone(sandbox, typed):
    reference = next(line for line in sandbox.seen if "ACME-" in line).split("(")[1].split(")")[0]

    sandbox.type(typed.format(reference))

    assert reference in sandbox.line_with("only you")


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly_and_nothing_is_kept(tmp_path, name):
    with started(tmp_path) as running:
        running.line_with("[Republish]")
        took_s, code, complaints = running.end(name)

    assert took_s < 15
    assert (code, complaints) == (0, "")
    assert not list(tmp_path.iterdir())


def test_a_typed_exit_ends_it_cleanly(tmp_path):
    with started(tmp_path) as running:
        running.line_with("[Republish]")
        running.type("exit")
        code = running.code()

    assert code == 0
    assert not list(tmp_path.iterdir())


def test_a_signal_right_after_the_start_ends_it_too(tmp_path):
    with started(tmp_path) as running:
        running.line_with("slack http")
        took_s, code, _ = running.end()

    assert took_s < 15
    assert code == 0
    assert not list(tmp_path.iterdir())


def test_a_kept_database_goes_on_with_new_stories(tmp_path):
    keep = tmp_path / "kept"
    codes = []

    for _ in range(2):
        with started(tmp_path, "--keep", keep) as running:
            running.line_with("[Republish]")
            codes.append(running.end()[1:])

    assert codes == [(0, ""), (0, "")]
    assert (keep / "portwire.db").exists()


def test_a_browser_opens_the_page_where_a_screen_is_even_without_a_keyboard(tmp_path):
    browser, opened = tmp_path / "browser", tmp_path / "opened"
    browser.write_text(f'#!/bin/sh\necho "$1" > {opened}\n')
    browser.chmod(0o700)
    screen = {"DISPLAY": ":0", "BROWSER": f"{browser} %s"}

    with started(tmp_path, has_keyboard=False, screen=screen) as running:
        running.line_with("[Republish]")
        code = running.end()[1]

    assert code == 0
    assert opened.read_text() == f"http://127.0.0.1:{running.port}\n"


async def test_a_line_typed_while_the_bot_is_away_is_told_so(monkeypatch):
    monkeypatch.setattr("bot.sandbox.keyboard.BOT_CONNECTS_WITHIN_S", 0.01)
    lines = []

    async with served(0, lines.append, speed=60, is_kept=False) as world:
        await world.keyboard.take("help")

    assert lines[-1].endswith("the bot is not connected, try again")
