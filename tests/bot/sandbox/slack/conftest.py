"""The stand-in Slack on a clock turned by hand, with #porting and ann; its pace is off at first."""

import asyncio

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack_workspace import SlackWorkspace


@pytest.fixture
async def slack(clock):
    workspace = SlackWorkspace(now=clock)
    workspace.faults.rate_limit = False
    workspace.add_channel("porting")
    workspace.add_person("ann")
    await workspace.start()
    yield workspace
    await workspace.stop()


@pytest.fixture
def channel(slack):
    return slack.channel("porting").id


@pytest.fixture
def client(slack):
    return AsyncWebClient(token="xoxb-sandbox", base_url=slack.url, retry_handlers=[])


@pytest.fixture
def ticket(client):
    """Fetches the address of a new socket."""

    async def fetch():
        return (await client.apps_connections_open(app_token="xapp-sandbox"))["url"]

    return fetch


class Listener:
    """An app's socket that acknowledges everything with `answer` and keeps the envelopes."""

    def __init__(self, ws):
        self.ws = ws
        self.envelopes = []
        self.answer = None

    async def run(self):
        async for message in self.ws:
            envelope = message.json()
            if "envelope_id" in envelope:
                self.envelopes.append(envelope)
                await self.ws.send_json({"envelope_id": envelope["envelope_id"], "payload": self.answer})


@pytest.fixture
async def app(slack, ticket):
    async with aiohttp.ClientSession() as session, session.ws_connect(await ticket()) as ws:
        listener = Listener(ws)
        running = asyncio.create_task(listener.run())
        await slack.until(lambda: slack.open_sockets)
        yield listener
        running.cancel()
