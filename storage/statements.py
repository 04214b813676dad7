"""Statements whose form depends on the engine."""

from sqlalchemy import ColumnElement, Table, literal
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import SQLModel


def table_of(model: type[SQLModel]) -> Table:
    """The Core table of a model: rows go in as parameter lists, many times quicker than objects."""
    return SQLModel.metadata.tables[str(model.__tablename__)]


def one_of(column: ColumnElement[str], *values: str) -> ColumnElement[bool]:
    """`column IN (…)` with the values written out: SQLite searches a partial index only for its own words."""
    written = [literal(value, literal_execute=True) for value in values]
    return column.in_(written) if len(written) > 1 else column == written[0]


def insert(tx: AsyncConnection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that can say ON CONFLICT, in the words of `tx`'s engine."""
    return postgresql.insert(table) if tx.dialect.name == "postgresql" else sqlite.insert(table)
