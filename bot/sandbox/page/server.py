"""Serves the page on one local address, in the loop of whoever starts it."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import islice

import uvicorn
from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse, StreamingResponse
from fastapi.staticfiles import StaticFiles
from nicegui import app, ui
from starlette.requests import ClientDisconnect

from bot.sandbox.page.client import WEB
from bot.sandbox.page.same_origin import SameOrigin
from bot.sandbox.page.tab import Tabs
from bot.sandbox.slack.records import Json, NothingThereError

GOODBYE_S = 1
RECONNECT_S = 10.0
LOOKS = ("look.css", "blocks.css", "forms.css", "panel.css")
LARGEST_FILE = 20_000_000
DRAWN_AT_ONCE = 20


class Page:
    """The page of one workspace. NiceGUI keeps its state in its modules: a process serves one at a time."""

    def __init__(self, tabs: Tabs) -> None:
        self._tabs = tabs
        self._server = _Server(_config())
        self._serving: asyncio.Task[None] | None = None
        self.url = ""

    async def start(self, host: str, port: int) -> None:
        """Serve; port 0 takes a free one. Raises OSError where the port is taken."""
        listening = socket.create_server((host, port))
        self.url = f"http://{host}:{listening.getsockname()[1]}"
        _site().state.tabs = self._tabs
        self._serving = asyncio.create_task(self._server.serve(sockets=[listening]))
        await self._server.is_ready.wait()

    async def stop(self) -> None:
        """Say goodbye to every tab, and close."""
        if self._serving is not None:
            self._server.should_exit = True
            await self._serving


class _Server(uvicorn.Server):
    """Says when it serves, and leaves signals to the sandbox, which stops it in order."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.is_ready.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _config() -> uvicorn.Config:
    return uvicorn.Config(_site(), log_config=None, access_log=False, timeout_graceful_shutdown=GOODBYE_S)


@cache
def _site() -> FastAPI:
    """The site, whose `state.tabs` says what it shows."""
    site = FastAPI(openapi_url=None)
    site.add_middleware(SameOrigin)
    site.mount("/look", StaticFiles(directory=WEB))
    _serve_data(site)

    @ui.page("/", title="Portwire sandbox")
    async def page(request: Request) -> None:
        ui.add_head_html("".join(f'<link rel="stylesheet" href="/look/{look}">' for look in LOOKS))
        site.state.tabs.fill(request.query_params.get("as", ""))

    app.config.quasar_config["loadingBar"]["skipHijack"] = True  # a bar that has no name for screen readers
    ui.run_with(
        site, dark=None, tailwind=False, reconnect_timeout=RECONNECT_S, gzip_middleware_factory=None,
        show_welcome_message=False, language="en-US",
    )  # fmt: skip
    return site


def _serve_data(site: FastAPI) -> None:
    """What the browser asks for, or hands in, beside the socket."""

    @site.get("/history/{channel}")
    async def history(channel: str, person: str) -> StreamingResponse:
        try:
            messages = site.state.tabs.history(channel, person)
        except NothingThereError:
            raise HTTPException(404, "There is no such channel for this person.") from None
        return StreamingResponse(_listed(messages), media_type="application/json")

    @site.post("/files")
    async def add_file(request: Request, person: str, name: str) -> JSONResponse:
        size = request.headers.get("Content-Length", "")
        if not size.isdecimal() or int(size) > LARGEST_FILE:
            raise HTTPException(413, "The sandbox takes files of up to 20 MB.")
        mimetype = request.headers.get("Content-Type", "")
        try:
            return JSONResponse(site.state.tabs.add_file(person, name, await request.body(), mimetype))
        except NothingThereError:
            raise HTTPException(404, "There is no such person.") from None
        except ClientDisconnect:
            raise HTTPException(400, "The file did not come whole.") from None


async def _listed(messages: Iterator[Json]) -> AsyncIterator[str]:
    """A JSON list, made a few messages at a time: the same loop answers the bot, which need not wait."""
    start = "["
    while few := list(islice(messages, DRAWN_AT_ONCE)):
        yield start + json.dumps(few)[1:-1]
        start = ","
        await asyncio.sleep(0)
    yield "[]" if start == "[" else "]"
