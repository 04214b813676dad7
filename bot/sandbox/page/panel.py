"""The control panel beside the Slack client: the bot, the stories, faults, orders, and what is asked."""

from nicegui import ui

from bot.sandbox.controls import Controls
from bot.sandbox.page.panel_bot import BotPart
from bot.sandbox.page.panel_faults import FaultsPart
from bot.sandbox.page.panel_orders import OrdersPart
from bot.sandbox.page.panel_stories import StoriesPart
from bot.sandbox.page.panel_traffic import TrafficPart
from bot.sandbox.page.texts import text

LOOK_EVERY_S = 0.3
SHUT = "() => window.dispatchEvent(new Event('portwire-panel'))"


def build(controls: Controls) -> None:
    """Build it for one browser tab. What it shows is looked up again and again, so that all tabs agree."""
    with ui.element("div").classes("p-panel"):
        with ui.element("header").classes("p-title"):
            text("h2", "Control panel")
            shut = (
                ui.button("×", color=None)
                .classes("p-shut")
                .props('flat aria-label="Close the control panel"')
            )
            shut.on("click", js_handler=SHUT)
        bot = BotPart(controls)
        with ui.expansion("Stories", value=True).classes("p-part"):
            stories = StoriesPart(controls)
        with ui.expansion("What goes wrong", value=True).classes("p-part"):
            faults = FaultsPart(controls.switches)
        with ui.expansion("Orders", value=False).classes("p-part") as orders_shown:
            orders = OrdersPart(controls.hand, controls.now)
        with ui.expansion("What the bot asks", value=False).classes("p-part") as traffic_shown:
            traffic = TrafficPart(controls.traffic)

    def refresh() -> None:
        bot.refresh()
        stories.refresh()
        faults.refresh()
        if orders_shown.value:
            orders.refresh()
        if traffic_shown.value:
            traffic.refresh()

    ui.timer(LOOK_EVERY_S, refresh)
