"""Runs the tests once as they are, then for each change those that ran its line, until one fails."""

import gc
import os
import pickle
import random
import resource
import shutil
import signal
import tempfile
import time
from collections import Counter, defaultdict
from contextlib import chdir
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol
from coverage import Coverage
from mutmut.mutation.trampoline import set_mutant_under_test

from tests.mutation.changed import changed, function_of

KILLED, SURVIVED, NO_TESTS, TIMEOUT = 1, 0, 33, 36
SET_UP_S = 0.1
"""What the shortest test costs all the same."""
WORK_S = 10
"""How long a test may work, beside ten times what it takes without a change."""
LAST_S = 60
"""How long it may last, beside a hundred times that: the machine may be busy with other things."""


@dataclass(frozen=True)
class Fork:
    """A process in which one change is made."""

    name: str
    pid: int
    folder: str
    noticed_by: int
    """The reading end of a pipe: the test that fails."""


class Trying:
    """A plugin that takes the place of pytest's loop over the tests."""

    def __init__(self, wanted, *, jobs, most_s):
        self.wanted, self.jobs, self.most_s = wanted, jobs, most_s
        self.tests_by_line = defaultdict(dict)
        self.took = {}
        self.noticed = defaultdict(Counter)
        """By function: which tests noticed how many changes."""
        self.running = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session):
        set_mutant_under_test("")
        self.items = {item.nodeid: item for item in session.items}
        kept = Path("unchanged.pickle")
        if not self._remembered(kept):
            self._run_unchanged()
            kept.write_bytes(pickle.dumps((_sources(), self.took, dict(self.tests_by_line))))
        names = list(self.wanted)
        random.Random(0).shuffle(names)  # so that a run that was stopped has tried a fair share of each file
        gc.freeze()  # else each fork copies what it only counts
        for count, name in enumerate(names):
            while len(self.running) >= self.jobs:
                self._reap()
            self._start(name, self._tests_for(name))
            if count % 50 == 0:
                print(f"{count} of {len(names)}", flush=True)
        while self.running:
            self._reap()
        return True

    def _remembered(self, kept):
        """What was seen when these tests ran on this code the last time, if they did."""
        if not kept.exists():
            return False
        sources, took, tests_by_line = pickle.loads(kept.read_bytes())  # noqa: S301  # our own
        if sources != _sources() or not self.items.keys() <= took.keys():
            return False
        self.took, self.tests_by_line = took, defaultdict(dict, tests_by_line)
        return True

    def _run_unchanged(self):
        """Each fork runs its share of the tests, and tells what they took and which lines they ran."""
        files = sorted({str(Path(data.path).absolute()) for data in self.wanted.values()})
        nodes = sorted(self.items)
        with tempfile.TemporaryDirectory() as folder:
            shares = [Path(folder, str(number)) for number in range(self.jobs)]
            forks = []
            for number, share in enumerate(shares):
                pid = os.fork()
                if not pid:
                    self._measure(nodes[number :: self.jobs], files, share)
                forks.append(pid)
            ends = [os.waitpid(pid, 0)[1] for pid in forks]
            if any(ends):
                failed = [told.read_text(encoding="utf-8") for told in Path(folder).glob("*.failed")]
                pytest.exit(f"fails without any change: {', '.join(failed) or 'the process ended'}")
            for share in shares:
                took, of_share = pickle.loads(share.read_bytes())  # noqa: S301  # our own
                self.took |= took
                for file, lines in of_share.items():
                    for line, tests in lines.items():
                        self.tests_by_line[file].setdefault(line, set()).update(tests)
        print(f"{len(self.took)} tests took {sum(self.took.values()):.0f} s", flush=True)

    def _measure(self, nodes, files, share):
        """In the fork: run these tests and keep what was seen."""
        code = 1
        try:
            _be_alone(self.items, share.with_suffix(".tmp"))
            lines = Coverage(
                data_file=None, include=files, concurrency=["greenlet", "thread"], config_file=False
            )
            lines.start()
            took = {}
            for node in nodes:
                lines.switch_context(node)
                began = time.process_time()
                if not _passes(self.items[node]):
                    share.with_suffix(".failed").write_text(node, encoding="utf-8")
                    os._exit(1)
                took[node] = time.process_time() - began
            lines.stop()
            seen = {file: lines.get_data().contexts_by_lineno(file) for file in files}
            share.write_bytes(pickle.dumps((took, seen)))
            code = 0
        finally:
            os._exit(code)

    def _tests_for(self, name):
        """Those that ran the changed statement; of a default in the `def` line, all that ran the function."""
        data = self.wanted[name]
        of_line = self.tests_by_line[str(Path(data.path).absolute())]
        statement, whole = changed(data.path, name)
        found = {test for line in statement for test in of_line.get(line, ())} - {""}
        return found or {test for line in whole for test in of_line.get(line, ())} - {""}

    def _in_order(self, name, tests):
        """First those that noticed a change of the function, then those that come where few others do: of
        long tests only those that are worth their time."""
        data, nearby = self.wanted[name], self.noticed[function_of(name)]
        of_line, special = self.tests_by_line[str(Path(data.path).absolute())], Counter()
        for line in changed(data.path, name)[1]:
            for test in of_line.get(line, ()):
                special[test] += 1 / len(of_line[line])
        chosen, left = [], self.most_s
        worth = {test: special[test] / (SET_UP_S + self.took[test]) for test in tests}
        for test in sorted(tests, key=lambda test: (-nearby[test], -worth[test], test)):
            left -= self.took[test]
            if chosen and left < 0:
                break
            chosen.append(test)
        return chosen

    def _start(self, name, tests):
        if not tests:
            self._note(name, NO_TESTS)
            return
        ordered = self._in_order(name, tests)
        folder, (read, write) = tempfile.mkdtemp(prefix="mutant-"), os.pipe()
        pid = os.fork()
        if not pid:
            self._be_changed(name, ordered, Path(folder), write)
        os.close(write)
        self.running.append(Fork(name, pid, folder, read))

    def _be_changed(self, name, tests, folder, write):
        """In the fork: run the tests until one fails."""
        code = KILLED  # whatever ends the tests is noticed
        try:
            os.nice(5)  # there are many of them, and nobody waits for this one
            _be_alone(self.items, folder)
            set_mutant_under_test(name)
            first = next((test for test in tests if not self._passes_in_time(test)), None)
            os.write(write, (first or "").encode())
            code = SURVIVED if first is None else KILLED
        finally:
            os._exit(code)

    def _passes_in_time(self, test):
        """Whether the test passes; one that goes on without an end ends its process."""
        work = time.process_time() + WORK_S + 10 * self.took[test]
        resource.setrlimit(resource.RLIMIT_CPU, (int(work), resource.RLIM_INFINITY))
        signal.setitimer(signal.ITIMER_REAL, LAST_S + 100 * self.took[test])
        return _passes(self.items[test])

    def _reap(self):
        for fork in list(self.running):
            ended, status = os.waitpid(fork.pid, os.WNOHANG)
            if ended:
                is_late = os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGALRM)
                self._note_end(fork, TIMEOUT if is_late else KILLED if status else SURVIVED)
        time.sleep(0.005)

    def _note_end(self, fork, code):
        self.running.remove(fork)
        with os.fdopen(fork.noticed_by) as pipe:
            if test := pipe.read():
                self.noticed[function_of(fork.name)][test] += 1
        shutil.rmtree(fork.folder, ignore_errors=True)
        self._note(fork.name, code)

    def _note(self, name, code):
        data = self.wanted[name]
        data.exit_code_by_key[name] = code
        with chdir(".."):
            data.save()


def _be_alone(items, folder):
    """What a fork must not share: where it prints, and the tests' folders."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    folder.mkdir(exist_ok=True)
    next(iter(items.values())).config._tmp_path_factory._basetemp = folder


def _passes(item):
    item._initrequest()
    return not any(report.failed for report in runtestprotocol(item, log=False, nextitem=None))


def _sources():
    """A fingerprint of all code, ours and the tests'."""
    paths = sorted(
        path
        for folder in ("bot", "handlers", "storage", "tests")
        for path in Path("..", folder).rglob("*.py")
    )
    return sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()
