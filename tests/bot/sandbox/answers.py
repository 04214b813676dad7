"""Answers that one person sees."""

from bot.sandbox.slack.records import Ephemeral


def section(text, **more):
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}} | more


def answer(channel, user, *texts):
    blocks = [section(text) for text in texts]
    return Ephemeral(channel=channel.id, user=user, ts="1.0", text="t", blocks=blocks, via="ack")
