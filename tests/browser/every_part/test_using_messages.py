"""What an app shows in messages and in its Home can be used, and the app is told."""

import pytest
from playwright.async_api import expect

from bot.sandbox.slack.block_rules import elements_of
from bot.sandbox.slack.input_rules import ELEMENTS
from tests.browser import axe
from tests.browser.every_part.parts import (
    EDITED,
    EVERYTHING,
    FAST,
    LIKE,
    MESSAGE,
    NOON_IN_NEW_YORK,
    SLOW,
    option,
)


async def test_each_button_tells_the_app_what_was_pressed(desk):
    await desk.post(MESSAGE)
    pressed = []
    for name in ("Beside", "Plain", "Go on", "Bad", "Delete"):
        await desk.button(name).click()
        pressed.append((await desk.app.action()).get("value"))
    async with desk.page.context.expect_page() as other:
        await desk.page.get_by_role("link", name="Manual").click()

    assert pressed == [None, "p", "g", "bad", "x"]
    assert (await desk.app.action())["text"]["text"] == "Manual"
    await (await other.value).close()


async def test_a_confirm_dialog_stands_before_the_click(desk):
    await desk.post(MESSAGE)
    dialog = desk.page.get_by_role("alertdialog", name="Cancel the order?")

    await desk.button("Cancel").click()
    await expect(dialog).to_contain_text("This can not be undone.")
    await expect(desk.button("Keep it")).to_be_focused()
    await desk.page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await expect(desk.button("Cancel")).to_be_focused()
    await desk.button("Cancel").click()
    await desk.button("Cancel it").click()
    await expect(dialog).to_be_hidden()
    await desk.button("Plain").click()

    assert [(await desk.app.action())["value"] for _ in range(2)] == ["c", "p"]


async def test_an_app_that_does_not_answer_is_named_beside_the_button(desk, monkeypatch):
    monkeypatch.setattr(desk.slack.courier, "ack_within_s", 0.5)
    await desk.post(MESSAGE)

    await desk.button("Silent").click()
    await expect(desk.button("Silent")).to_have_attribute("aria-busy", "true")
    await expect(desk.page.get_by_role("alert").filter(has_text="the app did not answer")).to_be_visible()
    await desk.button("Run").click()

    await expect(desk.page.get_by_role("alert").filter(has_text="workflow")).to_be_visible()
    await expect(desk.button("Silent")).to_have_attribute("aria-busy", "false")


async def test_like_buttons_are_told_apart(desk):
    await desk.post(LIKE)

    await desk.button("second").click()

    assert (await desk.app.action())["block_id"] == "second"


async def test_the_focus_stays_when_the_app_edits_the_message(desk):
    await desk.post(EDITED)

    await desk.button("Edit").press("Enter")

    await expect(desk.person.message("After")).to_be_visible()
    await expect(desk.button("Edit")).to_be_focused()


async def test_boxes_that_are_ticked_fast_are_all_told(desk):
    await desk.post(MESSAGE)

    for name in ("Fast within a day", "Slow"):
        await desk.page.get_by_role("checkbox", name=name).check()

    await desk.app.action()
    assert (await desk.app.action())["selected_options"] == [FAST, SLOW]


async def test_an_overflow_menu_is_walked_by_keys(desk):
    await desk.post(MESSAGE)
    opener = desk.button("More options")

    await opener.press("ArrowDown")
    await expect(desk.page.get_by_role("menuitem", name="Copy")).to_be_focused()
    await desk.page.keyboard.press("Escape")
    await expect(opener).to_be_focused()
    await opener.press("Enter")
    await desk.page.keyboard.press("ArrowUp")
    await desk.page.keyboard.press("Enter")

    assert (await desk.app.action())["selected_option"]["value"] == "open"


