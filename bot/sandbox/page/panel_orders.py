"""The orders at Telnyx, and what can be done to each by hand."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from nicegui import ui
from nicegui.element import Element

from bot.sandbox.hand import Hand, OrderSeen
from bot.sandbox.page.panel_acts import OrderActs
from bot.sandbox.page.panel_words import count_of, deadline, moment
from bot.sandbox.page.texts import text

ROWS = 30


class OrdersPart:
    """The newest orders that fit the words; one at a time is open to be acted on."""

    def __init__(self, hand: Hand, now: Callable[[], datetime]) -> None:
        self._hand = hand
        self._now = now
        self._rows: dict[str, _Row] = {}
        self._words = ui.input("Only with these words").props("dense outlined clearable")
        self._rest = text("p", classes="p-note")
        self._list = ui.element("ul").classes("p-orders").props('aria-label="Orders, newest first"')

    def refresh(self) -> None:
        """Rows stay while their order does: what somebody types into one is not lost."""
        fitting = [each for each in self._hand.orders() if _speaks_of(each, self._words.value or "")]
        shown = fitting[:ROWS]
        self._rest.text = f"{count_of(len(fitting), 'order')}, {len(shown)} shown"
        wanted = [each.order_id for each in shown]
        for gone in self._rows.keys() - set(wanted):
            self._list.remove(self._rows.pop(gone).element)
        for place, order in enumerate(shown):
            row = self._rows.get(order.order_id)
            if row is None:
                with self._list:
                    row = self._rows[order.order_id] = _Row(self._hand, order, self._open)
                row.element.move(target_index=place)
            row.show(order, self._now())

    def _open(self, order_id: str) -> None:
        for each, row in self._rows.items():
            row.turn(is_open=each == order_id and not row.is_open)


class _Row:
    """One order: a button with its facts, and below it the acts while it is open."""

    def __init__(self, hand: Hand, order: OrderSeen, turn: Callable[[str], None]) -> None:
        self._hand = hand
        self._order = order
        self._acts: OrderActs | None = None
        with ui.element("li").classes("p-order") as self.element:
            with ui.element("button").props("type=button aria-expanded=false") as self._button:
                self._button.on("click", partial(turn, order.order_id))
                text("b", f"{order.reference}")
                self._status = text("span", classes="p-status")
                self._facts = text("span", classes="p-facts")
                self._clock = text("span", classes="p-clock")
            self._below: Element = ui.element("div")

    @property
    def is_open(self) -> bool:
        return self._acts is not None

    def show(self, order: OrderSeen, now: datetime) -> None:
        self._order = order
        self._status.text = order.status
        kind = f"port-in {order.support_key} from" if order.is_port_in else f"port-out {order.support_key} to"
        numbers, foc = count_of(order.numbers, "number"), moment(order.foc)
        self._facts.text = f"{kind} {order.carrier} · {numbers} · FOC {foc}{_messaging(order)}"
        self._clock.text = deadline(order.earliest, order.latest, now)
        self._clock.set_visibility(bool(self._clock.text))
        if self._acts is not None:
            self._acts.show(order)

    def turn(self, *, is_open: bool) -> None:
        if is_open == self.is_open:
            return
        self._button.props(f"aria-expanded={str(is_open).lower()}")
        if is_open:
            with self._below:
                self._acts = OrderActs(self._hand, self._order)
        else:
            self._acts = None
            self._below.clear()


def _messaging(order: OrderSeen) -> str:
    return "" if order.messaging in {None, "not_applicable"} else f" · messaging {order.messaging}"


def _speaks_of(order: OrderSeen, words: str) -> bool:
    kind = "port-in" if order.is_port_in else "port-out"
    line = f"{kind} {order.reference} {order.support_key} {order.carrier} {order.status} {order.order_id}"
    return all(word in line.casefold() for word in words.casefold().split())
