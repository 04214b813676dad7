"""A clock that tests turn by hand."""

from datetime import UTC, datetime, timedelta

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Clock:
    """Stands still until it is moved; `sleep` moves it, so nothing ever waits."""

    def __init__(self, at=START):
        self.at = at
        self.slept = []

    def __call__(self):
        return self.at

    def forward(self, **amount):
        self.at += timedelta(**amount)

    async def sleep(self, seconds):
        self.slept.append(seconds)
        self.at += timedelta(seconds=seconds)
