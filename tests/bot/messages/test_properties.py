import re
from dataclasses import replace
from datetime import UTC, datetime
from itertools import cycle, islice

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.changes import Severity, change_of
from bot.messages import wording
from bot.messages.buttons import republish_dialog
from bot.messages.rollups import roll_up
from bot.messages.wording import Look
from bot.telnyx.events import KNOWN_KINDS, Detail, Event, Source
from bot.telnyx.orders import Order
from tests.bot.messages.shapes import assert_sendable, everything, mrkdwn_of, shapes, without_dates

TIMES = st.datetimes(
    datetime(2, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone itself
    datetime(9990, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
TEXTS = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["<!channel>", "*b* _i_", "a&b<c>", "x" * 5000, "&" * 4000, "<" * 3000, "\n> q\n```", ":x:" * 900]
    ),
)
MAYBE = st.none() | TEXTS
MOMENTS = st.none() | TIMES
STATUSES = st.sampled_from([*wording.STATUSES, "new-one"]) | TEXTS
JSON = st.recursive(
    st.none() | TEXTS | st.integers(),
    lambda inner: st.dictionaries(TEXTS, inner) | st.lists(inner),
    max_leaves=12,
)
DETAILS = st.lists(st.fixed_dictionaries({"code": TEXTS, "description": TEXTS}), max_size=8)
PAYLOADS = st.one_of(
    st.none(),
    st.dictionaries(TEXTS, JSON, max_size=3),
    st.fixed_dictionaries({"status": STATUSES, "rejection_reason": MAYBE, "subscriber_name": MAYBE}),
    st.fixed_dictionaries({"status": st.fixed_dictionaries({"value": STATUSES, "details": DETAILS})}),
    st.fixed_dictionaries({"comment": TEXTS}),
    st.fixed_dictionaries({"comment": st.fixed_dictionaries({"body": TEXTS, "user_type": TEXTS})}),
    st.fixed_dictionaries({"from": JSON, "to": JSON, "porting_phone_numbers": JSON}),
    st.fixed_dictionaries({"messaging": st.fixed_dictionaries({"messaging_port_status": TEXTS})}),
    st.fixed_dictionaries({"foc_date": st.datetimes().map(str)}),
)


@st.composite
def changes(draw):
    source = draw(st.sampled_from(list(Source)))
    order_id = draw(TEXTS)
    event = Event(
        source=source,
        event_id=draw(TEXTS),
        event_type=draw(st.sampled_from([f"porting_order.{kind}" for kind in KNOWN_KINDS]) | TEXTS),
        order_id=order_id,
        created_at=draw(TIMES),
        payload=draw(PAYLOADS),
        methods=tuple(draw(st.lists(TEXTS, max_size=6))),
    )
    order = Order(
        source=source,
        order_id=order_id,
        status=draw(st.none() | STATUSES),
        status_at=draw(MOMENTS),
        details=tuple(draw(st.lists(st.builds(Detail, TEXTS, TEXTS), max_size=7))),
        support_key=draw(MAYBE),
        parent_support_key=draw(MAYBE),
        customer_reference=draw(MAYBE),
        numbers=tuple(draw(st.lists(TEXTS, max_size=5))),
        numbers_count=draw(st.none() | st.integers(0, 10**6)),
        carrier=draw(MAYBE),
        spid=draw(MAYBE),
        foc_requested_at=draw(MOMENTS),
        foc_at=draw(MOMENTS),
        messaging_status=draw(MAYBE),
        rejection_reason=draw(MAYBE),
        reviewed_by=draw(st.none() | st.just("U024BE7LH")),
        reviewed_at=draw(MOMENTS),
    )
    return replace(change_of(event, order), severity=draw(st.sampled_from(list(Severity))))


LOOKS = st.builds(Look, now=TIMES)


@settings(max_examples=250)
@given(changes(), LOOKS)
def test_any_event_of_any_order_makes_messages_that_slack_takes(change, look):
    for message in shapes(change, look).values():
        assert_sendable(message)
        assert not re.search("[<>]", without_dates(mrkdwn_of(message)).replace("<@U024BE7LH>", ""))


def of_order(change, number):
    order_id = f"{number}-{change.order.order_id}"
    return replace(
        change,
        event=replace(change.event, order_id=order_id),
        order=replace(change.order, order_id=order_id),
    )


@settings(max_examples=25)
@given(st.lists(changes(), min_size=1, max_size=4), st.integers(1, 60), LOOKS)
def test_any_sixty_events_fit_in_one_roll_up(few, orders, look):
    sixty = [of_order(each, place % orders) for place, each in enumerate(islice(cycle(few), 60))]

    assert_sendable(roll_up(sixty, look, delivery_id="d1", may_repeat=True))


@given(changes())
def test_the_republish_dialog_always_fits(change):
    dialog = republish_dialog(change.event, change.order)

    assert len(dialog["text"]["text"]) <= 300
    assert dialog["text"]["type"] == "plain_text"


@given(
    changes(), st.sampled_from(["PIN 918273", "passcode: 918273", "SSN is 918273", "account number 918273"])
)
def test_no_secret_in_a_strangers_text_gets_through(change, secret):
    order = replace(change.order, customer_reference=secret, carrier=secret, rejection_reason=secret)
    event = replace(change.event, payload={"comment": {"body": secret}, "status": {"details": [secret]}})
    told = replace(change, order=replace(order, details=(Detail("OTHER", secret),)), event=event)

    assert not [name for name, message in shapes(told).items() if "918273" in everything(message)]


@given(changes())
def test_the_subscriber_is_never_named(change):
    told = replace(change, order=replace(change.order, subscriber_name="Jane Roe-Quux"))

    assert not [name for name, message in shapes(told).items() if "Quux" in everything(message)]
