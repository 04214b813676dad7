"""Which lines of a module a change is in."""

import ast
import re
from contextlib import chdir
from functools import cache
from pathlib import Path
from textwrap import dedent

from mutmut.mutation.data import MutantLineSpans

_COPY = re.compile(r"__mutmut_\w+")


def changed(path, name):
    """The lines of the changed statement and of the whole function, in the copy that has all changes."""
    spans = _spans(str(path))
    function = name.rpartition(".")[2]
    original, altered = spans[f"{function_of(function)}__mutmut_orig"], spans[function]
    text = _text(Path(path).absolute())
    before, after = (text[span.start - 1 : span.end] for span in (original, altered))
    differing = (n for n, (old, new) in enumerate(zip(before, after, strict=False)) if old != new)
    at = next(differing, len(before) - 1)
    statement = range(original.start + _statement(before, at), original.start + at + 1)
    return statement, range(original.start, original.end + 1)


def function_of(name):
    """The function's own name in that of a change."""
    return name.partition("__mutmut_")[0]


@cache
def _spans(path):
    with chdir(".."):
        return MutantLineSpans.load(path).span_by_function_name


@cache
def _text(file):
    return [_COPY.sub("", line) for line in file.read_text(encoding="utf-8").splitlines()]


def _statement(function, at):
    """On which line of the function the innermost statement begins that has this line in its own part."""
    tree = ast.parse(dedent("\n".join(function)))
    begins = (
        node.lineno - 1 for node in ast.walk(tree) if isinstance(node, ast.stmt) and node.lineno - 1 <= at
    )
    return max(begins, default=0)
