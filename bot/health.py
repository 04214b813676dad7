"""Is the bot up to date? What it knows of itself in memory, joined with what the tables say."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.metrics import Metrics
from bot.outage import Outage
from bot.results import GivenUp, PausedChannel, PollState, Report, Trouble
from bot.telnyx.events import Source
from storage import channels, deliveries, promises, watermarks
from storage.database import Database
from storage.errors import StorageError

ANSWERS_WITHIN_S = 3
MISSED_AFTER = timedelta(minutes=5)
"""No worker has read a list for so long, or for three intervals: then something is wrong with them."""
MIGRATING = "The database is being brought to the newest schema."
LATELY = timedelta(days=7)
"""What was given up longer ago is no trouble of today."""
GIVEN_UP_SHOWN = 3
READING = {
    Source.PORT_IN: "Telnyx's port-in events can't be read",
    Source.PORT_OUT: "Telnyx's port-out events can't be read",
}
"""What fails while an event list can't be read."""


@dataclass(slots=True)
class Health:
    """Facts that the parts note while they work; the only state here, lost with the process."""

    polled_at: dict[Source, datetime] = field(default_factory=dict)
    troubles: dict[str, Trouble] = field(default_factory=dict)
    """By what fails."""
    database: Outage = field(default_factory=Outage)
    slack_accepted_at: datetime | None = None
    slack_refusal: str | None = None
    is_stopping: bool = False
    is_migrating: bool = False
    """Our own file is being brought to the newest schema."""
    answers_only: bool = False
    """Other processes poll: what they know comes by the tables."""
    worker_is_missed_after: timedelta = MISSED_AFTER

    def polled(self, source: Source, now: datetime) -> None:
        """A list was read to its end."""
        self.polled_at[source] = now

    def failed(self, what: str, reason: str, now: datetime, *, is_ours: bool = False) -> Trouble | None:
        """Something failed; return the trouble if that is the first time in a row."""
        before = self.troubles.get(what)
        self.troubles[what] = Trouble(what, before.since if before else now, reason, is_ours)
        return None if before else self.troubles[what]

    def ended(self, what: str) -> Trouble | None:
        """It works; return the trouble that this ends, if there was one."""
        return self.troubles.pop(what, None)

    def slack_accepted(self, now: datetime) -> None:
        """Slack took our token."""
        self.slack_accepted_at, self.slack_refusal = now, None

    def slack_refused(self, error: str) -> None:
        """Slack refuses our token."""
        self.slack_refusal = error


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that readiness asks for."""

    name: str
    ok: bool
    detail: str


async def readiness(health: Health, database: Database) -> list[Part]:
    """Whether events that are created from now on will be posted, part by part."""
    parts = [_running(health), _slack(health), *_troubles(health)]
    try:
        async with asyncio.timeout(ANSWERS_WITHIN_S):
            await database.check()
            lists = await _lists(health, database)
    except StorageError as error:
        detail = MIGRATING if health.is_migrating else _unplaced(str(error), database)
        return [*parts, Part("database", ok=False, detail=detail)]
    except TimeoutError:
        return [*parts, Part("database", ok=False, detail="The database does not answer in time.")]
    return [*parts, _writable(health, database), *lists]


def _writable(health: Health, database: Database) -> Part:
    """Reading may work while nothing can be written: what can't be kept is not posted."""
    if trouble := health.database.trouble:
        detail = f"{_unplaced(trouble.reason, database)} So since {_stamp(trouble.since)}."
        return Part("database", ok=False, detail=detail)
    if waits_s := health.database.waits_s:
        detail = f"The database has let us write nothing for {waits_s:.0f} s: somebody else may lock it."
        return Part("database", ok=False, detail=detail)
    return Part("database", ok=True, detail="answers with the newest schema")


def _unplaced(detail: str, database: Database) -> str:
    """Where on the disk it lies is nobody's business here."""
    return detail.replace(database.name, database.file.name if database.file else "server")


def _running(health: Health) -> Part:
    return Part("process", ok=not health.is_stopping, detail="stopping" if health.is_stopping else "running")


def _slack(health: Health) -> Part:
    if health.slack_refusal:
        return Part("slack", ok=False, detail=f"Slack refuses our token: {health.slack_refusal}.")
    if health.slack_accepted_at is None:
        return Part("slack", ok=False, detail="Slack has not accepted the token yet.")
    return Part("slack", ok=True, detail=f"token accepted at {_stamp(health.slack_accepted_at)}")


