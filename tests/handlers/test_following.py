"""What a channel follows is changed from the channel itself, by those who may, and the channel is told."""

import pytest

from bot.filters import parse
from tests.handlers.clicks import clicked, said, texts_of


def told(desk, workspace, channel="porting"):
    """The notices for a channel."""
    channel_id = workspace.channel(channel).id
    return [message.text for place, message in desk.notices if place == channel_id]


async def audit_rows(database):
    async with database.reading() as tx:
        rows = await tx.exec_driver_sql("SELECT actor_id, action, outcome, detail FROM audit ORDER BY id")
        return [tuple(row) for row in rows]


async def test_a_subscription_is_made_and_the_channel_is_told(desk, workspace):
    answer = await said(workspace, "subscribe kind:in")

    assert "S1" in answer.text
    assert [each.command for each in await desk.parts.subscriptions.active()] == ["subscribe kind:in"]
    assert "bo" in told(desk, workspace)[0]
    assert "`subscribe kind:in`" in told(desk, workspace)[0]


async def test_the_same_filter_again_tells_what_it_was_before(desk, workspace):
    await said(workspace, "subscribe kind:in")
    await said(workspace, "subscribe kind:in style:flat")

    assert "`subscribe kind:in` → `subscribe kind:in style:flat`" in told(desk, workspace)[-1]
    assert len(await desk.parts.subscriptions.active()) == 1


async def test_what_changes_nothing_is_not_told_to_the_channel(desk, workspace):
    await said(workspace, "subscribe kind:in")
    answer = await said(workspace, "subscribe kind:in")

    assert "already" in answer.text
    assert len(told(desk, workspace)) == 1


async def test_a_subscription_is_ended_and_the_channel_is_told(desk, workspace):
    await said(workspace, "subscribe kind:in")
    await said(workspace, "unsubscribe S1")

    assert await desk.parts.subscriptions.active() == []
    assert len(told(desk, workspace)) == 2
    assert "bo" in told(desk, workspace)[-1]
    assert "`subscribe kind:in`" in told(desk, workspace)[-1]


async def test_all_of_a_channel_are_ended_and_none_of_another(desk, workspace):
    workspace.add_channel("sales")
    await said(workspace, "subscribe kind:in")
    await said(workspace, "subscribe kind:out")
    await said(workspace, "subscribe kind:out", channel="sales")

    await said(workspace, "unsubscribe all")

    left = await desk.parts.subscriptions.active()
    assert [each.channel_id for each in left] == [workspace.channel("sales").id]


async def test_a_subscription_of_another_channel_is_not_ended_from_here(desk, workspace):
    workspace.add_channel("sales")
    await said(workspace, "subscribe kind:in", channel="sales")

    answer = await said(workspace, "unsubscribe S1")

    assert "This channel has no S1." in answer.text
    assert len(await desk.parts.subscriptions.active()) == 1


async def test_undo_takes_a_subscription_back(desk, workspace):
    answer = await said(workspace, "subscribe kind:in")
    await clicked(workspace, answer, "Undo")

    assert await desk.parts.subscriptions.active() == []


@pytest.mark.parametrize(("scope", "expected"), [("here", 1), ("mine", 2), ("all", 3)])
async def test_subscriptions_are_listed_here_mine_and_all(desk, workspace, scope, expected):
    workspace.add_channel("sales")
    workspace.add_person("eve", role="member")
    await said(workspace, "subscribe kind:in")
    await said(workspace, "subscribe kind:in", channel="sales")
    await said(workspace, "subscribe kind:out", channel="sales", user="eve")

    answer = await said(workspace, f"subs {scope}")

    assert texts_of(answer.blocks).count("/port subscribe kind:") == expected


async def test_long_lists_are_paged(desk, workspace):
    for number in range(20):
        await said(workspace, f"subscribe ref:CUSTOMER{number:02}*")

    first = await said(workspace, "subs")
    assert "CUSTOMER00" in texts_of(first.blocks)
    assert "CUSTOMER19" not in texts_of(first.blocks)

    second = await clicked(workspace, first, "Next")
    third = await clicked(workspace, second, "Next")

    assert "CUSTOMER19" in texts_of(third.blocks)


async def test_a_public_channel_is_joined(desk, workspace):
    workspace.add_channel("customer", bot_member=False)

    await said(workspace, "subscribe kind:in", channel="customer")

    assert workspace.bot_is_in(workspace.channel("customer"))


async def test_a_private_channel_without_the_bot_is_followed_and_an_invitation_asked_for(desk, workspace):
    workspace.add_channel("secret", private=True, bot_member=False)

    answer = await said(workspace, "subscribe kind:in", channel="secret")

    assert "/invite" in texts_of(answer.blocks)
    assert len(await desk.parts.subscriptions.active()) == 1


