"""What Slack sends over HTTP, read by ourselves: Bolt misreads a form that says "payload" anywhere."""

import json
from typing import Annotated, Any
from urllib.parse import parse_qsl

import msgspec

JSON_TYPE = "application/json"
FORMS = ("command", "ssl_check")
"""The fields by which a form without `payload` is one of Slack's."""


class _Named(msgspec.Struct):
    id: str | None = None
    team_id: str | None = None
    enterprise_id: str | None = None


_Name = str | _Named | None


class _Place(msgspec.Struct):
    """Where Bolt and we look for who and where: names are texts, or objects with an id."""

    user: _Name = None
    team: _Name = None
    channel: _Name = None
    enterprise: _Name = None
    user_id: str | None = None
    team_id: str | None = None
    channel_id: str | None = None
    enterprise_id: str | None = None
    thread_ts: str | None = None
    user_team: str | None = None


class _Thing(_Place):
    item: _Place | None = None
    message: _Place | None = None
    previous_message: _Place | None = None
    assistant_thread: _Place | None = None


class _Event(_Thing):
    type: str = ""
    view: dict[str, Any] | None = None


class _View(msgspec.Struct):
    type: str | None = None
    callback_id: str | None = None
    team_id: str | None = None
    app_installed_team_id: str | None = None


class _Action(msgspec.Struct):
    type: str | None = None
    action_id: str | None = None
    block_id: str | None = None


class _Payload(_Thing):
    """The fields that decide what is done with a payload; the rest is not looked at here."""

    type: str | None = None
    command: str | None = None
    callback_id: str | None = None
    action_id: str | None = None
    event: _Event | msgspec.UnsetType = msgspec.UNSET
    view: _View | None = None
    actions: Annotated[list[_Action], msgspec.Meta(min_length=1)] | msgspec.UnsetType = msgspec.UNSET
    authorizations: list[_Place] | None = None
    response_url: str | None = None
    response_urls: list[dict[str, Any]] | None = None
    function_data: dict[str, Any] | None = None


def payload_of(body: bytes, content_type: str) -> dict[str, Any] | None:
    """What the body says, if it is what Slack sends: a JSON object, a form, or a form with one in `payload`.

    None for anything else, and for a payload whose fields are not what their names say.
    """
    try:
        payload = _read(body.decode(), content_type)
    except (ValueError, RecursionError):  # json's errors are ValueErrors
        return None
    return payload if is_payload(payload) else None


def is_payload(payload: object) -> bool:
    """Whether the fields that Bolt and we look at are what their names say."""
    try:
        msgspec.convert(payload, _Payload)
    except (ValueError, RecursionError):  # msgspec's errors are ValueErrors
        return False
    return True


def _read(text: str, content_type: str) -> dict[str, Any]:
    """Raises ValueError where the text is not what Slack sends."""
    if content_type == JSON_TYPE or text.startswith("{"):
        return _object(text)
    fields = parse_qsl(text, keep_blank_values=True, strict_parsing=False)
    held = [value for name, value in fields if name == "payload"]
    if held:
        return _object(*held)
    form = dict(fields)
    if not any(name in form for name in FORMS):
        raise ValueError
    return form


def _object(text: str, *more: str) -> dict[str, Any]:
    found = json.loads(text)
    if more or not isinstance(found, dict):
        raise ValueError
    return found
