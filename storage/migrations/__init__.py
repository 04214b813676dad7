"""Schema versions. Alembic is imported only when there is something to do."""

from pathlib import Path

NEWEST = "0001"


def upgrade(path: str, revision: str = "head") -> None:
    """Bring the SQLite file at `path` to `revision`; a failed step leaves the file as it was."""
    from alembic import command  # noqa: PLC0415  # a bot whose schema is current never pays for this import
    from alembic.config import Config  # noqa: PLC0415  # as above

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["url"] = f"sqlite:///{path}"
    if revision == "base":
        command.downgrade(config, revision)
        return
    command.upgrade(config, revision)
