"""Who else may read the files that hold keys and orders, and what of `.env` nobody reads."""

import shlex
import stat
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from dotenv.parser import parse_stream

from bot.doctor.checks import UNSURE, Check

OTHERS = stat.S_IRWXG | stat.S_IRWXO


def privacy(path: Path) -> list[Check]:
    """A line where other users of this machine may open the file."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return []
    if not mode & OTHERS:
        return []
    what = f"{path} may be opened by other users of this machine. To keep it to yours, type"
    return [Check(f"{what}: chmod 600 {shlex.quote(str(path))}", UNSURE)]


def about_env_file(path: Path) -> list[Check]:
    """What is odd with the file of settings; whether it can be read at all is told with the settings."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return []
    return [*privacy(path), *(_passed_over(path, line) for line in _unreadable(text))]


def _unreadable(text: str) -> Iterator[int]:
    """The numbers of the lines that are no settings and no remarks."""
    for binding in parse_stream(StringIO(text)):
        if binding.error:
            said = binding.original.string
            blank = said[: len(said) - len(said.lstrip())]
            yield binding.original.line + blank.count("\n")


def _passed_over(path: Path, line: int) -> Check:
    # Never its text: it may hold a key.
    advice = "A setting is NAME=value, a remark begins with #, and a quotation mark has its partner"
    return Check(f"{path}, line {line}: it can't be read and is passed over. {advice}.", UNSURE)
