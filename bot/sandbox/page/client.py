"""The Slack client on the page, made of Vue components of ours, and its wire to the server."""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

from nicegui import ui
from nicegui.events import GenericEventArguments

from bot.sandbox.slack.records import Json

WEB = Path(__file__).parent / "web"
HALVES = re.compile("[\ud800-\udfff]")
"""Halves of characters, as a text has them that was cut in an emoji; the wire to the browser takes none."""
BROKEN: Json = {"refusal": "Something broke in the sandbox; its terminal says what."}


class SlackClient(ui.element, component=WEB / "client.js", esm={"portwire": str(WEB)}):
    """Sends the browser news, and brings what a person does there.

    `suggestions`: lines that the composer offers; `titles`: what people are, by their id; `has_panel`: a
    button shows and hides the drawer.
    """

    def __init__(self, suggestions: list[Json], titles: dict[str, str], *, has_panel: bool) -> None:
        super().__init__()
        self.props["suggestions"] = suggestions
        self.props["titles"] = titles
        self.props["hasPanel"] = has_panel

    def connect(self, perform: Callable[[str, Json], Awaitable[Json]]) -> None:
        """Hand what a person does to `perform`; its answer goes back to where it was done."""

        async def act(event: GenericEventArguments) -> None:
            asked, answer = event.args, BROKEN
            try:
                answer = await perform(asked["name"], asked["arguments"])
            finally:  # or whoever pressed a button would wait for ever
                self.take([{"kind": "answer", "call": asked["call"], "answer": answer}])

        self.on("act", act)

    def take(self, news: list[Json]) -> None:
        """Hand news to the browser."""
        self.run_method("take", _whole(news))


def _whole(value: object) -> object:
    """The same, with the sign for what cannot be read in place of each half of a character."""
    if isinstance(value, str):
        return HALVES.sub("\ufffd", value)
    if isinstance(value, dict):
        return {name: _whole(each) for name, each in value.items()}
    return [_whole(each) for each in value] if isinstance(value, list) else value
