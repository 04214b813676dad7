"""Portwire as a process of its own, forked from one that has imported it already: a start takes no second."""

import importlib
import multiprocessing
import os
import sys
from multiprocessing import forkserver, reduction

from bot import failpoints
from bot.cli import main

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["bot.app", "bot.cli", "bot.sandbox.world", "coverage", "storage.tables"])


def fork(*arguments, cwd, environment, stdin=None, stdout, stderr):
    """Start `portwire …` with these files for its streams; a `multiprocessing` process.

    Its lines are measured where COVERAGE_… is in the environment.
    """
    _begin()
    streams = [os.open(os.devnull, os.O_RDONLY) if stdin is None else stdin, stdout, stderr]
    process = FORKS.Process(
        target=_run, args=(arguments, str(cwd), dict(environment), _Streams(streams)), daemon=True
    )
    process.start()
    if stdin is None:
        os.close(streams[0])
    return process


class _Streams:
    """File descriptors on their way into a fork."""

    def __init__(self, fds):
        self.fds = fds

    def __reduce__(self):
        return _received, ([reduction.DupFd(fd) for fd in self.fds],)


def _received(handed):
    return [each.detach() for each in handed]


def _begin():
    """The process that all come from is not measured itself, or all would share its figures."""
    taken = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("COVERAGE_")}
    try:
        forkserver.ensure_running()
    finally:
        os.environ.update(taken)


def _run(arguments, cwd, environment, streams):
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environment)
    for number, fd in enumerate(streams):
        os.dup2(fd, number)
        os.close(fd)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115  # for good
    _measure()
    importlib.reload(failpoints)
    sys.exit(main(arguments))


def _measure():
    import coverage  # noqa: PLC0415  # it reads the environment

    coverage.process_startup()
