"""What both machines have in common: a world, a model of it, and a Telnyx at which things happen."""

import asyncio
from datetime import timedelta
from itertools import count

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from bot.sandbox.telnyx.faults import NextFailure
from tests.clock import START
from tests.faults.machines.model import Made, Model
from tests.faults.machines.world import World

ORDERS = ("ACME Dental", "ACME Labs", "Bolt", "a port-out")
HAPPENINGS = ("in-process", "submitted", "exception", "ported", "a comment")
OF_PORT_OUTS = {"in-process": "pending", "submitted": "authorized", "exception": "rejected"}
orders = st.sampled_from(range(len(ORDERS)))
happenings = st.sampled_from(HAPPENINGS)
spans = st.sampled_from([timedelta(0), timedelta(seconds=40), timedelta(minutes=20), timedelta(minutes=55)])


class Machine(RuleBasedStateMachine):
    """Each of its rules lets the bot, or somebody around it, do something."""

    database_url = None
    """Makes the URL of a new database."""

    def __init__(self):
        super().__init__()
        self.runner = asyncio.Runner()
        self.model = Model(START)
        self.numbers = count(1)
        self.run(self._begin())

    async def _begin(self):
        self.world = World(type(self).database_url())
        await self.world.open()
        self.telnyx, self.clock = self.world.telnyx, self.world.true
        self.person = self.world.workspace.add_person("alex")
        self.channels = self.make_channels()
        self.orders = [self._order(reference) for reference in ORDERS[:-1]]
        self.clock.forward(minutes=-5)
        self.orders.append(self.telnyx.add_port_out(numbers=["+13035550199"], carrier="Onvoy", spid="987H"))
        self.clock.forward(minutes=5)
        await self.world.do(self._nothing)
        self.clock.forward(seconds=10)

    def _order(self, reference):
        return self.telnyx.add_port_in(
            reference=reference, numbers=["+13035550101"], carrier="Onvoy", foc_requested=None
        )

    async def _nothing(self):
        """The bot starts, and that is all."""

    def run(self, work):
        return self.runner.run(work)

    def teardown(self):
        try:
            self.run(self.settled())
        finally:
            self.run(self.world.close())
            self.runner.close()

    def emit(self, order, happening, *, made_before=timedelta(0), hidden_for=timedelta(0), **more):
        """Something happens to an order; it was made that long ago, and is listed so much later."""
        order_id, now = self.orders[order], self.clock()
        timing = {"created_at": now - made_before, "listed_after": hidden_for} | more
        is_port_in = order < len(ORDERS) - 1
        if happening == "a comment":
            number = next(self.numbers)
            event_id = self.telnyx.comment(order_id, f"Comment {number}", **timing)
        else:
            status = happening if is_port_in else OF_PORT_OUTS.get(happening, happening)
            event_id = self.telnyx.set_status(order_id, status, **timing)
        self.model.make(
            Made(
                event_id=event_id,
                source="port_in" if is_port_in else "port_out",
                kind="new_comment" if happening == "a comment" else "status_changed",
                status=None if happening == "a comment" else happening,
                order_id=order_id,
                reference=ORDERS[order],
                created_at=timing["created_at"],
                listed_at=now + hidden_for,
                payload_at=now + more.get("payload_after", timedelta(0)),
            )
        )
        self.model.look(now)

    async def follow(self, channel, filters, options=""):
        self.model.look(self.clock())
        words = f"{filters} {options}".strip()
        followed = await self.world.way_in.follow(words, channel, self.world.workspace.team_id, self.person)
        self.model.subscriptions[followed.id] = channel, filters
        self.model.look(self.clock())

    async def unfollow(self, channel):
        """The channel's oldest subscription ends."""
        self.model.look(self.clock())
        numbers = [number for number, (where, _) in self.model.subscriptions.items() if where == channel]
        if numbers:
            await self.world.way_in.subscriptions.unfollow(channel, numbers[0], self.person)
            del self.model.subscriptions[numbers[0]]
            self.model.look(self.clock())

    def nothing_goes_wrong_at_telnyx(self):
        faults = self.telnyx.faults
        self.telnyx.between.clear()
        faults.next_failures.clear()
        faults.empty_once.clear()
        faults.bad_pages.clear()
        faults.odd_meta = {}
        faults.no_meta = faults.no_date_header = faults.duplicate_across_pages = False
        faults.max_page_size, faults.date_skew = None, timedelta(0)

    def telnyx_fails(self, trouble, times):
        self.telnyx.faults.next_failures += [NextFailure(trouble)] * times

    def compare(self, having):
        """`having`: for each channel the ids of the events that it has, as often as it has them."""
        for channel, ids in having.items():
            repeated = {each for each in ids if ids.count(each) > 1}
            assert not repeated, f"twice in {channel}: {repeated}"
            strange = set(ids) - self.model.may_have(channel)
            assert not strange, f"not for {channel}: {strange}"
