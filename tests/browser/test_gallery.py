"""Everything that our builders make, and all that the stand-in Slack accepts, is drawn on the page."""

import json

import pytest
from playwright.async_api import expect
from slack_sdk.web.async_client import AsyncWebClient

from bot.messages.events import flat, reply
from bot.messages.orders import card
from bot.messages.rollups import roll_up
from bot.sandbox.slack.block_rules import BLOCKS
from bot.sandbox.slack.chart_rules import CHARTS
from bot.sandbox.slack.input_rules import ELEMENTS, IN_ACTIONS, IN_CONTEXT_ACTIONS, IN_INPUT, IN_SECTION
from bot.sandbox.slack.rich_text_rules import LEAVES, PARTS
from bot.slack.plain import classic, only_text
from docs.gallery_answers import answered
from docs.gallery_scenes import LOOK, NOTICES, ROLL_UPS, SCENES
from tests.browser import axe, builders, kitchen
from tests.browser.looks import DARK, PHONE

HIGH_PX = 12_000  # for so many messages, and the page holds those just outside the view as well
TOGETHER = 40
KITCHEN = kitchen.messages(IN_ACTIONS, IN_SECTION, IN_CONTEXT_ACTIONS)
FORM = kitchen.inputs(IN_INPUT)


def scenes():
    for scene in SCENES:
        yield flat(scene.change, LOOK, subscriptions=("S12",))
        yield card(scene.change, LOOK, subscriptions=("S12",), other_events=scene.other_events)
        yield reply(scene.change, LOOK)
    plainer = card(SCENES[0].change, LOOK, subscriptions=("S12",), may_repeat=True)
    yield from (classic(plainer), only_text(plainer))


def the_rest():
    yield from (roll_up(changes, LOOK, delivery_id="d1") for _, changes in ROLL_UPS)
    yield from (message for _, message in NOTICES)
    yield from (message for _, answers in answered() for _, message in answers)


def kinds_in(value):
    """Every `type` that stands anywhere in it."""
    if isinstance(value, list):
        return {kind for each in value for kind in kinds_in(each)}
    if not isinstance(value, dict):
        return set()
    own = {value["type"]} if isinstance(value.get("type"), str) else set()
    return own | {kind for each in value.values() for kind in kinds_in(each)}


def app_of(slack):
    return AsyncWebClient(slack.bot_token, base_url=slack.url)


async def post(slack, place, messages):
    """Each in the channel, as the app would post it."""
    slack.faults.rate_limit = False
    app = app_of(slack)
    channel = slack.channel(place).id
    for text, blocks in messages:
        await app.chat_postMessage(channel=channel, text=text, blocks=json.loads(json.dumps(blocks)))


async def look_at(page, maya, count):
    """All messages at once, on a screen that is high enough."""
    await page.set_viewport_size({"width": page.viewport_size["width"], "height": HIGH_PX})
    await expect(maya.messages).to_have_count(count)
    unknown = await page.locator("[data-unknown]").evaluate_all(
        "all => all.map(each => each.dataset.unknown)"
    )
    too_wide = (
        "all => all.filter(each => each.scrollWidth > each.clientWidth + 1).map(each => each.textContent)"
    )
    assert (unknown, await maya.messages.evaluate_all(too_wide)) == ([], [])


def test_the_kitchen_has_everything_that_the_stand_in_accepts():
    cooked = kinds_in([KITCHEN, FORM, kitchen.ALERTS])

    assert cooked >= {*BLOCKS, *ELEMENTS, *LEAVES, *PARTS, *CHARTS, "raw_text", "raw_number"}


@pytest.mark.parametrize("looks", [{}, PHONE | DARK], ids=["light", "dark phone"])
@pytest.mark.parametrize("made", [scenes, the_rest])
async def test_every_message_of_ours_is_drawn(made, slack, bare_page, page, maya):
    messages = [(each.text or "App Home", each.blocks) for each in made()]
    for number, begin in enumerate(range(0, len(messages), TOGETHER)):
        some = messages[begin : begin + TOGETHER]
        name = f"gallery-{number}"
        slack.add_channel(name)
        await post(slack, name, some)

        await maya.come(bare_page.url, place=name)

        await look_at(page, maya, len(some))


@pytest.mark.parametrize("looks", [{}, PHONE | DARK], ids=["light", "dark phone"])
async def test_everything_that_slack_accepts_in_a_message_is_drawn(slack, bare_page, page, maya):
    await post(slack, "porting", [("Words", blocks) for blocks in KITCHEN])

    await maya.come(bare_page.url)

    await look_at(page, maya, len(KITCHEN))


@pytest.mark.parametrize("looks", [{}, PHONE | DARK], ids=["light", "dark phone"])
async def test_everything_that_slack_accepts_in_a_modal_is_drawn(slack, bare_page, page, maya):
    await maya.come(bare_page.url)
    pressed = slack.begin("block_actions", "maya", "porting", None)
    form = {"type": "modal", "title": builders.plain("All"), "submit": builders.plain("Send")}

    await app_of(slack).views_open(
        trigger_id=pressed.trigger_id, view=form | {"blocks": [*kitchen.ALERTS, *FORM]}
    )

    dialog = page.get_by_role("dialog")
    await expect(dialog.locator(".b-alert")).to_have_count(len(kitchen.ALERTS))
    await expect(dialog.locator("[data-block]")).to_have_count(len(FORM))
    await expect(page.locator("[data-unknown]")).to_have_count(0)


async def test_what_the_page_does_not_know_can_be_seen(slack, bare_page, page, maya):
    slack.post_as_bot(slack.channel("porting"), "Words", blocks=[{"type": "hologram", "block_id": "h"}])

    await maya.come(bare_page.url)

    await expect(page.locator("[data-unknown=hologram]")).to_be_visible()


@pytest.mark.parametrize("looks", [{}, DARK], ids=["light", "dark"])
async def test_nobody_is_kept_from_reading_it(slack, bare_page, page, maya):
    await post(slack, "porting", [("Words", blocks) for blocks in KITCHEN])
    await maya.come(bare_page.url)
    await look_at(page, maya, len(KITCHEN))

    assert "\n".join(await axe.faults(page)) == ""
