"""A page of one of Telnyx's two event lists: typed where the poller looks, the payload raw until needed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

import msgspec

from bot.telnyx.errors import TelnyxUnavailableError
from bot.telnyx.events import Event, JsonObject, Source, count, mapping, text, texts
from bot.telnyx.reading import UNREADABLE, json_of, repaired, rows_of, without_nul
from bot.telnyx.redaction import safe_payload
from bot.telnyx.times import parse_time

LONGEST_ID = 255


class ListedEvent(msgspec.Struct, kw_only=True):
    """An event as Telnyx lists it. Only its id is sure; the payload may hold secrets until `to_event`."""

    source: ClassVar[Source]
    event_id: str = msgspec.field(name="id")
    event_type: str = ""
    created: str | None = msgspec.field(default=None, name="created_at")
    updated: str | None = msgspec.field(default=None, name="updated_at")
    payload: msgspec.Raw = msgspec.Raw()
    payload_status: str | None = None
    available_notification_methods: list[str] | None = None
    named_order: str | None = None

    @property
    def has_payload(self) -> bool:
        """False while Telnyx is still making the payload, and for the types that never have one."""
        return bytes(memoryview(self.payload)[:1]) == b"{"

    @property
    def created_at(self) -> datetime | None:
        """When the event was made, UTC: its own stamp, else one of its payload (`deleted` has them there)."""
        stamp = parse_time(self.created)
        if stamp or not self.has_payload:
            return stamp
        payload = self._payload()
        stamps = (parse_time(payload.get(name)) for name in ("created_at", "deleted_at", "updated_at"))
        return next((found for found in stamps if found), None)

    @property
    def updated_at(self) -> datetime | None:
        return parse_time(self.updated) or (
            parse_time(self._payload().get("updated_at")) if self.event_type.endswith(".deleted") else None
        )

    def to_event(self, first_seen_at: datetime) -> Event:
        """The event with its secrets removed; `first_seen_at` stands in for a date that Telnyx left out."""
        payload = self._payload()
        return Event(
            source=self.source,
            event_id=self.event_id,
            event_type=self.event_type,
            order_id=self.named_order or _order_of(payload),
            created_at=self.created_at or first_seen_at,
            updated_at=self.updated_at,
            payload=safe_payload(self.event_type, payload) if self.has_payload else None,
            payload_status=self.payload_status,
            methods=tuple(self.available_notification_methods or ()),
        )

    def _payload(self) -> JsonObject:
        return mapping(json_of(self.payload)) if self.has_payload else {}


class PortInRow(ListedEvent):
    """A row of `GET /porting/events`."""

    source: ClassVar[Source] = Source.PORT_IN
    named_order: str | None = msgspec.field(default=None, name="porting_order_id")


class PortOutRow(ListedEvent):
    """A row of `GET /portouts/events`."""

    source: ClassVar[Source] = Source.PORT_OUT
    named_order: str | None = msgspec.field(default=None, name="portout_id")


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of an event list; `odd` rows had no id or were no objects. None: Telnyx did not say."""

    rows: list[ListedEvent] = field(default_factory=list)
    odd: int = 0
    total_pages: int | None = None
    total_results: int | None = None
    page_size: int | None = None
    server_time: datetime | None = None

    @property
    def is_empty(self) -> bool:
        return not self.rows and not self.odd

    def is_short(self, asked: int) -> bool:
        """Fewer rows than a page holds: what we `asked` for, or less if Telnyx says so."""
        return len(self.rows) + self.odd < min(self.page_size or asked, asked)


class _PortInBody(msgspec.Struct):
    data: list[PortInRow]
    meta: msgspec.Raw = msgspec.Raw()


class _PortOutBody(msgspec.Struct):
    data: list[PortOutRow]
    meta: msgspec.Raw = msgspec.Raw()


class _LooseBody(msgspec.Struct):
    data: list[msgspec.Raw]
    meta: msgspec.Raw = msgspec.Raw()


class _Shown(msgspec.Struct):
    data: msgspec.Raw


_ROWS: Mapping[Source, type[ListedEvent]] = {Source.PORT_IN: PortInRow, Source.PORT_OUT: PortOutRow}
_PORT_IN_BODY = msgspec.json.Decoder(_PortInBody)
_PORT_OUT_BODY = msgspec.json.Decoder(_PortOutBody)
_LOOSE_BODY = msgspec.json.Decoder(_LooseBody)


