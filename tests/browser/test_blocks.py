"""What people can do with blocks, and what their texts say."""

import pytest
from playwright.async_api import expect

from tests.browser import builders, figures, kitchen

MOMENT = 1_795_600_800  # Wednesday, 25 November 2026, 10:00 UTC
FORMS = {
    "{date_num}": "2026-11-25",
    "{date_slash}": "25/11/2026",
    "{date}": "November 25th",
    "{date_short}": "Nov 25, 2026",
    "{date_long}": "Wednesday, November 25th, 2026",
    "{date_long_full}": "November 25, 2026",
    "{date_pretty}": "Yesterday",
    "on {date_short_pretty}": "on yesterday",
    "{date_long_pretty} at {time}": "Yesterday at 5:00 AM",
    "{day_divider_pretty}": "Yesterday",
    "{time_secs}": "5:00:00 AM",
    "{ago}": "1 day ago",
    "{no_such_token}": None,
}
FAR = {
    "{date}": "January 1st, 2019",
    "{date_pretty}": "January 1st, 2019",
    "{date_short_pretty}": "Jan 1, 2019",
    "{date_long_pretty}": "Tuesday, January 1st, 2019",
    "{day_divider_pretty}": "Tuesday, January 1st, 2019",
    "{ago}": "7 years ago",
}
WRITE = """async ([moment, forms, now]) => {
  const { slackDate } = await import("portwire/dates.js");
  return forms.map((form) => slackDate(moment, form, "America/New_York", new Date(now * 1000)));
}"""


@pytest.fixture
async def shown(slack, bare_page, maya):
    """Posts blocks, and shows them."""

    async def show(*blocks, **more):
        slack.post_as_bot(slack.channel("porting"), "Words", blocks=list(blocks), **more)
        await maya.come(bare_page.url)
        await expect(maya.messages.last).to_be_visible()
        return maya.messages.last

    return show


@pytest.mark.parametrize(("moment", "forms"), [(MOMENT, FORMS), (1_546_362_000, FAR)], ids=["near", "far"])
async def test_a_date_is_written_as_its_form_says(moment, forms, bare_page, page, maya):
    await maya.come(bare_page.url)

    written = await page.evaluate(WRITE, [moment, list(forms), MOMENT + 86_400])

    assert dict(zip(forms, written, strict=True)) == forms


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(40, "40 seconds ago"), (60 * 59, "59 minutes ago"), (3600 * 5, "5 hours ago"), (-7200, "in 2 hours")],
)
async def test_how_long_ago_it_was_is_said_in_the_largest_unit(seconds, words, bare_page, page, maya):
    await maya.come(bare_page.url)

    assert await page.evaluate(WRITE, [MOMENT, ["{ago}"], MOMENT + seconds]) == [words.capitalize()]


async def test_a_date_beyond_every_calendar_is_its_fallback(shown):
    message = await shown(builders.section(f"Due <!date^{10**14}^{{date}}|some day>"))

    await expect(message).to_contain_text("Due some day")


async def test_a_date_stands_in_the_zone_of_whoever_looks(slack, shown, maya):
    message = await shown(builders.section(f"<!date^{MOMENT}^{{time}}|then> <!date^{MOMENT}^{{odd}}|then>"))
    await expect(message).to_contain_text("5:00 AM then")

    await maya.become("omar")

    await expect(maya.messages.last).to_contain_text("11:00 AM then")


async def test_a_link_opens_apart_and_tells_nothing(shown):
    link = (await shown(builders.section("<https://a.example|there>"))).get_by_role("link", name="there")

    assert [await link.get_attribute(name) for name in ("href", "target", "rel")] == [
        "https://a.example",
        "_blank",
        "noopener noreferrer",
    ]


