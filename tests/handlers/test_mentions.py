"""What people write to the bot, in a channel or to it alone, is answered like the slash command."""

import pytest
from slack_bolt.async_app import AsyncBoltRequest

from handlers.exchanges import exchange_of
from handlers.mentions import line_of
from tests.handlers.clicks import texts_of


@pytest.fixture
def private(workspace):
    """Bo's conversation with the bot."""
    return workspace.dm("bo")


async def whispered(workspace, text, *, user="bo", thread_ts=None):
    """What the person alone sees after a mention in #porting."""
    before = len(workspace.ephemerals)
    mention = await workspace.mention(user, "porting", text, thread_ts=thread_ts)
    await workspace.until(lambda: len(workspace.ephemerals) > before)
    assert mention.acked
    return workspace.ephemerals[-1]


async def told(desk, workspace, place, text, **how):
    """The bot's message in answer to one in a direct conversation."""
    before = len(desk.notices)
    await workspace.mention("bo", place, text, **how)
    await workspace.until(lambda: len(desk.notices) > before)
    return desk.notices[-1]


@pytest.mark.usefixtures("desk")
async def test_a_mention_is_answered_to_the_asker_alone(workspace):
    answer = await whispered(workspace, "help")

    assert (answer.user, answer.via) == (workspace.person("bo").id, "chat.postEphemeral")
    assert answer.thread_ts is None
    assert "All I do begins with" in answer.text
    assert [each.text for each in workspace.messages("porting") if "All I do" in each.text] == []


@pytest.mark.usefixtures("desk")
async def test_a_mention_in_a_thread_is_answered_in_it(workspace):
    first = workspace.write("bo", "porting", "Where is it?")

    answer = await whispered(workspace, "status", thread_ts=first.ts)

    assert answer.thread_ts == first.ts


async def test_a_message_to_the_bot_is_answered_by_a_message(desk, workspace, private):
    notice = await told(desk, workspace, private, "/port help")

    channel_id, message = notice
    assert (channel_id, notice.thread_ts) == (private, None)
    assert "All I do begins with" in message.text
    assert workspace.ephemerals == []


async def test_a_message_in_a_thread_is_answered_in_the_thread(desk, workspace, private):
    first = workspace.write("bo", private, "hello")

    notice = await told(desk, workspace, private, "help", thread_ts=first.ts)

    assert notice.thread_ts == first.ts


async def test_a_slow_answer_is_not_announced_where_it_could_not_be_replaced(
    desk, workspace, private, monkeypatch
):
    monkeypatch.setattr("handlers.desk.A_MOMENT_S", 0)

    _, message = await told(desk, workspace, private, "sr_98f022")
    shown = await whispered(workspace, "sr_98f022")

    assert "sr_98f022" in message.text
    assert "sr_98f022" in shown.text
    assert (len(desk.notices), len(workspace.ephemerals)) == (1, 1)


async def test_what_is_not_understood_gets_the_same_sentence_everywhere(desk, workspace, private):
    _, direct = await told(desk, workspace, private, "subscribe kynd:in")

    mention = await whispered(workspace, "subscribe kynd:in")

    assert mention.text == direct.text
    assert "Did you mean" in direct.text


async def test_a_channel_can_be_subscribed_by_a_mention_and_hears_who_did_it(desk, workspace):
    await whispered(workspace, "subscribe kind:out")

    (subscription,) = await desk.parts.subscriptions.active()
    assert subscription.channel_id == workspace.channel("porting").id
    ((_, notice),) = desk.notices
    assert notice.text.startswith(f"{workspace.person('bo').name} subscribed this channel: ")


@pytest.mark.parametrize("role", ["guest", "stranger"])
async def test_guests_and_strangers_may_look_up_by_a_mention_and_change_nothing(desk, workspace, role):
    workspace.add_person("eve", role=role)
    workspace.put_in("eve", "porting")

    looked = await whispered(workspace, "help", user="eve")
    refused = await whispered(workspace, "subscribe", user="eve")

    assert "All I do begins with" in looked.text
    assert "can't change anything" in refused.text or "can change things" in refused.text
    assert await desk.parts.subscriptions.active() == []


@pytest.mark.usefixtures("desk")
async def test_a_mention_that_slack_delivers_again_is_answered_once(workspace):
    mention = await workspace.mention("bo", "porting", "help")
    await workspace.until(lambda: workspace.ephemerals)

    again = await workspace.deliver_again(mention)

    assert again.acked
    assert len(workspace.ephemerals) == 1


WRITTEN = {
    "type": "message",
    "channel": "D1",
    "channel_type": "im",
    "user": "U1",
    "text": "help",
    "ts": "1.0",
}


@pytest.mark.parametrize(
    "odd",
    [
        {"bot_id": "B1"},
        {"bot_profile": {"id": "B1"}},
        {"subtype": "message_changed", "message": {"text": "help"}},
        {"subtype": "message_deleted"},
        {"subtype": "bot_message"},
        {"edited": {"user": "U1", "ts": "2.0"}},
        {"hidden": True},
        {"user": None},
        {"type": "app_mention"},
        {"channel": "C1"},
        {"channel": None},
    ],
    ids=str,
)
async def test_what_no_person_wrote_to_us_is_not_answered(desk, odd):
    body = {"type": "event_callback", "event_id": f"Ev{odd}", "team_id": "T1", "event": WRITTEN | odd}

    answer = await desk.app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=body))

    assert answer.status == 200
    assert not exchange_of(body).is_spoken
    assert desk.notices == []


async def test_our_own_words_are_not_answered(desk, workspace):
    event = WRITTEN | {"user": workspace.bot_user_id}
    body = {"type": "event_callback", "event_id": "Ev1", "team_id": workspace.team_id, "event": event}

    answer = await desk.app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=body))

    assert answer.status == 200
    assert desk.notices == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("<@UBOT> status", "status"),
        ("<@UBOT>: status", "status"),
        ("<@UBOT|portwire>, /port status", "/port status"),
        ("hey <@UBOT> status", "status"),
        ("sr_98f022 <@UBOT>", "sr_98f022"),
        ("status <@UBOT>?", "status"),
        ("is sr_98f022 done, <@UBOT> ?!", "is sr_98f022 done"),
        ("<@UBOT> ?", "?"),
        ("<@UBOT> status?", "status?"),
        ("<@UBOT>", ""),
        ("status", "status"),
        ("<@U1> and <@UBOT> help", "help"),
    ],
)
def test_the_name_before_a_line_is_left_out(text, line):
    assert line_of(text, "UBOT") == line


def test_without_a_name_of_our_own_the_whole_text_is_the_line():
    assert line_of("<@U1> status", None) == "<@U1> status"


@pytest.mark.parametrize(
    ("facts", "team_id"),
    [
        ({"user_team": "T2", "team": "T1"}, "T2"),
        ({"team": "T2"}, "T2"),
        ({"user_team": "E9"}, "T1"),
        ({}, "T1"),
    ],
)
def test_a_writer_of_another_workspace_is_known_as_one(facts, team_id):
    body = {"type": "event_callback", "team_id": "T1", "event": WRITTEN | facts}

    assert exchange_of(body).team_id == team_id


async def test_a_bare_name_shows_the_menu(desk, workspace, private):
    _, message = await told(desk, workspace, private, f"<@{workspace.bot_user_id}>")

    assert "Newest events" in texts_of(message.blocks)


async def test_what_slack_makes_of_signs_is_undone(desk, workspace):
    await whispered(workspace, "subscribe ref:AT&amp;T")

    [made] = await desk.parts.subscriptions.active()
    assert made.wish.canonical() == "ref:AT&T"
