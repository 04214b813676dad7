"""Made-up values that the gallery shows and that the tests feed to every builder."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.messages.subscriptions import Listed
from bot.results import GivenUp, PausedChannel, PollState, Report
from bot.telnyx.events import Source

CHANNEL = "C024BE91L"
PERSON = "U024BE7LH"
FOLLOWED = Listed(name="S12", line="subscribe ref:ACME* kind:in", channel_id=CHANNEL, owner_id=PERSON)
WATCHED_FOR = timedelta(days=9)


def well(now: datetime, **facts: Any) -> Report:
    """What the bot reports of itself when both lists have just been read; `facts` are what differs."""
    nothing: Mapping[str, Any] = {
        "troubles": (),
        "events_waiting": 0,
        "messages_open": 0,
        "waiting_since": None,
        "paused": (),
        "unreadable": (),
        "parked": 0,
        "given_up": (),
        "slack_refusal": None,
    }
    polls = tuple(PollState(source, now, now - WATCHED_FOR, now, None) for source in Source)
    return replace(Report(polls=polls, **nothing), **facts)


def held_up(at: datetime, reason: str = "is_archived", error: str = "invalid_blocks") -> Mapping[str, Any]:
    """The facts of a report in which a channel is paused and a message was given up."""
    return {
        "paused": (PausedChannel(CHANNEL, at, reason),),
        "unreadable": (CHANNEL,),
        "parked": 1,
        "given_up": (GivenUp(CHANNEL, at, error),),
    }
