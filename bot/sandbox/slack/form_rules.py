"""What the client itself refuses before a form leaves it."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from bot.sandbox.slack.inputs import state_values
from bot.sandbox.slack.records import Json, View

LONGEST = 3000
REQUIRED = "Please complete this required field."
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@.]+")
_URL = re.compile(r"(?i)(https?|mailto|tel|slack):\S+")


def unfilled(view: View) -> dict[str, str]:
    """Why a form can't be sent: by block_id, in words."""
    values, found = state_values(view.blocks, view.sheet, view.channel), {}
    for block in view.blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        content = _content(values[block["block_id"]][element["action_id"]])
        if not content and not block.get("optional"):
            found[block["block_id"]] = REQUIRED
        elif content and (problem := _problem(element, content)):
            found[block["block_id"]] = problem
    return found


def _content(holds: Json) -> object:
    content = next((value for name, value in holds.items() if name != "type"), None)
    if isinstance(content, dict) and content.get("type") == "rich_text":
        return content if _written(content) else None
    return content


def _written(part: Json) -> bool:
    """Whether rich text says anything: an emoji or a mention counts, blanks do not."""
    inner = part.get("elements")
    if inner is not None:
        return any(_written(each) for each in inner)
    return bool(str(part["text"]).strip()) if part["type"] == "text" else True


def _problem(element: Json, content: Any) -> str:
    kind = element["type"]
    if kind == "plain_text_input":
        return _length_problem(element, content)
    if kind == "email_text_input" and not _EMAIL.fullmatch(content):
        return "Enter a valid e-mail address."
    if kind == "url_text_input" and not _URL.fullmatch(content):
        return "Enter a valid URL."
    if kind == "number_input":
        return _number_problem(element, content)
    return ""


def _length_problem(element: Json, content: str) -> str:
    least, most = element.get("min_length", 0), element.get("max_length", LONGEST)
    if len(content) < least:
        return f"Enter at least {least} characters."
    return f"Enter at most {most} characters." if len(content) > most else ""


def _number_problem(element: Json, content: str) -> str:
    try:
        number = Decimal(content)
    except InvalidOperation:
        return "Enter a number."
    if not number.is_finite():
        return "Enter a number."
    if not element["is_decimal_allowed"] and number != number.to_integral_value():
        return "Enter a whole number."
    if "min_value" in element and number < Decimal(element["min_value"]):
        return f"Enter a number not below {element['min_value']}."
    if "max_value" in element and number > Decimal(element["max_value"]):
        return f"Enter a number not above {element['max_value']}."
    return ""
