"""The control panel in Chromium, over a sandbox whose bot is killed and whose neighbours fail."""

import re

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.browser import axe
from tests.browser.looks import DARK, PHONE
from tests.browser.panel import Panel
from tests.browser.person import Person
from tests.sandboxes import started


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    """One that may complain: the bot says what it suffers."""
    with started(tmp_path_factory.mktemp("sandbox"), speed="60") as running:
        running.line_with("[Republish]")
        yield running
        assert running.end()[1] == 0


@pytest_asyncio.fixture(loop_scope="session")
async def panel(page, sandbox):
    await Person(page).come(sandbox.url)
    return Panel(page)


async def test_a_killed_bot_loses_and_repeats_nothing(panel, page):
    await expect(panel.state).to_have_text(re.compile("connected to Slack"))
    await panel.button("Kill the bot").click()
    await expect(panel.state).to_have_text(re.compile("was killed"))
    await expect(panel.button("Kill the bot")).to_be_disabled()
    await panel.button("Exception and fix").click()
    await expect(panel.figure("Waiting")).not_to_have_text("0")
    await expect(panel.root).to_contain_text("Events may wait: the bot is not running.")

    await panel.button("Start it again").click()

    await expect(panel.state).to_have_text(re.compile("connected to Slack"))
    await expect(panel.figure("Waiting")).to_have_text("0")
    await expect(panel.figure("Lost")).to_have_text("0")
    await expect(panel.figure("Repeated")).to_have_text("0")


async def test_both_tabs_see_a_switch_move(panel, page, sandbox):
    other = Panel(await page.context.new_page())
    await Person(other.page).come(sandbox.url)
    await expect(other.button("Everything works again")).to_be_disabled()

    await panel.switch("Telnyx", "Slow").click()
    await expect(other.switch("Telnyx", "Slow")).to_be_checked()
    await other.button("Everything works again").click()

    await expect(panel.switch("Telnyx", "Slow")).not_to_be_checked()
    await expect(panel.root).to_contain_text("Telnyx and Slack work.")


async def test_stories_pause_for_all_tabs(panel, page, sandbox):
    other = Panel(await page.context.new_page())
    await Person(other.page).come(sandbox.url)

    await panel.button("Pause").click()
    await expect(other.root).to_contain_text("The stories pause.")
    await other.button("Go on").click()

    await expect(panel.button("Pause")).to_be_visible()


async def test_the_speed_changes_by_the_slider(panel, page, sandbox):
    other = Panel(await page.context.new_page())
    await Person(other.page).come(sandbox.url)
    slider = panel.root.get_by_role("slider", name="Speed of the stories")

    await slider.focus()
    await page.keyboard.press("End")

    await expect(other.root).to_contain_text("1 real minute = 1 d of a story")
    await page.keyboard.press("Home")
    await expect(other.root).to_contain_text("1 real minute = 1 min of a story")
    await expect(slider).to_have_attribute("aria-valuetext", "1 real minute = 1 min of a story")


async def test_a_comment_by_hand_appears_in_the_channel(panel, page):
    await panel.button("Smooth port").click()
    await expect(panel.root).to_contain_text("Begun: Smooth port. Its messages come within seconds.")
    await panel.open("Orders")
    order = await panel.opened_order("port-in")
    await order.get_by_role("button", name="Add comment").click()
    await expect(order.get_by_role("status")).to_have_text("A comment needs some words.")

    await order.get_by_role("textbox", name="Comment").fill("Please confirm the BTN of this line.")
    await panel.pick(order, "Author", "Telnyx's staff")
    await order.get_by_role("button", name="Add comment").click()

    await expect(order.get_by_role("status")).to_have_text("Done: commented.")
    await expect(order.get_by_role("textbox", name="Comment")).to_have_value("")
    await expect(Person(page).message("Please confirm the BTN of this line.")).to_be_visible()


async def test_an_order_is_moved_split_and_dated_by_hand(panel, page):
    await panel.button("Split").click()
    await panel.open("Orders")
    order = await panel.opened_order("5 numbers")

    await panel.pick(order, "Status", "exception")
    await panel.pick(order, "Reason", "Entity name differs")
    await order.get_by_role("button", name="Move it").click()
    await expect(order).to_contain_text("exception")
    await expect(order.get_by_role("status")).to_have_text("Done: moved to exception.")

    await order.get_by_label("FOC (UTC)").fill("2031-05-06T07:08")
    await order.get_by_role("button", name="Change FOC").click()
    await expect(order).to_contain_text("FOC Tue 6 May 07:08 UTC")
    await order.get_by_label("FOC (UTC)").fill("")
    await order.get_by_role("button", name="Change FOC").click()
    await expect(order.get_by_role("status")).to_have_text("That is no date with a time.")

    await panel.pick(order, "Messaging", "exception")
    await order.get_by_role("button", name="Set it").click()
    await expect(order).to_contain_text("messaging exception")

    await order.get_by_label("Numbers that leave").fill("9")
    await order.get_by_role("button", name="Split it").click()
    await expect(order.get_by_role("status")).to_contain_text("at least one stays")
    await order.get_by_label("Numbers that leave").fill("2")
    await order.get_by_role("button", name="Split it").click()
    await expect(panel.orders.get_by_role("listitem").filter(has_text="2 numbers").first).to_be_visible()


