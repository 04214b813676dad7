from bot.messages.events import flat
from bot.messages.orders import card
from bot.sandbox.slack.mrkdwn import parts_of
from bot.slack.blocks import TEXT_LIMIT, Message, cell, mrkdwn, paragraph, rich_text, section, table
from bot.slack.plain import CLASSIC, classic, only_text
from docs.reading import as_people_see
from tests.bot.messages.shapes import LOOK, mrkdwn_of, without_dates
from tests.factories import make_change, make_order

HOSTILE = "<!channel>\n> *quote* <https://evil.example|x> &amp;\n`code` :fire:"


def test_classic_blocks_are_only_of_kinds_that_every_client_knows():
    message = classic(card(make_change(status="exception", details=[("OTHER", "Call us")]), LOOK))

    assert {block["type"] for block in message.blocks} <= CLASSIC
    assert "Waiting on you since" in as_people_see(mrkdwn_of(message))
    assert "Telnyx: “Call us”" in mrkdwn_of(message)


def test_fields_are_lines_of_the_text():
    fields = [mrkdwn("*Order*\nf1"), mrkdwn("*Carrier*\nOnvoy")]
    message = Message("Found", [section("Found"), {"type": "section", "fields": fields}])

    assert only_text(message).text == "Found\n*Order*\nf1\n*Carrier*\nOnvoy"


def test_the_buttons_stay_in_classic_blocks():
    made = flat(make_change(), LOOK)

    assert [block for block in made.blocks if block["type"] == "actions"] == [
        block for block in classic(made).blocks if block["type"] == "actions"
    ]


def test_strangers_words_do_not_format_in_the_plainer_shapes():
    made = flat(make_change(kind="new_comment", body=HOSTILE), LOOK)

    for plainer in (classic(made), only_text(made)):
        text = without_dates(mrkdwn_of(plainer))
        assert not [mark for mark in ("<", ">", "*", "`", ":fire:") if mark in text]
        assert "&lt;!channel&gt;" in text
        assert "\n&gt;" not in text


def test_text_alone_says_what_the_blocks_said():
    message = only_text(card(make_change(order=make_order(status="submitted")), LOOK, subscriptions=("S12",)))

    assert message.blocks == []
    for part in ("12 numbers", "from Onvoy", "S12 · event"):
        assert part in message.text


def test_text_alone_is_cut_to_what_slack_takes():
    message = only_text(flat(make_change(kind="new_comment", body="&" * 4000), LOOK))

    assert len(message.text) <= 3000
    assert message.text.endswith(";…")


def test_a_person_is_still_named_in_the_plainer_shapes():
    order = make_order(source="port_out", reviewed_by="U024BE7LH")
    made = card(make_change(order=order, source="port_out", status="pending"), LOOK)

    assert "Reviewer: @U024BE7LH" in as_people_see(mrkdwn_of(classic(made)))


def test_an_empty_block_leaves_nothing_behind():
    assert classic(Message("Fine.", [section("Fine."), rich_text(paragraph())])).blocks == [section("Fine.")]


def test_what_is_typed_formats_nothing_also_where_its_code_span_is_cut():
    typed = f"`/port subscribe ref:*bold*{'x' * 4000}`"

    short = only_text(Message("Yes", [section("Yes"), section(typed)])).text
    edge = [
        only_text(Message("a" * many, [section("."), section("`*b*`")])).text for many in range(2990, 3000)
    ]

    assert [part.get("style") for part in parts_of(short)][-1] == {"code": True}
    assert len(short) == TEXT_LIMIT
    assert not [text for text in edge if len(text) > TEXT_LIMIT or text.count("`") % 2]


def test_rows_of_a_table_are_lines_without_its_head_and_its_empty_cells():
    rows = [[cell("Order"), cell("Carrier")], [cell("sr_1"), cell("Onvoy")], [cell("sr_2"), cell("–")]]

    assert only_text(Message("Found", [section("Found"), table(rows)])).text == "Found\nsr_1 · Onvoy\nsr_2"
