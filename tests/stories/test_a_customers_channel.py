"""#customer-acme: a public channel of a customer, where the bot is not at first."""


async def follow(town, words="ref:ACME*"):
    answer = await town.slack.command("maya", "customer-acme", f"subscribe {words}")
    await town.until(lambda: answer.shown)
    return answer


async def test_the_bot_joins_where_it_is_asked_to_post_and_tells_only_what_was_asked_for(town):
    async with town.bot(follows=False):
        await follow(town)

        other = town.telnyx.set_status(town.port_in("GLOBEX-1"), "submitted")
        ours = town.telnyx.set_status(town.port_in("acme-2"), "submitted")
        await town.posted(ours, channel="customer-acme")

    assert town.events_in("customer-acme") == [ours]
    assert other not in town.events_in("porting")


async def test_everybody_sees_that_the_channel_follows_something(town):
    async with town.bot(follows=False):
        await follow(town)

        await town.until(lambda: any("maya" in m.text or town.who.account_manager in m.text
                                     for m in town.slack.messages("customer-acme")))  # fmt: skip


async def test_strangers_change_nothing_in_a_shared_channel(town):
    async with town.bot(follows=False) as bot:
        answer = await town.slack.command("stella", "customer-acme", "subscribe")
        await town.until(lambda: answer.shown)

        assert await bot.subscriptions.in_channel(town.who.customer) == []


async def test_what_an_archived_channel_missed_comes_when_it_is_opened_again(town):
    async with town.bot(follows=False) as bot:
        await follow(town)
        order = town.port_in()
        first = town.telnyx.set_status(order, "submitted")
        await town.posted(first, channel="customer-acme")

        town.slack.archive("customer-acme")
        missed = [town.telnyx.set_status(order, status) for status in ("exception", "submitted", "ported")]
        await town.until(lambda: any(m.channel.startswith("D") for m in direct_messages(town)))
        assert len(await bot.subscriptions.in_channel(town.who.customer)) == 1
        town.slack.unarchive("customer-acme")
        await town.posted(*missed, channel="customer-acme")

    assert sorted(town.events_in("customer-acme")) == sorted([first, *missed])


def direct_messages(town):
    return [m for c in list(town.slack.channels.values()) if c.is_im for m in c.by_ts.values()]


async def test_one_closed_channel_holds_no_other_up(town):
    async with town.bot():
        await follow(town)
        town.slack.archive("customer-acme")

        event = town.telnyx.set_status(town.port_in(), "submitted")

        await town.posted(event, channel="porting")
