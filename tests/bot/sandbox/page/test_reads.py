"""What waits unread for a person in a channel."""

from bot.sandbox.page.reads import MOST_COUNTED


def test_all_that_others_wrote_waits_at_first(slack, reads, ann, gus):
    slack.write("gus", "porting", "hello")
    slack.post_as_bot(slack.channel("porting"), "an event")

    assert reads.unread(ann.id, slack.channel("porting")) == 2


def test_what_was_seen_waits_no_longer(slack, reads, ann, gus):
    first = slack.write("gus", "porting", "hello")
    slack.write("gus", "porting", "and again")

    reads.note(ann.id, first.channel, first.ts)

    assert reads.unread(ann.id, slack.channel("porting")) == 1
    assert reads.until(ann.id, first.channel) == first.ts


def test_what_was_read_stays_read(slack, reads, ann, gus):
    first = slack.write("gus", "porting", "hello")
    second = slack.write("gus", "porting", "and again")

    reads.note(ann.id, first.channel, second.ts)
    reads.note(ann.id, first.channel, first.ts)

    assert reads.unread(ann.id, slack.channel("porting")) == 0


def test_ones_own_deleted_and_thread_messages_do_not_wait(slack, reads, ann, gus):
    first = slack.write("ann", "porting", "mine")
    slack.write("gus", "porting", "in the thread", thread_ts=first.ts)
    gone = slack.write("gus", "porting", "gone")
    slack.delete_message("porting", gone.ts)

    assert reads.unread(ann.id, slack.channel("porting")) == 0


def test_a_reply_that_is_also_shown_in_the_channel_waits(slack, reads, ann):
    first = slack.write("ann", "porting", "mine")
    slack.post_as_bot(slack.channel("porting"), "reply", thread_ts=first.ts, reply_broadcast=True)

    assert reads.unread(ann.id, slack.channel("porting")) == 1


def test_no_more_are_counted_than_anybody_tells_apart(slack, reads, ann):
    for number in range(MOST_COUNTED + 5):
        slack.post_as_bot(slack.channel("porting"), f"event {number}")

    assert reads.unread(ann.id, slack.channel("porting")) == MOST_COUNTED
