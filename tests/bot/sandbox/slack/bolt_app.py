"""A small Bolt app that writes down what reaches it."""

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

BUTTON = {
    "type": "button",
    "action_id": "republish",
    "value": "e1",
    "text": {"type": "plain_text", "text": "Republish"},
    "confirm": {
        "title": {"type": "plain_text", "text": "Republish?"},
        "text": {"type": "mrkdwn", "text": "Goes to e-mail."},
        "confirm": {"type": "plain_text", "text": "Republish"},
        "deny": {"type": "plain_text", "text": "No"},
    },
}
FORM = {
    "type": "modal",
    "callback_id": "form",
    "title": {"type": "plain_text", "text": "Follow"},
    "submit": {"type": "plain_text", "text": "Save"},
    "blocks": [
        {
            "type": "input",
            "block_id": "filters",
            "label": {"type": "plain_text", "text": "Filters"},
            "element": {"type": "plain_text_input", "action_id": "text", "max_length": 20},
        }
    ],
}


class App:
    """A small Bolt app that writes down what reaches it."""

    def __init__(self, slack):
        self.seen = []
        self.client = AsyncWebClient(token="xoxb-sandbox", base_url=slack.url, retry_handlers=[])
        self.bolt = AsyncApp(client=self.client, signing_secret=slack.signing_secret)
        self.bolt.command("/port")(self.on_command)
        self.bolt.action("republish")(self.on_click)
        self.bolt.view("form")(self.on_submit)
        self.bolt.event("channel_archive")(self.on_event)
        self.bolt.event("app_mention")(self.on_event)

    async def on_command(self, ack, respond, command):
        await ack()
        self.seen.append(("command", command["text"]))
        await respond(f"You said {command['text']}")

    async def on_click(self, ack, body, client):
        await ack()
        self.seen.append(("click", body["actions"][0]["value"]))
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)

    async def on_submit(self, ack, view):
        text = view["state"]["values"]["filters"]["text"]["value"]
        if text == "bad":
            await ack(response_action="errors", errors={"filters": "That is no filter."})
            return
        await ack()
        self.seen.append(("submit", text))

    async def on_event(self, event, request):
        retries = request.headers.get("x-slack-retry-num", ["0"])[0]
        self.seen.append((event["type"], retries))
