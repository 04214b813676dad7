"""Schema versions. Alembic is imported only when there is something to do."""

from pathlib import Path
from typing import TYPE_CHECKING

from storage.explaining import explained

if TYPE_CHECKING:
    from alembic.config import Config

NEWEST = "0001"


def config_for(path: str) -> "Config":
    """Alembic's settings for the SQLite file at `path`."""
    from alembic.config import Config  # noqa: PLC0415  # a bot whose schema is current never pays for it

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["url"] = f"sqlite:///{path}"
    return config


def upgrade(path: str) -> None:
    """Bring the SQLite file at `path` to the newest schema; a failed step leaves the file as it was.

    Raises StorageError.
    """
    from alembic import command  # noqa: PLC0415  # as above

    with explained(Path(path)):
        command.upgrade(config_for(path), "head")
