"""A small Bolt app that shows every element which people can use, and keeps what reaches it."""

import asyncio
import re

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.browser.every_part.parts import EDITED, EVERYTHING, HOME, MESSAGE, SECOND, STEPS, option, plain

ANY = re.compile(".*")
ANY_BUT_SILENT = re.compile("^(?!silent$)")  # Bolt would hand it on to the next listener
CARRIERS = ("Bandwidth", "Lumen", "Onvoy", "Peerless")


class EveryPartApp:
    """Connect it to a stand-in; `arrived()` gives what reached it next."""

    def __init__(self, slack):
        self.client = AsyncWebClient(token=slack.bot_token, base_url=slack.url, retry_handlers=[])
        self.answer = None  # what the next submissions are acknowledged with
        self._arrivals = asyncio.Queue()
        app = AsyncApp(client=self.client, signing_secret=slack.signing_secret)
        app.action("silent")(self._silence)
        app.action("push")(self._push)
        app.action("edit")(self._edit)
        app.action(ANY_BUT_SILENT)(self._keep)
        app.options(ANY)(self._suggest)
        app.view(ANY)(self._submitted)
        app.view_closed(ANY)(self._keep)
        app.shortcut(ANY)(self._shortcut)
        app.event("app_mention")(self._mentioned)
        app.event("app_home_opened")(self._home)
        self._handler = AsyncSocketModeHandler(app, slack.app_token)

    async def connect(self):
        await self._handler.connect_async()

    async def close(self):
        await self._handler.close_async()

    def forget(self):
        self.answer = None
        while not self._arrivals.empty():
            self._arrivals.get_nowait()

    async def arrived(self):
        """The payload that came next."""
        return await asyncio.wait_for(self._arrivals.get(), 30)

    async def action(self):
        """The action in the payload that came next, without what is new each time."""
        [action] = (await self.arrived())["actions"]
        return {name: value for name, value in action.items() if name != "action_ts"}

    async def values(self):
        """What the inputs of a view held, in the payload that came next."""
        return (await self.arrived())["view"]["state"]["values"]

    async def _keep(self, ack, body):
        await ack()
        self._arrivals.put_nowait(body)

    async def _silence(self):
        """Never acknowledged."""

    async def _edit(self, ack, body, client):
        await ack()
        blocks = [{"type": "section", "text": plain("After")}, EDITED[1]]
        where = {"channel": body["channel"]["id"], "ts": body["message"]["ts"]}
        await client.chat_update(**where, text="After", blocks=blocks)

    async def _push(self, ack, body, client):
        await ack()
        await client.views_push(trigger_id=body["trigger_id"], view=SECOND)

    async def _suggest(self, ack, payload):
        found = [name for name in CARRIERS if payload["value"].lower() in name.lower()]
        await ack(options=[option(name.lower(), name) for name in found])

    async def _submitted(self, ack, body):
        await ack(**(self.answer or {}))
        self._arrivals.put_nowait(body)

    async def _shortcut(self, ack, body, client, shortcut):
        await ack()
        views = {"everything": EVERYTHING, "steps": STEPS}
        await client.views_open(trigger_id=body["trigger_id"], view=views[shortcut["callback_id"]])

    async def _mentioned(self, event, say):
        await say(text="Every part", blocks=MESSAGE, thread_ts=event.get("thread_ts"))

    async def _home(self, event, client):
        await client.views_publish(user_id=event["user"], view=HOME)
