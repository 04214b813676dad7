"""The way in against the model: what Telnyx lists, and who is promised it."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from bot import failpoints
from tests.clock import START
from tests.faults.machines.emitting import Machine, happenings, orders, spans
from tests.faults.machines.model import FILTERS, PAYLOAD_WAIT

OVERLAP, DEEP = timedelta(hours=1), timedelta(hours=48)
CLOCKS = timedelta(minutes=5)
"""How far Telnyx's Date may be from what its events say."""
PLACES = sorted(name for name in failpoints.NAMES if name.startswith(("poll", "fan_out", "enquiry")))
TROUBLES = ("503", "500_html", "cut_json", "html_200", "null_data", "wrong_types", "drop", "429")
LIES = ({"total_pages": 1}, {"total_results": 0}, {"total_pages": 9}, {"total_pages": None}, {"page_size": 1})
UNDONE = "SELECT event_id FROM event WHERE fanned_out_at IS NULL"
places = st.sampled_from(PLACES)
reaches = st.integers(1, 3)
lateness = st.one_of(spans, st.timedeltas(timedelta(0), DEEP - timedelta(minutes=1)))
changes = st.lists(
    st.one_of(
        st.tuples(st.just("emit"), orders, happenings, spans),
        st.tuples(st.just("delete"), st.integers(0, 9)),
        st.tuples(st.just("order"), st.sampled_from(["newest_first", "oldest_first", "uuid"])),
    ),
    min_size=1,
    max_size=2,
)