def read_page(source: Source, body: bytes, server_time: datetime | None) -> Page:
    """The page in an answer of an event list. Raises TelnyxUnavailableError for what is no such list."""
    rows: list[ListedEvent]
    body = without_nul(body)
    try:
        if source is Source.PORT_IN:
            read_in = _PORT_IN_BODY.decode(body)
            rows, meta = [*read_in.data], read_in.meta
        else:
            read_out = _PORT_OUT_BODY.decode(body)
            rows, meta = [*read_out.data], read_out.meta
    except UNREADABLE:
        return _read_row_by_row(source, body, server_time)
    if not all(_is_sound(row) for row in rows):
        return _read_row_by_row(source, body, server_time)
    return _page(rows, 0, meta, server_time)


def _read_row_by_row(source: Source, body: bytes, server_time: datetime | None) -> Page:
    try:
        loose = _LOOSE_BODY.decode(repaired(body))
    except msgspec.ValidationError as error:
        raise TelnyxUnavailableError("Telnyx's answer is no list.", kind="wrong_shape") from error
    except UNREADABLE as error:
        loose = _lenient(body, error)
    read = [read_row(source, raw) for raw in loose.data]
    rows = [row for row in read if row]
    return _page(rows, len(read) - len(rows), loose.meta, server_time)


def _lenient(body: bytes, error: Exception) -> _LooseBody:
    """What msgspec does not take as a whole: NaN, control characters, or one row that nests without end."""
    rows = rows_of(repaired(body))
    if rows is None:
        raise TelnyxUnavailableError("Telnyx's answer is no JSON.", kind="not_json") from error
    meta = mapping(json_of(body)).get("meta")
    return _LooseBody([msgspec.Raw(row) for row in rows], msgspec.Raw(msgspec.json.encode(meta)))


def read_row(source: Source, raw: bytes | msgspec.Raw) -> ListedEvent | None:
    """One row; a value of the wrong type reads as absent, and a row without an id as None."""
    try:
        row: ListedEvent | None = msgspec.json.decode(raw, type=_ROWS[source])
    except UNREADABLE:
        row = _rescued(source, mapping(json_of(raw)))
    return row if row and _is_sound(row) else None


def _is_sound(row: ListedEvent) -> bool:
    return 0 < len(row.event_id) <= LONGEST_ID


def read_shown(source: Source, body: bytes) -> ListedEvent | None:
    """The event in an answer of a show call, None where there is none."""
    try:
        return read_row(source, msgspec.json.decode(repaired(without_nul(body)), type=_Shown).data)
    except UNREADABLE:
        return None


def _rescued(source: Source, data: JsonObject) -> ListedEvent | None:
    event_id = text(data.get("id"))
    if event_id is None:
        return None
    order_field = "porting_order_id" if source is Source.PORT_IN else "portout_id"
    payload = data.get("payload")
    return _ROWS[source](
        event_id=event_id,
        event_type=text(data.get("event_type")) or "",
        created=text(data.get("created_at")),
        updated=text(data.get("updated_at")),
        payload=msgspec.Raw(msgspec.json.encode(payload)) if isinstance(payload, dict) else msgspec.Raw(),
        payload_status=text(data.get("payload_status")),
        available_notification_methods=list(texts(data.get("available_notification_methods"))),
        named_order=text(data.get(order_field)),
    )


def _page(rows: list[ListedEvent], odd: int, meta: msgspec.Raw, server_time: datetime | None) -> Page:
    said: Mapping[str, Any] = mapping(json_of(meta)) if meta else {}
    return Page(
        rows=rows,
        odd=odd,
        total_pages=count(said.get("total_pages")),
        total_results=count(said.get("total_results")),
        page_size=count(said.get("page_size")),
        server_time=server_time,
    )


def _order_of(payload: JsonObject) -> str:
    """The order that a payload names: in a field of its own, as a split's source, else as its id."""
    named = (
        payload.get("porting_order_id"),
        payload.get("portout_id"),
        mapping(payload.get("from")).get("id"),
    )
    return next((found for value in (*named, payload.get("id")) if (found := text(value))), "")
