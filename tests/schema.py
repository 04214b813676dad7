"""Database files with the newest schema. Made once a process, and copied."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from storage.migrations import upgrade


def newest(path):
    """Put such a file there; return its URL."""
    Path(path).write_bytes(_made())
    return f"sqlite:///{path}"


@cache
def _made():
    with TemporaryDirectory() as folder:
        made = Path(folder, "made.db")
        upgrade(f"sqlite:///{made}")
        return made.read_bytes()
