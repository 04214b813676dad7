"""How the control panel says things: speeds, moments, and how long something takes. Pure."""

import math
from datetime import datetime, timedelta

from bot.sandbox.controls import QUICKEST, SLOWEST

MINUTE = timedelta(minutes=1)
LAST_NOTCH = 100
WHOLE_FROM = 10


def speed_at(notch: float) -> float:
    """The speed at a notch of the slider: each notch is the same factor."""
    return SLOWEST * math.pow(QUICKEST / SLOWEST, notch / LAST_NOTCH)


def notch_of(speed: float) -> int:
    """Where the slider stands at a speed, at its end where it is beyond."""
    inside = min(max(speed, SLOWEST), QUICKEST)
    return round(LAST_NOTCH * math.log(inside / SLOWEST) / math.log(QUICKEST / SLOWEST))


def speed_in_words(speed: float) -> str:
    """What a real minute is in the stories."""
    return f"1 real minute = {span(speed * MINUTE)} of a story"


def span(length: timedelta) -> str:
    """How long, to the minute."""
    minutes = length / MINUTE
    if minutes < 1:
        return f"{round(minutes * 60)} s"
    if minutes < WHOLE_FROM:
        return f"{minutes:.1f}".removesuffix(".0") + " min"
    hours, rest = divmod(round(minutes), 60)
    days, hours_left = divmod(hours, 24)
    parts = [(days, "d"), (hours_left, "h"), (rest, "min")]
    return " ".join(f"{count} {unit}" for count, unit in parts if count)


def moment(at: datetime | None) -> str:
    """A date and time in UTC, in as many words as needed."""
    return f"{at:%a} {at.day} {at:%b %H:%M} UTC" if at else "none"


def deadline(earliest: datetime | None, latest: datetime | None, now: datetime) -> str:
    """How long a pending port-out may still be objected to; nothing where it is decided."""
    if earliest is None or latest is None:
        return ""
    if now < earliest:
        return f"Telnyx may let it go in {span(earliest - now)}, at the latest in {span(latest - now)}"
    if now < latest:
        return f"Telnyx may let it go now, at the latest in {span(latest - now)}"
    return "The 48 hours are over"


def milliseconds(took: timedelta) -> str:
    return f"{took / timedelta(milliseconds=1):.0f} ms"


def count_of(number: int, unit: str) -> str:
    """`1 number`, `2 numbers`."""
    return f"{number} {unit}{'' if number == 1 else 's'}"
