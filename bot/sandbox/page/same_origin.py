"""Keeps pages of somewhere else from using ours: a browser says where it goes, and whose page sends it."""

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

LOCAL = {"127.0.0.1", "localhost"}
"""A page of somewhere else may know our address, but not call us by it."""
FOREIGN = "The sandbox answers its own page only."


class SameOrigin:
    """Refuses requests and websockets that do not come to a local name, or not from a page of that name.

    Browsers let any page open a websocket to any address, and send simple requests there. Who sends no
    `Origin` is a link that somebody followed, our own page that only reads, or no browser.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refuse: ASGIApp | None = None
        if scope["type"] in {"http", "websocket"} and not _is_ours(Headers(scope=scope)):
            refuse = WebSocketClose() if scope["type"] == "websocket" else PlainTextResponse(FOREIGN, 403)
        await (refuse or self._app)(scope, receive, send)


def _is_ours(headers: Headers) -> bool:
    host = headers.get("Host", "")
    return host.split(":")[0] in LOCAL and headers.get("Origin") in {None, f"http://{host}"}
