"""Answers go to Slack and nowhere else."""

import aiohttp
import pytest
from aiohttp import web

from bot.slack.blocks import Message, section
from bot.slack.responder import Responder

HELLO = Message("Hello", [section("Hello")])


class AnswerServer:
    """Takes answers and keeps them; `statuses` are what it says, 200 when they are used up."""

    def __init__(self):
        self.bodies = []
        self.statuses = []
        self.retry_after = "0"
        self.url = ""

    async def take(self, request):
        self.bodies.append(await request.json())
        status = self.statuses.pop(0) if self.statuses else 200
        headers = {"Location": f"{self.url}/elsewhere", "Retry-After": self.retry_after}
        return web.Response(status=status, headers=headers)


@pytest.fixture
async def server():
    answers = AnswerServer()
    app = web.Application()
    app.router.add_post("/{path:.*}", answers.take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    answers.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield answers
    await runner.cleanup()


@pytest.fixture
async def responder(server):
    async with aiohttp.ClientSession() as session:
        yield Responder(session, f"{server.url}/api/")


async def test_an_answer_is_seen_by_the_asker_alone(server, responder):
    assert await responder.answer(f"{server.url}/commands/1", HELLO)

    assert server.bodies == [
        {
            "response_type": "ephemeral",
            "replace_original": False,
            "text": "Hello",
            "blocks": HELLO.blocks,
        }
    ]


async def test_an_answer_can_take_the_place_of_the_last_one(server, responder):
    await responder.answer(f"{server.url}/commands/1", HELLO, replace=True)

    assert server.bodies[0]["replace_original"]


async def test_an_answer_can_stand_in_a_thread(server, responder):
    await responder.answer(f"{server.url}/commands/1", HELLO, thread_ts="1.2")

    assert server.bodies[0]["thread_ts"] == "1.2"


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/commands/1",
        "https://hooks.slack.com.evil.example/commands/1",
        "https://hooks.slack.com@evil.example/commands/1",
        "https://evil.example\\@hooks.slack.com/commands/1",
        "http://hooks.slack.com/commands/1",
        "https://hooks.slack.com:8443/commands/1",
        "https://127.0.0.1/commands/1",
        "http://user:word@127.0.0.1/commands/1",
        "http://localhost/commands/1",
        "ftp://127.0.0.1/",
        "//127.0.0.1/",
        "http://[::1",
        "not an address",
        "",
    ],
)
async def test_an_address_that_is_not_slacks_is_not_posted_to(server, responder, url):
    assert not await responder.answer(url, HELLO)

    assert server.bodies == []


async def test_a_redirect_is_not_followed(server, responder):
    server.statuses = [307]

    assert not await responder.answer(f"{server.url}/commands/1", HELLO)

    assert len(server.bodies) == 1


async def test_an_address_that_slack_calls_used_up_is_no_answer(server, responder):
    server.statuses = [404, 404]

    assert not await responder.answer(f"{server.url}/commands/1", HELLO)
    assert await responder.answer(f"{server.url}/commands/1", HELLO)


async def test_what_blocks_say_that_slack_refuses_is_sent_as_text(server, responder):
    server.statuses = [400]

    await responder.answer(f"{server.url}/commands/1", Message("Two", [section("Two"), section("a, b")]))

    assert "blocks" in server.bodies[0]
    assert "blocks" not in server.bodies[1]
    assert server.bodies[1]["text"] == "Two\na, b"


async def test_an_answer_that_slack_refuses_in_any_form_is_given_up(server, responder):
    server.statuses = [400, 404]

    assert not await responder.answer(f"{server.url}/commands/1", HELLO)


async def test_blocks_over_slacks_limits_are_not_even_sent(server, responder):
    long = Message("Long", [section("Long"), section("x" * 3001)])

    await responder.answer(f"{server.url}/commands/1", long)

    assert "blocks" not in server.bodies[0]
    assert server.bodies[0]["text"].startswith("Long\nxxx")


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_an_answer_that_failed_is_tried_once_more(server, responder, status):
    server.statuses = [status]

    assert await responder.answer(f"{server.url}/commands/1", HELLO)

    assert len(server.bodies) == 2


async def test_slack_out_of_reach_raises_nothing(server, responder):
    nobody = Responder(responder.session, "http://127.0.0.1:9/api/")

    assert not await nobody.answer("http://127.0.0.1:9/commands/1", HELLO)


@pytest.mark.parametrize("wait", ["5.5", "60"])
async def test_an_answer_that_would_be_late_is_not_tried_before_slack_wants_it(server, responder, wait):
    server.statuses, server.retry_after = [429], wait

    assert not await responder.answer(f"{server.url}/commands/1", HELLO)

    assert len(server.bodies) == 1


async def test_an_answer_goes_by_the_proxy_that_slack_is_reached_by(server, responder):
    behind = Responder(responder.session, "http://slack.test/api/", proxy=server.url)

    assert await behind.answer("http://slack.test/commands/1", HELLO)

    assert len(server.bodies) == 1
