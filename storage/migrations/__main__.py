"""Brings one SQLite file to the newest schema: `python -m storage.migrations FILE`."""

import sys

from storage.migrations import upgrade

upgrade(sys.argv[1])
