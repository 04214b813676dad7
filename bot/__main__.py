"""`python -m bot`, the same as `portwire`."""

import sys

from bot.cli import main

sys.exit(main())
