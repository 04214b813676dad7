"""The Web API's door: token, scopes, pace and faults, then the method, then how its answer is lost."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from aiohttp import web

from bot.sandbox.slack import chat_methods as chat
from bot.sandbox.slack import conversation_methods as conversations
from bot.sandbox.slack import file_methods as files
from bot.sandbox.slack import view_methods as views
from bot.sandbox.slack.call import Call, read_arguments
from bot.sandbox.slack.faults import AFTER_ACCEPT, Fault, Faults
from bot.sandbox.slack.pace import Pace
from bot.sandbox.slack.records import CallSeen, Json, SlackRefusal
from bot.sandbox.slack.scopes import GRANTED, check_scope, needed_scope
from bot.sandbox.slack.socket import Sockets
from bot.sandbox.slack.world import SlackWorld

Method = Callable[[SlackWorld, Call], Json]
BY_APP_TOKEN = "apps.connections.open"  # noqa: S105 - a method's name
BY_NO_TOKEN = "api.test"  # noqa: S105
METHODS: dict[str, Method] = {
    "api.test": conversations.api_test,
    "auth.test": conversations.auth_test,
    "blocks.validate": views.validate,
    "chat.postMessage": chat.post_message,
    "chat.postEphemeral": chat.post_ephemeral,
    "chat.update": chat.update,
    "chat.delete": chat.delete,
    "chat.getPermalink": chat.get_permalink,
    "conversations.info": conversations.info,
    "conversations.join": conversations.join,
    "conversations.open": conversations.open_dm,
    "conversations.list": conversations.list_channels,
    "conversations.members": conversations.members,
    "users.conversations": conversations.list_channels,
    "users.info": conversations.user_info,
    "users.list": conversations.list_users,
    "usergroups.users.list": conversations.usergroup_users,
    "views.open": views.open_view,
    "views.push": views.push_view,
    "views.update": views.update_view,
    "views.publish": views.publish_view,
    "files.completeUploadExternal": files.complete_upload,
}


@dataclass(slots=True)
class Answer:
    """What goes back, unless a fault spoils it; `accepted` says that the call took effect."""

    body: Json
    outcome: str = "ok"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    accepted: bool = False
    spoiled_by: Fault | None = None


class WebApi:
    """Answers /api/{method}; `scopes` is what the app was granted."""

    def __init__(
        self, world: SlackWorld, sockets: Sockets, faults: Faults, *, bot_token: str, app_token: str
    ) -> None:
        self.world = world
        self.faults = faults
        self.scopes = set(GRANTED)
        self._sockets = sockets
        self._bot_token = bot_token
        self._app_token = app_token
        self._pace = Pace(faults, world.now)
        self._methods = METHODS | {
            "conversations.history": self._history,
            "conversations.replies": self._replies,
            "files.getUploadURLExternal": self._upload_url,
        }
        self._base = ""

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One request. What it came to is noted in the world's calls before the answer leaves."""
        method, came_at = request.match_info["method"], self.world.now()
        self._base = f"{request.scheme}://{request.host}"
        try:
            arguments = await read_arguments(request)
        except SlackRefusal as refusal:
            return web.json_response({"ok": False, "error": refusal.error})
        token = _token(request, arguments)
        arguments.pop("token", None)
        if self.faults.redirect is not None:
            self._note(Call(method, arguments), Answer({}, outcome="http 307"), came_at)
            return web.Response(status=307, headers={"Location": self.faults.redirect})
        await asyncio.sleep(self.faults.delay_s(method))
        call = Call(method, arguments)
        answer = self._answer(call, token)
        self._note(call, answer, came_at)
        return await self._send(request, call, answer)

    def _note(self, call: Call, answer: Answer, came_at: datetime) -> None:
        outcome, now = answer.spoiled_by or answer.outcome, self.world.now()
        seen = CallSeen(call.method, call.arguments, outcome, now, answer.accepted, now - came_at)
        self.world.note_call(seen)

    def _answer(self, call: Call, token: str) -> Answer:
        try:
            self._check_token(call.method, token)
            wanted = call.text("channel") or call.text("channel_id")
            channel = self.world.find_channel(wanted)
            check_scope(call.method, channel, self.scopes)
            where = wanted if channel is None else channel.id
            early = self._pace.too_early_s(call.method, where)
            fault = None if early else self.faults.strike(call.method, where)
            if early or fault == Fault.RATELIMITED:
                return self._slow_down(early or 1)
            return self._carry_out(call, where, fault)
        except SlackRefusal as refusal:
            return Answer({"ok": False, "error": refusal.error} | refusal.facts, outcome=refusal.error)

    def _check_token(self, method: str, token: str) -> None:
        if self.faults.token_revoked:
            raise SlackRefusal("token_revoked")
        if method == BY_NO_TOKEN:
            return
        if not token:
            raise SlackRefusal("not_authed")
        if token not in {self._bot_token, self._app_token}:
            raise SlackRefusal("invalid_auth")
        if method != BY_APP_TOKEN and method not in self._methods:
            raise SlackRefusal("unknown_method", req_method=method)
        wanted = self._app_token if method == BY_APP_TOKEN else self._bot_token
        if token != wanted and method != "auth.test":
            raise SlackRefusal("not_allowed_token_type")

    def _slow_down(self, seconds: int) -> Answer:
        value = str(seconds) if self.faults.retry_after_value == "auto" else self.faults.retry_after_value
        headers = {} if value is None else {"Retry-After": value}
        return Answer(
            {"ok": False, "error": "ratelimited"}, outcome="ratelimited", status=429, headers=headers
        )

    def _carry_out(self, call: Call, where: str, fault: str | None) -> Answer:
        if fault is not None and fault not in set(Fault):
            raise SlackRefusal(fault)
        if fault is not None and fault not in AFTER_ACCEPT:
            return Answer({"ok": False, "error": "internal_error"}, spoiled_by=Fault(fault))
        body = {"ok": True} | self._run(call)
        self._pace.count(call.method, where)
        return Answer(body, accepted=True, spoiled_by=None if fault is None else Fault(fault))

    def _run(self, call: Call) -> Json:
        if call.method == BY_APP_TOKEN:
            address = self._base.replace("http", "ws", 1)
            return {"url": f"{address}/link/?ticket={self._sockets.ticket()}&app_id={self.world.app_id}"}
        if call.method == "chat.update" and self.faults.edit_window_closed:
            raise SlackRefusal("edit_window_closed")
        return self._methods[call.method](self.world, call)

    def _history(self, world: SlackWorld, call: Call) -> Json:
        return conversations.history(world, call, lag_s=self.faults.history_lag_s)

    def _replies(self, world: SlackWorld, call: Call) -> Json:
        return conversations.replies(world, call, lag_s=self.faults.history_lag_s)

    def _upload_url(self, world: SlackWorld, call: Call) -> Json:
        return files.get_upload_url(world, call, base=self._base)

    async def _send(self, request: web.Request, call: Call, answer: Answer) -> web.StreamResponse:
        if answer.spoiled_by is Fault.ACCEPT_THEN_HANG:
            await asyncio.sleep(self.faults.hang_s)
        if answer.spoiled_by is not None:
            return _spoiled(request, answer.body, answer.spoiled_by)
        headers = answer.headers | self._scope_headers(call.method)
        return web.json_response(answer.body, status=answer.status, headers=headers)

    def _scope_headers(self, method: str) -> dict[str, str]:
        headers = {"x-oauth-scopes": ",".join(sorted(self.scopes)), "x-slack-req-id": "sandbox"}
        needed = needed_scope(method, None)
        return headers if needed is None else headers | {"x-accepted-oauth-scopes": needed}