def _troubles(health: Health) -> list[Part]:
    """A bug of ours that keeps events from being read or posted."""
    ours = [each for each in health.troubles.values() if each.is_ours]
    if not ours:
        return []
    return [
        Part("work", ok=False, detail="; ".join(f"{each.what}, since {_stamp(each.since)}" for each in ours))
    ]


async def _lists(health: Health, database: Database) -> list[Part]:
    async with database.reading() as tx:
        progress = {source: await watermarks.find(tx, source) for source in Source}
    return [_list(health, source, found) for source, found in progress.items()]


def _list(health: Health, source: Source, found: watermarks.Progress | None) -> Part:
    if found is None:
        return Part(source, ok=False, detail="This event list has no watermark yet.")
    read_at = _read_at(health, source, found)
    last = f"last read at {_stamp(read_at)}" if read_at else "not read yet"
    return Part(source, ok=True, detail=f"watching since {_stamp(found.baseline_at)}; {last}")


def _read_at(health: Health, source: Source, found: watermarks.Progress | None) -> datetime | None:
    """When the list was last read to its end, by us or by another."""
    return max(_known(health.polled_at.get(source), found.read_at if found else None), default=None)


async def report(health: Health, database: Database, now: datetime) -> Report:
    """What `/port status` tells."""
    async with database.reading() as tx:
        progress = {source: await watermarks.find(tx, source) for source in Source}
        promised, promised_since = await promises.backlog(tx)
        formed, formed_since = await deliveries.open_counts(tx)
        refused = await channels.paused(tx)
        unreadable = await channels.unreadable(tx)
        parked, newest = await deliveries.parked(tx, now - LATELY, shown=GIVEN_UP_SHOWN)
    return Report(
        polls=tuple(_poll_state(health, source, found, now) for source, found in progress.items()),
        troubles=tuple(each for each in _all_troubles(health) if each.what not in READING.values()),
        events_waiting=promised,
        messages_open=formed,
        waiting_since=min(_known(promised_since, formed_since), default=None),
        paused=tuple(
            PausedChannel(each.id, each.paused_at or now, each.paused_reason or "") for each in refused
        ),
        unreadable=tuple(unreadable),
        parked=parked,
        given_up=tuple(GivenUp(each.channel_id, each.created_at, each.error or "") for each in newest),
        slack_refusal=health.slack_refusal,
    )


async def measure(health: Health, database: Database, metrics: Metrics, now: datetime) -> None:
    """Bring the gauges up to date that the tables know; without a database they stay as they were."""
    try:
        async with asyncio.timeout(ANSWERS_WITHIN_S):
            await database.check()
            found = await report(health, database, now)
            async with database.reading() as tx:
                since = await channels.waiting_since(tx)
    except (StorageError, TimeoutError):
        return
    age = (now - since).total_seconds() if since else 0
    metrics.deliveries_pending.set(found.events_waiting + found.messages_open)
    metrics.delivery_oldest_seconds.set(max(age, 0))
    metrics.channels_paused.set(len(found.paused))
    for poll in found.polls:
        if poll.watermark:
            metrics.watermark_timestamp_seconds.labels(source=poll.source).set(poll.watermark.timestamp())
        if poll.last_success_at:
            last = metrics.poll_last_success_timestamp_seconds.labels(source=poll.source)
            last.set(poll.last_success_at.timestamp())


def _all_troubles(health: Health) -> list[Trouble]:
    database = health.database.trouble
    return [*([database] if database else []), *health.troubles.values()]


def _poll_state(
    health: Health, source: Source, found: watermarks.Progress | None, now: datetime
) -> PollState:
    read_at = _read_at(health, source, found)
    trouble = health.troubles.get(READING[source])
    if health.answers_only and (read_at is None or now - read_at > health.worker_is_missed_after):
        trouble = Trouble(READING[source], read_at or now, "no worker has read them")
    return PollState(
        source=source,
        last_success_at=read_at,
        watching_since=found.baseline_at if found else None,
        watermark=found.watermark if found else None,
        trouble=trouble,
    )


def _known(*moments: datetime | None) -> Sequence[datetime]:
    return [moment for moment in moments if moment]


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