async def test_an_archived_channel_is_not_followed(desk, workspace):
    workspace.archive("porting")

    answer = await said(workspace, "subscribe kind:in")

    assert "archived" in answer.text
    assert await desk.parts.subscriptions.active() == []


async def test_a_direct_message_with_the_bot_can_follow_and_nobody_else_is_told(desk, workspace):
    direct = workspace.dm("bo")

    answer = await said(workspace, "subscribe kind:in", channel=direct)

    assert "S1" in answer.text
    assert desk.notices == []
    assert [each.channel_id for each in await desk.parts.subscriptions.active()] == [direct]


async def test_a_history_that_cannot_be_read_is_said_and_remembered(desk, workspace, database):
    workspace.faults.history_refuse = "missing_scope"

    answer = await said(workspace, "subscribe kind:in")

    assert "history" in texts_of(answer.blocks)
    async with database.reading() as tx:
        rows = await tx.exec_driver_sql("SELECT history_refused FROM channel")
        assert rows.scalar() == "missing_scope"


@pytest.mark.parametrize("role", ["guest", "stranger"])
async def test_guests_and_strangers_change_nothing_and_that_is_recorded(desk, workspace, database, role):
    eve = workspace.add_person("eve", role=role)

    answer = await said(workspace, "subscribe kind:in", user="eve")

    assert "can look things up" in answer.text or "can read here" in answer.text
    assert await desk.parts.subscriptions.active() == []
    assert await audit_rows(database) == [(eve, "subscribe", "denied", role)]


@pytest.mark.parametrize("role", ["guest", "stranger"])
async def test_guests_and_strangers_may_read(desk, workspace, role):
    workspace.add_person("eve", role=role)

    answer = await said(workspace, "subs", user="eve")

    assert "follows nothing" in answer.text


@pytest.mark.parametrize("operators", [("U0EVE",)])
async def test_where_operators_are_named_the_others_only_read(desk, workspace):
    answer = await said(workspace, "subscribe kind:in")

    assert "only operators" in answer.text
    assert await desk.parts.subscriptions.active() == []


async def test_a_conversation_between_people_is_not_followed(desk, workspace):
    workspace.add_person("eve", role="member")

    answer = await said(workspace, "subscribe kind:in", channel=workspace.dm("eve"))

    assert "conversation between people" in answer.text
    assert await desk.parts.subscriptions.active() == []


@pytest.mark.parametrize("method", ["conversations.info", "conversations.history"])
@pytest.mark.parametrize("error", ["ratelimited", "missing_scope"])
async def test_a_subscription_is_made_even_where_slack_tells_nothing(desk, workspace, method, error):
    workspace.faults.refuse[method] = error

    answer = await said(workspace, "subscribe kind:in")

    assert "S1" in answer.text


async def test_a_direct_message_is_followed_even_where_slack_tells_nothing(desk, workspace):
    workspace.faults.refuse["conversations.open"] = "missing_scope"

    answer = await said(workspace, "subscribe kind:in", channel=workspace.dm("bo"))

    assert "did not tell me" in texts_of(answer.blocks)


async def test_a_public_channel_that_cannot_be_joined_asks_for_an_invitation(desk, workspace):
    workspace.add_channel("customer", bot_member=False)
    workspace.faults.refuse["conversations.join"] = "restricted_action"

    answer = await said(workspace, "subscribe kind:in", channel="customer")

    assert "/invite" in texts_of(answer.blocks)


async def test_of_many_that_end_at_once_the_notice_names_some(desk, workspace):
    for number in range(7):
        await said(workspace, f"subscribe ref:C{number}")

    await said(workspace, "unsubscribe all")

    assert "ended 7 subscriptions of this channel: " in told(desk, workspace)[-1]
    assert "; and 2 more." in told(desk, workspace)[-1]


async def test_a_wish_that_can_never_come_true_is_made_with_a_warning(desk, workspace):
    answer = await said(workspace, "subscribe kind:out ref:ACME")

    assert "By itself it can never match: port-outs carry no customer reference." in texts_of(answer.blocks)
    assert len(await desk.parts.subscriptions.active()) == 1


async def test_all_lines_that_ended_are_told_however_many_messages_that_takes(desk, workspace):
    values = ",".join(f"CUSTOMER-{number:03}" for number in range(70))
    for number in range(70):
        await desk.parts.subscriptions.follow(
            workspace.channel("porting").id, workspace.team_id, "U1", parse(f"ref:{values},{number}")
        )

    lines = [each.command for each in await desk.parts.subscriptions.active()]

    answer = await said(workspace, "unsubscribe all")

    def missing():
        told = texts_of([answer.responses[0].body, *(each.blocks for each in workspace.ephemerals)])
        return [line for line in lines if f"/port {line}" not in told]

    await workspace.until(lambda: missing() == [], within_s=60)
    assert len([each for each in workspace.ephemerals if each.via == "chat.postEphemeral"]) > 1
