"""Messages, views and a Home with every element that people can use."""


def plain(text):
    return {"type": "plain_text", "text": text}


def option(value, text, description=None):
    return {"text": plain(text), "value": value} | (
        {"description": plain(description)} if description else {}
    )


FAST = option("fast", "Fast", "within a day")
SLOW = option("slow", "Slow")
OPTIONS = [FAST, SLOW]
NOON_IN_NEW_YORK = 1_772_643_600  # 2026-03-04 12:00 -05:00
LUMEN = option("lumen", "Lumen")
GROUPS = [
    {"label": plain("Wireline"), "options": [LUMEN, option("onvoy", "Onvoy")]},
    {"label": plain("Wireless"), "options": [option("tmo", "T-Mobile")]},
]
CONFIRM = {
    "title": plain("Cancel the order?"),
    "text": {"type": "mrkdwn", "text": "This can *not* be undone."},
    "confirm": plain("Cancel it"),
    "deny": plain("Keep it"),
    "style": "danger",
}
WORKFLOW = {"trigger": {"url": "https://slack.com/shortcuts/Ft1/x"}}
PRESSED = [
    {"type": "button", "text": plain("Plain"), "value": "p"},
    {"type": "button", "text": plain("Go"), "value": "g", "style": "primary", "accessibility_label": "Go on"},
    {"type": "button", "text": plain("Cancel"), "value": "c", "style": "danger", "confirm": CONFIRM},
    {"type": "button", "text": plain("Manual"), "url": "http://127.0.0.1:9/manual"},
    {"type": "button", "text": plain("Silent"), "action_id": "silent"},
    {"type": "overflow", "options": [option("copy", "Copy"), option("open", "Open")]},
    {"type": "workflow_button", "text": plain("Run"), "workflow": WORKFLOW},
]
CHOSEN = [
    {"type": "static_select", "placeholder": plain("Carrier"), "option_groups": GROUPS},
    {"type": "multi_static_select", "placeholder": plain("Speeds"), "options": OPTIONS},
    {"type": "external_select", "placeholder": plain("Search"), "min_query_length": 1},
    {"type": "multi_external_select", "placeholder": plain("Search many"), "min_query_length": 0},
    {"type": "users_select", "placeholder": plain("Owner")},
    {"type": "multi_users_select", "placeholder": plain("Watchers")},
    {"type": "conversations_select", "placeholder": plain("Where"), "filter": {"include": ["im"]}},
    {"type": "multi_conversations_select", "placeholder": plain("Places")},
    {"type": "channels_select", "placeholder": plain("Channel")},
    {"type": "multi_channels_select", "placeholder": plain("Channels")},
    {"type": "datepicker", "placeholder": plain("Day")},
    {"type": "timepicker", "placeholder": plain("Time")},
    {"type": "datetimepicker"},
    {"type": "radio_buttons", "options": OPTIONS},
    {"type": "checkboxes", "options": OPTIONS},
]
TYPED = [
    {"type": "plain_text_input", "placeholder": plain("One line"), "min_length": 3, "max_length": 20},
    {"type": "plain_text_input", "multiline": True},
    {"type": "email_text_input"},
    {"type": "url_text_input"},
    {"type": "number_input", "is_decimal_allowed": False, "min_value": "1", "max_value": "99"},
    {"type": "rich_text_input", "placeholder": plain("Say it well")},
    {"type": "file_input", "filetypes": ["pdf", "txt"], "max_files": 2},
]
PICTURE = {"type": "image", "image_url": "https://acme.example/logo.png", "alt_text": "A logo"}
FEEDBACK = [
    {
        "type": "feedback_buttons",
        "action_id": "feedback",
        "positive_button": {"text": plain("Good"), "value": "good"},
        "negative_button": {"text": plain("Bad"), "value": "bad"},
    },
    {"type": "icon_button", "action_id": "bin", "icon": "trash", "text": plain("Delete"), "value": "x"},
]


def with_ids(elements):
    return [{"action_id": f"{element['type']}_{at}"} | element for at, element in enumerate(elements)]


def name_of(element):
    words = element["type"].removesuffix("_input").replace("_", " ").capitalize()
    return f"{words} (lines)" if element.get("multiline") else words


MESSAGE = [
    {
        "type": "section",
        "text": plain("Every part"),
        "accessory": {"type": "button", "text": plain("Beside")},
    },
    {"type": "actions", "block_id": "pressed", "elements": with_ids(PRESSED)},
    {"type": "actions", "block_id": "chosen", "elements": with_ids(CHOSEN)},
    {"type": "context_actions", "block_id": "feedback", "elements": FEEDBACK},
    {"type": "context", "elements": [PICTURE]},
]
EDITED = [
    {"type": "section", "text": plain("Before")},
    {"type": "actions", "elements": [{"type": "button", "action_id": "edit", "text": plain("Edit")}]},
]
LIKE = [
    {
        "type": "actions",
        "block_id": name,
        "elements": [{"type": "button", "action_id": "same", "text": plain(name)}],
    }
    for name in ("first", "second")
]


def field(element, at=0, **more):
    block = {"type": "input", "block_id": f"b{at}", "label": plain(name_of(element)), "optional": True}
    return block | {"element": {"action_id": element["type"]} | element} | more


def form(title, *blocks, **more):
    """A modal."""
    content = {"type": "modal", "title": plain(title), "submit": plain("Send"), "blocks": list(blocks)}
    return content | more


EVERYTHING = form(
    "Every input",
    *[field(element, at) for at, element in enumerate(TYPED + CHOSEN)],
    callback_id="everything",
    close=plain("Never mind"),
    notify_on_close=True,
)
STEPS = form(
    "Steps",
    field(
        TYPED[0], label=plain("Name"), block_id="name", hint=plain("At least three signs."), optional=False
    ),
    field(TYPED[1], label=plain("Live"), block_id="live", dispatch_action=True)
    | {"element": {"type": "plain_text_input", "action_id": "live"}},
    {
        "type": "actions",
        "block_id": "more",
        "elements": [{"type": "button", "action_id": "push", "text": plain("More")}],
    },
    field(CHOSEN[0] | {"initial_option": LUMEN}, block_id="carrier", label=plain("Carrier")),
    callback_id="steps",
    notify_on_close=True,
)
SECOND = form(
    "Second step",
    field(CHOSEN[13], label=plain("Speed")),
    field(TYPED[1] | {"focus_on_load": True}, block_id="note", label=plain("Note")),
    callback_id="second",
    notify_on_close=True,
)
HOME = {
    "type": "home",
    "blocks": [
        {"type": "header", "text": plain("Your orders")},
        {"type": "actions", "block_id": "home", "elements": with_ids([PRESSED[0], CHOSEN[0]])},
    ],
}
