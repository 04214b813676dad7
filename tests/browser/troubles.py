"""What goes wrong on a page without anybody seeing it."""

import asyncio
from urllib.parse import urlsplit

PATIENCE_S = 30
LOCAL_SCHEMES = {"data", "blob", "about"}


class Troubles:
    """Errors of the console and of scripts, requests that fail, and those that leave this machine."""

    def __init__(self):
        self._lines = []
        self._forgiven = []
        self._news = asyncio.Event()

    def forgive(self, *words):
        """Let pass what holds one of these words."""
        self._forgiven += words

    def watch(self, context):
        context.on("console", self._console)
        context.on("weberror", lambda error: self._add(f"script: {error.error}"))
        context.on("request", self._request)
        context.on("requestfailed", self._failure)
        context.on("response", self._response)

    async def told(self, words):
        """Wait until one holds these words."""
        async with asyncio.timeout(PATIENCE_S):
            while not any(words in line for line in self._lines):
                self._news.clear()
                await self._news.wait()

    def seen(self):
        return [line for line in self._lines if not any(words in line for words in self._forgiven)]

    def _add(self, line):
        self._lines.append(line)
        self._news.set()

    def _console(self, message):
        if message.type in {"error", "warning"}:
            self._add(f"console: {message.text} {message.location.get('url', '')}")

    def _request(self, request):
        address = urlsplit(request.url)
        if address.scheme not in LOCAL_SCHEMES and address.hostname != "127.0.0.1":
            self._add(f"leaves this machine: {request.url}")

    def _failure(self, request):
        if request.failure != "net::ERR_ABORTED":  # the tab was left or closed while it waited
            self._add(f"failed: {request.url} {request.failure}")

    def _response(self, response):
        if response.status >= 400:
            self._add(f"refused: {response.url} {response.status}")
