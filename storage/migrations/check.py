"""`make check`: the migrations lead to exactly our tables, down again and up once more.

python -m storage.migrations.check
"""

import sys
import tempfile

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError

from storage.migrations import NEWEST, config_for, upgrade


def problems(url: str) -> list[str]:
    """What is wrong with the migrations; they are tried on an empty database at `url`."""
    config: Config = config_for(url)
    heads = ScriptDirectory.from_config(config).get_heads()
    found = [] if heads == [NEWEST] else [f"NEWEST is {NEWEST}, but the newest migrations are {heads}"]
    upgrade(url)
    try:
        command.check(config)
    except CommandError as error:
        found.append(f"the tables differ from what the migrations make: {error}")
    command.downgrade(config, "base")
    upgrade(url)
    return found


def main() -> int:
    """Print what is wrong; 1 if anything is."""
    with tempfile.TemporaryDirectory() as folder:
        found = problems(f"sqlite:///{folder}/check.db")
    for problem in found:
        print(problem)
    print("migrations: " + ("wrong" if found else "as the tables"))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
