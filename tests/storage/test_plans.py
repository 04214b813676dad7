"""What is asked again and again is found by an index that grows with the answer, not with the tables."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import event as hooks

from storage import channels, deliveries, event_history, events, fan_out, orders, promises
from tests.storage.rows import NOW

BOTH = ("port_in", "port_out")
QUESTIONS = {
    "head of a queue": (lambda tx: deliveries.head(tx, "C1"), {"ix_delivery_open"}),
    "orphans": (lambda tx: deliveries.orphaned(tx, NOW), {"uq_delivery_in_flight"}),
    "open messages": (deliveries.open_counts, {"ix_delivery_open"}),
    "given up": (lambda tx: deliveries.parked(tx, NOW, shown=3), {"ix_delivery_parked"}),
    "noise": (lambda tx: deliveries.posted_since(tx, "C1", NOW, at_most=21), {"ix_delivery_posted"}),
    "stale message": (lambda tx: deliveries.first_stale(tx, NOW), {"ix_delivery_stale"}),
    "finished messages": (
        lambda tx: deliveries.remove_before(tx, NOW),
        {"ix_delivery_created_at", "ix_delivery_event_delivery_id"},
    ),
    "channels with work": (
        lambda tx: channels.with_work(tx, NOW),
        {"ix_delivery_open", "ix_delivery_event_waiting"},
    ),
    "waiting": (
        lambda tx: promises.some_waiting(tx, "C1", 6),
        {"ix_delivery_event_waiting"},
    ),
    "oldest waiting": (lambda tx: promises.oldest(tx, "C1", 60), {"ix_delivery_event_waiting"}),
    "first critical": (lambda tx: promises.first_critical(tx, "C1"), {"ix_delivery_event_waiting"}),
    "alarms of orders": (
        lambda tx: promises.newest_alarms(tx, "C1", {("port_in", "o1"), ("port_in", "o2")}),
        {"ix_event_order", "sqlite_autoindex_delivery_event_1"},
    ),
    "carried": (lambda tx: promises.carried_by(tx, "d1"), {"ix_delivery_event_delivery_id"}),
    "cancelled followers": (
        lambda tx: promises.cancel_followers(tx, "C1", [1, 2], NOW),
        {"ix_delivery_event_waiting", "ix_delivery_event_delivery_id", "ix_delivery_open"},
    ),
    "to fan out": (lambda tx: fan_out.to_fan_out(tx, 500), {"ix_event_to_fan_out"}),
    "to fan out further": (lambda tx: fan_out.to_fan_out(tx, 500, after=(NOW, 9)), {"ix_event_to_fan_out"}),
    "held back of orders": (
        lambda tx: fan_out.oldest_to_fan_out(tx, {("port_in", "o1"), ("port_in", "o2")}, seen_since=NOW),
        {"ix_event_order"},
    ),
    "newest events": (lambda tx: event_history.newest(tx, sources=BOTH, limit=11), {"ix_event_source"}),
    "newest of a kind": (
        lambda tx: event_history.newest(tx, sources=BOTH, limit=11, types=["portout.new_comment"]),
        {"ix_event_type"},
    ),
    "events of orders": (
        lambda tx: event_history.of_orders(tx, [("port_in", "o1"), ("port_in", "o2")], limit=11),
        {"ix_event_order"},
    ),
    "events of a channel": (
        lambda tx: event_history.told_to(tx, "C1", limit=11, since=NOW, types=["portout.new_comment"]),
        {"sqlite_autoindex_delivery_event_1"},
    ),
    "old events": (
        lambda tx: events.remove_before(tx, "port_in", NOW - timedelta(days=400)),
        {"ix_event_source", "ix_delivery_event_event_key", "sqlite_autoindex_delivery_1"},
    ),
    "order by name": (
        lambda tx: orders.by_name(tx, "ACME"),
        {f"ix_order_{name}" for name in orders.NAMES},
    ),
    "order by number": (lambda tx: orders.by_number(tx, ["1303"]), {"sqlite_autoindex_order_number_1"}),
}  # fmt: skip
PARTIAL = (
    "SCAN channel",
    "uq_delivery_in_flight",
    "ix_delivery_open",
    "ix_delivery_event_waiting",
    "ix_event_to_fan_out",
)
"""Indexes of what is open, and a small table: all of it may be walked through."""
SORTED = ("head of a queue", "carried", "order by name", "order by number")
"""Few rows of several stretches of an index, put into one order."""
OTHERWISE = ("events of orders",)
"""Of two indexes that serve, PostgreSQL may take the other one."""


@pytest.fixture
def engine():
    """How SQLite answers: it says which index it takes for a sure answer, whatever stands in the tables."""
    return "sqlite"


@pytest.mark.parametrize("name", QUESTIONS)
async def test_question_is_answered_by_an_index(database, name):
    ask, indexes = QUESTIONS[name]
    asked = []

    async with database.transaction() as tx:
        hooks.listen(tx.sync_connection, "before_cursor_execute", lambda *given: asked.append(given[2:4]))
        await ask(tx)
        said = [
            row[3]
            for statement, values in list(asked)
            for row in await tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", tuple(values))
        ]

    words = {word for line in said for word in line.split()}
    scans = [line for line in said if line.startswith("SCAN") and not any(each in line for each in PARTIAL)]
    sorts = [line for line in said if "TEMP B-TREE" in line and "ORDER BY" in line]
    assert indexes <= words
    assert [line for line in scans if not line.startswith(("SCAN (", "SCAN anon"))] == []
    assert sorts == [] or name in SORTED


@pytest.mark.parametrize("engine", ["postgres"])
@pytest.mark.parametrize("name", QUESTIONS)
async def test_plan_that_postgresql_keeps_while_tables_are_small_serves_large_ones(database, name):
    ask, indexes = QUESTIONS[name]
    asked = []

    async with database.transaction() as tx:
        hooks.listen(tx.sync_connection, "before_cursor_execute", lambda *given: asked.append(given[2]))
        await ask(tx)
        said = " ".join(
            [
                row[0]
                for statement in list(asked)
                for row in await tx.exec_driver_sql(f"EXPLAIN (GENERIC_PLAN) {numbered(statement)}")
            ]
        )
        compiles = (await tx.exec_driver_sql("SHOW jit")).scalar()

    named = {index for index in indexes if not index.startswith("sqlite_")}
    assert set(re.findall(r"Seq Scan on (\w+)", said)) <= {"channel"}
    assert named <= set(re.findall(r"\b[iu]\w+_\w+", said)) or name in OTHERWISE
    assert compiles == "off"


def numbered(statement):
    """The statement with its values left open, as the server knows it."""
    names = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", statement)))
    return re.sub(r"%\((\w+)\)s", lambda found: f"${names.index(found[1]) + 1}", statement)
