"""Modals do what the app answers, and tell it when they are left."""

from playwright.async_api import expect

from tests.browser.every_part.parts import SECOND, STEPS, form, plain


async def test_errors_stand_at_their_inputs_and_the_first_has_the_focus(desk):
    await desk.open("Steps")
    await desk.submit()
    await expect(desk.modal.get_by_text("Please complete this required field.")).to_be_visible()

    desk.app.answer = {"response_action": "errors", "errors": {"name": "That name is taken."}}
    await desk.field("Name").fill("ACME")
    await desk.submit()
    await desk.app.arrived()

    await expect(desk.field("Name")).to_be_focused()
    await expect(desk.field("Name")).to_have_accessible_description("That name is taken.")
    await desk.field("Name").fill("GLOBEX")
    await expect(desk.field("Name")).to_have_accessible_description("At least three signs.")


async def test_views_are_updated_pushed_left_and_cleared(desk):
    await desk.open("Steps")
    await desk.field("Name").fill("ACME")
    desk.app.answer = {"response_action": "update", "view": STEPS | {"title": plain("Next step")}}
    await desk.submit()
    await desk.app.arrived()
    await expect(desk.modal.get_by_role("heading", name="Next step")).to_be_visible()
    await expect(desk.field("Name")).to_have_value("ACME")

    desk.app.answer = {"response_action": "push", "view": SECOND}
    await desk.submit()
    await desk.app.arrived()
    await expect(desk.modal.get_by_role("heading", name="Second step")).to_be_visible()
    await desk.button("Back").click()
    assert (await desk.app.arrived())["is_cleared"] is False
    await expect(desk.field("Name")).to_have_value("ACME")

    await desk.button("More").click()
    await expect(desk.modal.get_by_role("heading", name="Second step")).to_be_visible()
    desk.app.answer = {"response_action": "clear"}
    await desk.submit()
    await expect(desk.modal).to_be_hidden()


async def test_a_view_says_where_the_focus_goes_and_keys_send_it(desk):
    await desk.open("Steps")
    await desk.button("More").press("Enter")
    await expect(desk.field("Note")).to_be_focused()

    await desk.page.keyboard.type("soon")
    await desk.page.keyboard.press("Control+Enter")

    assert (await desk.app.values())["note"]["plain_text_input"]["value"] == "soon"
    await expect(desk.modal.get_by_role("heading", name="Steps")).to_be_visible()


async def test_esc_closes_the_whole_modal_and_tells_each_view(desk):
    await desk.open("Steps")
    await desk.button("More").click()
    await expect(desk.modal.get_by_role("heading", name="Second step")).to_be_visible()

    await desk.page.keyboard.press("Escape")

    closed = [await desk.app.arrived() for _ in range(2)]
    assert [(each["view"]["callback_id"], each["is_cleared"]) for each in closed] == [
        ("second", True),
        ("steps", True),
    ]
    await expect(desk.modal).to_be_hidden()
    await expect(desk.button("Shortcuts")).to_be_focused()


async def test_an_answer_that_slack_refuses_is_said_in_the_modal(desk):
    await desk.open("Steps")
    await desk.field("Name").fill("ACME")
    desk.app.answer = {"response_action": "update", "view": form("Bad")}

    await desk.submit()

    await expect(desk.modal.get_by_role("alert").filter(has_text="invalid_arguments")).to_be_visible()
