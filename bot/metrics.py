"""What the bot counts about itself, in Prometheus' terms; the names and labels are public (README).

Label values are few by nature (a source, an outcome, an HTTP status). A value that comes from outside, such
as a type of event that is new at Telnyx, must not grow the list without end: past MOST_VALUES it counts as
"other".
"""

from datetime import datetime

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST

CONTENT_TYPE = CONTENT_TYPE_LATEST
MOST_VALUES = 50
SOURCES = ("port_in", "port_out")
OUTCOMES = ("posted", "refused", "ambiguous", "parked")
RESULTS = ("found", "absent", "unavailable")
QUICK_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
POLL_S = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)
LATE_S = (1, 2, 5, 10, 20, 30, 60, 120, 300, 900, 3600, 14_400, 86_400, 172_800)


class BoundedCounter:
    """A counter whose labels keep to MOST_VALUES values each."""

    def __init__(self, name: str, text: str, labels: tuple[str, ...], registry: CollectorRegistry) -> None:
        self._counter = Counter(name, text, labels, namespace="portwire", registry=registry)
        self._seen: dict[str, set[str]] = {label: set() for label in labels}

    def labels(self, **values: str) -> Counter:
        """The counter of these values, each replaced by "other" where there are too many already."""
        return self._counter.labels(**{label: self._bounded(label, value) for label, value in values.items()})

    def _bounded(self, label: str, value: str) -> str:
        seen = self._seen[label]
        if value not in seen and len(seen) >= MOST_VALUES:
            return "other"
        seen.add(value)
        return value


class Metrics:
    """An attribute for each metric, named as in the README without `portwire_`."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # the library's; else each counter brings a second series that nobody asked for
        self.registry = CollectorRegistry(auto_describe=True)
        self._of_the_way_in()
        self._of_the_way_out()
        self._of_the_processes()
        self._of_the_neighbours()
        self._begin_at_zero()

    def begin(self, at: datetime) -> None:
        """The process begins: from now on a list that nobody reads looks older and older."""
        for source in SOURCES:
            self.poll_last_success_timestamp_seconds.labels(source=source).set(at.timestamp())

    def _of_the_way_in(self) -> None:
        self.events_ingested_total = self._counter(
            "events_ingested_total", "Events stored for the first time.", "source", "type"
        )
        self.events_duplicate_total = self._counter(
            "events_duplicate_total", "Events read again, as every overlap does.", "source"
        )
        self.poll_duration_seconds = self._histogram(
            "poll_duration_seconds", "Time one poll of a list took.", POLL_S
        )
        self.poll_failures_total = self._counter(
            "poll_failures_total", "Polls that ended in an error.", "source", "kind"
        )
        self.poll_last_success_timestamp_seconds = self._gauge(
            "poll_last_success_timestamp_seconds",
            "When a list was last read to its end; until that is known, when this process began.",
            "source",
        )
        self.watermark_timestamp_seconds = self._gauge(
            "watermark_timestamp_seconds", "How far a list has been read.", "source"
        )
        self.event_lateness_seconds = self._histogram(
            "event_lateness_seconds", "First seen minus created.", LATE_S
        )
        self.deep_sweep_finds_total = Counter(
            "deep_sweep_finds_total",
            "Events that only the deep sweep found.",
            namespace="portwire",
            registry=self.registry,
        )

    def _of_the_way_out(self) -> None:
        self.deliveries_pending = self._gauge("deliveries_pending", "Events that wait to be posted.")
        self.delivery_oldest_seconds = self._gauge(
            "delivery_oldest_seconds", "Age of the oldest event that waits for a channel that takes it."
        )
        self.channels_paused = self._gauge("channels_paused", "Channels that Slack refuses.")
        self.deliveries_total = self._counter("deliveries_total", "Attempts to post, by outcome.", "outcome")
        self.reconcile_total = self._counter(
            "reconcile_total", "Looks into a channel's history for an unclear post.", "result"
        )
        self.delivery_latency_seconds = self._histogram(
            "delivery_latency_seconds", "An event's creation to Slack's answer.", LATE_S
        )

    def _of_the_processes(self) -> None:
        self.stale_writes_rejected_total = Counter(
            "stale_writes_rejected_total",
            "Writes of a process that had lost its lease.",
            namespace="portwire",
            registry=self.registry,
        )

    def _of_the_neighbours(self) -> None:
        self.telnyx_requests_total = self._counter(
            "telnyx_requests_total", "Requests to Telnyx.", "operation", "status"
        )
        self.slack_requests_total = self._counter(
            "slack_requests_total", "Calls of Slack.", "method", "outcome"
        )
        self.commands_total = self._counter("commands_total", "Slash commands.", "name")
        self.command_seconds = self._histogram("command_seconds", "Time a slash command took.", QUICK_S)

    def _begin_at_zero(self) -> None:
        """Show what is known beforehand from the start: an alert then needs no first case."""
        for source in SOURCES:
            self.events_duplicate_total.labels(source=source)
        for outcome in OUTCOMES:
            self.deliveries_total.labels(outcome=outcome)
        for result in RESULTS:
            self.reconcile_total.labels(result=result)

    def _counter(self, name: str, text: str, *labels: str) -> BoundedCounter:
        return BoundedCounter(name, text, labels, self.registry)

    def _gauge(self, name: str, text: str, *labels: str) -> Gauge:
        return Gauge(name, text, labels, namespace="portwire", registry=self.registry)

    def _histogram(self, name: str, text: str, buckets: tuple[float, ...]) -> Histogram:
        return Histogram(name, text, namespace="portwire", registry=self.registry, buckets=buckets)

    def render(self) -> bytes:
        """All of it as Prometheus text."""
        return generate_latest(self.registry)
