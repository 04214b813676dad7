"""What a process knows of the others that share its database."""

from datetime import timedelta

from bot.leases import Leases

LASTING = timedelta(seconds=60)


def leases_of(database, metrics, **more):
    """The leases of one process; its own clock can be handed in as `tick`."""
    return Leases(database, LASTING, metrics, lambda _now: None, **more)
