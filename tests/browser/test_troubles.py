"""The bed of all browser tests: what goes wrong unseen is seen."""

import pytest
from playwright.async_api import expect

from tests.browser.looks import DARK, PHONE


async def test_a_good_page_gives_no_trouble(page, sandbox, troubles):
    await page.goto(sandbox.url)

    await expect(page.get_by_text("#porting").first).to_be_visible()
    assert troubles.seen() == []


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("console.error('broken')", "console: broken"),
        ("setTimeout(() => { throw new Error('thrown') })", "thrown"),
        ("fetch('http://example.com/')", "leaves this machine: http://example.com/"),
        ("fetch('http://127.0.0.1:9/')", "failed: http://127.0.0.1:9/"),
    ],
)
async def test_what_goes_wrong_unseen_is_a_trouble(page, troubles, script, said):
    await page.set_content("<p>here</p>")

    await page.evaluate(f"() => {{ {script} }}")

    await troubles.told(said)
    assert troubles.seen() != []
    troubles.forgive("")


@pytest.mark.parametrize(
    ("looks", "query"),
    [(DARK, "(prefers-color-scheme: dark)"), (PHONE, "(max-device-width: 400px) and (pointer: coarse)")],
)
async def test_a_tab_looks_as_it_is_told_to(page, query):
    assert await page.evaluate("query => matchMedia(query).matches", query)
