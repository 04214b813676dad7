"""Days on which something breaks: nothing is lost, nothing comes twice."""


def told_once(town, events):
    return sorted(town.events_in()) == sorted(events)


async def test_what_happened_while_the_bot_was_away_is_told_when_it_is_back(town):
    order = town.port_in()
    async with town.bot():
        seen = town.telnyx.set_status(order, "in-process")
        await town.posted(seen)

    missed = [
        town.telnyx.set_status(order, status) for status in ("submitted", "foc-date-confirmed", "ported")
    ]
    async with town.bot():
        await town.posted(*missed)

    assert told_once(town, [seen, *missed])
    assert len(town.cards()) == 1


async def test_what_was_there_before_the_first_start_is_not_told(town):
    old = town.telnyx.set_status(town.port_in(), "submitted")

    async with town.bot():
        new = town.telnyx.set_status(town.port_in("ACME-2"), "submitted")
        await town.posted(new)

    assert old not in town.events_in()


async def test_an_outage_of_telnyx_delays_events_and_loses_none(town):
    async with town.bot():
        town.telnyx.faults.down = True
        events = [town.telnyx.set_status(town.port_in(f"ACME-{n}"), "submitted") for n in range(3)]
        await town.polled_again()
        town.telnyx.faults.down = False
        await town.posted(*events)

    assert told_once(town, events)


async def test_a_lost_answer_of_slack_repeats_nothing(town):
    async with town.bot():
        town.slack.faults.next_failures.append(("chat.postMessage", "lose_answer"))
        order = town.port_in()
        events = [town.telnyx.set_status(order, status) for status in ("in-process", "submitted")]
        await town.posted(*events)

    assert told_once(town, events)


async def test_slack_being_gone_delays_posts_and_loses_none(town):
    async with town.bot():
        town.slack.faults.down = True
        events = [town.telnyx.set_status(town.port_in(f"ACME-{n}"), "submitted") for n in range(2)]
        await town.polled_again()
        town.slack.faults.down = False
        await town.posted(*events)

    assert told_once(town, events)


async def test_a_storm_is_rolled_up_and_what_is_critical_stands_alone(town):
    async with town.bot():
        calm = [town.telnyx.set_status(town.port_in(f"ACME-{n}"), "submitted") for n in range(30)]
        alarm = town.telnyx.set_status(town.port_in("HOOLI-1"), "exception")
        await town.posted(*calm, alarm)

    assert told_once(town, [*calm, alarm])
    assert town.first_of(alarm).metadata["event_payload"]["event_ids"] == [alarm]
    assert len(town.posts()) < 20


async def test_an_event_of_a_kind_that_nobody_knows_is_told_and_stops_nothing(town):
    async with town.bot():
        order = town.port_in()
        town.telnyx.add_event("port_in", {"no": "id"})
        town.telnyx.add_event("port_in", ["not an object"])
        strange = town.telnyx.publish("porting_order.teleported", order, {"beamed": True}, {})
        known = town.telnyx.set_status(order, "submitted")
        await town.posted(strange, known)

    assert told_once(town, [strange, known])
