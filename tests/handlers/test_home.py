"""App Home tells what the bot is and how fresh its data is."""

from bot.slack.blocks import check_view
from tests.handlers.clicks import texts_of


async def home_of(workspace, name):
    person = workspace.person(name).id
    await workspace.until(lambda: person in workspace.homes)
    return workspace.homes[person]


async def test_who_opens_the_home_sees_what_the_bot_is_and_how_fresh_its_data_is(desk, workspace):
    await workspace.open_home("bo")

    shown = (await home_of(workspace, "bo")).content
    assert "number ports" in texts_of(shown)
    assert "have not been read yet" in texts_of(shown)
    assert check_view(shown) == []


async def test_the_home_is_published_anew_at_a_click(desk, workspace):
    await workspace.open_home("bo")
    home = await home_of(workspace, "bo")
    before = len(published(workspace))

    await workspace.click("bo", None, home, "Refresh")

    await workspace.until(lambda: len(published(workspace)) > before)


async def test_the_messages_tab_is_no_reason_to_publish(desk, workspace):
    await workspace.event("app_home_opened", {"user": workspace.person("bo").id, "tab": "messages"})

    assert published(workspace) == []


def published(workspace):
    return [call for call in workspace.calls if call.method == "views.publish"]
