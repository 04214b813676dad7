"""The sandbox's stories, told on a clock that the test moves."""

from datetime import timedelta
from itertools import pairwise

import pytest

from bot.sandbox.script import LEAST_GAP, Script
from bot.sandbox.stories import (
    EXCEPTION_AND_FIX,
    LANES,
    PORT_OUT_IN_DANGER,
    PORT_OUT_REFUSED,
    SMOOTH,
    SPLIT,
    Split,
    Status,
)
from bot.sandbox.telnyx.orders import EXCEPTION_TYPES
from bot.sandbox.telnyx.wire import parse_moment
from bot.sandbox.telnyx.world import TelnyxWorld

ALL_STORIES = [story for lane in LANES for story in lane]


@pytest.fixture
def telnyx(clock):
    return TelnyxWorld(now=clock)


def tell(script, clock, span):
    """Play for so long, as the sandbox does."""
    end = clock() + span
    while (wait := script.play()) <= end - clock():
        clock.at += wait
    clock.at = end


def length(story):
    """How long it takes at 60 minutes a minute, and a little more."""
    return timedelta(seconds=sum(step.after_min for step in story.steps) + 15)


def all_events(telnyx):
    return telnyx.events("port_in") + telnyx.events("port_out")


def statuses(events):
    shown = [event["payload"].get("status") for event in events]
    return [each["value"] if isinstance(each, dict) else each for each in shown if each]


@pytest.mark.parametrize("speed", [0.01, 1, 60, 1440, 1_000_000])
def test_a_port_in_and_a_port_out_begin_within_ten_seconds_at_any_speed(telnyx, clock, speed):
    script = Script(telnyx, now=clock, speed=speed)

    tell(script, clock, timedelta(seconds=10))

    assert telnyx.events("port_in")
    assert telnyx.events("port_out")


def test_a_day_a_minute_shows_three_port_in_events_and_a_port_out_event_within_half_a_minute(telnyx, clock):
    script = Script(telnyx, now=clock, speed=1440)

    tell(script, clock, timedelta(seconds=30))

    assert len(telnyx.events("port_in")) >= 3
    assert telnyx.events("port_out")


@pytest.mark.parametrize("speed", [60, 1440, 1_000_000])
def test_events_are_never_closer_than_a_reader_can_follow(telnyx, clock, speed):
    script = Script(telnyx, now=clock, speed=speed)

    tell(script, clock, timedelta(minutes=30))

    moments = sorted(parse_moment(event["created_at"]) for event in all_events(telnyx))
    gaps = [later - earlier for earlier, later in pairwise(moments)]
    assert min(gaps) >= LEAST_GAP


def test_at_the_default_speed_a_channel_gets_two_to_five_events_a_minute(telnyx, clock):
    script = Script(telnyx, now=clock, speed=60)

    tell(script, clock, timedelta(hours=1))

    assert 120 <= len(all_events(telnyx)) <= 300


def test_no_event_is_dated_ahead_of_the_clock(telnyx, clock):
    script = Script(telnyx, now=clock, speed=1440)
    ahead = []
    telnyx.on_event.append(lambda _, event: ahead.append(parse_moment(event["created_at"]) > clock()))

    tell(script, clock, timedelta(minutes=20))

    assert len(ahead) > 100
    assert not any(ahead)


def test_stories_begin_again_with_other_customers_and_numbers(telnyx, clock):
    script = Script(telnyx, now=clock, speed=1440)

    tell(script, clock, timedelta(minutes=20))

    references = [order.reference for order in telnyx.port_ins.values()]
    parts = [order for order in telnyx.port_ins.values() if order.parent_support_key]
    carriers = {order.carrier for order in telnyx.port_ins.values()}
    assert len(set(references)) >= len(references) - len(parts) >= 20
    assert len(carriers) >= 5


@pytest.mark.parametrize("story", ALL_STORIES, ids=lambda story: story.title)
def test_each_story_comes_to_its_end(telnyx, clock, story):
    script = Script(telnyx, now=clock, speed=60, lanes=((story,),))

    tell(script, clock, length(story))

    assert len(all_events(telnyx)) >= len(story.steps) + 1


def test_an_exception_is_talked_over_and_ends_as_ported(telnyx, clock):
    script = Script(telnyx, now=clock, speed=60, lanes=((EXCEPTION_AND_FIX,),))

    tell(script, clock, length(EXCEPTION_AND_FIX))

    told = telnyx.events("port_in")
    authors = [e["payload"]["comment"]["user_type"] for e in told if e["event_type"].endswith("new_comment")]
    assert statuses(told) == [
        "in-process", "submitted", "exception", "submitted",
        "foc-date-confirmed", "foc-date-confirmed", "ported",
    ]  # fmt: skip
    assert authors == ["admin", "user", "admin"]


