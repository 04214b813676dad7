"""What is filled in on a modal reaches the app."""

from playwright.async_api import expect

from tests.browser.every_part.parts import FAST, NOON_IN_NEW_YORK, SLOW, field, form, option, plain

BEGUN = {
    "type": "rich_text",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "See you "},
                {"type": "text", "text": "soon", "style": {"bold": True}},
            ],
        },
        {
            "type": "rich_text_list",
            "style": "ordered",
            "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "one"}]}],
        },
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "said"}]},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "code :tada:"}]},
    ],
}
TYPED = {
    "Plain text": "ACME",
    "Plain text (lines)": "one\ntwo",
    "Email text": "jo@acme.example",
    "Url text": "https://acme.example",
    "Number": "42",
    "Datepicker": "2026-03-04",
    "Timepicker": "09:30",
    "Datetimepicker": "2026-03-04T12:00",
}


async def test_everything_typed_into_a_modal_is_in_its_submission(desk, tmp_path):
    loa = tmp_path / "loa.pdf"
    loa.write_bytes(b"%PDF")
    await desk.open("Every input")

    for name, text in TYPED.items():
        await desk.field(name).fill(text)
    await desk.field("File").set_input_files(loa)
    await expect(desk.modal.get_by_text("loa.pdf")).to_be_visible()
    await desk.submit()

    values = await desk.app.values()
    held = by_action(values)
    assert values["b0"]["plain_text_input"]["value"] == "ACME"
    assert values["b1"]["plain_text_input"]["value"] == "one\ntwo"
    assert held["email_text_input"]["value"] == "jo@acme.example"
    assert held["url_text_input"]["value"] == "https://acme.example"
    assert held["number_input"]["value"] == "42"
    assert held["file_input"]["files"][0]["name"] == "loa.pdf"
    assert held["datepicker"]["selected_date"] == "2026-03-04"
    assert held["timepicker"]["selected_time"] == "09:30"
    assert held["datetimepicker"]["selected_date_time"] == NOON_IN_NEW_YORK
    await expect(desk.modal).to_be_hidden()


async def test_everything_chosen_in_a_modal_is_in_its_submission(desk):
    await desk.open("Every input")

    await desk.choose("Static select", "T-Mobile")
    await desk.choose("Multi static select", "Fast")
    await desk.search("External select", "peer", "Peerless")
    await desk.search("Multi external select", "o", "Onvoy")
    await desk.choose("Users select", "omar")
    await desk.choose("Channels select", "#porting")
    await desk.page.get_by_role("radio", name="Fast within a day").check()
    await desk.page.get_by_role("checkbox", name="Slow").check()
    await desk.submit()

    held = by_action(await desk.app.values())
    assert held["static_select"]["selected_option"]["value"] == "tmo"
    assert held["multi_static_select"]["selected_options"] == [FAST]
    assert held["external_select"]["selected_option"]["value"] == "peerless"
    assert held["multi_external_select"]["selected_options"] == [option("onvoy", "Onvoy")]
    assert held["users_select"]["selected_user"] == desk.slack.person("omar").id
    assert held["multi_users_select"]["selected_users"] == []
    assert held["channels_select"]["selected_channel"] == desk.slack.channel("porting").id
    assert held["radio_buttons"]["selected_option"] == FAST
    assert held["checkboxes"]["selected_options"] == [SLOW]


def by_action(values):
    """What inputs hold, by their action_id."""
    return {action: held for inputs in values.values() for action, held in inputs.items()}


async def test_what_a_menu_began_with_can_be_taken_back(desk):
    await desk.open("Steps")
    await desk.field("Name").fill("ACME")
    await expect(desk.field("Carrier")).to_have_value("Lumen")

    await desk.button("Clear the choice").click()
    await desk.submit()

    assert by_action(await desk.app.values())["static_select"]["selected_option"] is None


