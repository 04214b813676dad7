"""A tab of a new browser context, in which nothing goes wrong unseen."""

from contextlib import asynccontextmanager

PATIENCE_MS = 60_000  # a busy machine is no error
USUAL = {
    "viewport": {"width": 1280, "height": 800},
    "locale": "en-US",
    "timezone_id": "Asia/Tokyo",
    "reduced_motion": "reduce",
}


@asynccontextmanager
async def tab(browser, troubles, **looks):
    """Open one, and close it; what went wrong there is an error in the end."""
    context = await browser.new_context(**USUAL | looks)
    context.set_default_timeout(PATIENCE_MS)
    troubles.watch(context)
    yield await context.new_page()
    await context.close()
    assert troubles.seen() == []
