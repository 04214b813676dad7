"""What 5,000 cards in a channel cost: `python -m tests.browser.long_channel` prints the figures.

No test compares seconds; the tests beside this file hold what does not depend on the machine.
"""

import asyncio
import os
import statistics
import time
from pathlib import Path

from playwright.async_api import async_playwright, expect
from slack_sdk.web.async_client import AsyncWebClient

from bot.messages.orders import card
from bot.sandbox.page.server import Page
from bot.sandbox.page.tab import Offer, Tabs
from bot.sandbox.slack_workspace import SlackWorkspace
from bot.sandbox.workspace import populate
from docs.gallery_scenes import LOOK, SCENES
from tests.browser import chromium
from tests.browser.person import Person

COUNT = 5_000


def fill(slack, count=COUNT):
    """Cards of every kind in #porting, numbered in the order in which they came."""
    porting = slack.channel("porting")
    cards = [card(scene.change, LOOK, other_events=scene.other_events) for scene in SCENES]
    for number in range(count):
        first = {"type": "section", "text": {"type": "mrkdwn", "text": f"*Number {number:04}*"}}
        blocks = [first, *cards[number % len(cards)].blocks]
        slack.post_as_bot(porting, f"Number {number:04}", blocks=blocks)


async def heap_mb(page):
    """What the page's scripts hold, after the collector has run."""
    browser = await page.context.new_cdp_session(page)
    await browser.send("HeapProfiler.collectGarbage")
    return (await browser.send("Runtime.getHeapUsage"))["usedSize"] / 1_000_000


async def main():
    slack = SlackWorkspace()
    populate(slack)
    await slack.start()
    served = Page(Tabs(slack, Offer()))
    await served.start("127.0.0.1", 0)
    fill(slack)
    async with async_playwright() as playwright:
        flags = chromium.flags(is_root=os.geteuid() == 0)
        browser = await playwright.chromium.launch(executable_path=chromium.find(), args=flags)
        maya = Person(await browser.new_page())
        before = await answers(slack, until=asyncio.sleep(2))
        tell("the app's calls with no tab", before)
        began = time.monotonic()
        during = await answers(slack, until=opened(maya, served.url))
        tell(f"the app's calls while a tab opens ({time.monotonic() - began:.1f} s)", during)
        tell("the app's calls with the tab open", await answers(slack, until=asyncio.sleep(2)))
        print(f"articles in the page: {await maya.messages.count()}")
        print(f"scripts hold {await heap_mb(maya.page):.0f} MB, this process {resident_mb():.0f} MB")
        await browser.close()
    await served.stop()
    await slack.stop()


async def opened(person, url):
    await person.come(url)
    await expect(person.message(f"Number {COUNT - 1:04}")).to_be_in_viewport(timeout=120_000)


async def answers(slack, *, until):
    """How long each of the app's calls takes, in seconds, one after the other."""
    client, took = AsyncWebClient("xoxb-sandbox", base_url=slack.url), []
    end = asyncio.ensure_future(until)
    while not end.done():
        began = time.monotonic()
        await client.auth_test()
        took.append(time.monotonic() - began)
    await end
    return took


def tell(what, took):
    worst, usual = max(took) * 1000, statistics.median(took) * 1000
    print(f"{what}: {len(took)} answered, median {usual:.1f} ms, worst {worst:.0f} ms")


def resident_mb():
    """What this process holds in memory, where the system tells."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1000 for line in lines if line.startswith("VmRSS")), 0.0)


if __name__ == "__main__":
    asyncio.run(main())
