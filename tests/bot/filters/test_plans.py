"""How an event is shown where several wishes of a channel meet."""

from datetime import timedelta

import pytest

from bot.filters import Style, Subscription, combined, parse
from tests.factories import NOW, make_change, make_order


def subscription(number, options):
    wish = parse(options)
    return Subscription(id=number, team_id="T1", channel_id="C1", owner_id="U1", wish=wish, created_at=NOW)


def is_broadcast(options, change):
    return combined([subscription(1, options)], change).broadcast


def test_thread_beats_flat_and_all_that_match_are_named():
    plan = combined([subscription(12, "style:flat"), subscription(3, "kind:in")], make_change())

    assert plan.style is Style.THREAD
    assert plan.subscriptions == (3, 12)


def test_flat_stays_flat_where_all_are():
    plan = combined([subscription(1, "style:flat"), subscription(2, "kind:in style:flat")], make_change())

    assert plan.style is Style.FLAT


def test_the_widest_broadcast_wins():
    info = make_change(status="submitted")

    assert not combined([subscription(1, "broadcast:none"), subscription(2, "")], info).broadcast
    assert combined([subscription(1, "broadcast:none"), subscription(2, "broadcast:all")], info).broadcast


MILESTONES = {
    "critical": make_change(status="exception"),
    "FOC set": make_change(status="foc-date-confirmed"),
    "FOC of a port-out moved": make_change(source="port_out", kind="foc_date_changed"),
    "ported": make_change(status="ported"),
    "port-out ported, reviewed": make_change(
        source="port_out", status="ported", order=make_order(source="port_out", reviewed_by="U1")
    ),
    "comment of Telnyx's staff": make_change(kind="new_comment", author="admin"),
}
OTHERS = {
    "own comment": make_change(kind="new_comment", author="user"),
    "port-out comment": make_change(source="port_out", kind="new_comment"),
    "split": make_change(kind="split"),
    "submitted": make_change(status="submitted"),
    "FOC known from before": make_change(
        kind="messaging_changed", order=make_order(foc_at=NOW + timedelta(days=1))
    ),
}


@pytest.mark.parametrize("name", MILESTONES)
def test_a_milestone_is_shown_in_the_channel_by_default(name):
    assert is_broadcast("", MILESTONES[name])
    assert not is_broadcast("broadcast:none", MILESTONES[name])


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_no_milestone_stays_in_its_thread(name):
    assert not is_broadcast("", OTHERS[name])
    assert is_broadcast("broadcast:all", OTHERS[name])


def test_broadcast_critical_shows_only_what_is_critical():
    assert is_broadcast("broadcast:critical", MILESTONES["critical"])
    assert not is_broadcast("broadcast:critical", MILESTONES["FOC set"])