async def test_the_editor_gives_rich_text(desk):
    await desk.open("Every input")
    editor = desk.field("Rich text")

    await editor.press_sequentially("See ")
    await desk.button("Bold").click()
    await editor.press_sequentially("this")
    await desk.button("Bold").click()
    await editor.press_sequentially(" ")
    await desk.button("Link").click()
    await desk.field("Address of the link").fill("https://acme.example/")
    await desk.button("Add link").click()
    await editor.press("End")
    await editor.press("Enter")
    await desk.button("Bulleted list").click()
    await editor.press_sequentially("one")
    await editor.press("Enter")
    await editor.press_sequentially("two")
    await desk.submit()

    values = await desk.app.values()
    [line, points] = values["b5"]["rich_text_input"]["rich_text_value"]["elements"]
    assert line["elements"] == [
        {"type": "text", "text": "See "},
        {"type": "text", "text": "this", "style": {"bold": True}},
        {"type": "text", "text": " "},
        {"type": "link", "url": "https://acme.example/", "text": "https://acme.example/"},
    ]
    assert (points["type"], points["style"]) == ("rich_text_list", "bullet")
    assert [item["elements"][0]["text"] for item in points["elements"]] == ["one", "two"]


async def test_the_editor_knows_people_channels_and_emoji(desk):
    await desk.open("Every input")

    await desk.field("Rich text").press_sequentially(":tada: @maya in #porting, @nobody")
    await desk.submit()

    values = await desk.app.values()
    [line] = values["b5"]["rich_text_input"]["rich_text_value"]["elements"]
    assert line["elements"] == [
        {"type": "emoji", "name": "tada"},
        {"type": "text", "text": " "},
        {"type": "user", "user_id": desk.slack.person("maya").id},
        {"type": "text", "text": " in "},
        {"type": "channel", "channel_id": desk.slack.channel("porting").id},
        {"type": "text", "text": ", @nobody"},
    ]


async def test_what_stands_in_the_editor_at_first_can_be_added_to(desk):
    begun = {"type": "rich_text_input", "action_id": "words", "initial_value": BEGUN}
    view = form("At first", field(begun, label=plain("Words")))
    await desk.open("Steps")
    await desk.field("Name").fill("ACME")
    desk.app.answer = {"response_action": "update", "view": view}
    await desk.submit()
    await desk.app.arrived()
    desk.app.answer = None

    await expect(desk.field("Words").locator("b")).to_have_text("soon")
    await desk.field("Words").press("End")
    await desk.field("Words").press("!")
    await desk.submit()

    value = (await desk.app.values())["b0"]["words"]["rich_text_value"]
    assert value["elements"][0]["elements"][1] == {"type": "text", "text": "soon!", "style": {"bold": True}}
    assert [part["type"] for part in value["elements"]] == [part["type"] for part in BEGUN["elements"]]


async def test_an_input_that_dispatches_tells_the_app_while_it_is_filled_in(desk):
    await desk.open("Steps")
    await desk.field("Name").fill("ACME")
    await desk.field("Live").fill("now")
    await desk.field("Live").press("Enter")

    told = await desk.app.arrived()
    assert (told["actions"][0]["action_id"], told["actions"][0]["value"]) == ("live", "now")
    assert told["view"]["state"]["values"]["name"]["plain_text_input"]["value"] == "ACME"


async def test_a_form_is_filled_in_by_keys_alone(desk):
    keys = desk.page.keyboard
    await desk.button("Shortcuts").focus()
    await keys.press("Enter")
    await keys.press("Enter")
    await expect(desk.field("Plain text")).to_be_focused()
    await keys.type("ACME")
    await desk.page.get_by_role("combobox", name="Static select", exact=True).focus()
    await keys.press("ArrowDown")
    await keys.type("mob")
    await expect(desk.page.locator(".e-panel").get_by_role("option")).to_have_count(1)
    await keys.press("Enter")
    await keys.press("Tab")
    await expect(desk.button("Clear the choice")).to_be_focused()
    await keys.press("Tab")
    await keys.press("ArrowDown")
    await keys.press("Enter")
    await keys.press("Escape")
    await desk.page.get_by_role("radio", name="Fast within a day").focus()
    await keys.press("ArrowDown")
    await desk.field("Plain text").press("Enter")

    values = await desk.app.values()
    held = by_action(values)
    assert values["b0"]["plain_text_input"]["value"] == "ACME"
    assert held["static_select"]["selected_option"]["value"] == "tmo"
    assert held["multi_static_select"]["selected_options"] == [FAST]
    assert held["radio_buttons"]["selected_option"] == SLOW
