"""The way out against the model: what stands in Slack's channels, how often, and in which order."""

from collections import Counter
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from bot import failpoints
from bot.channel_life import Channels
from bot.sandbox.slack.faults import Fault
from tests.faults.machines.emitting import Machine, happenings, orders, spans
from tests.faults.machines.model import PAYLOAD_WAIT
from tests.way_out import PROBE, SETTLE

PLACES = sorted(name for name in failpoints.NAMES if name.startswith(("send", "reconcile", "verify", "edit")))
POST_FAULTS = [fault.value for fault in Fault if fault is not Fault.ACCEPT_THEN_HANG]
"""A post that hangs would take its ten seconds, which do not pass here."""
READ_FAULTS = ("http_500_before", "ratelimited", "internal_error_before", "cut_json", "drop_before")
READS = ("conversations.history", "conversations.replies", "conversations.join", "conversations.info")
FORMS_REFUSED = 2
"""A message has three forms: one that is refused in all of them is given up, and is not to be compared."""
REFUSALS = ("restricted_action", "channel_not_found", "no_permission")
OWED = (
    "SELECT count(*) FROM delivery WHERE state IN ('pending', 'sending', 'uncertain')"
    " UNION ALL SELECT count(*) FROM delivery_event WHERE delivery_id IS NULL AND cancelled_at IS NULL"
)
which = st.integers(0, 2)


