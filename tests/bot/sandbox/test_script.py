"""The sandbox's stories, told on a clock that the test moves."""

from datetime import timedelta
from itertools import pairwise

import pytest

from bot.sandbox.script import DECIDED_BY, LEAST_GAP, Script
from bot.sandbox.stories import (
    EXCEPTION_AND_FIX,
    LANES,
    PORT_OUT_BURNING,
    PORT_OUT_IN_DANGER,
    PORT_OUT_REFUSED,
    SMOOTH,
    SPLIT,
    STORIES,
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


def test_a_story_begun_by_hand_runs_beside_the_others_and_ends(telnyx, clock):
    script = Script(telnyx, now=clock, speed=60, lanes=((PORT_OUT_REFUSED,),))

    order_id = script.start(SMOOTH)
    tell(script, clock, length(SMOOTH) * 3)

    assert telnyx.port_ins[order_id].status == "ported"
    assert len(telnyx.port_ins) == 1
    assert telnyx.port_outs


def test_a_paused_script_tells_nothing_and_then_goes_on_where_it_was(telnyx, clock):
    script = Script(telnyx, now=clock, speed=60, lanes=((SMOOTH,),))
    tell(script, clock, timedelta(seconds=5))
    before = len(all_events(telnyx))

    script.pause()
    tell(script, clock, timedelta(hours=3))
    during = len(all_events(telnyx))
    script.go_on()
    tell(script, clock, timedelta(seconds=30))

    assert before == during == 1
    assert len(all_events(telnyx)) == 1
    tell(script, clock, timedelta(seconds=10))
    assert statuses(all_events(telnyx)) == ["in-process", "submitted"]


def test_a_second_pause_or_going_on_changes_nothing(telnyx, clock):
    script = Script(telnyx, now=clock, speed=60, lanes=((SMOOTH,),))
    script.go_on()
    script.pause()
    clock.forward(hours=1)
    script.pause()
    script.go_on()

    tell(script, clock, timedelta(seconds=5))

    assert not script.is_paused
    assert len(all_events(telnyx)) == 1


def test_a_story_begun_during_a_pause_waits_with_its_second_step(telnyx, clock):
    script = Script(telnyx, now=clock, speed=60, lanes=())
    script.pause()
    clock.forward(minutes=10)

    script.start(SMOOTH)
    tell(script, clock, timedelta(minutes=10))

    assert statuses(all_events(telnyx)) == ["in-process"]


@pytest.mark.parametrize(("speed", "waits_s"), [(30, 60), (120, 15)])
def test_what_waits_comes_sooner_or_later_by_as_much_as_the_speed_changes(telnyx, clock, speed, waits_s):
    script = Script(telnyx, now=clock, speed=60, lanes=())
    script.start(SMOOTH)
    clock.forward(seconds=5)

    script.change_speed(speed)
    tell(script, clock, timedelta(seconds=waits_s - 1))

    assert len(all_events(telnyx)) == 1
    tell(script, clock, timedelta(seconds=2))
    assert len(all_events(telnyx)) == 2
    assert script.speed == speed


def test_lanes_that_have_not_begun_do_not_wait_longer_at_a_lower_speed(telnyx, clock):
    script = Script(telnyx, now=clock, speed=60)

    script.change_speed(1)
    tell(script, clock, timedelta(seconds=10))

    assert telnyx.events("port_in")
    assert telnyx.events("port_out")


def test_each_change_by_hand_says_that_the_wait_may_be_another(telnyx, clock):
    script = Script(telnyx, now=clock, speed=60)

    for change in (script.pause, script.go_on, lambda: script.change_speed(1), lambda: script.start(SMOOTH)):
        script.changed.clear()
        change()
        assert script.changed.is_set()


def test_an_order_taken_over_by_hand_is_left_alone_by_its_story(telnyx, clock):
    script = Script(telnyx, now=clock, speed=60, lanes=())
    order_id = script.start(SMOOTH)
    other = script.start(SMOOTH)

    script.take_over(order_id)
    tell(script, clock, length(SMOOTH) * 2)

    assert telnyx.port_ins[order_id].status == "in-process"
    assert telnyx.port_ins[other].status == "ported"


@pytest.mark.parametrize("speed", [1, 1440])
def test_a_burning_port_out_is_two_minutes_from_its_deadline_at_any_speed(telnyx, clock, speed):
    script = Script(telnyx, now=clock, speed=60, lanes=())
    order_id = script.start(PORT_OUT_BURNING)
    script.change_speed(speed)
    order = telnyx.port_outs[order_id]

    assert order.created_at + DECIDED_BY - clock() == timedelta(minutes=2)
    tell(script, clock, timedelta(seconds=119))
    assert order.status == "pending"
    tell(script, clock, timedelta(seconds=2))
    assert order.status == "authorized"
    assert statuses(telnyx.events("port_out")) == ["pending", "rejected-pending", "pending", "authorized"]


def test_every_story_can_be_begun_by_its_title():
    assert set(STORIES.values()) == {*ALL_STORIES, PORT_OUT_BURNING}