def _token(request: web.Request, arguments: Json) -> str:
    """The token from the header, or from a query or form argument (JSON bodies can't carry it)."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "bearer" and token:
        return token.strip()
    if request.content_type == "application/json":
        return request.query.get("token", "")
    return str(arguments.get("token", ""))


def _hung_up(request: web.Request) -> web.Response:
    """Close the connection without an answer."""
    request.protocol.force_close()
    return web.Response()


def _spoiled(request: web.Request, body: Json, fault: Fault) -> web.Response:
    """What the caller gets in place of the answer."""
    text = json.dumps(body)
    answers: dict[Fault, Callable[[], web.Response]] = {
        Fault.ACCEPT_THEN_500: lambda: web.Response(status=500, text="Internal Server Error"),
        Fault.HTTP_500_BEFORE: lambda: web.Response(status=500, text="Internal Server Error"),
        Fault.HTML_200: lambda: web.Response(text="<html>Sign in</html>", content_type="text/html"),
        Fault.CUT_JSON: lambda: web.Response(text=text[: len(text) // 2], content_type="application/json"),
        Fault.INTERNAL_ERROR_BEFORE: _internal_error,
        Fault.INTERNAL_ERROR_AFTER_ACCEPT: _internal_error,
    }
    return answers.get(fault, lambda: _hung_up(request))()


def _internal_error() -> web.Response:
    return web.json_response({"ok": False, "error": "internal_error"})
