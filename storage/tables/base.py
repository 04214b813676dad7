"""What every table is made on: how keys and indexes are named.

Times are plain `datetime` annotations: SQLModel stores them as UTC and gives them back aware. An `sa_type`
on a time would silently store the local wall clock on SQLite.
"""

from sqlalchemy import MetaData
from sqlmodel import SQLModel

__all__ = ["SQLModel"]

SQLModel.metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    }
)
