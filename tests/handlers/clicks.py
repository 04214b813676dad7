"""Typing and clicking in the stand-in workspace, up to the final answer."""


async def answered(workspace, interaction):
    """Wait until the interaction has been answered for good."""
    await workspace.until(
        lambda: interaction.visible is not None and interaction.text != "Looking…", within_s=60
    )
    return interaction


async def said(workspace, text, *, user="bo", channel="porting"):
    """Type a line and wait for its answer."""
    return await answered(workspace, await workspace.command(user, channel, text))


async def clicked(workspace, shown, action, *, user="bo", **how):
    """Click on what is shown (a message, or the answer to an interaction) and wait for the answer."""
    place = getattr(shown, "visible", shown)
    return await answered(workspace, await workspace.click(user, place.channel, place, action, **how))


def texts_of(value):
    """All that stands in an answer's blocks, as one text."""
    if isinstance(value, dict):
        return " ".join(texts_of(each) for each in value.values())
    if isinstance(value, list):
        return " ".join(texts_of(each) for each in value)
    return str(value)
