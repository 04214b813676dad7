"""Every line gets an answer that only the asker sees."""

import asyncio


async def answered(workspace, interaction):
    """Wait until the interaction has been answered for good."""
    await workspace.until(
        lambda: interaction.visible is not None and interaction.text != "Looking…", within_s=10
    )
    return interaction


async def said(workspace, text, *, user="bo", channel="porting"):
    """Type a line and wait for its answer."""
    return await answered(workspace, await workspace.command(user, channel, text))


async def test_a_bare_command_shows_the_menu(desk, workspace):
    answer = await said(workspace, "")

    assert answer.acked
    assert "look anything up" in answer.text
    assert workspace.messages("porting") == []


async def test_help_is_for_the_asker_alone(desk, workspace):
    answer = await said(workspace, "help")

    assert "/port subscribe" in str(answer.blocks)
    assert answer.visible.user == workspace.person("bo").id