async def test_a_burning_port_out_counts_down_and_one_order_is_open_at_a_time(panel, page):
    await panel.button("Port-out that burns down, two minutes left").click()
    await panel.button("Messaging lag").click()
    await panel.open("Orders")
    await expect(panel.orders.get_by_text("port-in").first).to_be_visible()
    await panel.root.get_by_role("textbox", name="Only with these words").fill("port-out pending")
    await expect(panel.orders).to_contain_text(re.compile(r"at the latest in (1\.\d min|\d+ s)"))
    await expect(panel.orders.get_by_text("port-in")).to_have_count(0)

    order = await panel.opened_order("at the latest in")
    await expect(order.get_by_role("button", name="Move it")).to_be_visible()
    await expect(order.get_by_role("button", name="Split it")).to_have_count(0)
    await panel.root.get_by_role("textbox", name="Only with these words").fill("")
    other = await panel.opened_order("port-in")

    await expect(other.get_by_role("button", name="Split it")).to_be_visible()
    await expect(order.get_by_role("button", name="Move it")).to_have_count(0)
    await other.get_by_role("button", expanded=True).first.click()
    await expect(other.get_by_role("button", name="Split it")).to_have_count(0)


async def test_requests_are_listed_and_filtered(panel, page):
    await panel.open("What the bot asks")
    rows = panel.requests.get_by_role("listitem")
    await expect(rows.filter(has_text="chat.postMessage").first).to_be_visible()
    await expect(rows.filter(has_text="porting/events")).to_have_count(0)

    await panel.root.get_by_role("switch", name="Show polls too").click()
    await expect(rows.filter(has_text="porting/events").first).to_be_visible()
    await panel.pick(panel.root, "Side", "Slack")
    await expect(rows.get_by_text("Telnyx", exact=True)).to_have_count(0)
    await panel.root.get_by_role("textbox", name="Only with these words").fill("nothing says this")

    await expect(panel.root).to_contain_text("Nothing yet.")
    await expect(rows).to_have_count(0)


async def test_no_more_than_the_newest_requests_are_in_the_page(panel, page):
    await panel.open("What the bot asks")
    await panel.root.get_by_role("switch", name="Show polls too").click()
    await panel.button("Let Slack refresh its sockets").click()

    rows = panel.requests.get_by_role("listitem")
    await expect(rows.filter(has_text="apps.connections.open").first).to_be_visible()
    assert await rows.count() <= 60


async def test_posts_are_refused_with_the_chosen_error_and_the_bot_says_what_it_suffers(panel, page):
    await panel.open("What the bot asks")
    await panel.pick(panel.root, "Error of refused posts", "token_revoked")
    await panel.switch("Slack", "Refuses posts").click()
    await panel.button("Split").click()

    rows = panel.requests.get_by_role("listitem")
    await expect(rows.filter(has_text="token_revoked").first).to_be_visible()
    await expect(panel.root).to_contain_text("Events may wait: Slack refuses posts")
    await expect(panel.root.get_by_label("What the bot says")).to_contain_text("token_revoked")
    await panel.button("Everything works again").click()

    await expect(panel.figure("Waiting")).to_have_text("0")


@pytest.mark.parametrize("looks", [{}, DARK, PHONE], ids=["light", "dark", "phone"])
async def test_nothing_of_the_panel_keeps_people_from_using_it(panel, page, looks):
    if looks == PHONE:
        await page.get_by_role("button", name="Back").first.click()
        await page.get_by_role("button", name="Controls").click()
    await panel.button("Smooth port").click()
    await panel.open("Orders")
    await panel.open("What the bot asks")
    await panel.opened_order("port-in")
    await expect(panel.requests.get_by_role("listitem").first).to_be_visible()

    assert await axe.faults(page) == []


@pytest.mark.parametrize("looks", [PHONE])
async def test_on_a_phone_the_panel_comes_and_goes_by_a_button(panel, page, looks):
    await expect(panel.root).to_be_hidden()
    await page.get_by_role("button", name="Back").first.click()
    await page.get_by_role("button", name="Controls").click()
    await expect(panel.figure("Lost")).to_have_text("0")

    await panel.button("Close the control panel").click()

    await expect(panel.root).to_be_hidden()
