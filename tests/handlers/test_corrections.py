"""A corrected line can be run as it stands, and says all that was typed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from handlers.event_queries import ListEvents
from handlers.parsing import parse, parse_line
from handlers.requests import AskRepublish, LookUp, ShowEvent, ShowOrder, Subscribe, UnsubscribeFilter
from tests.handlers.clicks import clicked, said, texts_of

NOW = datetime(2026, 11, 24, 14, 2, tzinfo=UTC)
PIECES = st.sampled_from(
    [
        *("help", "event", "events", "evnts", "order", "republish", "subscribe", "subscrbe", "subs", "sbus"),
        *("unsubscribe", "unsubscrbe", "status", "follow", "list", "?", "--help", "not", "or", "-", "all"),
        *("kind:in", "kind:outt", "-kind:out", "kind:-out", "!kind:in", "kind=in", "kind", "out", "-out"),
        *("type:splt", "type:-split", "typ:split", "status:exeption", "-status:uncritical", "exception"),
        *("ref:ACME", "ref:“ACME", '"', "ref:A<b>&amp;", "order:sr_1", "number:303", "carrier:Onvoy LLC"),
        *("since:yesterdy", "since:-2d", "until:0001-01-01", "since:9999-12-31", "page:2", "S12", "ACME"),
        *("style:fla", "broadcast:mile", "<@U1|bo>", "<#C1|acme>", "<tel:+13035550123|303>", "\x00", "’"),
    ]
)
LINES = st.one_of(st.lists(PIECES, max_size=6).map(" ".join), st.text(max_size=60))


def suggestion_for(line):
    """The corrected line; None where there is none."""
    try:
        command = parse(line, NOW)
    except UserError as error:
        return error.suggestion
    return command.instead if isinstance(command, LookUp) else None


@given(LINES)
def test_a_suggested_line_can_be_run_as_it_stands(line):
    suggestion = suggestion_for(line)

    if suggestion is not None:
        parse_line(suggestion, NOW)


def understood(line):
    """The command of a line, None where it is none."""
    try:
        return parse(line, NOW)
    except UserError:
        return None


@given(LINES)
def test_a_line_behind_a_button_is_the_one_that_was_typed(line):
    command = understood(line)

    match command:
        case ListEvents():
            turned = parse_line(f"{command.line} page:7", NOW)
            assert turned == replace(command, page=7)
        case Subscribe():
            assert parse_line(f"subscribe {command.wish.canonical()}".strip(), NOW) == command
        case LookUp() | ShowOrder():
            assert parse_line(f"order {command.ref} page:7", NOW) == ShowOrder(command.ref, 7)
        case ShowEvent():
            assert parse_line(f"event {command.event_id} page:7", NOW) == replace(command, page=7)
        case AskRepublish():
            assert parse_line(f"republish {command.event_id} page:7", NOW) == replace(command, page=7)


@pytest.mark.parametrize(
    ("line", "suggestion"),
    [
        ("evnts kind:outt type:splt", "events kind:out type:split"),
        ("events typ:splt kid:in ACME", "events type:split kind:in ACME"),
        ("subscrbe status:exeption -kind:outt", "subscribe status:exception -kind:out"),
        ("subs al page:2", "subs all page:2"),
        ("events since:yesterdy kind:in", "events since:yesterday kind:in"),
        ('events "ACME kind:in', 'events "ACME" kind:in'),
        ("events -kind:out since:2d", "events kind:in since:2d"),
        ("events kind:-in", "events kind:out"),
        ("events kind:!port-in", "events kind:out"),
        ("follow kind:outt", "subscribe kind:out"),
        ("?", "help"),
        ("--help", "help"),
        ("list", "subs"),
        ("unfollow", "unsubscribe"),
        ("find ACME", "order ACME"),
        ("follow ref:ACME", "subscribe ref:ACME"),
        ("sub kind:outt", "subscribe kind:out"),
        ("kind:outt since:2d", "events kind:out since:2d"),
        ("-kind:out", "events kind:in"),
        ("status:exception", "subscribe status:exception"),
        ("order:sr_1", "events sr_1"),
        ("S12", "subs"),
        ("Where is 303-555-0123?", "order +13035550123"),
    ],
)
def test_every_mistake_of_a_line_is_put_right_at_once(line, suggestion):
    if suggestion == "unsubscribe":  # which alone only asks back, with the list
        suggestion = "subs"
    assert suggestion_for(line) == suggestion


@pytest.mark.parametrize(
    "line",
    [
        "events kind:-out,in",
        "events -kind:-out",
        "events -type:split",
        "events type:-split",
        "events kind:not-out",
        "events type:no_comment",
        "events not kind:out",
        "events ACME or kind:in",
        "events kind:outt foo:bar",
        "evnts since:soon kind:in",
        "subs here mine",
        "subs nowhere",
        "unsubscribe S1 S2",
        "subscribe kind:outt foo",
        "subscribe kind:outt not",
    ],
)
def test_a_line_that_can_not_be_put_right_as_a_whole_gets_none(line):
    with pytest.raises(UserError) as caught:
        parse(line, NOW)

    assert caught.value.suggestion is None


@pytest.mark.parametrize("line", ["?", "--help", "-h kind:in"])
def test_a_sign_for_help_is_not_looked_up(line):
    with pytest.raises(UserError) as caught:
        parse(line, NOW)

    assert caught.value.suggestion.startswith("help")


def test_corrections_come_to_an_end(monkeypatch):
    monkeypatch.setattr("handlers.parsing.MOST_CORRECTIONS", 1)

    assert suggestion_for("events typ:splt kid:in") is None


def test_a_filter_behind_unsubscribe_is_read():
    command = parse("unsubscribe kind:in style:flat", NOW)

    assert isinstance(command, UnsubscribeFilter)
    assert command.wish.canonical() == "kind:in style:flat"


@pytest.mark.parametrize(
    ("said_time", "expected"),
    [("-2d", NOW - timedelta(days=2)), ("tomorrow", datetime(2026, 11, 25, tzinfo=UTC))],
)
def test_a_time_may_have_a_minus_or_be_to_come(said_time, expected):
    assert parse(f"events since:{said_time}", NOW).since == expected


async def test_a_button_runs_its_line_as_it_stands(desk, workspace):
    answer = await said(workspace, "subscribe ref:<A&amp;B> kind:outt")
    await clicked(workspace, answer, "Run it")

    [made] = await desk.parts.subscriptions.active()
    assert made.wish.canonical() == "kind:out ref:<A&amp;B>"


async def test_a_subscription_that_is_named_by_its_filter_is_ended_by_a_button(desk, workspace):
    await said(workspace, "subscribe kind:in style:flat")

    answer = await said(workspace, "unsubscribe kind:in")
    assert "that one is S1" in answer.text
    await clicked(workspace, answer, "Run it")

    assert await desk.parts.subscriptions.active() == []


async def test_a_filter_that_nobody_has_here_leads_to_the_list(desk, workspace):
    answer = await said(workspace, "unsubscribe kind:in")

    assert "no subscription with that filter" in answer.text
    assert "`/port subs here`" in answer.text


async def test_a_number_of_another_channel_is_told_with_its_place(desk, workspace):
    sales = workspace.add_channel("sales")
    await said(workspace, "subscribe kind:in", channel="sales")

    answer = await said(workspace, "unsubscribe S1")

    assert f"It is of <#{workspace.channel('sales').id}>" in answer.text
    assert sales


WAYS = [
    *(f"{word} {{}}" for word in ("help", "event", "events", "order", "republish", "subscribe", "subs")),
    *("unsubscribe {}", "status {}", "{}", "events since:{}", "events until:{}", "subscribe order:{}"),
]


@pytest.mark.parametrize(
    "text",
    [
        "x" * 5000,
        "\x00\ud800\u202e",
        "“unbalanced",
        "‘single’ 'quotes",
        "0001-01-01",
        "9999-12-31",
        "-0001-01-01",
        "<@U012ABC|bo> <#C012ABC|acme> <!channel>",
        "<tel:+13035550123|+1 303 555 0123>",
        "<https://portal.example/#/porting/8179f546-98d0-4a0e-9c3d-5f6f4d3a2b10|order>",
        "999999999999999999999999",
        "٣٠٣٥٥٥٠١٢٣",
        "*" * 100,
        ":,-:" * 50,
    ],
)
async def test_nothing_that_is_typed_ends_in_silence(desk, workspace, text):
    sound = text.encode("utf-8", "replace").decode()
    answers = [await said(workspace, way.format(sound)) for way in WAYS]

    assert all(answer.text for answer in answers)
    assert "something went wrong" not in texts_of([answer.responses[-1].body for answer in answers])
