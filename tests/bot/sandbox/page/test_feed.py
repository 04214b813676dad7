"""What a tab is sent: everything at first, then what changes, and never what its person may not see."""


async def test_a_tab_begins_with_all_that_stands(slack, tab, ann):
    directory = await tab.news("directory")

    assert directory["me"] == ann.id
    assert [place["name"] for place in directory["channels"].values()] == ["porting"]
    assert directory["app"]["command"] == "/port"


async def test_a_new_channel_is_sent(slack, tab):
    await tab.news("directory")

    slack.add_channel("acme")
    slack.touch()

    channels = (await tab.news("directory"))["channels"].values()
    assert [place["name"] for place in channels] == ["porting", "acme"]


async def test_messages_of_an_opened_channel_are_sent_as_they_change(slack, tab, channel):
    tab.feed.open(channel)
    message = slack.write("ann", channel, "hello")

    shown = await tab.news("message")
    slack.delete_message(channel, message.ts)

    assert shown["parts"] == [{"type": "text", "text": "hello"}]
    assert not shown["deleted"]
    assert (await tab.news("message"))["deleted"]


async def test_a_channel_that_was_not_opened_sends_only_that_something_waits(slack, tab, gus, channel):
    await tab.news("directory")

    slack.write("gus", channel, "hello")

    assert (await tab.news("directory"))["channels"][channel]["unread"] == 1
    assert tab.sent.empty()


async def test_another_ones_answer_is_not_sent(slack, tab, client, gus, channel):
    tab.feed.open(channel)

    await client.chat_postEphemeral(channel=channel, user=gus.id, text="for gus")
    await client.chat_postMessage(channel=channel, text="for all")

    assert (await tab.news("message"))["parts"] == [{"type": "text", "text": "for all"}]


async def test_what_the_app_posts_rings_with_its_text(slack, tab, channel):
    slack.post_as_bot(slack.channel(channel), "An event", blocks=[{"type": "divider"}])

    notice = await tab.news("notice")

    assert notice["line"] == "An event"
    assert notice["place"] == "#porting"


async def test_somebody_else_gets_what_they_see(slack, tab, client, gus, channel):
    await tab.news("directory")
    await client.chat_postEphemeral(channel=channel, user=gus.id, text="for gus")

    tab.feed.become(gus)

    while (await tab.news("directory"))["me"] != gus.id:
        continue
    tab.feed.open(channel)
    await client.chat_postEphemeral(channel=channel, user=gus.id, text="for gus again")
    assert (await tab.news("message"))["parts"] == [{"type": "text", "text": "for gus again"}]


async def test_nothing_is_sent_while_nothing_changes(slack, tab):
    await tab.news("directory")
    slack.touch()
    slack.add_channel("acme")
    slack.touch()

    await tab.news("directory")

    assert tab.sent.empty()


async def test_a_tab_that_begins_again_gets_all_again(tab):
    await tab.news("directory")

    tab.feed.begin()

    assert await tab.news("directory")


async def test_a_tab_that_is_closed_hears_nothing(slack, showing, ann, tab):
    listeners = len(slack.on_message), len(slack.on_change)
    other = type(tab)(slack, showing, ann)

    other.feed.begin()
    slack.touch()
    other.feed.end()
    other.feed.end()

    assert (len(slack.on_message), len(slack.on_change)) == listeners


async def test_a_modal_and_a_home_are_sent_when_they_appear(slack, tab, client, app, ann):
    await tab.news("home")
    view = {"type": "home", "blocks": [{"type": "divider"}]}
    await client.views_publish(user_id=ann.id, view=view)
    home = await tab.news("home")
    done = await slack.command("ann", "porting", "help")
    title = {"type": "plain_text", "text": "Follow"}
    modal = {"type": "modal", "title": title, "blocks": [{"type": "divider"}]}

    await client.views_open(trigger_id=done.trigger_id, view=modal)

    assert [block["type"] for block in home["content"]["blocks"]] == ["divider"]
    shown = await tab.news("modals")
    while not shown:
        shown = await tab.news("modals")
    assert shown[0]["content"]["title"]["text"] == "Follow"
