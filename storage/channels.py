"""Channels we post to: their pace, and whether Slack refuses them. A person's queue is one too (`U…`)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, exists, func, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import deliveries, leases, promises, subscriptions
from storage.statements import insert, one_of, table_of
from storage.tables import Card, Channel, Delivery, DeliveryEvent, Workspace
from storage.workspaces import WorkspaceState

LONGEST_PACE = timedelta(seconds=60)
_table = table_of(Channel)
_deliveries = table_of(Delivery)
_promises = table_of(DeliveryEvent)
_cards = table_of(Card)
_workspaces = table_of(Workspace)
_open_delivery = exists().where(
    _deliveries.c.channel_id == _table.c.id, one_of(_deliveries.c.state, *deliveries.OPEN)
)
_promise = exists().where(_promises.c.channel_id == _table.c.id, promises.waits)


@dataclass(frozen=True, slots=True)
class ChannelState:
    """A channel as the sender sees it; times are aware UTC."""

    id: str
    team_id: str
    direct_id: str | None
    paced_until: datetime | None
    not_before: datetime | None
    paused_at: datetime | None
    paused_reason: str | None
    probe_at: datetime | None
    eager_until: datetime | None
    """Something happened that may have ended a refusal: until then it is tried again and again."""
    history_refused: str | None
    held_at: datetime | None
    """When its rest or its next probe was last written down: by a clock that may have been set back since."""
    unsure_since: datetime | None = None
    """After a restore: since when posts of ours may stand there that we know nothing of."""

    @property
    def is_person(self) -> bool:
        """Whether it is a person's queue."""
        return self.id.startswith(("U", "W"))

    @property
    def target(self) -> str | None:
        """Where its messages go; None for a person whose conversation was not opened yet."""
        return self.direct_id if self.is_person else self.id

    def rests_until(self, now: datetime) -> datetime | None:
        """Before this moment it takes no message; None for one that does not rest, as `with_work` has it."""
        is_paced = self.paced_until is not None and self.paced_until <= now + LONGEST_PACE
        holds = (self.paced_until if is_paced else None, self.not_before)
        return max((moment for moment in holds if moment and moment > now), default=None)


async def ensure(tx: AsyncConnection, channel_id: str, team_id: str) -> None:
    """Make the channel's row where there is none."""
    unsure_since = select(_workspaces.c.unsure_since).where(_workspaces.c.team_id == team_id)
    row = {"id": channel_id, "team_id": team_id, "unsure_since": unsure_since.scalar_subquery()}
    await tx.execute(insert(tx, _table).values(**row).on_conflict_do_nothing(index_elements=["id"]))


async def find(tx: AsyncConnection, channel_id: str) -> ChannelState | None:
    """The channel, or None if we never had anything to do with it."""
    row = (await tx.execute(select(_table).where(_table.c.id == channel_id))).first()
    return ChannelState(*row) if row else None


async def find_with_workspace(
    tx: AsyncConnection, channel_id: str, team_id: str
) -> tuple[ChannelState | None, WorkspaceState]:
    """The channel, as `find` gives it, and the workspace, which must be there."""
    both = _workspaces.outerjoin(_table, _table.c.id == channel_id)
    wanted = select(_workspaces, _table).select_from(both).where(_workspaces.c.team_id == team_id)
    row = tuple((await tx.execute(wanted)).one())
    size = len(_workspaces.c)
    channel = ChannelState(*row[size:]) if row[size] is not None else None
    return channel, WorkspaceState(*row[:size])


async def with_work(tx: AsyncConnection, now: datetime, served_by: str | None = None) -> list[str]:
    """Channels that something waits for and that may be posted to now; with `served_by`, only those that no
    other holder of leases serves.

    A paused one counts when its probe is due. Each channel is asked by index: one query over all waiting
    rows would read the whole backlog.
    """
    may_post = or_(_table.c.paused_at.is_(None), _table.c.probe_at <= now)
    # A clock that was set back leaves moments behind that no pace can explain.
    paced = or_(_table.c.paced_until <= now, _table.c.paced_until > now + LONGEST_PACE)
    rested = and_(
        or_(_table.c.not_before.is_(None), _table.c.not_before <= now),
        or_(_table.c.paced_until.is_(None), paced),
    )
    wanted = select(_table.c.id).where(may_post, rested, or_(_open_delivery, _promise))
    if served_by is not None:
        wanted = wanted.where(~leases.is_anothers(_table.c.id, served_by))
    rows = await tx.execute(wanted)
    return [row.id for row in rows]


async def waiting_since(tx: AsyncConnection) -> datetime | None:
    """Since when the oldest thing waits to be posted, but for channels that Slack refuses."""
    refused = select(_table.c.id).where(_table.c.paused_at.is_not(None))
    formed = select(func.min(_deliveries.c.created_at)).where(
        one_of(_deliveries.c.state, *deliveries.OPEN), _deliveries.c.channel_id.not_in(refused)
    )
    promised = select(func.min(_promises.c.promised_at)).where(
        promises.waits, _promises.c.channel_id.not_in(refused)
    )
    found = [(await tx.execute(oldest)).scalar_one() for oldest in (formed, promised)]
    return min((moment for moment in found if moment), default=None)


