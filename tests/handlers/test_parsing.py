"""Every line that a person can type is a command, or a sentence about what would be right."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.filters import parse as parse_wish
from bot.telnyx.events import Source
from handlers.event_queries import ListEvents
from handlers.parsing import parse
from handlers.requests import (
    AskRepublish,
    Help,
    ListSubscriptions,
    LookUp,
    Menu,
    ShowEvent,
    ShowOrder,
    Status,
    Subscribe,
    Unsubscribe,
    UnsubscribeFilter,
)

NOW = datetime(2026, 11, 24, 14, 2, tzinfo=UTC)
WORDS = st.sampled_from(
    [
        "help",
        "event",
        "events type:qqqqqq",
        "events -kind:in",
        '""',
        "x" * 300,
        "events",
        "order",
        "republish",
        "subscribe",
        "subs",
        "unsubscribe",
        "status",
        "hlep",
        "S12",
        "all",
        "mine",
        "kind:in",
        "type:",
        "since:2d",
        "since:99999d",
        "until:9999-12-31",
        "until:0001-01-01T00:00+14:00",
        "page:2",
        "page:0",
        "-kind:in",
        '"ACME',
        "“x”",
        "<#C1|name>",
        "<@U1>",
        "&lt;",
        "&amp;amp;",
        "+1303*",
        "typ:split",
        "PO:1",
        "'",
        "/",
        "/port",
        ":",
    ]
)


def refusal_of(line):
    """The sentence for a line that is no command, None for one that is."""
    try:
        parse(line, NOW)
    except UserError as error:
        return error
    return None


@given(st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=6).map(" ".join)))
@example("x" * 5000)
@example("events until:9999-12-31")
@example("events since:0001-01-01T00:00+23:00")
def test_any_line_is_a_command_or_a_sentence(line):
    refusal = refusal_of(line)

    assert refusal is None or str(refusal).endswith((".", "?"))


@given(st.lists(WORDS, max_size=6).map(" ".join))
def test_correcting_a_line_comes_to_an_end(line):
    for _ in range(12):
        refusal = refusal_of(line)
        if refusal is None or refusal.suggestion is None:
            return
        line = refusal.suggestion
    pytest.fail(f"corrected without end: {line}")


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("", Menu()),
        ("   ", Menu()),
        ("/port", Menu()),
        ("help", Help()),
        ("HELP Filters", Help("filters")),
        ("/port status", Status()),
        ("sr_98f022", LookUp("sr_98f022")),
        ("“ACME Dental”", LookUp("ACME Dental")),
        ("<tel:+13035550123|+1 (303) 555-0123>", LookUp("+1 (303) 555-0123")),
        ("\u202a+1 303\u202c 555\u200b0123", LookUp("+1 303 5550123")),
        ("AT&amp;T 12", LookUp("AT&T 12")),
        ("<https://portal.example/orders/1|portal>", LookUp("https://portal.example/orders/1")),
        ("order <http://acme.com|acme.com>", ShowOrder("acme.com")),
        ("order <mailto:bo@acme.com|bo@acme.com>", ShowOrder("bo@acme.com")),
        ("order <@U1|bo> <!here> <@U2>", ShowOrder("@bo !here @U2")),
        ("A&amp;lt;B", LookUp("A&lt;B")),
        ("order <#C1|acme>", ShowOrder("#acme")),
        ("order ACME Dental", ShowOrder("ACME Dental")),
        ("event 8179f546", ShowEvent("8179f546")),
        ("republish “8179f546”", AskRepublish("8179f546")),
        ("order ACME page:2", ShowOrder("ACME", 2)),
        ("ACME Dental page:3", LookUp("ACME Dental", page=3)),
        ("event 8179f546 page:2", ShowEvent("8179f546", 2)),
        ("republish ACME page:2", AskRepublish("ACME", 2)),
        ("order page:2", ShowOrder("page:2")),
        ("subs", ListSubscriptions("here")),
        ("subs Mine page:3", ListSubscriptions("mine", 3)),
        ("unsubscribe s012", Unsubscribe(12)),
        ("unsubscribe ALL", Unsubscribe(None)),
    ],
)
def test_a_right_line_is_its_command(line, command):
    assert parse(line, NOW) == command


def test_events_take_a_reference_and_facts_in_any_order():
    query = parse(
        "events kind:OUT “ACME Dental” type:split,deleted since:2d type:portout.new_comment page:2", NOW
    )

    assert query == ListEvents(
        ref="ACME Dental",
        kinds=("split", "deleted", "new_comment"),
        source=Source.PORT_OUT,
        since=NOW - timedelta(days=2),
        page=2,
        line="events kind:OUT “ACME Dental” type:split,deleted since:2d type:portout.new_comment",
    )


def test_both_kinds_are_any_kind():
    assert parse("events kind:in,out", NOW).source is None
    assert parse("events kind:*", NOW).source is None


def test_a_reference_with_a_comma_is_taken_as_it_stands():
    assert parse("events ACME, Inc. kind:in", NOW).ref == "ACME, Inc."


def test_a_reference_with_a_colon_is_put_in_quotes():
    assert parse('events "PO:4711"', NOW).ref == "PO:4711"


@pytest.mark.parametrize(
    ("line", "suggestion"),
    [
        ("events status:exception", None),
        ("events foo:bar", None),
        ("events ref:ACME kind:in", "events ACME kind:in"),
        ('events reference:"ACME Dental"', 'events "ACME Dental"'),
        ("events snce:2d", "events since:2d"),
    ],
)
def test_a_key_that_events_does_not_take_gets_those_that_it_takes(line, suggestion):
    refusal = refusal_of(line)

    assert "`type:`, `kind:`, `since:` and `until:`" in str(refusal)
    assert refusal.suggestion == suggestion


def test_a_kind_that_is_near_to_none_gets_the_kinds():
    refusal = refusal_of("events kind:both")

    assert "`in` or `out`" in str(refusal)
    assert refusal.suggestion is None


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("status?", Status()),
        ("help!", Help()),
        ("help filters.", Help("filters")),
        ("Subs mine!", ListSubscriptions("mine")),
        ("unsubscribe S12.", Unsubscribe(12)),
        ("unsubscribe all!", Unsubscribe(None)),
        ("unsubscribe kind:in.", UnsubscribeFilter(parse_wish("kind:in"))),
        ("port status", Status()),
        ("Port", Menu()),
        ("port help?", Help()),
        ("port sr_98f022", LookUp("sr_98f022")),
        ("port +1 303 555 0123", LookUp("+1 303 555 0123")),
        ("Port of LA", LookUp("Port of LA")),
    ],
)
def test_a_sloppy_line_is_what_it_means(line, command):
    assert parse(line, NOW) == command


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("order ACME Inc.", ShowOrder("ACME Inc.")),
        ("event ACME Inc.", ShowEvent("ACME Inc.")),
        ("republish ACME Inc.", AskRepublish("ACME Inc.")),
        ("unsubscribe ref:Inc.", UnsubscribeFilter(parse_wish("ref:Inc."))),
    ],
)
def test_the_full_stop_of_a_name_stays(line, command):
    assert parse(line, NOW) == command


@pytest.mark.parametrize(
    "since", ["2 days", "2days", "2 days ago", "48 hours", "48hrs", '"2 days"', " 2d", "2d?"]
)
def test_a_period_may_be_written_out(since):
    query = parse(f"events since:{since} kind:in.", NOW)

    assert query.since == NOW - timedelta(days=2)
    assert query.source is Source.PORT_IN
    assert query.ref is None


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("number:<tel:+13035550123|+1 303 555 0123>", "number:+13035550123"),
        ("order:<tel:+13035550123|(303) 555-0123>", "order:+13035550123"),
        ("ref:<http://acme.com|acme.com>", "ref:acme.com"),
        ("ref:“AT&amp;T”", "ref:AT&T"),
        ("ref:‘ACME’", "ref:ACME"),
    ],
)
def test_what_slack_and_keyboards_make_of_a_filter_is_undone(typed, canonical):
    assert parse(f"subscribe {typed}", NOW).wish.canonical() == canonical


def test_the_name_of_the_command_is_the_one_that_is_set():
    assert parse("ports status", NOW, "/ports") == Status()


def test_a_whole_day_includes_its_end():
    query = parse("events since:2026-11-01 until:2026-11-01", NOW)

    assert query.since == datetime(2026, 11, 1, tzinfo=UTC)
    assert query.until == datetime(2026, 11, 2, tzinfo=UTC) - timedelta(microseconds=1)
    assert parse("events until:now", NOW).until == NOW
    assert parse("events until:yesterday", NOW).until == datetime(2026, 11, 24, tzinfo=UTC) - timedelta(
        microseconds=1
    )


@pytest.mark.parametrize(
    ("line", "suggestion"),
    [
        ("subscirbe kind:in", "subscribe kind:in"),
        ("evnts since:2d", "events since:2d"),
        ("statsu", "status"),
        ("events “ACME", 'events “ACME"'),
        ("subs somewhere", None),
        ("events typ:split", "events type:split"),
        ("events ACME type:split,coment", "events ACME type:split,new_comment"),
        ("events kind:outt", "events kind:out"),
        ("subs al", "subs all"),
        ("unsubscribe", "subs"),
        ("subscribe status:exeption", "subscribe status:exception"),
    ],
)
def test_a_misspelt_line_gets_the_corrected_one_back(line, suggestion):
    with pytest.raises(UserError) as caught:
        parse(line, NOW)

    assert caught.value.suggestion == suggestion


def test_a_name_that_resembles_a_command_is_looked_up_first():
    assert parse("Evans", NOW) == LookUp("Evans", "events")


@pytest.mark.parametrize(
    "line",
    [
        "event",
        "events type:qqqqqq",
        "events -kind:in",
        '""',
        "x" * 300,
        "order",
        "republish",
        "events since:soon",
        "events since:1d until:2d",
        "events kind:",
        "unsubscribe S0",
    ],
)
def test_what_is_missing_or_wrong_is_said(line):
    with pytest.raises(UserError):
        parse(line, NOW)


def test_a_line_is_never_cut_in_silence():
    with pytest.raises(UserError, match="4,000 characters at most"):
        parse("subscribe " + "kind:in " * 500 + "-status:draft", NOW)


def test_a_subscription_carries_its_wish():
    command = parse("subscribe kind:in style:flat", NOW)

    assert isinstance(command, Subscribe)
    assert command.wish.canonical() == "kind:in style:flat"


@pytest.mark.parametrize("line", ["events -status:exception", "events foo:"])
def test_a_strange_key_with_a_minus_or_without_a_value_gets_no_corrected_line(line):
    assert refusal_of(line).suggestion is None


def test_events_take_the_link_of_a_message_or_an_order():
    link = "https://portal.telnyx.com/#/porting/8179f546-98d0-4a0e-9c3d-5f6f4d3a2b10"

    assert "8179f546" in parse(f"events {link}", NOW).ref
