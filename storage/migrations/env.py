"""How Alembic reaches our database: one transaction for all steps, also on SQLite."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import create_engine, event
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

import storage.tables  # noqa: F401  # fills the metadata


def plain_types(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write SQLAlchemy's own types into migrations, so that they outlive SQLModel's internals."""
    if kind != "type":
        return False
    if isinstance(item, AutoString):
        return "sa.String()"
    if type(item).__name__ == "UTCDateTime":
        return "sa.DateTime(timezone=True)"
    return False


def same_type(
    _context: Any, _column: Any, _meta: Any, inspected: sa.types.TypeEngine[Any], ours: Any
) -> bool | None:
    """UTCDateTime and DATETIME are the same on SQLite; everything else is compared as usual."""
    if type(ours).__name__ == "UTCDateTime" and isinstance(inspected, sa.DateTime):
        return False
    return None


MIGRATING = 7_016_201
"""The number of the lock that keeps two migrations of one server apart."""

engine = create_engine(context.config.attributes["url"], hide_parameters=True)
is_sqlite = engine.dialect.name == "sqlite"

if is_sqlite:

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA busy_timeout=10000")
        connection.execute("PRAGMA journal_mode=WAL")


@event.listens_for(engine, "begin")
def _begun(connection: sa.Connection) -> None:
    connection.exec_driver_sql(
        "BEGIN IMMEDIATE" if is_sqlite else f"SELECT pg_advisory_xact_lock({MIGRATING})"
    )


with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=True,
        transactional_ddl=True,
        render_item=plain_types,
        compare_type=same_type,
    )
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