class TakingIn(Machine):
    """Events late, deleted and reordered; faults, ends and starts; follow and unfollow."""

    def make_channels(self):
        return ["C1", "C2"]

    @initialize()
    def somebody_follows_everything(self):
        self.run(self.world.do(lambda: self.follow("C1", "")))

    @rule(order=orders, happening=happenings, made_before=lateness, hidden_for=lateness)
    def event(self, order, happening, made_before, hidden_for):
        made_before = min(made_before, DEEP - hidden_for - timedelta(seconds=1))
        self.emit(order, happening, made_before=max(made_before, timedelta(0)), hidden_for=hidden_for)

    @rule(order=orders, happening=happenings, how_many=st.integers(4, 12), every=st.integers(0, 900))
    def many_events(self, order, happening, how_many, every):
        """In one moment, or one after the other."""
        for number in range(how_many):
            self.emit(order, happening, made_before=timedelta(seconds=every * number) / 4)

    @rule(order=orders, payload_after=st.sampled_from([30, 300]))
    def event_whose_payload_is_still_made(self, order, payload_after):
        self.emit(order, "submitted", payload_after=timedelta(seconds=payload_after))

    @rule(
        order=orders, ahead=st.sampled_from([timedelta(minutes=10), timedelta(hours=1), timedelta(days=365)])
    )
    def event_dated_in_the_future(self, order, ahead):
        self.emit(order, "a comment", made_before=-ahead)

    @rule(order=orders, year=st.sampled_from([1970, 2025]))
    def event_dated_long_ago(self, order, year):
        self.emit(order, "a comment", made_before=self.clock() - datetime(year, 1, 1, tzinfo=UTC))

    @rule(which=st.integers(0, 30))
    def delete(self, which):
        events = list(self.model.open.values())
        if events:
            gone = events[which % len(events)]
            gone.is_gone = True
            self.telnyx.remove_event(gone.event_id)

    @rule(listed=st.sampled_from(["newest_first", "oldest_first", "uuid"]))
    def reorder(self, listed):
        self.telnyx.faults.order = listed

    @rule(changes=changes, skipped=st.integers(0, 3))
    def list_changes_while_it_is_read(self, changes, skipped):
        self.telnyx.between += [lambda: None] * skipped
        self.telnyx.between += [lambda change=change: self._change(*change) for change in changes]

    def _change(self, what, *given):
        if what == "emit":
            self.emit(given[0], given[1], made_before=given[2])
        elif what == "delete":
            self.delete(*given)
        else:
            self.reorder(*given)

    @rule(trouble=st.sampled_from(TROUBLES), times=st.integers(1, 12))
    def telnyx_is_in_trouble(self, trouble, times):
        self.telnyx_fails(trouble, times)

    @rule(number=st.integers(1, 4), trouble=st.sampled_from(["500", "422", "cut_json", "empty"]))
    def page_is_bad(self, number, trouble):
        if trouble == "empty":
            self.telnyx.faults.empty_once.add(number)
        else:
            self.telnyx.faults.bad_pages = {number: trouble}

    @rule(lie=st.sampled_from(LIES), size=st.sampled_from([None, 2]), shifted=st.booleans())
    def counts_are_wrong(self, lie, size, shifted):
        faults = self.telnyx.faults
        faults.odd_meta, faults.max_page_size, faults.duplicate_across_pages = lie, size, shifted

    @rule(ahead=st.sampled_from([-CLOCKS, timedelta(0), CLOCKS]), has_date=st.booleans())
    def telnyxs_date_is_wrong(self, ahead, has_date):
        """Without a Date our own clock stands in for Telnyx's, and has to be right."""
        self.telnyx.faults.date_skew = ahead
        self.telnyx.faults.no_date_header = not has_date and not self.world.clock.ahead

    @rule()
    def telnyx_works(self):
        self.nothing_goes_wrong_at_telnyx()

    @rule(ahead=st.sampled_from([-CLOCKS, timedelta(0), CLOCKS, timedelta(hours=1)]))
    def our_clock_is_set(self, ahead):
        if not self.telnyx.faults.no_date_header:
            self.world.clock.ahead = ahead

    @rule(channel=st.sampled_from(["C1", "C2"]), filters=st.sampled_from(sorted(FILTERS)))
    def follow_in(self, channel, filters):
        if (channel, filters) not in self.model.subscriptions.values():
            self.run(self.world.do(lambda: self.follow(channel, filters)))

    @rule(channel=st.sampled_from(["C1", "C2"]))
    def unfollow_in(self, channel):
        self.run(self.world.do(lambda: self.unfollow(channel)))

    @rule(sweeping=st.booleans())
    def take_in(self, sweeping):
        self.run(self.world.do(lambda: self.world.take_in(sweeping=sweeping)))

    @rule(place=places, reach=reaches)
    def end_while_taking_in(self, place, reach):
        work = lambda: self.world.take_in(sweeping=True)  # noqa: E731
        self.run(self.world.do(work, ending_at=place, reach=reach))

    @rule()
    def end(self):
        self.run(self.world.kill())

    @rule(passed=st.sampled_from([20, 130, 1800, 3700, 86_400, 300_000]))
    def time_passes(self, passed):
        self.clock.forward(seconds=passed)

    @rule(order=orders, hidden_for=lateness, hours=st.sampled_from([3, 30, 120]), happening=happenings)
    def everything_stands_still(self, order, hidden_for, hours, happening):
        """The bot is away, or Telnyx is; what is listed late meanwhile comes before what is listed last."""
        self.emit(order, happening, hidden_for=hidden_for)
        self.clock.forward(hours=hours)
        self.emit(order, happening)
        self.take_in(sweeping=False)

    @rule()
    def settle(self):
        self.run(self.settled())

    async def settled(self):
        """Everything works, and time enough passes for all that is listed."""
        self.nothing_goes_wrong_at_telnyx()
        until = self.clock()
        for passed in (timedelta(0), OVERLAP + 3 * CLOCKS, PAYLOAD_WAIT):
            self.clock.forward(seconds=passed.total_seconds())
            await self.world.do(lambda passed=passed: self.world.take_in(sweeping=passed > PAYLOAD_WAIT))
        having = self._having()
        self.model.look(self.clock())
        self.compare(having)
        listed = {each.event_id for each in self.model.open.values() if each.listed_at <= until}
        for channel, ids in having.items():
            lost = self.model.must_have(channel) & listed - set(ids)
            assert not lost, f"lost for {channel}: {lost}"
        undone = {each for (each,) in self.world.rows(UNDONE)}
        assert not listed & undone, f"never passed on: {listed & undone}"
        self.model.settle(until, having)

    def _having(self):
        rows = self.world.rows(
            "SELECT channel_id, event_id FROM delivery_event JOIN event ON event.id = event_key"
            " WHERE cancelled_at IS NULL"
        )
        return {
            channel: [event_id for where, event_id in rows if where == channel] for channel in self.channels
        }

    @invariant()
    def watermark_has_passed_nothing_that_no_later_look_finds(self):
        for source, stamp in self.world.rows("SELECT source, watermark FROM watermark"):
            mark = _moment(stamp)
            assert mark <= max(self.clock() + CLOCKS, START) + timedelta(seconds=1), f"{source} is ahead"
            known = {each for (each,) in self.world.rows("SELECT event_id FROM event")}
            passed = [
                made.event_id
                for made in self.model.open.values()
                if made.source == source
                and not made.is_gone
                and made.event_id not in known
                and made.listed_at - made.created_at < OVERLAP - CLOCKS - timedelta(seconds=2)
                and made.created_at < mark - OVERLAP - timedelta(seconds=1)
            ]
            assert not passed, f"{source} is at {mark} and lacks {passed}"


def _moment(value):
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
