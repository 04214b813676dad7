"""A small Bolt app that shows every element which people can use, and keeps what reaches it."""

import asyncio
import re

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

ANY = re.compile(".*")
ANY_BUT_SILENT = re.compile("^(?!silent$)")  # Bolt would hand it on to the next listener
CARRIERS = ("Bandwidth", "Lumen", "Onvoy", "Peerless")


def plain(text):
    return {"type": "plain_text", "text": text}


def option(value, text, description=None):
    return {"text": plain(text), "value": value} | (
        {"description": plain(description)} if description else {}
    )


FAST = option("fast", "Fast", "within a day")
SLOW = option("slow", "Slow")
OPTIONS = [FAST, SLOW]
NOON_IN_NEW_YORK = 1_772_643_600  # 2026-03-04 12:00 -05:00
LUMEN = option("lumen", "Lumen")
GROUPS = [
    {"label": plain("Wireline"), "options": [LUMEN, option("onvoy", "Onvoy")]},
    {"label": plain("Wireless"), "options": [option("tmo", "T-Mobile")]},
]
CONFIRM = {
    "title": plain("Cancel the order?"),
    "text": {"type": "mrkdwn", "text": "This can *not* be undone."},
    "confirm": plain("Cancel it"),
    "deny": plain("Keep it"),
    "style": "danger",
}
WORKFLOW = {"trigger": {"url": "https://slack.com/shortcuts/Ft1/x"}}
PRESSED = [
    {"type": "button", "text": plain("Plain"), "value": "p"},
    {"type": "button", "text": plain("Go"), "value": "g", "style": "primary", "accessibility_label": "Go on"},
    {"type": "button", "text": plain("Cancel"), "value": "c", "style": "danger", "confirm": CONFIRM},
    {"type": "button", "text": plain("Manual"), "url": "http://127.0.0.1:9/manual"},
    {"type": "button", "text": plain("Silent"), "action_id": "silent"},
    {"type": "overflow", "options": [option("copy", "Copy"), option("open", "Open")]},
    {"type": "workflow_button", "text": plain("Run"), "workflow": WORKFLOW},
]
CHOSEN = [
    {"type": "static_select", "placeholder": plain("Carrier"), "option_groups": GROUPS},
    {"type": "multi_static_select", "placeholder": plain("Speeds"), "options": OPTIONS},
    {"type": "external_select", "placeholder": plain("Search"), "min_query_length": 1},
    {"type": "multi_external_select", "placeholder": plain("Search many"), "min_query_length": 0},
    {"type": "users_select", "placeholder": plain("Owner")},
    {"type": "multi_users_select", "placeholder": plain("Watchers")},
    {"type": "conversations_select", "placeholder": plain("Where"), "filter": {"include": ["im"]}},
    {"type": "multi_conversations_select", "placeholder": plain("Places")},
    {"type": "channels_select", "placeholder": plain("Channel")},
    {"type": "multi_channels_select", "placeholder": plain("Channels")},
    {"type": "datepicker", "placeholder": plain("Day")},
    {"type": "timepicker", "placeholder": plain("Time")},
    {"type": "datetimepicker"},
    {"type": "radio_buttons", "options": OPTIONS},
    {"type": "checkboxes", "options": OPTIONS},
]
TYPED = [
    {"type": "plain_text_input", "placeholder": plain("One line"), "min_length": 3, "max_length": 20},
    {"type": "plain_text_input", "multiline": True},
    {"type": "email_text_input"},
    {"type": "url_text_input"},
    {"type": "number_input", "is_decimal_allowed": False, "min_value": "1", "max_value": "99"},
    {"type": "rich_text_input", "placeholder": plain("Say it well")},
    {"type": "file_input", "filetypes": ["pdf", "txt"], "max_files": 2},
]
FEEDBACK = [
    {
        "type": "feedback_buttons",
        "action_id": "feedback",
        "positive_button": {"text": plain("Good"), "value": "good"},
        "negative_button": {"text": plain("Bad"), "value": "bad"},
    },
    {"type": "icon_button", "action_id": "bin", "icon": "trash", "text": plain("Delete"), "value": "x"},
]


def with_ids(elements):
    return [{"action_id": f"{element['type']}_{at}"} | element for at, element in enumerate(elements)]


def name_of(element):
    words = element["type"].removesuffix("_input").replace("_", " ").capitalize()
    return f"{words} (lines)" if element.get("multiline") else words


MESSAGE = [
    {
        "type": "section",
        "text": plain("Every part"),
        "accessory": {"type": "button", "text": plain("Beside")},
    },
    {"type": "actions", "block_id": "pressed", "elements": with_ids(PRESSED)},
    {"type": "actions", "block_id": "chosen", "elements": with_ids(CHOSEN)},
    {"type": "context_actions", "block_id": "feedback", "elements": FEEDBACK},
]
EDITED = [
    {"type": "section", "text": plain("Before")},
    {"type": "actions", "elements": [{"type": "button", "action_id": "edit", "text": plain("Edit")}]},
]
LIKE = [
    {
        "type": "actions",
        "block_id": name,
        "elements": [{"type": "button", "action_id": "same", "text": plain(name)}],
    }
    for name in ("first", "second")
]


def field(element, at=0, **more):
    block = {"type": "input", "block_id": f"b{at}", "label": plain(name_of(element)), "optional": True}
    return block | {"element": {"action_id": element["type"]} | element} | more


def form(title, *blocks, **more):
    """A modal."""
    content = {"type": "modal", "title": plain(title), "submit": plain("Send"), "blocks": list(blocks)}
    return content | more


EVERYTHING = form(
    "Every input",
    *[field(element, at) for at, element in enumerate(TYPED + CHOSEN)],
    callback_id="everything",
    close=plain("Never mind"),
    notify_on_close=True,
)
STEPS = form(
    "Steps",
    field(
        TYPED[0], label=plain("Name"), block_id="name", hint=plain("At least three signs."), optional=False
    ),
    field(TYPED[1], label=plain("Live"), block_id="live", dispatch_action=True)
    | {"element": {"type": "plain_text_input", "action_id": "live"}},
    {
        "type": "actions",
        "block_id": "more",
        "elements": [{"type": "button", "action_id": "push", "text": plain("More")}],
    },
    field(CHOSEN[0] | {"initial_option": LUMEN}, block_id="carrier", label=plain("Carrier")),
    callback_id="steps",
    notify_on_close=True,
)
SECOND = form(
    "Second step", field(CHOSEN[13], label=plain("Speed")), callback_id="second", notify_on_close=True
)
HOME = {
    "type": "home",
    "blocks": [
        {"type": "header", "text": plain("Your orders")},
        {"type": "actions", "block_id": "home", "elements": with_ids([PRESSED[0], CHOSEN[0]])},
    ],
}


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
