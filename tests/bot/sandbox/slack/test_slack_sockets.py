"""Socket Mode at the stand-in Slack, seen from the wire."""

import asyncio

import aiohttp
import pytest
from aiohttp import web

from bot.sandbox.slack.socket import NotAcknowledged, Socket


async def test_socket_needs_a_fresh_ticket(slack, ticket):
    url = await ticket()

    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(url) as ws:
            hello = await ws.receive_json()
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)

    assert hello["type"] == "hello"
    assert hello["num_connections"] == 1
    assert hello["debug_info"]["approximate_connection_time"] == 18_060


async def test_eleventh_socket_is_one_too_many(slack, ticket):
    async with aiohttp.ClientSession() as session:
        open_sockets = []
        for _ in range(11):
            url = await ticket()
            open_sockets.append(await session.ws_connect(url))
        answers = [(await ws.receive_json())["type"] for ws in open_sockets]
        for ws in open_sockets:
            await ws.close()

    assert answers == ["hello"] * 10 + ["disconnect"]


async def test_envelope_without_acknowledgement_is_not_acked(slack, ticket):
    slack.courier.ack_within_s = 0.05
    url = await ticket()

    async with aiohttp.ClientSession() as session, session.ws_connect(url) as ws:
        await ws.receive_json()
        done = await slack.command("ann", "#porting", "help")
        envelope = await ws.receive_json()

    assert envelope["type"] == "slash_commands"
    assert envelope["accepts_response_payload"]
    assert done.refusal == '/port failed with the error "operation_timeout" (timeout)'


async def test_acknowledgement_of_a_command_may_be_a_message(slack, ticket):
    url = await ticket()

    async with aiohttp.ClientSession() as session, session.ws_connect(url) as ws:
        await ws.receive_json()

        async def answer():
            envelope = await ws.receive_json()
            await ws.send_json({"envelope_id": envelope["envelope_id"], "payload": {"text": "at once"}})

        done, _ = await asyncio.gather(slack.command("ann", "#porting", "help"), answer())

    assert (done.acked, done.text) == (True, "at once")


async def test_socket_that_closes_leaves_its_envelope_unacknowledged(slack, ticket):
    async with aiohttp.ClientSession() as session, session.ws_connect(await ticket()) as ws:
        await ws.receive_json()

        async def leave():
            await ws.receive_json()
            await ws.close()

        done, _ = await asyncio.gather(slack.command("ann", "#porting", "help"), leave())

    assert not done.acked
    assert "connection_failed" in done.refusal


async def test_acknowledgement_of_nothing_is_ignored(slack, ticket):
    async with aiohttp.ClientSession() as session, session.ws_connect(await ticket()) as ws:
        await ws.receive_json()
        await ws.send_str("hello")
        await ws.send_json({"envelope_id": "unknown"})
        await ws.ping()

        assert slack.open_sockets == 1


async def test_acknowledgement_with_bad_blocks_is_refused(slack, app):
    app.answer = {"blocks": [{"type": "nonsense"}]}

    done = await slack.command("ann", "#porting", "help")

    assert (done.acked, done.refusal) == (True, "invalid_blocks")


async def test_refresh_says_why_before_it_closes(slack, ticket):
    slack.sockets.grace_s = 0.01
    async with aiohttp.ClientSession() as session, session.ws_connect(await ticket()) as ws:
        await ws.receive_json()
        refreshing = asyncio.create_task(slack.refresh_sockets("warning"))
        message = await ws.receive_json()
        closing = await ws.receive()
        await refreshing

    assert (message["type"], message["reason"]) == ("disconnect", "warning")
    assert closing.type is aiohttp.WSMsgType.CLOSE
    assert slack.open_sockets == 0


async def test_two_refreshes_at_once_close_a_socket_once(slack, ticket):
    slack.sockets.grace_s = 0.01
    async with aiohttp.ClientSession() as session, session.ws_connect(await ticket()) as ws:
        await ws.receive_json()
        refreshing = asyncio.gather(slack.refresh_sockets("warning"), slack.refresh_sockets("warning"))
        said = [(await ws.receive()).type for _ in range(3)]
        await refreshing

    assert said == [aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.CLOSE]
    assert slack.open_sockets == 0


async def test_socket_that_breaks_under_an_envelope_is_dropped(slack, ticket):
    async with aiohttp.ClientSession() as session, session.ws_connect(await ticket()) as ws:
        await ws.receive_json()
        slack.sockets._open[0].ws._writer.transport.close()

        done = await slack.command("ann", "#porting", "help")

    assert "connection_failed" in done.refusal
    assert slack.open_sockets == 0


async def test_envelope_that_nobody_waits_for_any_more_is_not_failed_again():
    waiting, late = asyncio.Future(), asyncio.Future()
    late.cancel()
    socket = Socket(web.WebSocketResponse(), {"e1": late, "e2": waiting})

    socket.give_up()

    assert late.cancelled()
    assert isinstance(waiting.exception(), NotAcknowledged)
