"""People write to the bot and click on its messages: answers come where they look, and once."""


def said_by_the_bot(town, channel):
    return [each for each in town.slack.messages(channel) if each.bot_id and not each.deleted]


async def test_a_question_in_a_direct_conversation_is_answered_there_by_a_message(town):
    async with town.bot():
        order = town.port_in("ACME-7")
        event = town.telnyx.set_status(order, "exception")
        await town.posted(event)

        private = town.slack.dm("maya")
        asked = await town.slack.mention("maya", private, "ACME-7")
        await town.until(lambda: said_by_the_bot(town, private))
        again = await town.slack.deliver_again(asked)
        await town.slack.mention("maya", private, "status")
        await town.until(lambda: len(said_by_the_bot(town, private)) > 1)

    first, second = said_by_the_bot(town, private)
    assert again.acked
    assert "ACME-7" in first.text
    assert "ACME-7" not in second.text
    assert town.slack.ephemerals == []


async def test_a_question_in_an_orders_thread_is_answered_there_for_the_asker_alone(town):
    async with town.bot():
        event = town.telnyx.set_status(town.port_in("ACME-7"), "exception")
        await town.posted(event)
        card = town.first_of(event)

        await town.slack.mention("maya", "porting", "order ACME-7", thread_ts=card.ts)
        await town.until(lambda: town.slack.ephemerals)

    (answer,) = town.slack.ephemerals
    assert answer.user == town.slack.person("maya").id
    assert answer.thread_ts == card.ts
    assert "ACME-7" in answer.text


async def test_the_thread_reads_once_who_had_a_notification_sent_again(town):
    async with town.bot():
        event = town.telnyx.set_status(town.port_in("ACME-7"), "exception")
        await town.posted(event)
        card = town.first_of(event)

        click = await town.slack.click("maya", "porting", card, "Republish")
        await town.until(lambda: click.visible)
        await town.slack.deliver_again(click)
        second = await town.slack.click("maya", "porting", card, "Republish")
        await town.until(lambda: second.visible)
        await town.until(lambda: notices(town, card))

    (notice,) = notices(town, card)
    assert notice.text.startswith("maya asked Telnyx to send the exception notification of")
    assert notice.text.endswith("Telnyx answered 204.")
    assert [each for each, _ in town.telnyx.republished] == [event]


def notices(town, card):
    return [each for each in town.slack.thread("porting", card.ts) if "asked Telnyx" in each.text]
