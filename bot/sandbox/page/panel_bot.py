"""The bot's life and death, and the promise that it keeps through them."""

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement

from bot.sandbox.controls import Controls
from bot.sandbox.page.texts import text
from bot.sandbox.promise import Counts

FIGURES = ("due", "posted", "waiting", "lost", "repeated")
EXPLAINED = {
    "due": "events that Telnyx lists and #porting follows",
    "posted": "of these stand in #porting",
    "waiting": "are to come",
    "lost": "did not come, though for three minutes nothing stood in the way",
    "repeated": "events stand in #porting twice",
}
WRONG = ("lost", "repeated")
LINES_SHOWN = 5


class BotPart:
    """Kill and start, the bot's state, and five figures."""

    def __init__(self, controls: Controls) -> None:
        self._controls = controls
        with ui.element("section").classes("p-bot").props('aria-label="The bot"'):
            with ui.element("div").classes("p-state"):
                self._lamp = ui.element("span").classes("p-lamp").props("aria-hidden=true")
                self._state = text("p").props("role=status")
            with ui.element("div").classes("p-row"):
                self._kill = ui.button("Kill the bot", color=None, on_click=controls.kill)
                self._kill.classes("p-button p-danger").props("flat no-caps")
                self._start = ui.button("Start it again", color=None, on_click=controls.start)
                self._start.classes("p-button p-good").props("flat no-caps")
            with ui.element("dl").classes("p-figures"):
                self._figures = {name: _figure(name) for name in FIGURES}
            self._notes = text("p", classes="p-note")
            self._said_last = text("p", "The newest lines of the bot's log:", "p-note")
            self._said = text("pre", classes="p-said").props('aria-label="What the bot says" tabindex=0')

    def refresh(self) -> None:
        controls, counts = self._controls, self._controls.counts()
        lamp = "good" if controls.is_connected else "soon" if controls.is_running else "bad"
        self._lamp.classes(replace=f"p-lamp p-lamp-{lamp}")
        self._state.text = state_of(controls)
        self._kill.set_enabled(controls.is_running)
        self._start.set_enabled(controls.can_start)
        for name, figure in self._figures.items():
            figure.text = str(getattr(counts, name))
        for name in WRONG:
            self._figures[name].classes(replace="p-wrong" if getattr(counts, name) else "p-right")
        self._notes.text = " ".join(notes_on(counts))
        said = list(controls.bot.said)[-LINES_SHOWN:] if controls.bot else []
        self._said.text = "\n".join(said)
        for part in (self._said_last, self._said):
            part.set_visibility(bool(said))


def state_of(controls: Controls) -> str:
    """The bot's state in a sentence."""
    if controls.bot is None or (not controls.is_running and controls.bot.starts == 0):
        return "The bot is about to start."
    if controls.is_connected:
        return f"The bot runs and is connected to Slack (process {controls.bot.pid})."
    if controls.is_running:
        return "The bot runs, but is not connected to Slack yet."
    code = controls.bot.exit_code
    if code is not None and code < 0:
        return f"The bot was killed (signal {-code}). Its database is as it left it."
    return f"The bot ended by itself (exit code {code})."


def notes_on(counts: Counts) -> list[str]:
    """What a reader of the figures must know."""
    notes = []
    if not counts.follows_everything:
        notes.append("#porting does not follow everything now: new events are not counted as due.")
    if counts.disordered:
        notes.append(f"Pairs of an order's events in the wrong order: {counts.disordered}.")
    if counts.in_the_way:
        notes.append(f"Events may wait: {', '.join(counts.in_the_way)}.")
    return notes or ["Nothing stands in the way: every event appears, once, in order."]


def _figure(name: str) -> TextElement:
    with ui.element("div"):
        text("dt", name.capitalize())
        figure = text("dd", "0")
        figure.tooltip(EXPLAINED[name])
    return figure
