"""A port-in's life, as #porting sees it."""

from datetime import timedelta

from bot.sandbox.telnyx.wire import utc_now


async def test_a_smooth_port_is_one_card_that_ends_as_ported_with_the_way_there_in_its_thread(town):
    async with town.bot():
        order = town.port_in()
        sent = town.telnyx.set_status(order, "in-process")
        await town.posted(sent)

        told = [
            town.telnyx.set_status(order, "submitted"),
            town.telnyx.set_status(order, "foc-date-confirmed", foc=utc_now() + timedelta(days=2)),
            town.telnyx.set_status(order, "ported"),
        ]
        await town.posted(*told)
        (card,) = town.cards()
        await town.until(lambda: "Ported" in card.text)

    assert town.events_in() == [sent, *told]
    assert [reply.thread_ts for reply in town.posts()[1:]] == [card.ts] * 3
    assert [reply.reply_broadcast for reply in town.posts()[1:]] == [False, True, True]


async def test_an_exception_is_mended_in_the_open_and_a_pin_that_somebody_wrote_is_masked(town):
    async with town.bot():
        order = town.port_in()
        await town.posted(town.telnyx.set_status(order, "submitted"))

        refused = town.telnyx.set_status(
            order, "exception", details=[("PASSCODE_PIN_INVALID", "PIN or passcode is wrong")]
        )
        asked = town.telnyx.comment(order, "Please send <!channel> the right PIN")
        answered = town.telnyx.comment(order, "Sorry, the PIN is 4821", author="user")
        mended = town.telnyx.set_status(order, "submitted")
        await town.posted(refused, asked, answered, mended)

    sent = town.all_that_slack_was_sent()
    assert "4821" not in sent
    assert "<!channel>" not in sent
    assert town.first_of(refused).reply_broadcast
    assert town.first_of(asked).reply_broadcast
    assert not town.first_of(answered).reply_broadcast


async def test_both_halves_of_a_split_have_a_card(town):
    async with town.bot():
        order = town.port_in(numbers=("+13035550142", "+13035550143"))
        await town.posted(town.telnyx.set_status(order, "submitted"))

        half, split = town.telnyx.split(order, ["+13035550143"])
        refused = town.telnyx.set_status(
            half, "exception", details=[("LSR_PENDING", "Another request is open")]
        )
        await town.posted(split, refused)

    assert len(town.cards()) == 2
    assert town.first_of(split).thread_ts == town.cards()[0].ts


async def test_messaging_that_lags_behind_is_told_in_the_orders_thread(town):
    async with town.bot():
        order = town.port_in()
        await town.posted(town.telnyx.set_status(order, "ported"))

        stuck = town.telnyx.set_messaging(order, "exception")
        await town.posted(stuck)

    assert town.first_of(stuck).thread_ts == town.cards()[0].ts


async def test_a_cancellation_that_nobody_asked_for_is_shown_in_the_channel(town):
    async with town.bot():
        order = town.port_in()
        await town.posted(town.telnyx.set_status(order, "submitted"))

        cancelled = town.telnyx.set_status(order, "cancelled")
        await town.posted(cancelled)

    assert town.first_of(cancelled).reply_broadcast


async def test_a_payload_that_comes_late_is_waited_for_and_then_edited_in(town):
    async with town.bot():
        order = town.port_in()
        late = town.telnyx.set_status(order, "submitted", payload_after=timedelta(seconds=3))
        await town.posted(late)
        unknown = "Telnyx has not told yet"
        assert unknown in town.first_of(late).text

        await town.until(lambda: unknown not in town.first_of(late).text)

    assert town.events_in() == [late]


async def test_republish_is_one_request_for_two_hurried_people(town):
    async with town.bot():
        order = town.port_in()
        event = town.telnyx.set_status(order, "submitted")
        await town.posted(event)
        (card,) = town.cards()

        first = await town.slack.click("maya", "porting", card, "republish")
        second = await town.slack.click("omar", "porting", card, "republish")
        await town.until(lambda: first.shown and second.shown)

    assert [each for each, _ in town.telnyx.republished] == [event]
    assert event[:8] in first.confirm["text"]
    assert "webhook" in first.confirm["text"]


async def test_republish_that_is_turned_down_in_the_dialog_asks_nothing_of_telnyx(town):
    async with town.bot():
        event = town.telnyx.set_status(town.port_in(), "submitted")
        await town.posted(event)

        await town.slack.click("maya", "porting", town.cards()[0], "republish", confirm=False)

    assert town.telnyx.republished == []


async def test_a_viewer_and_a_guest_republish_nothing(town):
    async with town.bot():
        await town.posted(town.telnyx.set_status(town.port_in(), "submitted"))

        answers = [
            await town.slack.click(name, "porting", town.cards()[0], "republish") for name in ("vic", "gus")
        ]
        await town.until(lambda: all(answer.shown for answer in answers))

    assert town.telnyx.republished == []
