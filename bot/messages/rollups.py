"""Many events in one message: what they come to, then a table, then lines for what the table can not hold."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType

from bot.changes import Change, Severity
from bot.messages.events import MAY_REPEAT
from bot.messages.sentences import news
from bot.messages.standing import needs_you, sign_of_state
from bot.messages.wording import (
    SIGNS,
    Look,
    agreed_foc,
    clock,
    counted,
    full_name,
    listed,
    sentence_start,
    short_name,
    sign_of,
    status_words,
)
from bot.slack.blocks import (
    TEXT_LIMIT,
    Block,
    Message,
    actions,
    bullets,
    button,
    cell,
    context,
    first_that_fits,
    leaves_of,
    rich_text,
    section,
    table,
)
from bot.slack.escaping import cut, inline
from bot.telnyx.orders import Order

Alarms = Mapping[tuple[str, str], datetime]
"""When the newest alarm of an order (source, id) was made that the channel gets as a message of its own."""

NO_ALARMS: Alarms = MappingProxyType({})
_NEVER = datetime.min.replace(tzinfo=UTC)
TABLE_ROWS = 20
EVENTS_IN_ROW = 3
NAME_WIDTH = 32
WIDTHS = (400, 240, 160, 100, 60, 20)
"""How long the words on one event may be: the first of these with which the whole message fits."""

_DONE = {
    "ported": "ported",
    "foc-date-confirmed": "got a FOC",
    "submitted": "submitted",
    "in-process": "in process",
    "cancelled": "cancelled",
    "canceled": "cancelled",
}
_NOUNS = {
    "new_comment": ("comment", "comments"),
    "split": ("split", "splits"),
    "messaging_changed": ("messaging change", "messaging changes"),
    "deleted": ("draft deleted", "drafts deleted"),
    "foc_date_changed": ("FOC change", "FOC changes"),
    "loa_updated": ("LOA update", "LOA updates"),
    "sharing_token_expired": ("sharing link expired", "sharing links expired"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """An order with its events in this message, oldest first."""

    changes: tuple[Change, ...]
    alarm_follows: bool = False
    """What came after these and needs somebody has a message of its own, which says so."""

    @property
    def newest(self) -> Change:
        return self.changes[-1]

    @property
    def standing(self) -> Order:
        """The order as it stands now: as the change tells that knows the newest status of it."""
        return max(
            (each.order for each in reversed(self.changes)), key=lambda order: order.status_at or _NEVER
        )

    @property
    def needs_you(self) -> bool:
        """The order as it stands now, or an alarm that is about no status: later ones settle those."""
        alarms = (each for each in self.changes if each.severity is Severity.CRITICAL)
        stands_so = needs_you(self.standing) and not self.alarm_follows
        return stands_so or any(not each.event.status for each in alarms)

    @property
    def severity(self) -> Severity:
        """Of what it holds, and of what its order needs."""
        if self.needs_you:
            return Severity.CRITICAL
        return min((change.severity for change in self.changes), key=list(Severity).index)


def roll_up(
    changes: Sequence[Change],
    look: Look,
    *,
    delivery_id: str = "",
    may_repeat: bool = False,
    alarms: Alarms = NO_ALARMS,
) -> Message:
    """Up to sixty events, oldest first, none left out. `delivery_id` is what *Show all* asks for."""
    rows = _rows(changes, alarms)
    made = (_message(changes, rows, look, width, delivery_id, may_repeat=may_repeat) for width in WIDTHS)
    return first_that_fits(made)


def _message(
    changes: Sequence[Change],
    rows: Sequence[Row],
    look: Look,
    width: int,
    delivery_id: str,
    *,
    may_repeat: bool,
) -> Message:
    text = cut(_summary(changes, rows), TEXT_LIMIT)
    blocks = [section(text), _table(rows[:TABLE_ROWS], look, width)]
    lines = list(_lines_beside(rows, look, width))
    blocks += [rich_text(bullets([leaves_of(each) for each in lines]))] if lines else []
    if delivery_id:
        blocks.append(actions(button("Show all", "show_all", delivery_id)))
    return Message(text, blocks + ([context(MAY_REPEAT)] if may_repeat else []))


def _rows(changes: Sequence[Change], alarms: Alarms) -> list[Row]:
    """One row an order; what matters most first, else in the order of their first events."""
    found: dict[tuple[str, str], list[Change]] = {}
    for change in changes:
        found.setdefault((change.event.source, change.event.order_id), []).append(change)
    rows = [
        Row(tuple(each), alarm_follows=alarms.get(key, _NEVER) >= each[-1].event.created_at)
        for key, each in found.items()
    ]
    return sorted(rows, key=lambda row: list(Severity).index(row.severity))


def _summary(changes: Sequence[Change], rows: Sequence[Row]) -> str:
    """`14 orders moved: 11 got a FOC, 3 ported. Nothing needs you.`"""
    counts = Counter(_outcome(change) for change in changes)
    told = [_told(outcome, count) for outcome, count in counts.most_common()]
    moved = len(rows) == len(changes) and all(change.event.status for change in changes)
    head = f"{counted(len(rows), 'order')} moved" if moved else _events_on(changes, rows)
    return f"{_sign(rows)} {head}: {listed(told, most=5)}. {_needs(changes, rows)}"


def _events_on(changes: Sequence[Change], rows: Sequence[Row]) -> str:
    of = full_name(rows[0].newest.order) if len(rows) == 1 else counted(len(rows), "order")
    return f"{counted(len(changes), 'event')} on {of}"


def _outcome(change: Change) -> tuple[str, str]:
    """What the event comes to: once, and many times."""
    event = change.event
    if event.kind == "status_changed":
        word = "FOC moved" if event.status == "foc-date-confirmed" and change.foc_moved else None
        word = word or _DONE.get(event.status or "") or status_words(event.status)
        return word, word
    return _NOUNS.get(event.kind, ("other event", "other events"))


def _told(outcome: tuple[str, str], count: int) -> str:
    return f"{count:,} {outcome[0] if count == 1 else outcome[1]}"


def _sign(rows: Sequence[Row]) -> str:
    worst = min((row.severity for row in rows), key=list(Severity).index)
    is_settled = worst is Severity.CRITICAL and not any(row.needs_you for row in rows)
    return SIGNS[Severity.WARNING if is_settled else worst]


def _needs(changes: Sequence[Change], rows: Sequence[Row]) -> str:
    """What is to be done now; an alarm that is over is still told, never that there was nothing."""
    needing = sum(row.needs_you for row in rows)
    if needing and len(rows) == 1:
        return "It needs you."
    if needing:
        return f"{needing:,} {'needs' if needing == 1 else 'need'} you."
    if any(needs_you(row.standing) for row in rows):
        return "What needs you comes next."
    severities = Counter(change.severity for change in changes)
    settled, warning = severities[Severity.CRITICAL], severities[Severity.WARNING]
    if settled:
        return f"{settled:,} {'was' if settled == 1 else 'were'} urgent, and settled since."
    return f"{warning:,} worth a look, none urgent." if warning else "Nothing needs you."


def _table(rows: Sequence[Row], look: Look, width: int) -> Block:
    head = [cell(title) for title in ("Order", "Customer", "What happened", "FOC")]
    return table([head, *(_table_row(row, look, width) for row in rows)], wrapped=(2,))


def _table_row(row: Row, look: Look, width: int) -> list[Block]:
    order = row.newest.order
    customer = order.customer_reference if order.support_key else None
    foc = agreed_foc(order)
    news_told = [_news(change, look, width, brief=True) for change in row.changes[:EVENTS_IN_ROW]]
    happened = "; ".join([*news_told, *_standing(row)])
    return [
        cell(short_name(order, NAME_WIDTH)),
        cell(inline(customer or "", NAME_WIDTH)),
        cell(happened),
        cell(clock(foc) if foc else "–"),
    ]


def _standing(row: Row) -> list[str]:
    """Where the order stands, if it needs somebody and no event here tells why."""
    order = row.standing
    if (
        row.alarm_follows
        or not needs_you(order)
        or order.status in {change.event.status for change in row.changes}
    ):
        return []
    return [f"{sign_of_state(order)} now {status_words(order.status)}"]


def _news(change: Change, look: Look, width: int, *, brief: bool = False) -> str:
    return f"{sign_of(change)} {cut(news(change, look, brief=brief), width)}"


def _lines_beside(rows: Sequence[Row], look: Look, width: int) -> Iterator[str]:
    """What the table does not hold: the orders beyond it, and the events beyond the first of each row."""
    for place, row in enumerate(rows):
        beyond = row.changes[EVENTS_IN_ROW:] if place < TABLE_ROWS else row.changes
        for change in beyond:
            name = cut(sentence_start(full_name(change.order)), NAME_WIDTH * 2)
            yield f"{name}: {_news(change, look, width)}"