async def test_each_menu_of_a_message_tells_what_was_chosen(desk):
    await desk.post(MESSAGE)
    porting, acme = desk.slack.channel("porting").id, desk.slack.channel("customer-acme").id
    maya, omar = desk.slack.person("maya").id, desk.slack.person("omar").id
    chosen = {
        "Carrier": (["Onvoy"], "selected_option", option("onvoy", "Onvoy")),
        "Speeds": (["Slow", "Fast"], "selected_options", [SLOW, FAST]),
        "Owner": (["omar"], "selected_user", omar),
        "Watchers": (["omar", "maya"], "selected_users", [omar, maya]),
        "Where": (["@portwire"], "selected_conversation", desk.slack.dm("maya")),
        "Places": (["#customer-acme", "#porting"], "selected_conversations", [acme, porting]),
        "Channel": (["#porting"], "selected_channel", porting),
        "Channels": (["#porting", "#customer-acme"], "selected_channels", [porting, acme]),
    }
    for name, (options, field, value) in chosen.items():
        await desk.choose(name, *options)
        action = await desk.app.action()
        assert (name, action.get(field)) == (name, value), action


async def test_the_app_suggests_what_an_external_menu_offers(desk):
    await desk.post(MESSAGE)

    await desk.search("Search", "lum", "Lumen")
    one = await desk.app.action()
    await desk.search("Search many", "on", "Onvoy")
    many = await desk.app.action()
    await desk.page.get_by_role("combobox", name="Search", exact=True).fill("zzz")

    await expect(desk.page.get_by_role("status").filter(has_text="No results")).to_be_visible()
    assert one["selected_option"] == option("lumen", "Lumen")
    assert many["selected_options"] == [option("onvoy", "Onvoy")]


async def test_dates_and_boxes_of_a_message_tell_what_was_chosen(desk):
    await desk.post(MESSAGE)
    fields = [
        ("Day", "2026-03-04", {"selected_date": "2026-03-04"}),
        ("Time", "09:30", {"selected_time": "09:30"}),
        ("Choose a date and time", "2026-03-04T12:00", {"selected_date_time": NOON_IN_NEW_YORK}),
    ]
    for name, text, holds in fields:
        await desk.field(name).fill(text)
        assert holds.items() <= (await desk.app.action()).items()

    await desk.page.get_by_role("radio", name="Slow").check()
    one = await desk.app.action()
    await desk.page.get_by_role("checkbox", name="Fast within a day").check()
    many = (await desk.app.arrived())["state"]["values"]["chosen"]

    assert one["selected_option"] == SLOW
    assert many["checkboxes_14"]["selected_options"] == [FAST]
    assert many["datepicker_10"]["selected_date"] == "2026-03-04"


async def test_a_mention_a_message_shortcut_and_the_home_reach_the_app(desk):
    await desk.person.write("@portwire show me")
    message = desk.person.message("Every part")
    await expect(message).to_be_visible()
    await message.hover()
    await desk.person.choose(message.get_by_role("button", name="More actions"), "Steps of this")
    await expect(desk.modal.get_by_role("heading", name="Steps")).to_be_visible()
    await desk.button("Close").first.click()
    await desk.app.arrived()

    await desk.person.go("portwire")
    await desk.page.get_by_role("tab", name="Home").click()
    await desk.button("Plain").click()

    pressed = await desk.app.arrived()
    assert pressed["view"]["type"] == "home"
    assert pressed["actions"][0]["value"] == "p"


def test_every_element_that_slack_accepts_is_shown():
    blocks = [*MESSAGE, *EVERYTHING["blocks"]]
    shown = {
        element["type"] for block in blocks for element in [*elements_of(block), *block.get("elements", [])]
    }

    assert shown == ELEMENTS.keys()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 390)])
async def test_nothing_of_it_is_unknown_or_hidden_from_a_screen_reader(desk, scheme, width):
    await desk.post(MESSAGE)
    await expect(desk.page.get_by_role("radio").first).to_be_attached()
    await desk.page.emulate_media(color_scheme=scheme)
    await desk.page.set_viewport_size({"width": width, "height": 800})
    assert await desk.page.locator(".unknown").count() == 0
    assert await axe.faults(desk.page) == []

    await desk.open("Every input")
    await desk.page.get_by_role("combobox", name="Static select", exact=True).click()
    assert await desk.page.locator(".unknown").count() == 0
    assert len(EVERYTHING["blocks"]) == await desk.modal.locator(".e-block").count()
    assert await axe.faults(desk.page) == []
