"""Each limit of Slack's blocks: its name, blocks that just keep it, and blocks that break it."""

from tests.bot.sandbox.slack.screens import mrkdwn, option, plain


def section(**more):
    return {"type": "section", "text": mrkdwn()} | more


def button(**more):
    return {"type": "button", "text": plain(), "action_id": "a"} | more


def actions(*elements):
    return {"type": "actions", "elements": list(elements)}


def select(**more):
    return {"type": "static_select", "action_id": "s", "options": [option()]} | more


def confirm(**more):
    return {"title": plain(), "text": plain(), "confirm": plain(), "deny": plain()} | more


def rich(*leaves):
    part = {"type": "rich_text_section", "elements": list(leaves)}
    return {"type": "rich_text", "elements": [part]}


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
    (
        "line under a folding title",
        [container(section(), has_header_divider=True)],
        [container(section(), has_header_divider=True, is_collapsible=True)],
    ),
    (
        "initial option of a group",
        [
            actions(
                {
                    "type": "static_select",
                    "option_groups": [{"label": plain(), "options": [option()]}],
                    "initial_option": option(),
                }
            )
        ],
        [actions({"type": "static_select"})],
    ),
    ("whole option", [actions(select())], [actions(select(options=["one"]))]),
    ("whole text", [section()], [section(text="x")]),
    ("list of elements", [context(1)], [{"type": "context", "elements": mrkdwn()}]),
]
