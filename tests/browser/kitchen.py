"""One of everything that the stand-in Slack accepts, in messages that a person could get."""

from bot.sandbox.slack.input_rules import ELEMENTS
from tests.browser.builders import button, image, mrkdwn, option, piece, plain, rich, section
from tests.browser.figures import CHARTS, DATA_TABLE, TABLE
from tests.browser.texts import LONG_WORD, MARKDOWN, MOMENT, MRKDWN, RICH_TEXT

CONFIRM = {
    "title": plain("Sure?"),
    "text": plain("It can't be undone."),
    "confirm": plain("Yes"),
    "deny": plain("No"),
}
TASKS = [
    {"type": "task_card", "task_id": state, "title": f"A step: {state}", "status": state}
    for state in ("pending", "in_progress", "complete", "error")
]
TASKS[2] |= {
    "details": rich(piece("What was done.")),
    "output": rich(piece("What came of it.")),
    "sources": [{"type": "url", "url": "https://a.example", "text": "Where it says so"}],
}
CARD = {
    "type": "card",
    "hero_image": image(),
    "icon": image("ACME"),
    "title": mrkdwn("*sr_98f022*"),
    "subtitle": plain("ACME Dental"),
    "body": mrkdwn("12 numbers leave Onvoy on 1 Dec."),
    "actions": [button("card_go", "Timeline"), button("card_no", "Refuse", style="danger", confirm=CONFIRM)],
}
CONTAINER = {
    "type": "container",
    "title": plain("A container"),
    "subtitle": mrkdwn("with _words_ below"),
    "icon": image("icon"),
    "width": "narrow",
    "child_blocks": [section("Inside."), {"type": "divider"}, CARD],
}
FOLDED = {
    "type": "container",
    "rich_text_title": rich(piece("A title in rich text")),
    "is_collapsible": True,
    "default_collapsed": True,
    "child_blocks": [section("Hidden at first.")],
}
VIDEO = {
    "type": "video",
    "alt_text": "How a port goes",
    "title": plain("A film"),
    "title_url": "https://a.example",
    "description": plain("Two minutes."),
    "author_name": "Ada",
    "provider_name": "Films",
    "thumbnail_url": "https://pictures.example/film.png",
    "video_url": "https://films.example/1",
}

CHOICES = {"options": [option(1), option(2, description=plain("with words below"))]}
GROUPS = {"option_groups": [{"label": plain("A group"), "options": [option(1), option(2)]}]}
MORE = {
    "button": {"text": plain("Press"), "style": "primary", "confirm": CONFIRM},
    "image": image(),
    "overflow": CHOICES,
    "workflow_button": {"text": plain("Run"), "workflow": {"trigger": {"url": "https://a.example"}}},
    "icon_button": {"icon": "trash", "text": plain("Delete")},
    "feedback_buttons": {
        "positive_button": {"text": plain("Good"), "value": "+"},
        "negative_button": {"text": plain("Bad"), "value": "-"},
    },
    "static_select": CHOICES | {"placeholder": plain("Choose one")},
    "multi_static_select": GROUPS | {"initial_options": [option(1)]},
    "radio_buttons": CHOICES,
    "checkboxes": CHOICES,
    "number_input": {"is_decimal_allowed": True},
    "plain_text_input": {"multiline": True, "placeholder": plain("Say more")},
    "datepicker": {"initial_date": "2026-12-01"},
    "timepicker": {"initial_time": "10:00"},
    "datetimepicker": {"initial_date_time": MOMENT},
}


def element(kind):
    """An element of that kind, with what it needs."""
    own = {} if kind == "image" else {"action_id": f"kitchen_{kind}"}
    return {"type": kind} | own | MORE.get(kind, {})


def elements(kinds):
    return [element(kind) for kind in ELEMENTS if kind in kinds]


def inputs(kinds):
    """An input block for each of these kinds."""
    return [
        {
            "type": "input",
            "label": plain(kind),
            "hint": plain("A hint"),
            "optional": True,
            "element": element(kind),
        }
        for kind in ELEMENTS
        if kind in kinds
    ]


def messages(in_actions, in_section, in_context_actions):
    """Lists of blocks, each for one message; which elements may stand where is the caller's to say."""
    context = {"type": "context", "elements": [image(), mrkdwn("*context* <@U1>"), plain("plain :tada:")]}
    fields = [mrkdwn("*Carrier*\nOnvoy"), mrkdwn("*FOC*\n1 Dec"), plain(LONG_WORD), mrkdwn("*Numbers*\n12")]
    sections = [section(f"Beside it: {each['type']}", accessory=each) for each in elements(in_section)]
    basics = [
        {"type": "header", "text": plain("A header :tada:")},
        section(MRKDWN, accessory=button("beside", "Republish")),
        {"type": "section", "fields": fields},
        section("Much to read. " * 100),
        section("All of it is shown. " * 50, expand=True),
        context,
        {"type": "divider"},
    ]
    pictures = [
        image() | {"title": plain("A picture")},
        {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "a file of Slack's"},
        VIDEO,
    ]
    acting = [
        {"type": "actions", "elements": elements(in_actions)},
        {"type": "context_actions", "elements": elements(in_context_actions)},
    ]
    cards = [CARD, {"type": "carousel", "elements": _cards()}, CONTAINER | {"width": "full"}, FOLDED]
    plan = [{"type": "plan", "title": "A plan", "tasks": TASKS}, *TASKS[2:]]
    return [
        basics,
        [RICH_TEXT],
        [{"type": "markdown", "text": MARKDOWN}],
        [TABLE],
        [DATA_TABLE],
        *CHARTS,
        pictures,
        acting,
        sections,
        cards,
        plan,
    ]


def _cards():
    bare = {"type": "card", "body": mrkdwn("Only words.")}
    return [CARD, bare, *({"type": "card", "title": mrkdwn(f"Card {n}")} for n in range(4))]


ALERTS = [
    {"type": "alert", "level": level, "text": mrkdwn(f"An alert: *{level}*")}
    for level in ("default", "info", "warning", "error", "success")
]
ATTACHMENTS = [
    {
        "color": "danger",
        "pretext": "Before it *all*",
        "author_name": "Ada",
        "title": "An attachment",
        "title_link": "https://a.example",
        "text": "Its *text*.",
        "fields": [
            {"title": "Carrier", "value": "_Onvoy_", "short": True},
            {"title": "Numbers", "value": "12", "short": True},
            {"title": "Note", "value": "A long one."},
        ],
        "image_url": "https://pictures.example/chart.png",
        "fallback": "A chart of ports",
        "footer": "the foot",
    },
    {"color": "#36a64f", "blocks": [section("A block in an *attachment*.")]},
    {"fallback": "Only words for old clients."},
]
