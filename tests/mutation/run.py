"""Changes the bot's code in one place at a time and sees whether the types or the tests notice.

    make mutation                                            # all that [tool.mutmut] in pyproject.toml names
    make mutation ONLY="bot/delivery bot/poller.py"
    make mutation ONLY=bot/windows.py ARGS=--again           # what was not noticed the last time

mutmut makes the changes and keeps the results. It could run the tests too, but gathers them anew for each
change and takes all that enter the changed function. Here they are gathered once, and a change costs a fork
and the tests that ran its very line: first those that noticed a change nearby. Prints a table, and writes
what nobody noticed to mutants/survivors.txt.
"""

import argparse
import json
import subprocess
import sys
from collections import Counter, defaultdict
from contextlib import chdir, redirect_stdout
from functools import cache
from io import StringIO
from pathlib import Path

import pytest
from mutmut.__main__ import create_mutants
from mutmut.mutation.data import MutantLineSpans, SourceFileMutationData
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.stats import status_by_exit_code
from mutmut.utils.file_utils import (
    copy_also_copy_files,
    copy_src_dir,
    setup_source_paths,
    walk_mutatable_files,
)

from tests.mutation.trying import Trying

TESTS = {
    "bot/delivery": ["tests/bot/delivery"],
    "bot/slack/errors": ["tests/bot/slack/test_errors.py", "tests/bot/slack/test_client.py"],
    "bot/slack/escaping": ["tests/bot/slack/test_escaping.py"],
    "bot/slack": ["tests/bot/slack/test_plain.py", "tests/bot/slack/test_blocks.py", "tests/bot/messages"],
    "bot/": [f"tests/bot/test_{of}.py" for of in ("poller", "windows", "promising", "frontier")],
}
"""Which tests are to notice a change: those of the part itself, on SQLite, and in this process."""
LEFT_OUT = ["--ignore=tests/bot/delivery/test_many_workers.py", "-k", "not postgres and not an_hour"]
BY_TYPES = 37
CHECK_TYPES = [sys.executable, "-m", "mypy", "--output", "json", "--follow-imports", "silent"]
OF_THE_COPY = ["unused-ignore", "untyped-decorator", "no-any-return"]
"""Complaints about what mutmut adds to the code."""


def main():
    asked = _arguments()
    _make_mutants(asked.jobs)
    files = [data for data in _all() if str(data.path).startswith(tuple(asked.only or [""]))]
    _note_types(files)
    again = (None, 0, 33, 36) if asked.again else (None,)
    wanted = {name: data for data in files for name, code in data.exit_code_by_key.items() if code in again}
    if wanted:
        trying = Trying(wanted, jobs=asked.jobs, most_s=asked.most_s)
        tests = asked.tests or _tests([str(data.path) for data in wanted.values()])
        with chdir("mutants"):
            pytest.main(["--rootdir=.", "-q", *LEFT_OUT, *tests], plugins=[trying])
    _report(files)


def _arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("only", nargs="*", help="files or folders; all if none is named")
    parser.add_argument("--again", action="store_true", help="also what was not noticed the last time")
    parser.add_argument("--tests", nargs="+", metavar="FILE", help="these alone, where they suffice")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--most-s", type=float, default=600, help="give a change at most tests of so long")
    return parser.parse_args()


def _make_mutants(jobs):
    Path("mutants").mkdir(exist_ok=True)
    with redirect_stdout(StringIO()):  # it names each file
        copy_src_dir()
        copy_also_copy_files()
        create_mutants(jobs)
    setup_source_paths()


def _all():
    for path in walk_mutatable_files():
        data = SourceFileMutationData(path=path)
        data.load()
        yield data


def _note_types(files):
    """What mypy refuses is noticed: `make check` runs it."""
    new = [data for data in files if None in data.exit_code_by_key.values()]
    if not new:
        return
    off = [f"--disable-error-code={code}" for code in OF_THE_COPY]
    told = subprocess.run(
        [*CHECK_TYPES, *off, *(str(data.path) for data in new)],
        cwd="mutants",
        capture_output=True,
        check=False,
    )
    refused = _refused_functions(map(json.loads, told.stdout.splitlines()))
    for data in new:
        functions = refused[str(data.path)]
        for name in data.exit_code_by_key:
            function = name.rpartition(".")[2]
            unchanged = f"{function.partition('__mutmut_')[0]}__mutmut_orig"
            if function in functions and unchanged not in functions:  # else it is the copy that is refused
                data.exit_code_by_key[name] = BY_TYPES
        data.save()


def _refused_functions(errors):
    """By file the names of the functions, changed ones and copies of what was, in which errors lie."""
    refused = defaultdict(set)
    for error in errors:
        if error["severity"] == "error" and (index := _spans(error["file"])):
            spans = index.span_by_function_name.items()
            refused[error["file"]] |= {name for name, at in spans if at.start <= error["line"] <= at.end}
    return refused


@cache
def _spans(file):
    return MutantLineSpans.load(file)


def _tests(paths):
    chosen = dict.fromkeys(next(where for where in TESTS if path.startswith(where)) for path in paths)
    return [test for where in chosen for test in TESTS[where]]


def _report(files):
    print(f"\n{'':28}mutants  by types  by tests  in time  survived  score")
    everything = Counter()
    for data in files:
        counts = Counter(status_by_exit_code[code] for code in data.exit_code_by_key.values())
        everything += counts
        print(_line(str(data.path), counts))
    print(_line("all", everything))
    _write_survivors(files)


def _line(name, counts):
    total, left = counts.total() - counts["not checked"], counts["survived"] + counts["no tests"]
    noticed = f"{counts['caught by type check']:>10}{counts['killed']:>10}{counts['timeout']:>9}"
    score = f"{(total - left) / total:7.1%}" if total else ""
    return f"{name:28}{total:>7}{noticed}{left:>10}{score:>7}"


def _write_survivors(files):
    with Path("mutants/survivors.txt").open("w", encoding="utf-8") as out:
        for data in files:
            for name, code in data.exit_code_by_key.items():
                if code in (0, 33):
                    out.write(f"# {name}{': no test runs it' if code else ''}\n")
                    out.write(f"{get_diff_for_mutant(name, path=data.path)}\n\n")


if __name__ == "__main__":
    main()
