"""Makes the README's pictures: the real bot in the sandbox, the page in Chromium, and a person who uses it.

Run `make pictures`. They are made anew when the page looks different; no test compares them.
"""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.async_api import Browser, Locator, async_playwright, expect

from docs.film import Film
from tests.browser import chromium
from tests.browser.looks import PHONE
from tests.browser.panel import Panel
from tests.browser.person import Person

HERE = Path(__file__).with_name("pictures")
SANDBOX = [sys.executable, "-m", "bot", "sandbox", "--port", "0", "--no-browser", "--speed", "1440"]
ORDER = "HOOLI-1044"
"""The sandbox begins with the same orders each time; this one goes to exception and gets a comment."""
PATIENCE_MS = 120_000
WINDOW = {"viewport": {"width": 1440, "height": 1040}, "device_scale_factor": 2}
FILM_WINDOW = {"viewport": {"width": 1080, "height": 690}}
"""Too narrow for the control panel, which is shut by itself then."""
LETTERS = "body, button, input, select, textarea { font-family: Roboto, sans-serif !important; }"
"""NiceGUI brings this font along: the pictures look the same wherever they are made."""


async def make() -> None:
    """Write every picture."""
    expect.set_options(timeout=PATIENCE_MS)
    async with _browser() as browser:
        with _sandbox() as url:
            await _film(browser, url)
        with _sandbox() as url:
            await _stills(browser, url)


async def _stills(browser: Browser, url: str) -> None:
    async with _person(browser, url, WINDOW) as maya:
        panel = Panel(maya.page)
        await expect(_card(maya)).to_contain_text("The losing carrier refused the request")
        await panel.button("Pause").click()
        await expect(panel.figure("Waiting")).to_have_text("0")
        async with _person(browser, url, PHONE) as on_the_go:
            await _card(on_the_go).evaluate("card => card.scrollIntoView({ block: 'center' })")
            await _keep(on_the_go, "phone.png")
        await _keep(maya, "sandbox-light.png")
        await maya.sidebar.get_by_role("button", name="Dark").click()
        await _keep(maya, "sandbox-dark.png")


async def _film(browser: Browser, url: str) -> None:
    """An exception comes, its thread tells more, and the notification is sent again."""
    async with _person(browser, url, FILM_WINDOW) as maya:
        film = Film(maya.page)
        await expect(_card(maya)).to_contain_text("waits for Lumen's answer")
        await film.take(seconds=1.6)
        await expect(_card(maya)).to_contain_text("Exception")
        await film.take(seconds=2.2)
        await film.press(_replies(maya))
        await expect(maya.thread).to_contain_text("PIN or passcode is wrong")
        await film.take(seconds=1.2)
        await expect(maya.thread).to_contain_text("The losing carrier refused the request")
        await film.take(seconds=2.4)
        await film.press(maya.thread.get_by_role("button", name="Republish exception").last)
        await expect(maya.dialog).to_be_visible()
        await film.take(seconds=1.8)
        await film.press(maya.dialog.get_by_role("button", name="Republish"))
        await expect(maya.thread).to_contain_text("maya asked Telnyx to send")
        await film.take(seconds=3)
        film.write(HERE / "sandbox.webp")


def _card(person: Person) -> Locator:
    """The order's card, which is edited in place."""
    has_timeline = person.page.get_by_role("button", name="Timeline")
    return person.messages.filter(has=has_timeline).filter(has_text=ORDER)


def _replies(person: Person) -> Locator:
    return _card(person).get_by_role("button", name="Last reply")


async def _keep(person: Person, name: str) -> None:
    """Few colours make a small file; nobody sees which are left out."""
    await person.page.mouse.move(1, 1)
    picture = Image.open(BytesIO(await person.page.screenshot(animations="disabled"))).convert("RGB")
    picture.quantize(256, dither=Image.Dither.NONE).save(HERE / name, optimize=True)


@asynccontextmanager
async def _browser() -> AsyncIterator[Browser]:
    if not chromium.get():
        raise SystemExit(1)
    async with async_playwright() as playwright:
        flags = chromium.flags(is_root=os.geteuid() == 0)
        browser = await playwright.chromium.launch(executable_path=chromium.find(), args=flags)
        yield browser
        await browser.close()


@asynccontextmanager
async def _person(browser: Browser, url: str, looks: dict[str, Any]) -> AsyncIterator[Person]:
    """Maya in #porting, in a window of her own."""
    context = await browser.new_context(**{"locale": "en-US", "reduced_motion": "reduce"} | looks)
    context.set_default_timeout(PATIENCE_MS)
    maya = Person(await context.new_page())
    await maya.come(url)
    await maya.page.add_style_tag(content=LETTERS)
    yield maya
    await context.close()


@contextmanager
def _sandbox() -> Iterator[str]:
    """The whole sandbox as a process; where its page is."""
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE}
    with subprocess.Popen(SANDBOX, text=True, **quiet) as process:  # noqa: S603  # it is ourselves
        try:
            yield process.stdout.readline().split()[1]
        finally:
            process.terminate()


if __name__ == "__main__":
    asyncio.run(make())
