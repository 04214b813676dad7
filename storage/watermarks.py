"""How far each event list has been read."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.statements import insert, table_of
from storage.tables import Watermark

_table = table_of(Watermark)


@dataclass(frozen=True, slots=True)
class Progress:
    """One event list: read up to `watermark`; what was created before `baseline_at` is never posted."""

    watermark: datetime
    baseline_at: datetime
    last_deep_at: datetime | None
    is_by_our_clock: bool
    """Both moments were read off our own clock, and not yet compared with Telnyx's."""
    read_at: datetime | None
    """When the list was last read to its end."""


_columns = tuple(_table.c[name] for name in Progress.__dataclass_fields__)


async def begin(
    tx: AsyncConnection,
    source: str,
    *,
    watermark: datetime,
    baseline_at: datetime,
    is_by_our_clock: bool = False,
) -> None:
    """Keep the first watermark of a list; one that is there already stays."""
    row = {
        "source": source,
        "watermark": watermark,
        "baseline_at": baseline_at,
        "is_by_our_clock": is_by_our_clock,
    }
    await tx.execute(insert(tx, _table).on_conflict_do_nothing(index_elements=["source"]), row)


async def find(tx: AsyncConnection, source: str) -> Progress | None:
    """The list's progress; None before the first start."""
    row = (await tx.execute(select(*_columns).where(_table.c.source == source))).first()
    return Progress(*row) if row else None


async def advance(tx: AsyncConnection, source: str, to: datetime) -> None:
    """Move the watermark forward, never back."""
    later = case((_table.c.watermark < to, to), else_=_table.c.watermark)
    await tx.execute(update(_table).where(_table.c.source == source).values(watermark=later))


async def set_clock(tx: AsyncConnection, source: str, watermark: datetime, baseline_at: datetime) -> None:
    """The first moments of a list as Telnyx's clock has them."""
    values = {"watermark": watermark, "baseline_at": baseline_at, "is_by_our_clock": False}
    await tx.execute(update(_table).where(_table.c.source == source).values(values))


async def note_read(tx: AsyncConnection, source: str, at: datetime) -> None:
    """Keep when the list was last read to its end."""
    await tx.execute(update(_table).where(_table.c.source == source).values(read_at=at))


async def note_deep_sweep(tx: AsyncConnection, source: str, at: datetime) -> None:
    """Remember when the list was last swept deep."""
    await tx.execute(update(_table).where(_table.c.source == source).values(last_deep_at=at))
