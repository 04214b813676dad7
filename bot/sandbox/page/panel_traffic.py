"""What the bot asks of Telnyx and Slack, request by request, the newest first."""

import re

from nicegui import ui
from nicegui.element import Element

from bot.sandbox.page.panel_words import milliseconds
from bot.sandbox.page.texts import text
from bot.sandbox.traffic import Request, Traffic

ROWS = 60
ABOUT_WIDTH = 90
LONG_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{6}([0-9a-f]{6})")
SIDES = ["Both", "Telnyx", "Slack"]


class TrafficPart:
    """A list that grows at its top and never holds more than `ROWS` rows."""

    def __init__(self, traffic: Traffic) -> None:
        self._traffic = traffic
        self._newest = 0
        self._filter = ("", "Both", False)
        self._rows: list[Element] = []
        with ui.element("div").classes("p-row"):
            self._words = (
                ui.input("Only with these words").props("dense outlined clearable").classes("p-grow")
            )
            self._side = ui.select(SIDES, label="Side", value="Both").props("dense outlined options-dense")
            self._side.classes("p-side-choice")
        self._polls = ui.switch("Show polls too", value=False)
        self._none = text("p", "Nothing yet.", "p-note")
        self._list = ui.element("ol").classes("p-requests").props('aria-label="Requests, newest first"')

    def refresh(self) -> None:
        self._traffic.gather()
        wanted = (self._words.value or "", self._side.value or "Both", self._polls.value)
        if wanted != self._filter:
            self._filter, self._newest, self._rows = wanted, 0, []
            self._list.clear()
        fresh = [each for each in self._traffic.requests if each.number > self._newest and self._shows(each)]
        self._newest = self._traffic.count
        for request in fresh[-ROWS:]:
            with self._list:
                row = _row(request)
            row.move(target_index=0)
            self._rows.append(row)
        while len(self._rows) > ROWS:
            self._list.remove(self._rows.pop(0))
        self._none.set_visibility(not self._rows)

    def _shows(self, request: Request) -> bool:
        words, side, polls = self._filter
        is_wanted = side in {"Both", request.side} and (polls or not request.is_poll)
        return is_wanted and request.speaks_of(words)


def _row(request: Request) -> Element:
    with ui.element("li").classes("p-request" if request.is_good else "p-request p-failed") as row:
        text("time", f"{request.at:%H:%M:%S}")
        text("b", request.side)
        text("code", short(request.asked))
        text("span", request.came_to, "p-outcome")
        text("span", milliseconds(request.took), "p-took")
        if request.about:
            text("span", request.about[:ABOUT_WIDTH], "p-about")
    return row


def short(asked: str) -> str:
    """The call as it fits a line: of an id its end, which people see in support keys too."""
    return LONG_ID.sub(r"…\1", asked.removeprefix("GET ").replace("/v2/", ""))