class Delivering(Machine):
    """Faults of every kind at Slack, channels that close and open, ends, starts, and clocks that differ."""

    def make_channels(self):
        workspace = self.world.workspace
        self.is_quiet, self.refused_forms = True, 0
        return [
            workspace.add_channel("porting"),
            workspace.add_channel("joined-later", bot_member=False),
            workspace.add_channel("hidden", private=True),
        ]

    @initialize(options=st.sampled_from(["", "style:flat", "broadcast:all"]))
    def somebody_follows_everything(self, options):
        self.run(self.world.do(lambda: self.follow(self.channels[0], "", options)))
        self.run(self.world.do(lambda: self.follow(self.channels[2], "", "style:flat")))

    @rule(order=orders, happening=happenings, made_before=spans, is_taken=st.booleans())
    def event(self, order, happening, made_before, is_taken):
        self.is_quiet = False
        self.emit(order, happening, made_before=made_before)
        if is_taken:
            self.take_in()

    @rule(
        order=orders,
        happening=happenings,
        faults=st.lists(st.sampled_from(POST_FAULTS), max_size=2),
        place=st.one_of(st.none(), st.sampled_from(PLACES)),
        reach=st.integers(1, 2),
        seconds=st.sampled_from([2, 60]),
    )
    def event_while_slack_and_the_bot_fail(self, order, happening, faults, place, reach, seconds):
        """Much in one step, since only together does it hurt."""
        self.event(order, happening, timedelta(0), is_taken=True)
        self._fails("chat.postMessage", *faults)
        self.run(self.world.do(lambda: self._deliver(seconds), ending_at=place, reach=reach))

    @rule(how_many=st.integers(6, 26), happening=happenings)
    def many_events(self, how_many, happening):
        self.is_quiet = False
        for number in range(how_many):
            self.emit(number % 4, happening, made_before=timedelta(seconds=how_many - number))
        self.take_in()

    @rule(order=orders, payload_after=st.sampled_from([30, 300]))
    def event_whose_payload_is_still_made(self, order, payload_after):
        self.is_quiet = False
        self.emit(order, "a comment", payload_after=timedelta(seconds=payload_after))

    @rule()
    def take_in(self):
        self.run(self.world.do(self.world.take_in))

    @rule(seconds=st.sampled_from([2, 20, 90, 400]))
    def deliver(self, seconds):
        self.run(self.world.do(lambda: self._deliver(seconds)))

    async def _deliver(self, seconds):
        await self.world.way_out.deliver(seconds=seconds)
        await self.world.way_out.edit(seconds=3)

    @rule()
    def end(self):
        self.is_quiet = False
        self.run(self.world.kill())

    @rule(passed=st.sampled_from([1, 30, 600, 7200]))
    def time_passes(self, passed):
        self.clock.forward(seconds=passed)

    @precondition(lambda self: self.refused_forms < FORMS_REFUSED)
    @rule()
    def form_is_refused(self):
        self.refused_forms += 1
        self._fails("chat.postMessage", "invalid_blocks")

    @rule(
        method=st.sampled_from(READS), faults=st.lists(st.sampled_from(READ_FAULTS), min_size=1, max_size=3)
    )
    def questions_go_wrong(self, method, faults):
        self._fails(method, *faults)

    @rule(
        faults=st.lists(st.sampled_from([*POST_FAULTS, "edit_window_closed", "block_mismatch"]), max_size=3)
    )
    def edits_go_wrong(self, faults):
        self._fails("chat.update", *faults)

    def _fails(self, method, *faults):
        self.world.workspace.faults.next_failures += [(method, fault) for fault in faults]

    @rule(lag=st.sampled_from([0, 5, 14]), retry_after=st.sampled_from(["auto", None, "45", "1.5"]))
    def slack_is_slow(self, lag, retry_after):
        self.world.workspace.faults.history_lag_s = lag
        self.world.workspace.faults.retry_after_value = retry_after

    @rule(is_down=st.booleans(), is_revoked=st.booleans())
    def slack_is_away(self, is_down, is_revoked):
        self.is_quiet = False
        self.world.workspace.faults.down = is_down
        self.world.workspace.faults.token_revoked = is_revoked

    @rule(channel=which, error=st.sampled_from(REFUSALS))
    def channel_refuses(self, channel, error):
        self.world.workspace.faults.refuse["chat.postMessage", self.channels[channel]] = error

    @rule(channel=which, is_archived=st.booleans(), is_told=st.booleans())
    def channel_closes(self, channel, is_archived, is_told):
        self.is_quiet = False
        where = self.channels[channel]
        if is_archived:
            self.world.workspace.archive(where)
        else:
            self.world.workspace.remove_bot(where)
        if is_told:
            self.run(self.world.do(lambda: self._life().left(where)))

    @rule(channel=which, is_told=st.booleans())
    def channel_opens(self, channel, is_told):
        self._open(self.channels[channel])
        if is_told:
            self.run(self.world.do(lambda: self._life().resumed(self.channels[channel])))

    def _open(self, channel):
        workspace = self.world.workspace
        workspace.faults.refuse.pop(("chat.postMessage", channel), None)
        if workspace.channel(channel).archived:
            workspace.unarchive(channel)
        if workspace.channel(channel).private:
            workspace.invite_bot(channel)

    def _life(self):
        delivery = self.world.way_out.delivery
        settling = delivery.posting.settling
        return Channels(delivery.database, delivery.slack, settling, self.world.clock, delivery.wake)

    @precondition(lambda self: self.is_quiet)
    @rule(channel=which)
    def somebody_deletes_a_message(self, channel):
        """Only while no post is unclear: what was deleted before it was found may be posted again."""
        for message in self._messages(self.channels[channel])[:1]:
            self.world.workspace.delete_message(self.channels[channel], message.ts)

    @rule(channel=which, filters=st.sampled_from(["", "kind:in", "-type:new_comment", "type:new_comment"]))
    def follow_in(self, channel, filters):
        where = self.channels[channel]
        if (where, filters) not in self.model.subscriptions.values():
            self.run(self.world.do(lambda: self.follow(where, filters)))

    @rule(channel=which)
    def unfollow_in(self, channel):
        self.run(self.world.do(lambda: self.unfollow(self.channels[channel])))

    @rule(minutes=st.sampled_from([0, 5, -5, 60, -60]))
    def our_clock_is_set(self, minutes):
        self.world.clock.ahead = timedelta(minutes=minutes)

    @rule()
    def settle(self):
        self.run(self.settled())

    async def settled(self):
        """Everything works, and time enough passes for whatever is owed."""
        faults = self.world.workspace.faults
        lag, unclear = faults.history_lag_s, [each for each in faults.next_failures if each[1] in POST_FAULTS]
        faults.clear()
        faults.history_lag_s, faults.next_failures = lag, unclear
        for channel in self.channels:
            self._open(channel)
        until = self.clock()
        for _ in range(2):
            await self.world.do(self.world.take_in)
            self.clock.forward(seconds=PAYLOAD_WAIT.total_seconds())
        await self.world.do(self.world.take_in)
        for _ in range(8):
            await self.world.do(lambda: self._deliver(PROBE.total_seconds() / 2))
            if not any(count for (count,) in self.world.rows(OWED)):
                break
        await self.world.do(lambda: self._deliver(6 * SETTLE.total_seconds()))
        assert not any(count for (count,) in self.world.rows(OWED)), "something is owed for good"
        self.model.look(self.clock())
        having = self._having()
        for channel, ids in having.items():
            lost = self.model.must_have(channel) - set(ids)
            assert not lost, f"lost for {channel}: {lost}"
        self.model.settle(until, having)
        self.is_quiet, self.refused_forms = True, 0

    def _messages(self, channel):
        return [each for each in self.world.workspace.messages(channel) if each.bot_id]

    def _having(self):
        return {
            channel: [
                event_id
                for message in self._messages(channel)
                for event_id in ((message.metadata or {}).get("event_payload") or {}).get("event_ids", [])
            ]
            for channel in self.channels
        }

    @invariant()
    def channels_show_each_event_once_and_in_order(self):
        self.model.look(self.clock())
        having = self._having()
        self.compare(having)
        made = {each.event_id: each for each in self.model.open.values()}
        for channel, ids in having.items():
            known = [made[event_id] for event_id in ids if event_id in made]
            wrong = [
                (older.event_id, younger.event_id)
                for place, younger in enumerate(known)
                for older in known[place + 1 :]
                if older.order_id == younger.order_id
                and older.created_at < younger.created_at
                and max(older.listed_at, older.payload_at) <= younger.listed_at
            ]
            assert not wrong, f"out of order in {channel}: {wrong}"

    @invariant()
    def channels_have_one_message_on_its_way(self):
        in_flight = self.world.rows("SELECT channel_id FROM delivery WHERE state IN ('sending', 'uncertain')")
        assert all(count == 1 for count in Counter(in_flight).values())
