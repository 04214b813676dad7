"""Brings one database to the newest schema: `python -m storage.migrations URL`."""

import sys

from storage.errors import StorageError
from storage.migrations import upgrade

try:
    upgrade(sys.argv[1])
except StorageError as error:
    sys.exit(str(error))
