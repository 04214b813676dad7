"""Schema versions. Alembic is imported only when there is something to do."""

from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from storage.explaining import POSTGRES, SQLITE, explained

if TYPE_CHECKING:
    from alembic.config import Config

NEWEST = "0001"
_turn = Lock()
"""Alembic keeps what it works on in its modules: one thread of a process at a time."""


def config_for(url: str) -> "Config":
    """Alembic's settings for the database at `url`, in SQLAlchemy's spelling."""
    from alembic.config import Config  # noqa: PLC0415  # a bot whose schema is current never pays for it

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["url"] = url
    return config


def upgrade(url: str, name: str | None = None) -> None:
    """Bring the database at `url` to the newest schema; a failed step leaves it as it was.

    `name`: how errors call it. Raises StorageError.
    """
    from alembic import command  # noqa: PLC0415  # as above

    advices = SQLITE if url.startswith("sqlite") else POSTGRES
    with _turn, explained(name or url.removeprefix("sqlite:///"), advices):
        command.upgrade(config_for(url), "head")
