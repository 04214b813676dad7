"""A port-out's life, as #porting sees it."""

from datetime import timedelta

from bot.sandbox.telnyx.wire import utc_now


def pending(town):
    (event,) = town.telnyx.events("port_out")
    return event["id"]


async def test_a_port_out_that_nobody_answers_is_told_to_its_end(town):
    async with town.bot():
        order = town.port_out()
        await town.posted(pending(town))

        moved = town.telnyx.set_foc(order, utc_now() + timedelta(days=2))
        approved = town.telnyx.set_status(order, "authorized")
        gone = town.telnyx.set_status(order, "ported")
        await town.posted(moved, approved, gone)
        (card,) = town.cards()
        await town.until(lambda: "Ported away" in card.text)

    assert len(town.events_in()) == 4
    assert all(reply.reply_broadcast for reply in town.posts()[1:])
    assert "nobody here reviewed it" in town.first_of(approved).text


async def test_a_port_out_that_somebody_looks_at_says_who_and_its_approval_is_no_alarm(town):
    async with town.bot():
        order = town.port_out()
        await town.posted(pending(town))
        (card,) = town.cards()

        await town.slack.click("omar", "porting", card, "review")
        await town.until(lambda: town.who.operator in repr(card.blocks))
        approved = town.telnyx.set_status(order, "authorized")
        await town.posted(approved)

    assert "nobody here reviewed it" not in town.first_of(approved).text
    assert not town.first_of(approved).reply_broadcast


async def test_a_subscribers_name_is_told_only_to_the_one_who_asks(town):
    async with town.bot():
        order = town.port_out()
        await town.posted(pending(town))

        answer = await town.slack.command("maya", "porting", f"order {order}")
        await town.until(lambda: "Globex Logistics" in repr(answer.blocks))

    assert not any("Globex Logistics" in repr((m.text, m.blocks)) for m in town.slack.messages("porting"))


async def test_a_request_that_is_refused_in_time_ends_as_rejected(town):
    async with town.bot():
        order = town.port_out()
        refusing = town.telnyx.set_status(order, "rejected-pending", details=[("1002", "Invalid PIN")])
        refused = town.telnyx.set_status(order, "rejected", details=[("1002", "Invalid PIN")])
        await town.posted(pending_of(town, order), refusing, refused)

    assert len(town.events_in()) == 3


def pending_of(town, order):
    return next(e["id"] for e in town.telnyx.events("port_out") if e["portout_id"] == order)