async def paused(tx: AsyncConnection) -> list[ChannelState]:
    """Channels that Slack refuses, longest first."""
    statement = select(_table).where(_table.c.paused_at.is_not(None)).order_by(_table.c.paused_at)
    return [ChannelState(*row) for row in await tx.execute(statement)]


async def unreadable(tx: AsyncConnection) -> list[str]:
    """Channels whose history Slack does not let us read."""
    wanted = select(_table.c.id).where(_table.c.history_refused.is_not(None)).order_by(_table.c.id)
    return [row.id for row in await tx.execute(wanted)]


async def pace(tx: AsyncConnection, channel_id: str, until: datetime) -> None:
    """The channel takes its next message at `until`, also after a restart."""
    await tx.execute(update(_table).where(_table.c.id == channel_id).values(paced_until=until))


async def hold(tx: AsyncConnection, channel_id: str, until: datetime, *, now: datetime) -> None:
    """Slack asked for a rest (429) or a try failed: nothing is posted to the channel before `until`."""
    await tx.execute(update(_table).where(_table.c.id == channel_id).values(not_before=until, held_at=now))


async def pause(
    tx: AsyncConnection, channel_id: str, reason: str, *, now: datetime, probe_at: datetime
) -> bool:
    """Slack refuses the channel; True when it was not paused already."""
    fresh = update(_table).where(_table.c.id == channel_id, _table.c.paused_at.is_(None))
    was_fresh = (await tx.execute(fresh.values(paused_at=now))).rowcount > 0
    again = update(_table).where(_table.c.id == channel_id)
    await tx.execute(again.values(paused_reason=reason, probe_at=probe_at, held_at=now))
    return was_fresh


async def resume(tx: AsyncConnection, channel_id: str) -> bool:
    """Slack takes messages again; True when the channel was paused."""
    paused_now = update(_table).where(_table.c.id == channel_id, _table.c.paused_at.is_not(None))
    values = {"paused_at": None, "paused_reason": None, "probe_at": None, "not_before": None}
    return (await tx.execute(paused_now.values(**values))).rowcount > 0


async def probe_now(tx: AsyncConnection, channel_id: str, now: datetime, *, eager_until: datetime) -> None:
    """Something happened that may have ended a refusal: try the channel at once, and again until then.

    A message whose fate is unknown is looked up at once too: it holds the queue.
    """
    await tx.execute(update(_table).where(_table.c.id == channel_id).values(eager_until=eager_until))
    await tx.execute(
        update(_table)
        .where(_table.c.id == channel_id, _table.c.paused_at.is_not(None))
        .values(probe_at=now, not_before=None)
    )
    unclear = (_deliveries.c.channel_id == channel_id, _deliveries.c.state == "uncertain")
    await tx.execute(update(_deliveries).where(*unclear, _deliveries.c.due_at > now).values(due_at=now))


async def due_probes(tx: AsyncConnection, now: datetime) -> list[ChannelState]:
    """Paused channels that are to be tried again, and that nothing waits for: what waits is a try itself."""
    due = and_(_table.c.paused_at.is_not(None), _table.c.probe_at <= now)
    statement = select(_table).where(due, ~or_(_open_delivery, _promise))
    return [ChannelState(*row) for row in await tx.execute(statement)]


async def note_direct(tx: AsyncConnection, channel_id: str, direct_id: str) -> None:
    """Remember the conversation in which a person reads our direct messages."""
    await tx.execute(update(_table).where(_table.c.id == channel_id).values(direct_id=direct_id))


async def note_history(tx: AsyncConnection, channel_id: str, refused: str | None) -> None:
    """Remember whether the channel's history can be read, which finds a post whose fate is unknown."""
    await tx.execute(update(_table).where(_table.c.id == channel_id).values(history_refused=refused))


async def put_off_probe(tx: AsyncConnection, channel_id: str, until: datetime, *, now: datetime) -> None:
    """The channel still refuses: it is tried again then."""
    await tx.execute(update(_table).where(_table.c.id == channel_id).values(probe_at=until, held_at=now))


async def renumber(tx: AsyncConnection, old: str, new: str) -> None:
    """Slack gave the channel another id for good (`channel_id_changed`): all its rows go with it.

    What the new id has already (somebody was quicker) stays, and the old one's counterpart is dropped.
    """
    if await find(tx, new) is None:
        await tx.execute(update(_table).where(_table.c.id == old).values(id=new))
    await tx.execute(delete(_table).where(_table.c.id == old))
    for table, key in ((_promises, (_promises.c.event_key,)), (_cards, (_cards.c.source, _cards.c.order_id))):
        there = select(*key).where(table.c.channel_id == new)
        await tx.execute(delete(table).where(table.c.channel_id == old, tuple_(*key).in_(there)))
    in_flight = _deliveries.c.state.in_(("sending", "uncertain"))
    there = select(_deliveries.c.id).where(_deliveries.c.channel_id == new, in_flight)
    left = update(_deliveries).where(_deliveries.c.channel_id == old, in_flight, there.exists())
    await tx.execute(left.values(state="parked", error="the channel got another id"))
    await subscriptions.move(tx, old, new)
    for table in (_deliveries, _promises, _cards):
        await tx.execute(update(table).where(table.c.channel_id == old).values(channel_id=new))
