"""What typed lines do beside slash commands."""

import pytest

from bot.sandbox.keyboard import Keyboard
from bot.sandbox.slack.records import Ephemeral
from bot.sandbox.slack_workspace import SlackWorkspace
from bot.sandbox.workspace import populate


class Booth:
    """A person at the keyboard, and what the app was sent."""

    def __init__(self, slack):
        self.slack, self.who, self.lines, self.sent = slack, populate(slack), [], []
        who = self.who
        self.keyboard = Keyboard(slack, self.lines.append, person=who.account_manager, place=who.porting)

    async def types(self, line):
        await self.keyboard.take(line)
        return self.lines[-1] if self.lines else None

    def post(self, channel, *elements):
        blocks = [{"type": "actions", "block_id": "b", "elements": list(elements)}]
        return self.slack.post_as_bot(self.slack.channel(channel), "card", blocks=blocks)


@pytest.fixture
async def booth(monkeypatch, clock):
    slack = SlackWorkspace(now=clock)
    booth = Booth(slack)

    async def send(interaction, **_):
        booth.sent.append(interaction)

    monkeypatch.setattr(slack, "send", send)
    monkeypatch.setattr(SlackWorkspace, "open_sockets", 1)
    return booth


def button(label, value, **more):
    return {
        "type": "button",
        "action_id": "again",
        "text": {"type": "plain_text", "text": label},
        "value": value,
    } | more


def dialog(**words):
    return {name: {"type": "plain_text", "text": text} for name, text in words.items()}


async def test_a_line_is_a_command_from_where_and_whom_was_chosen(booth):
    assert "you are in #customer-acme" in await booth.types("#customer-acme")
    assert "you are @gus (guest)" in await booth.types("@gus")

    await booth.types("/port help")

    payload = booth.sent[-1].payload
    assert (payload["user_id"], payload["channel_id"]) == (booth.who.guest, booth.who.customer)
    assert payload["text"] == "help"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("#moon", "#porting, #customer-acme"),
        ("@nobody", "@maya, @omar"),
        ("!fly", "!invite"),
        ("/portt status", "/portt is no command here, so Slack sends it nowhere; there is /port"),
        ("/status", "/status is no command here"),
    ],
)
async def test_what_is_not_there_is_told_with_what_is(booth, line, told):
    assert told in await booth.types(line)
    assert not booth.sent


async def test_nobody_goes_to_a_direct_message(booth):
    booth.slack.dm("maya")

    assert "there is no #" in await booth.types(f"#{booth.slack.channel(booth.slack.dm('maya')).name}")


async def test_the_channel_is_changed(booth):
    await booth.types("#customer-acme")
    customer = booth.slack.channel(booth.who.customer)

    await booth.types("!invite")
    assert booth.slack.bot_is_in(customer)
    await booth.types("!archive")
    assert customer.archived
    await booth.types("!unarchive")
    assert not customer.archived


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("@portwire where is ACME-1?", "where is ACME-1?"),
        ("@portwire: status", "status"),
        ("@portwire, status", "status"),
        ("@portwire", ""),
    ],
)
async def test_the_bot_is_mentioned(booth, line, said):
    assert await booth.types(line) is None

    event = booth.sent[-1].payload["event"]
    assert event["type"] == "app_mention"
    assert event["text"].partition("> ")[2] == said


@pytest.mark.parametrize("line", ["@gus hello", "@portwires hello"])
async def test_to_people_nothing_is_said(booth, line):
    assert "alone makes you that person" in await booth.types(line)
    assert not booth.sent


async def test_the_newest_button_of_that_name_is_pressed_and_its_dialog_shown(booth):
    booth.post(booth.who.porting, button("Republish", "old"))
    sure = dialog(title="Sure?", text="It goes out.", confirm="Yes", deny="No")
    booth.post(booth.who.porting, button("Other", "x"), button("Republish", "new", confirm=sure))

    told = await booth.types("!click republish")

    assert booth.sent[-1].payload["actions"][0]["value"] == "new"
    assert told == "#porting  only you  Sure? It goes out. (Yes)"


async def test_an_entry_of_a_menu_is_chosen(booth):
    option = {"text": {"type": "plain_text", "text": "Copy ids"}, "value": "ids"}
    booth.post(booth.who.porting, {"type": "overflow", "action_id": "more", "options": [option]})

    await booth.types("!click Copy ids")

    assert booth.sent[-1].payload["actions"][0]["selected_option"]["value"] == "ids"


async def test_only_what_the_person_sees_is_pressed(booth):
    blocks = [{"type": "actions", "block_id": "b", "elements": [button("More", "x")]}]
    others = Ephemeral(booth.who.porting, booth.who.guest, "1.0", "t", blocks, "ack")
    booth.slack.show_ephemeral(others)

    assert "there is no button More here" in await booth.types("!click More")


async def test_a_window_that_opens_is_shown(booth, monkeypatch):
    booth.post(booth.who.porting, button("More", "x"))
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "*all* of it"}}]
    title = {"type": "plain_text", "text": "Events"}

    async def send(interaction, **_):
        interaction.views.append(booth.slack.keep_view(interaction.user, {"title": title, "blocks": blocks}))

    monkeypatch.setattr(booth.slack, "send", send)
    await booth.types("!click More")

    assert [line.removeprefix("#porting  only you  ") for line in booth.lines] == ["Events", "all of it"]
