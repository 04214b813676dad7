"""The stand-in's judgement of blocks: what Slack's limits allow passes, one more does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.slack_block_rules import BLOCKS, blocks_length, check_message_blocks
from bot.sandbox.slack_view_rules import check_view


def plain(text="x"):
    return {"type": "plain_text", "text": text}


def mrkdwn(text="x"):
    return {"type": "mrkdwn", "text": text}


def section(**more):
    return {"type": "section", "text": mrkdwn()} | more


def button(**more):
    return {"type": "button", "text": plain(), "action_id": "a"} | more


def actions(*elements):
    return {"type": "actions", "elements": list(elements)}


def option(value="v", text="t"):
    return {"text": plain(text), "value": value}


def select(**more):
    return {"type": "static_select", "action_id": "s", "options": [option()]} | more


def confirm(**more):
    return {"title": plain(), "text": plain(), "confirm": plain(), "deny": plain()} | more


def cell(text="x"):
    return {"type": "raw_text", "text": text}


def table(rows, columns=1, **more):
    return {"type": "table", "rows": [[cell()] * columns for _ in range(rows)]} | more


def data_table(rows=2, columns=1, **more):
    content = {"rows": [[cell()] * columns for _ in range(rows)], "caption": "c"}
    return {"type": "data_table"} | content | more


def rich(*leaves):
    part = {"type": "rich_text_section", "elements": list(leaves)}
    return {"type": "rich_text", "elements": [part]}


def chart(**more):
    return {"type": "data_visualization", "title": "t", "chart": more}


def pie(segments):
    return chart(type="pie", segments=[{"label": f"s{n}", "value": 1} for n in range(segments)])


def bars(labels, categories):
    data = [{"label": label, "value": 1} for label in labels]
    return chart(type="bar", series=[{"name": "n", "data": data}], axis_config={"categories": categories})


def container(*children, **more):
    return {"type": "container", "title": plain(), "child_blocks": list(children)} | more


def context(count):
    return {"type": "context", "elements": [mrkdwn()] * count}


def image(**more):
    return {"type": "image", "image_url": "https://a.b/c.png", "alt_text": "x"} | more


def card(**more):
    return {"type": "card", "title": mrkdwn()} | more


LIMITS = [
    ("section text", [section(text=mrkdwn("x" * 3000))], [section(text=mrkdwn("x" * 3001))]),
    ("section field", [section(fields=[mrkdwn("x" * 2000)])], [section(fields=[mrkdwn("x" * 2001)])]),
    ("section fields", [section(fields=[mrkdwn()] * 10)], [section(fields=[mrkdwn()] * 11)]),
    (
        "header",
        [{"type": "header", "text": plain("x" * 150)}],
        [{"type": "header", "text": plain("x" * 151)}],
    ),
    ("header kind", [{"type": "header", "text": plain()}], [{"type": "header", "text": mrkdwn()}]),
    ("context", [context(10)], [context(11)]),
    (
        "actions",
        [actions(*(button(action_id=str(n)) for n in range(25)))],
        [actions(*(button(action_id=str(n)) for n in range(26)))],
    ),
    ("empty actions", [actions(button())], [actions()]),
    ("button text", [actions(button(text=plain("x" * 75)))], [actions(button(text=plain("x" * 76)))]),
    ("button value", [actions(button(value="x" * 2000))], [actions(button(value="x" * 2001))]),
    (
        "button url",
        [actions(button(url="https://a/" + "x" * 2990))],
        [actions(button(url="https://a/" + "x" * 2991))],
    ),
    (
        "button url scheme",
        [actions(button(url="https://a.b"))],
        [actions(button(url="javascript:alert(1)"))],
    ),
    ("button style", [actions(button(style="danger"))], [actions(button(style="green"))]),
    (
        "button label for readers",
        [actions(button(accessibility_label="x" * 75))],
        [actions(button(accessibility_label="x" * 76))],
    ),
    ("action_id", [actions(button(action_id="x" * 255))], [actions(button(action_id="x" * 256))]),
    (
        "action_ids of a block",
        [actions(button(), button(action_id="b"))],
        [actions(button(), button())],
    ),
    ("block_id", [section(block_id="x" * 255)], [section(block_id="x" * 256)]),
    (
        "block_ids of a message",
        [section(block_id="a"), section(block_id="b")],
        [section(block_id="a"), section(block_id="a")],
    ),
    ("blocks of a message", [section()] * 50, [section()] * 51),
    (
        "confirm title",
        [actions(button(confirm=confirm(title=plain("x" * 100))))],
        [actions(button(confirm=confirm(title=plain("x" * 101))))],
    ),
    (
        "confirm text",
        [actions(button(confirm=confirm(text=plain("x" * 300))))],
        [actions(button(confirm=confirm(text=plain("x" * 301))))],
    ),
    (
        "confirm button",
        [actions(button(confirm=confirm(confirm=plain("x" * 30))))],
        [actions(button(confirm=confirm(confirm=plain("x" * 31))))],
    ),
    (
        "option value",
        [actions(select(options=[option("x" * 150)]))],
        [actions(select(options=[option("x" * 151)]))],
    ),
    (
        "option text",
        [actions(select(options=[option(text="x" * 75)]))],
        [actions(select(options=[option(text="x" * 76)]))],
    ),
    (
        "options",
        [actions(select(options=[option(str(n)) for n in range(100)]))],
        [actions(select(options=[option(str(n)) for n in range(101)]))],
    ),
    (
        "initial option",
        [actions(select(initial_option=option()))],
        [actions(select(initial_option=option("other")))],
    ),
    (
        "initial options",
        [actions(select(type="multi_static_select", initial_options=[option()]))],
        [actions(select(type="multi_static_select", initial_options=[option("other")]))],
    ),
    (
        "placeholder",
        [actions(select(placeholder=plain("x" * 150)))],
        [actions(select(placeholder=plain("x" * 151)))],
    ),
    (
        "overflow",
        [section(accessory={"type": "overflow", "options": [option(str(n)) for n in range(5)]})],
        [section(accessory={"type": "overflow", "options": [option(str(n)) for n in range(6)]})],
    ),
    ("image alt text", [image(alt_text="x" * 2000)], [image(alt_text="x" * 2001)]),
    ("image source", [image()], [image(slack_file={"id": "F1"})]),
    ("markdown", [{"type": "markdown", "text": "x" * 12_000}], [{"type": "markdown", "text": "x" * 12_001}]),
    (
        "markdown together",
        [{"type": "markdown", "text": "x" * 6000}] * 2,
        [{"type": "markdown", "text": "x" * 6001}] * 2,
    ),
    ("table rows", [table(100)], [table(101)]),
    ("table columns", [table(1, 20)], [table(1, 21)]),
    ("tables", [table(1), data_table()], [table(1), table(1)]),
    (
        "cells of a table",
        [{"type": "table", "rows": [[cell("x" * 2500)] * 4]}],
        [{"type": "table", "rows": [[cell("x" * 2501)] * 4]}],
    ),
    ("data_table rows", [data_table(101)], [data_table(102)]),
    ("data_table body", [data_table(2)], [data_table(1)]),
    ("data_table caption", [data_table()], [data_table(caption="")]),
    ("data_table page", [data_table(page_size=100)], [data_table(page_size=101)]),
    ("data_table evenness", [data_table()], [data_table() | {"rows": [[cell()], [cell(), cell()]]}]),
    ("pie", [pie(12)], [pie(13)]),
    (
        "pie values",
        [pie(1)],
        [chart(type="pie", segments=[{"label": "a", "value": 0}])],
    ),
    ("bars fit their axis", [bars(["a", "b"], ["a", "b"])], [bars(["a"], ["a", "b"])]),
    ("chart labels", [bars(["x" * 20], ["x" * 20])], [bars(["x" * 21], ["x" * 21])]),
    ("charts", [pie(1)] * 2, [pie(1)] * 3),
    ("chart title", [pie(1) | {"title": "x" * 50}], [pie(1) | {"title": "x" * 51}]),
    ("container", [container(*[section()] * 10)], [container(*[section()] * 11)]),
    (
        "comment in a container",
        [rich({"type": "text", "text": "x"})],
        [container(rich({"type": "text", "text": "x"}))],
    ),
    (
        "folding",
        [container(section(), is_collapsible=True, default_collapsed=True)],
        [container(section(), default_collapsed=True)],
    ),
    ("rich text", [rich({"type": "text", "text": "x"})], [rich({"type": "text", "text": ""})]),
    (
        "date",
        [rich({"type": "date", "timestamp": 1772625600, "format": "{date}", "fallback": "x"})],
        [rich({"type": "date", "timestamp": "1772625600", "format": "{date}"})],
    ),
    ("card", [card(body=mrkdwn("x" * 200))], [card(body=mrkdwn("x" * 201))]),
    (
        "carousel",
        [{"type": "carousel", "elements": [card()] * 10}],
        [{"type": "carousel", "elements": [card()] * 11}],
    ),
    ("empty text", [section()], [section(text=mrkdwn("  "))]),
    ("modal's alert", [section()], [{"type": "alert", "text": plain()}]),
    ("known fields", [section()], [section(colour="red")]),
    ("known types", [section()], [{"type": "sektion"}]),
    (
        "emoji only in plain text",
        [section(text=plain() | {"emoji": True})],
        [section(text=mrkdwn() | {"emoji": True})],
    ),
]


@pytest.mark.parametrize(("within", "beyond"), [limit[1:] for limit in LIMITS], ids=[x[0] for x in LIMITS])
def test_limit_is_kept_exactly(within, beyond):
    assert check_message_blocks(within) == []
    assert check_message_blocks(beyond) != []


def test_problem_points_into_the_payload():
    [problem] = check_message_blocks([section(), actions(button(confirm=confirm(deny=plain("x" * 31))))])

    assert problem.pointer == "/blocks/1/elements/0/confirm/deny/text"
    assert problem.message == "must be less than 31 characters"


def test_same_action_id_is_fine_in_two_blocks():
    assert check_message_blocks([section(accessory=button()), section(accessory=button())]) == []


def test_everything_shown_counts_towards_the_length_of_a_message():
    blocks = [section(text=mrkdwn("x" * 100), fields=[mrkdwn("y" * 10)]), data_table(caption="z" * 5)]

    assert blocks_length(blocks) == 100 + 10 + 5 + 2


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["type", "text", "elements", "element", "options", "rows", "value", "chart", "blocks"]
            ),
            inner | st.sampled_from([*BLOCKS, "plain_text", "mrkdwn", "button", "static_select", "modal"]),
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(st.lists(st.dictionaries(st.sampled_from(["type", "text", "elements"]), JSON), max_size=3), JSON)
def test_no_json_upsets_the_rules(blocks, view):
    problems = check_message_blocks(blocks)

    assert all(problem.pointer.startswith("/") for problem in problems)
    assert check_view(view) != [] or view["type"] in {"modal", "home"}


BROKEN = st.sampled_from([sample for limit in LIMITS for sample in limit[1:]])


@given(BROKEN, st.data())
def test_no_spoiled_block_upsets_the_rules(blocks, data):
    [index] = [data.draw(st.integers(0, len(blocks) - 1))]
    spoiled = dict(blocks[index])
    spoiled[data.draw(st.sampled_from(sorted(spoiled)))] = data.draw(JSON)

    problems = check_message_blocks([*blocks[:index], spoiled])

    assert all(problem.message for problem in problems)