def test_a_confirmed_date_is_the_one_at_which_the_order_is_ported(telnyx, clock):
    script = Script(telnyx, now=clock, speed=60, lanes=((EXCEPTION_AND_FIX,),))

    tell(script, clock, length(EXCEPTION_AND_FIX))

    ported = parse_moment(telnyx.events("port_in")[-1]["created_at"])
    (order,) = telnyx.port_ins.values()
    assert abs(order.foc_actual - ported) <= timedelta(minutes=1)


@pytest.mark.parametrize("speed", [60, 1440, 1_000_000])
@pytest.mark.parametrize(
    "story", [SMOOTH, SPLIT, EXCEPTION_AND_FIX, PORT_OUT_IN_DANGER], ids=lambda story: story.title
)
def test_what_is_ported_is_ported_when_its_foc_says(telnyx, clock, story, speed):
    script = Script(telnyx, now=clock, speed=speed, lanes=((story,),))

    tell(script, clock, length(story))

    ported = [event for event in all_events(telnyx) if "ported" in statuses([event])]
    focs = [
        telnyx.port_outs[event["portout_id"]].foc
        if "portout_id" in event
        else telnyx.port_ins[event["porting_order_id"]].foc_actual
        for event in ported
    ]
    assert ported
    for event, foc in zip(ported, focs, strict=True):
        assert abs(foc - parse_moment(event["created_at"])) <= timedelta(minutes=3)


@pytest.mark.parametrize("speed", [1, 60, 1_000_000])
def test_a_date_that_the_carrier_moves_is_another_one(telnyx, clock, speed):
    script = Script(telnyx, now=clock, speed=speed, lanes=((EXCEPTION_AND_FIX,),))
    seen = []
    telnyx.on_event.append(lambda *_: seen.append(next(iter(telnyx.port_ins.values())).foc_actual))

    tell(script, clock, timedelta(minutes=8) * (60 / min(speed, 60)))

    first, second = sorted({each for each in seen if each})[:2]
    assert second - first >= timedelta(minutes=1)


@pytest.mark.parametrize("days", range(7))
def test_a_port_out_is_asked_for_on_a_working_day(telnyx, clock, days):
    clock.forward(days=days)
    tell(Script(telnyx, now=clock, speed=60, lanes=((PORT_OUT_REFUSED,),)), clock, timedelta(seconds=5))

    (port_out,) = telnyx.port_outs.values()
    assert port_out.foc.weekday() < 5
    assert timedelta(days=3) <= port_out.foc.date() - clock().date() <= timedelta(days=5)


def test_a_split_leaves_two_orders_of_one_family_that_both_port(telnyx, clock):
    script = Script(telnyx, now=clock, speed=60, lanes=((SPLIT,),))

    tell(script, clock, length(SPLIT))

    old, new = telnyx.port_ins.values()
    assert old.parent_support_key == new.parent_support_key is not None
    assert (len(old.numbers), len(new.numbers)) == (3, 2)
    assert (old.status, new.status) == ("ported", "ported")


def test_a_port_out_that_nobody_stops_leaves(telnyx, clock):
    script = Script(telnyx, now=clock, speed=60, lanes=((PORT_OUT_IN_DANGER,),))

    tell(script, clock, length(PORT_OUT_IN_DANGER))

    assert statuses(telnyx.events("port_out")) == ["pending", "authorized", "ported"]


@pytest.mark.parametrize("story", [PORT_OUT_IN_DANGER, PORT_OUT_REFUSED], ids=lambda story: story.title)
def test_a_port_out_that_somebody_refuses_is_rejected_and_never_leaves(telnyx, clock, story):
    script = Script(telnyx, now=clock, speed=60, lanes=((story,),))
    tell(script, clock, timedelta(seconds=5))
    (order_id,) = telnyx.port_outs
    telnyx.set_status(order_id, "rejected-pending", details=(("1002", "Invalid PIN"),))

    tell(script, clock, timedelta(minutes=3))

    told = [event for event in telnyx.events("port_out") if event["portout_id"] == order_id]
    assert statuses(told)[-1] == "rejected"
    assert not {"authorized", "ported"} & set(statuses(told))


def test_a_sandbox_at_one_speed_for_a_year_waits_no_longer_than_a_year(telnyx, clock):
    script = Script(telnyx, now=clock, speed=1e-300)

    tell(script, clock, timedelta(days=30))

    assert len(all_events(telnyx)) == len(LANES)


def test_stories_speak_of_causes_and_orders_that_exist():
    for story in ALL_STORIES:
        acts = [step.act for step in story.steps]
        codes = {c for act in acts if isinstance(act, Status) for c, _ in act.details}
        orders = 1 + sum(isinstance(act, Split) for act in acts)

        assert story.source == "port_out" or codes <= EXCEPTION_TYPES.keys()
        assert all(step.order < orders for step in story.steps)
