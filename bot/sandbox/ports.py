"""The three neighbouring ports of the sandbox."""

import secrets
import socket
from collections.abc import Iterator

from bot.errors import PortwireError

LAST_PORT = 65_535
ANYWHERE = range(20_000, 30_000)
"""Where any three are looked for: below the ports that the system hands out by itself."""


class PortInUseError(PortwireError):
    """One of the sandbox's ports is taken."""


def three_ports(host: str, first: int) -> tuple[int, int, int]:
    """The given port and the next two; 0 takes any three. Raises PortInUseError, which names free ones."""
    if first == 0:
        return next(_free_threes(host, secrets.choice(ANYWHERE)))
    three = (first, first + 1, first + 2)
    taken = [port for port in three if not _is_free(host, port)]
    if not taken:
        return three
    other = next(_free_threes(host, first + 3), None)
    instead = "choose another one with --port"
    if other:
        instead = f'start it with --port {other[0]} (make sandbox ARGS="--port {other[0]}")'
    raise PortInUseError(f"port {taken[0]} is in use: stop what uses it, or {instead}.")


def _free_threes(host: str, begin: int) -> Iterator[tuple[int, int, int]]:
    for first in range(begin, LAST_PORT - 1):
        three = (first, first + 1, first + 2)
        if all(_is_free(host, port) for port in three):
            yield three


def _is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