async def test_names_stand_for_ids(slack, shown, maya):
    ids = [slack.person("omar").id, slack.bot_user_id, slack.channel("porting").id, slack.dm("maya")]
    group = slack.add_usergroup("desk", [])

    message = await shown(
        builders.section("<@{}> <@{}> <#{}> <#{}> <!subteam^{}> <@U0> <#C0|far>".format(*ids, group))
    )

    await expect(message).to_contain_text("@omar @portwire #porting @portwire @desk @U0 #far")


async def test_a_channel_that_is_named_can_be_gone_to(slack, shown, maya):
    acme = slack.channel("customer-acme").id
    message = await shown(builders.section(f"<#{acme}>"))

    await message.get_by_role("button", name="#customer-acme").click()

    await expect(maya.channel.get_by_role("heading", name="customer-acme")).to_be_visible()


async def test_a_long_section_is_folded_until_somebody_asks(shown):
    message = await shown(builders.section(" ".join(["word " * 30] * 20) + " the end"))
    folded = message.locator(".b-folded")
    await expect(folded).to_be_visible()

    await message.get_by_role("button", name="Show more").click()

    await expect(folded).to_have_count(0)
    await expect(message.get_by_role("button", name="Show less")).to_be_visible()


async def test_many_lines_are_long_too(shown):
    message = await shown(builders.section("\n".join("line" for _ in range(20))))

    await expect(message.get_by_role("button", name="Show more")).to_be_visible()


async def test_a_data_table_has_pages(shown):
    message = await shown(figures.DATA_TABLE)
    rows = message.get_by_role("rowheader")
    await expect(rows).to_have_text(["sr_0", "sr_1", "sr_2"])

    await message.get_by_role("button", name="Next page").click()

    await expect(rows).to_have_text(["sr_3", "sr_4", "sr_5"])
    await expect(message.get_by_role("status")).to_have_text("4–6 of 8")


async def test_a_data_table_is_sorted_by_the_column_that_is_pressed(shown):
    message = await shown(figures.DATA_TABLE)
    column = message.get_by_role("columnheader", name="Numbers")
    numbers = message.locator("tbody td:nth-child(3)")

    for order, first in (
        ("ascending", ["0", "1", "2"]),
        ("descending", ["9", "8", "7"]),
        ("none", ["0", "7", "4"]),
    ):
        await column.get_by_role("button").click()
        await expect(column).to_have_attribute("aria-sort", order)
        await expect(numbers).to_have_text(first)


async def test_a_data_table_shows_the_rows_with_the_words_that_are_wanted(shown):
    message = await shown(figures.DATA_TABLE)
    await message.get_by_role("button", name="Next page").click()

    await message.get_by_role("searchbox").fill("CUSTOMER 2")

    await expect(message.get_by_role("rowheader")).to_have_text(["sr_2", "sr_5"])
    await expect(message.get_by_role("status")).to_have_text("1–2 of 2")


async def test_a_folded_container_opens(shown):
    message = await shown(kitchen.FOLDED)
    inside = message.get_by_text("Hidden at first.")
    await expect(inside).to_have_count(0)

    await message.get_by_role("button", name="A title in rich text").click()

    await expect(inside).to_be_visible()


async def test_a_chart_tells_its_numbers(shown):
    message = await shown(figures.CHARTS[0][1])

    await message.get_by_text("Show numbers").click()

    await expect(message.get_by_role("row").nth(1)).to_have_text("Week 40" + "20" + "0" + "4")


async def test_attachments_and_files_stand_below_the_text(shown):
    files = [{"id": "F1", "name": "orders.csv", "size": 2400}]

    message = await shown(attachments=kitchen.ATTACHMENTS, files=files)

    await expect(message).to_contain_text("WordsBefore it all")
    await expect(message.get_by_role("link", name="An attachment")).to_be_visible()
    await expect(message.get_by_role("img", name="A chart of ports")).to_be_visible()
    await expect(message.get_by_text("A block in an attachment.")).to_be_visible()
    await expect(message.get_by_text("Only words for old clients.")).to_be_visible()
    await expect(message.get_by_text("CSV · 2 kB")).to_be_visible()
