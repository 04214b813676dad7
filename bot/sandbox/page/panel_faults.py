"""What goes wrong at Telnyx and Slack, by switch."""

from functools import partial

from nicegui import ui
from nicegui.events import ValueChangeEventArguments

from bot.sandbox.page.texts import text
from bot.sandbox.switches import REFUSALS, Switch, Switches


class FaultsPart:
    """A switch a fault; a tab shows what is on, whoever turned it."""

    def __init__(self, switches: Switches) -> None:
        self._switches = switches
        self._shown: dict[str, ui.switch] = {}
        with ui.element("div").classes("p-row"):
            self._repair = ui.button("Everything works again", color=None, on_click=switches.repair)
            self._repair.classes("p-button p-good").props("flat no-caps")
            self._state = text("p", classes="p-note").props("role=status")
        for side in ("Telnyx", "Slack"):
            with ui.element("div").classes("p-side").props(f'role=group aria-label="{side}"'):
                text("h3", side)
                for switch in switches.all.values():
                    if switch.side == side:
                        self._add(switch)
        labels = {error: f"{error}: {meaning}" for error, meaning in REFUSALS.items()}
        self._refusal = ui.select(labels, label="Error of refused posts", value=switches.refusal)
        self._refusal.on_value_change(self._choose)
        self._refusal.classes("p-select").props("outlined dense options-dense")
        again = ui.button("Let Slack refresh its sockets", color=None, on_click=switches.refresh_sockets)
        again.classes("p-button").props("flat no-caps")
        text("p", "Slack does so now and then: the bot connects anew and misses nothing.", "p-note")

    def refresh(self) -> None:
        on = self._switches.on
        self._repair.set_enabled(bool(on))
        self._state.text = f"{len(on)} switched on" if on else "Telnyx and Slack work."
        for name, shown in self._shown.items():
            shown.value = self._switches.all[name].is_on()
        self._refusal.value = self._switches.refusal

    def _add(self, switch: Switch) -> None:
        turn = partial(self._turn, switch.name)
        words = f"{switch.label.capitalize()}: {switch.meaning}"
        self._shown[switch.name] = ui.switch(words, value=switch.is_on(), on_change=turn)

    async def _turn(self, name: str, event: ValueChangeEventArguments[bool]) -> None:
        await self._switches.turn(name, on=event.value)

    def _choose(self, event: ValueChangeEventArguments[str]) -> None:
        self._switches.choose_refusal(event.value)
