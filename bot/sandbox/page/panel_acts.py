"""What somebody does to one order by hand."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from nicegui import ui
from nicegui.element import Element
from nicegui.events import ValueChangeEventArguments

from bot.sandbox.hand import MESSAGING, Hand, ImpossibleError, OrderSeen
from bot.sandbox.page.texts import text

AUTHORS = {"admin": "Telnyx's staff", "user": "us", "system": "a machine"}
LOOK = "dense outlined options-dense"


class OrderActs:
    """Only what the order's kind knows is offered."""

    def __init__(self, hand: Hand, order: OrderSeen) -> None:
        self._hand = hand
        self._order = order
        self._statuses: tuple[str, ...] = ()
        with ui.element("div").classes("p-acts"):
            self._told = text("p", classes="p-note").props("role=status")
            self._comment()
            self._move()
            self._foc()
            if order.is_port_in:
                self._messaging()
                self._split()
        self.show(order)

    def show(self, order: OrderSeen) -> None:
        """The order as it is now; its own status is not among those that it can take."""
        self._order = order
        statuses = self._hand.statuses(order.order_id)
        if statuses != self._statuses:
            self._statuses = statuses
            kept = self._status.value if self._status.value in statuses else statuses[0]
            self._status.set_options(list(statuses), value=kept)

    def _comment(self) -> None:
        self._words = ui.input("Comment").props("dense outlined").classes("p-wide")
        self._author = ui.select(AUTHORS, label="Author", value="admin").props(LOOK)
        _button("Add comment", self._commented)

    def _commented(self) -> None:
        if self._do("commented", self._hand.comment, self._words.value, self._author.value):
            self._words.value = ""

    def _move(self) -> None:
        self._status = ui.select([], label="Status").props(LOOK)
        self._reason = ui.select({}, label="Reason").props(LOOK)
        self._status.on_value_change(self._offer_reasons)
        _button("Move it", self._moved)

    def _offer_reasons(self, event: ValueChangeEventArguments[str]) -> None:
        reasons = self._hand.reasons(self._order.order_id, event.value) if event.value else {}
        self._reason.set_options(reasons, value=next(iter(reasons), None))
        self._reason.set_visibility(bool(reasons))

    def _moved(self) -> None:
        self._do(f"moved to {self._status.value}", self._hand.move, self._status.value, self._reason.value)

    def _foc(self) -> None:
        ahead = (self._order.foc or datetime.now(UTC)) + timedelta(days=1)
        self._date = ui.input("FOC (UTC)", value=f"{ahead:%Y-%m-%dT%H:%M}").props(
            'dense outlined type="datetime-local"'
        )
        _button("Change FOC", self._foc_changed)

    def _foc_changed(self) -> None:
        try:
            foc = datetime.fromisoformat(self._date.value or "").replace(tzinfo=UTC)
        except ValueError:
            self._told.text = "That is no date with a time."
            return
        self._do("FOC changed", self._hand.change_foc, foc)

    def _messaging(self) -> None:
        status = ui.select(list(MESSAGING), label="Messaging", value="activating").props(LOOK)
        _button("Set it", lambda: self._do("set", self._hand.set_messaging, status.value))

    def _split(self) -> None:
        leaving = ui.number("Numbers that leave", value=1, min=1, precision=0).props("dense outlined")
        _button("Split it", lambda: self._do("split", self._hand.split, int(leaving.value or 0)))

    def _do(self, done: str, act: Callable[..., None], *what: object) -> bool:
        try:
            act(self._order.order_id, *what)
        except ImpossibleError as error:
            self._told.text = str(error)
            return False
        self._told.text = f"Done: {done}."
        return True


def _button(label: str, act: Callable[[], object]) -> Element:
    button = ui.button(label, color=None, on_click=act)
    return button.classes("p-button").props("flat no-caps")
