"""Troubles that the stand-in Telnyx can be told to have, all off by default."""

import asyncio
import json
import random
from collections.abc import MutableSequence
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import Literal, TypeAlias, TypedDict

from aiohttp import web

from bot.sandbox.telnyx.wire import Json

Trouble: TypeAlias = Literal[
    "500", "500_html", "502", "503", "401", "403", "404", "422", "429",
    "cut_json", "wrong_types", "null_data", "html_200", "drop", "lost",
]  # fmt: skip
"""A status with its error body; or what happens to the answer. `drop`: nothing is done and no answer comes;
`lost`: it is done but no answer comes."""

ERROR_BODIES = {
    400: ("10015", "Bad request"),
    401: ("10009", "Authentication failed"),
    403: ("10010", "Not permitted"),
    404: ("10005", "Resource not found"),
    405: ("10015", "Method not allowed"),
    413: ("10015", "Request is too large"),
    422: ("10027", "Unprocessable entity"),
    429: ("10011", "Too many requests"),
    500: ("10007", "Unexpected error"),
}
PROXY_PAGE = "<html><head><title>{0}</title></head><body><center><h1>{0}</h1></center></body></html>"
SPOILING = frozenset({"cut_json", "wrong_types", "null_data", "html_200", "lost"})


class RateLimited(TypedDict, total=False):
    """429 with these header values; `requests` counts down, without it every request is refused."""

    retry_after: str | None
    reset: str | None
    requests: int


@dataclass(frozen=True, slots=True)
class NextFailure:
    """A trouble that happens once, to the next request whose path (after /v2), method and page fit."""

    trouble: Trouble
    path: str = ""
    method: str | None = None
    retry_after: str | None = None
    page: int | None = None


@dataclass(slots=True)
class Faults:
    """The switches. `down` True is "drop": no answer at all; `strict` refuses what a list does not know."""

    down: bool | Literal["drop", "503"] = False
    slow_s: float = 0.0
    error_rate: float = 0.0
    error_kind: Trouble = "500_html"
    rate_limited: RateLimited | None = None
    unauthorized: bool = False
    republish_status: int | Literal["lost"] | None = None
    order: Literal["newest_first", "oldest_first", "uuid"] = "newest_first"
    odd_meta: Json = field(default_factory=dict)
    """What `meta` says instead; None leaves a figure out."""
    odd_order: Json = field(default_factory=dict)
    """What orders say instead."""
    duplicate_across_pages: bool = False
    max_page_size: int | None = None
    no_meta: bool = False
    strict: bool = False
    no_date_header: bool = False
    date_skew: timedelta = timedelta(0)
    bad_pages: dict[int, Trouble] = field(default_factory=dict)
    """Pages of the event lists, by number, that are never answered well."""
    empty_once: set[int] = field(default_factory=set)
    """Pages that come without rows the first time, though there are some."""
    next_failures: MutableSequence[NextFailure] = field(default_factory=list)
    dice: random.Random = field(default_factory=lambda: random.Random(0))  # noqa: S311 - repeatable, not secret

    def choose(self, method: str, path: str, page: int | None = None) -> NextFailure | None:
        """What this request suffers, if anything; `path` is without /v2, `page` the one that it asks for."""
        if self.down:
            return NextFailure("503" if self.down == "503" else "drop")
        for failure in self.next_failures:
            if path.startswith(failure.path) and {failure.method, failure.page} <= {None, method, page}:
                self.next_failures.remove(failure)
                return failure
        if self.unauthorized:
            return NextFailure("401")
        if path.endswith("/events") and page in self.bad_pages:
            return NextFailure(self.bad_pages[page])
        if self.error_rate and self.dice.random() < self.error_rate:
            return NextFailure(self.error_kind)
        return self._republish_failure(method, path)

    def _republish_failure(self, method: str, path: str) -> NextFailure | None:
        is_republish = method == "POST" and path.endswith("/republish")
        return NextFailure("lost") if is_republish and self.republish_status == "lost" else None

    def limit(self) -> web.Response | None:
        """429 while the rate limit lasts."""
        limited = self.rate_limited
        if limited is None or limited.get("requests", 1) < 1:
            return None
        if "requests" in limited:
            limited["requests"] -= 1
        headers = {"x-ratelimit-limit": "100", "x-ratelimit-remaining": "0"}
        given = {"Retry-After": limited.get("retry_after"), "x-ratelimit-reset": limited.get("reset")}
        headers |= {name: value for name, value in given.items() if value is not None}
        return error_answer(429, headers=headers)

    async def delay(self) -> None:
        """Be as slow as told."""
        if self.slow_s:
            await asyncio.sleep(self.slow_s)


def error_answer(
    status: int, detail: str = "Please try again later", *, headers: dict[str, str] | None = None
) -> web.Response:
    """An error body in Telnyx's shape."""
    code, title = ERROR_BODIES.get(status, ("10007", HTTPStatus(status).phrase))
    return json_answer({"errors": [{"code": code, "title": title, "detail": detail}]}, status, headers)


def json_answer(body: object, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """A JSON answer."""
    return web.Response(
        body=json.dumps(body).encode(),
        status=status,
        headers=headers,
        content_type="application/json",
        charset="utf-8",
    )


def failed_answer(failure: NextFailure) -> web.Response:
    """The answer of a trouble that keeps the request from being handled."""
    status = int(failure.trouble[:3])
    if failure.trouble in {"500_html", "502", "503"}:
        phrase = f"{status} {HTTPStatus(status).phrase}"
        response = web.Response(text=PROXY_PAGE.format(phrase), status=status, content_type="text/html")
    else:
        response = error_answer(status)
    if failure.retry_after is not None:
        response.headers["Retry-After"] = failure.retry_after
    return response


def spoiled_answer(trouble: Trouble, answer: web.Response) -> web.Response:
    """A good answer gone bad on its way."""
    raw = answer.body if isinstance(answer.body, bytes) else b""
    if trouble == "html_200":
        return web.Response(text=PROXY_PAGE.format("Welcome"), content_type="text/html")
    if trouble == "cut_json":
        return web.Response(body=raw[: len(raw) * 2 // 3], content_type="application/json", charset="utf-8")
    if not raw:
        return answer
    body: Json = json.loads(raw)
    spoiled = body | {"data": None} if trouble == "null_data" else _wrong_types(body)
    return json_answer(spoiled, answer.status)


def _wrong_types(body: Json) -> Json:
    """Texts become numbers and numbers become texts, all over the answer."""
    return {name: _wrong(value) for name, value in body.items()}


def _wrong(value: object) -> object:
    if isinstance(value, dict):
        return {name: _wrong(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_wrong(inner) for inner in value] or {}
    return str(value) if isinstance(value, int | float) else 7
