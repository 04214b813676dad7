from datetime import UTC, datetime

import pytest

from bot.slack.blocks import (
    Message,
    actions,
    button,
    cell,
    check_message,
    check_view,
    confirm,
    context,
    date_mark,
    date_mark_of,
    divider,
    first_that_fits,
    leaf,
    leaves_of,
    option,
    overflow,
    paragraph,
    plain_text,
    rich_text,
    section,
    table,
)

FINE = section("Fine.")


def breaches(*blocks, text="Fine."):
    return check_message(Message(text, list(blocks)))


def test_a_message_within_the_limits_has_no_breach():
    message = Message(
        "Fine &amp; well.",
        [
            section("Fine &amp; well."),
            divider(),
            {"type": "header", "text": plain_text("Orders")},
            rich_text(paragraph(leaf("<!channel> is literal here"))),
            table([[cell("Order")], [cell("sr_1")]]),
            actions(button("Go", "go", "1", confirm=confirm("Sure?", "Really.", yes="Yes", no="No"))),
            context("small"),
            {"type": "data_table", "caption": "Orders", "rows": [[cell("Order")], [cell("sr_1")]]},
        ],
    )

    assert check_message(message) == []


@pytest.mark.parametrize(
    "blocks",
    [
        [section("x" * 3001)],
        [section(" ")],
        [section("<!channel> hello")],
        [section("a < b")],
        [{"type": "header", "text": plain_text("x" * 151)}],
        [context(*["x"] * 11)],
        [context()],
        [actions(*[button("x", f"a{place}", "v") for place in range(26)])],
        [actions()],
        [actions(button("x" * 76, "a", "v"))],
        [actions(button("x", "a", "v" * 2001))],
        [actions(button("x", "a", "v"), button("y", "a", "v"))],
        [actions(button("x", "a", "v", confirm=confirm("t", "x" * 301, yes="y", no="n")))],
        [actions(button("x", "a", "v", confirm=confirm("t" * 101, "x", yes="y", no="n")))],
        [actions(overflow("a", []))],
        [actions(overflow("a", [option("x", str(place)) for place in range(6)]))],
        [actions(overflow("a", [option("x", "v" * 151)]))],
        [rich_text()],
        [rich_text(paragraph(leaf("")))],
        [rich_text(paragraph({"type": "date", "timestamp": 0, "format": "{date}", "fallback": "x"}))],
        [table([[cell("x")]] * 101)],
        [table([[cell("x")] * 21])],
        [table([[cell("x" * 2900)]] * 4)],
        [table([[cell("x")], [cell("x"), cell("y")]])],
        [table([[cell("x")]]), table([[cell("x")]])],
        [FINE] * 51,
        [section("x" * 2500)] * 5,
        [{"type": "header"}],
        [{"type": "data_table", "caption": "x", "rows": [[cell("x")]]}],
        [{"type": "image", "image_url": "https://portal.example/x.png"}],
        [{**FINE, "block_id": "b"}, {**FINE, "block_id": "b"}],
        [{**FINE, "block_id": "b" * 256}],
        [{"type": "alert", "text": plain_text("only in modals")}],
        [{"type": "new_block"}],
        [{"type": "section"}],
    ],
)
def test_each_breach_of_a_limit_is_found(blocks):
    assert breaches(*blocks)


@pytest.mark.parametrize(
    "blocks",
    [
        [section("x" * 3000)] * 4,
        [{"type": "header", "text": plain_text("x" * 150)}],
        [context(*["x"] * 10)],
        [actions(*[button("x" * 75, f"a{place}", "v") for place in range(25)])],
        [actions(button("x", "a", "v" * 2000))],
        [actions(button("x", "a", "v", confirm=confirm("t" * 100, "x" * 300, yes="y", no="n")))],
        [actions(overflow("a", [option("x", "v" * 149 + str(place)) for place in range(5)]))],
        [
            rich_text(
                paragraph({"type": "date", "timestamp": 9_999_999_999, "format": "{date}", "fallback": "x"})
            )
        ],
        [table([[cell("x")]] * 100)],
        [table([[cell("x")] * 20])],
        [table([[cell("x" * 2500)]] * 4)],
        [{"type": "data_table", "caption": "x", "rows": [[cell("x")]] * 101}],
        [FINE] * 50,
        [{**FINE, "block_id": "b" * 255}],
    ],
)
def test_what_just_fits_is_no_breach(blocks):
    assert breaches(*blocks) == []


@pytest.mark.parametrize("text", ["x" * 3001, "<@everybody>", "a > b"])
def test_each_breach_of_the_text_is_found(text):
    assert breaches(FINE, text=text)


def test_a_message_of_nothing_is_a_breach():
    assert breaches(text=" ")


def modal(**fields):
    return {"type": "modal", "title": plain_text("Title"), "blocks": [FINE]} | fields


def test_a_modal_within_the_limits_has_no_breach():
    assert check_view(modal(blocks=[FINE, {"type": "alert", "text": plain_text("Careful")}])) == []


@pytest.mark.parametrize(
    "view",
    [
        modal(title=plain_text("x" * 25)),
        modal(title=None),
        modal(submit=plain_text("x" * 25)),
        modal(callback_id="x" * 256),
        modal(private_metadata="x" * 3001),
        modal(blocks=[]),
        modal(blocks=[FINE] * 101),
        modal(blocks=[table([[cell("x")]])]),
        modal(blocks=[section("x" * 3000)] * 90),
        {"type": "home", "blocks": [{"type": "alert", "text": plain_text("only in modals")}]},
    ],
)
def test_each_breach_of_a_view_is_found(view):
    assert check_view(view)


@pytest.mark.parametrize(
    "view",
    [
        modal(title=plain_text("x" * 24), submit=plain_text("x" * 24), close=plain_text("x" * 24)),
        modal(callback_id="x" * 255, private_metadata="x" * 3000),
        modal(private_metadata=""),
        modal(blocks=[FINE] * 100),
        {"type": "home", "blocks": [FINE]},
    ],
)
def test_view_that_just_fits_has_no_breach(view):
    assert check_view(view) == []


def test_a_date_is_shown_on_the_readers_clock_with_a_fallback():
    mark = date_mark(datetime(2026, 12, 1, 15, tzinfo=UTC), "{time}", "15:00 UTC")

    assert mark == "<!date^1796137200^{time}|15:00 UTC>"
    assert [date_mark_of(part) for part in leaves_of(mark)] == [mark]


def test_a_moment_that_slack_can_not_show_is_its_fallback():
    assert date_mark(datetime(1900, 1, 1, tzinfo=UTC), "{time}", "1900") == "1900"


def test_a_cell_with_a_date_or_a_person_is_rich_text():
    assert cell("plain &amp; simple") == {"type": "raw_text", "text": "plain & simple"}
    parts = cell("at <!date^1^{time}|1970> by <@U1> in <#C1>")["elements"][0]["elements"]

    assert [part["type"] for part in parts] == ["text", "date", "text", "user", "text", "channel"]


def test_the_first_message_that_fits_is_taken_and_else_the_last():
    too_long, shorter, fine = (Message("x" * length, [FINE]) for length in (5000, 4000, 10))

    assert first_that_fits([too_long, fine, shorter]) == fine
    assert first_that_fits([too_long, shorter]) == shorter
