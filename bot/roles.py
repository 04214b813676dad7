"""What one process does of all that the bot does. Pure."""

from enum import StrEnum


class Role(StrEnum):
    """`all` is one process for everything; any number of `web` and `worker` share one PostgreSQL."""

    ALL = "all"
    WEB = "web"
    WORKER = "worker"

    @property
    def answers(self) -> bool:
        """Whether it takes what people do in Slack, and Telnyx's webhooks."""
        return self is not Role.WORKER

    @property
    def works(self) -> bool:
        """Whether it polls Telnyx and posts to channels."""
        return self is not Role.WEB
