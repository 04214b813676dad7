"""One of everything that the stand-in Slack accepts, in messages that a person could get."""

from bot.sandbox.slack.input_rules import ELEMENTS

LONG_WORD = "pneumonoultramicroscopicsilicovolcanoconiosis" * 4
URL = "https://a.example/a/very/long/address?with=many&words=" + "x" * 120
MOMENT = 1_795_600_800


def plain(text="Words"):
    return {"type": "plain_text", "text": text}


def mrkdwn(text):
    return {"type": "mrkdwn", "text": text}


def section(text, **more):
    return {"type": "section", "text": mrkdwn(text)} | more


def option(number, **more):
    return {"text": plain(f"Choice {number}"), "value": str(number)} | more


def image(words="A map of the carrier's area"):
    return {"type": "image", "image_url": "https://pictures.example/map.png", "alt_text": words}


def button(action_id, text="Press", **more):
    return {"type": "button", "action_id": action_id, "text": plain(text), "value": "1"} | more


def rich(*pieces):
    return {"type": "rich_text", "elements": list(pieces)}


def piece(*leaves, kind="section", **more):
    return {"type": f"rich_text_{kind}", "elements": [_leaf(each) for each in leaves]} | more


def _leaf(value):
    return {"type": "text", "text": value} if isinstance(value, str) else value


CONFIRM = {
    "title": plain("Sure?"),
    "text": plain("It can't be undone."),
    "confirm": plain("Yes"),
    "deny": plain("No"),
}
MRKDWN = f"""*Bold*, _italic_, ~struck~, `code`, *_both_* and 2*3*4; snake_case stays.
<https://a.example|A link>, {URL}, <mailto:a@b.example|mail>, me@a.example
<@U1>, <!here>, <!channel>, <!subteam^S1>, <#C1>, :tada: :+1::skin-tone-4: :no_such_emoji:
<!date^{MOMENT}^{{date_long}} at {{time}}|fallback> · <!date^{MOMENT}^{{date_short_pretty}}^https://a.example|f>
• a point that is long enough to need a second line when the window is as narrow as that of a telephone
&gt; quoted by an entity
> and *quoted* by a sign
```
def preformatted(text):
    return text  # {LONG_WORD}
```
{LONG_WORD}"""
MARKDOWN = f"""# First heading
## Second heading
### Third heading
A **bold**, *italic*, ~~struck~~ and `coded` paragraph with [a link](https://a.example) and :tada:.
Its second line.

- a point
  1. the first below it
  2. the second
- [ ] a task
- [x] one that is done

> A quote with a **word**.

| Order | Numbers | State |
|:------|--------:|:-----:|
| sr_98f022 | 12 | **exception** |
| sr_71aa03 | 1,240 | ported |

```python
print("code")
```
---
<b>no HTML</b> {LONG_WORD}"""
STYLES = ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink")
LEAVES = [
    *({"type": "text", "text": f"{name} ", "style": {name: True}} for name in STYLES),
    {"type": "link", "url": "https://a.example"},
    " ",
    {"type": "link", "url": "https://a.example", "text": "named", "style": {"bold": True}},
    " ",
    {"type": "emoji", "name": "wave", "skin_tone": 3},
    {"type": "emoji", "name": "workspace_own"},
    " ",
    {"type": "user", "user_id": "U1"},
    " ",
    {"type": "usergroup", "usergroup_id": "S1"},
    " ",
    {"type": "channel", "channel_id": "C1"},
    " ",
    {"type": "team", "team_id": "T1"},
    " ",
    {"type": "broadcast", "range": "here"},
    " ",
    {"type": "color", "value": "#C4581B"},
    " ",
    {"type": "date", "timestamp": MOMENT, "format": "{date_pretty} at {time}", "fallback": "then"},
]
RICH_TEXT = rich(
    piece(*LEAVES),
    piece(
        piece("one"),
        piece("two, ", {"type": "text", "text": "bold", "style": {"bold": True}}),
        kind="list",
        style="bullet",
    ),
    piece(piece("below two"), kind="list", style="bullet", indent=1),
    piece(piece("and below that"), kind="list", style="ordered", indent=2),
    piece(piece("fourth"), piece("fifth"), kind="list", style="ordered", offset=3, border=1),
    piece("A quote\nof two lines.", kind="quote", border=1),
    piece(
        "code ",
        {"type": "link", "url": "https://a.example"},
        f" {LONG_WORD}",
        kind="preformatted",
        border=1,
        language="text",
    ),
    piece(f"{LONG_WORD}\n\nand a last line."),
)


def cell(text):
    return {"type": "raw_text", "text": text}


def number(value):
    return {"type": "raw_number", "value": value, "text": f"{value:,}"}


TABLE = {
    "type": "table",
    "column_settings": [
        {"align": "left"},
        {"align": "right"},
        {"is_wrapped": True},
        None,
        {"align": "center"},
    ],
    "rows": [
        [cell(name) for name in ("Order", "Numbers", "What happened to it", "Customer", "State")],
        [
            cell("sr_98f022"),
            number(12),
            cell("The losing carrier refused it. " * 4),
            cell("ACME"),
            rich(piece(LEAVES[0])),
        ],
        [
            cell("sr_71aa03"),
            number(1240),
            cell("–"),
            cell("A customer of a long name, Incorporated"),
            cell("ported"),
        ],
    ],
}
DATA_TABLE = {
    "type": "data_table",
    "caption": "Orders of this week",
    "page_size": 3,
    "row_header_column_index": 1,
    "rows": [
        [cell("Customer"), cell("Order"), cell("Numbers"), cell("Note")],
        *(
            [cell(f"Customer {n % 3}"), cell(f"sr_{n}"), number(n * 7 % 10), rich(piece("a "), piece("b"))]
            for n in range(8)
        ),
    ],
}


def chart(title, **chart):
    return {"type": "data_visualization", "title": title, "chart": chart}


def axes_chart(kind, series, names, **labels):
    points = [
        {"name": name, "data": [{"label": label, "value": value(n, at)} for at, label in enumerate(names)]}
        for n, (name, value) in enumerate(series.items())
    ]
    return chart(f"Ports by {kind}", type=kind, series=points, axis_config={"categories": names, **labels})


WEEKS = [f"Week {n}" for n in range(40, 52)]
SERIES = {
    "Ported": lambda _n, at: 20 + at * 7 % 11,
    "In exception": lambda _n, at: at * 5 % 9,
    "Change": lambda _n, at: 4 - at,
}
CHARTS = [
    [
        chart("States", type="pie", segments=[{"label": f"State {n}", "value": n} for n in range(1, 13)]),
        axes_chart("bar", SERIES, WEEKS, x_label="Week", y_label="Orders"),
    ],
    [
        axes_chart(
            "line",
            SERIES,
            ["Monday morning shift", "Tuesday", "Wednesday", "Thursday", "Friday"],
            y_label="Orders",
        ),
        axes_chart("area", SERIES, WEEKS),
    ],
    [
        chart("One", type="pie", segments=[{"label": "All", "value": 5}]),
        axes_chart("bar", {"None": lambda _n, _at: 0}, ["Now"]),
    ],
]
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
