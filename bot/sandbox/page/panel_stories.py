"""Stories by button, at a speed, with a pause."""

from functools import partial

from nicegui import ui
from nicegui.events import GenericEventArguments

from bot.sandbox.controls import Controls
from bot.sandbox.page.panel_words import LAST_NOTCH, notch_of, speed_at, speed_in_words
from bot.sandbox.page.texts import text
from bot.sandbox.stories import STORIES


class StoriesPart:
    """All tabs move the same stories."""

    def __init__(self, controls: Controls) -> None:
        self._controls = controls
        self._script = controls.script
        with ui.element("div").classes("p-row p-pace"):
            self._pause = ui.button("Pause", color=None, on_click=self._turn)
            self._pause.classes("p-button").props("flat no-caps")
            self._speed = text("p", classes="p-speed").props("id=p-speed")
        # The browser's own slider: it can be moved by keys, and a screen reader says the words.
        self._slider = ui.element("input").classes("p-slider")
        self._slider.props(f'type=range min=0 max={LAST_NOTCH} aria-label="Speed of the stories"')
        self._slider.on("input", self._drag, js_handler="(event) => emit(event.target.value)", throttle=0.1)
        self._notch: int | None = None
        text("p", "Begin a story beside those that run by themselves:", "p-note")
        with ui.element("div").classes("p-stories"):
            for title in STORIES:
                button = ui.button(_capital(title), color=None, on_click=partial(self._tell, title))
                button.classes("p-button").props("flat no-caps align=left")
        self._begun = text("p", classes="p-note").props("role=status")

    def refresh(self) -> None:
        script = self._script
        self._pause.text = "Go on" if script.is_paused else "Pause"
        pause = "The stories pause. " if script.is_paused else ""
        self._speed.text = f"{pause}{speed_in_words(script.speed)}"
        if self._notch != (notch := notch_of(script.speed)):
            self._notch = notch
            self._slider.props["value"] = notch
            self._slider.props["aria-valuetext"] = speed_in_words(script.speed)
            self._slider.update()

    def _tell(self, title: str) -> None:
        self._controls.tell(title)
        when = "once the stories go on" if self._script.is_paused else "within seconds"
        self._begun.text = f"Begun: {_capital(title)}. Its messages come {when}."

    def _turn(self) -> None:
        if self._script.is_paused:
            self._script.go_on()
        else:
            self._script.pause()

    def _drag(self, event: GenericEventArguments) -> None:
        self._controls.change_speed(speed_at(float(event.args)))


def _capital(title: str) -> str:
    return title[0].upper() + title[1:]
