"""Lines to and from the terminal."""

import asyncio
import os
import pty
import socket
import tty

import pytest

from bot.sandbox.ports import LAST_PORT, PortInUseError, three_ports
from bot.sandbox.terminal import LINES_KEPT, Printer, TypedLines

HOST = "127.0.0.1"


def never(*_line):
    raise AssertionError


@pytest.fixture
def pipe():
    reader, writer = os.pipe()
    yield reader, writer
    os.close(reader)
    os.close(writer)


def test_what_is_said_is_written_at_the_end(pipe):
    reader, writer = pipe

    with Printer(writer) as printer:
        printer.say("#porting  eins")
        printer.say("zwei …")

    assert os.read(reader, 1000).decode() == "#porting  eins\nzwei …\n"


def test_a_reader_who_is_gone_stops_nothing():
    reader, writer = os.pipe()
    os.close(reader)

    with Printer(writer) as printer:
        printer.say("nobody reads this")
        printer.say("nor this")

    os.close(writer)


def test_a_reader_who_does_not_read_holds_nothing_up(monkeypatch):
    monkeypatch.setattr("bot.sandbox.terminal.FAREWELL_S", 0.0)
    reader, writer = os.pipe()

    with Printer(writer) as printer:
        for number in range(LINES_KEPT + 2000):
            printer.say(f"{number} {'x' * 100}")

    os.close(reader)
    printer._thread.join(5)
    assert not printer._thread.is_alive()
    os.close(writer)


@pytest.fixture
def terminal():
    ours, theirs = pty.openpty()
    tty.setcbreak(theirs, when=0)
    yield ours, theirs
    os.close(ours)
    os.close(theirs)


async def test_typed_lines_are_run_one_after_the_other(terminal):
    ours, theirs = terminal
    ran = asyncio.Queue()
    serving = asyncio.create_task(TypedLines(ran.put, never, theirs).serve())

    os.write(ours, "/port order Ä\n\nhelp\nhal".encode())
    async with asyncio.timeout(60):
        lines = [await ran.get(), await ran.get()]
        os.write(ours, b"f\n")
        lines.append(await ran.get())

    serving.cancel()
    await asyncio.wait((serving,))
    assert lines == ["/port order Ä", "help", "half"]


async def test_what_is_piped_in_is_run_and_its_end_ends_nothing():
    reader, writer = os.pipe()
    ran = asyncio.Queue()
    serving = asyncio.create_task(TypedLines(ran.put, never, reader).serve())

    os.write(writer, b"status\nhelp")
    os.close(writer)
    async with asyncio.timeout(60):
        lines = [await ran.get(), await ran.get()]
    await until_read_is(False, reader)

    assert lines == ["status", "help"]
    assert not serving.done()
    serving.cancel()
    await asyncio.wait((serving,))
    os.close(reader)


async def test_a_file_is_not_read(tmp_path):
    (tmp_path / "lines").write_text("help\n")
    with (tmp_path / "lines").open() as lines:
        await TypedLines(never, never, lines.fileno()).serve()


@pytest.mark.parametrize("farewell", ["exit", "QUIT"])
async def test_a_farewell_leaves(terminal, farewell):
    ours, theirs = terminal
    left = asyncio.Event()
    os.write(ours, f"{farewell}\nhelp\n".encode())

    async with asyncio.timeout(60):
        await TypedLines(never, left.set, theirs).serve()

    assert left.is_set()


async def until_read_is(expected, fd):
    """Wait until the loop reads from there, or reads no more."""
    selector = asyncio.get_running_loop()._selector
    async with asyncio.timeout(60):
        while (fd in selector.get_map()) is not expected:  # noqa: ASYNC110 - the loop tells nobody
            await asyncio.sleep(0)


async def served(fd):
    """The task that takes lines from there, which has begun to."""
    serving = asyncio.create_task(TypedLines(never, never, fd).serve())
    await until_read_is(True, fd)
    return serving


async def test_the_end_of_the_keyboard_leaves():
    ours, theirs = pty.openpty()
    left = asyncio.Event()
    serving = asyncio.create_task(TypedLines(never, left.set, theirs).serve())

    os.write(ours, b"\x04")
    async with asyncio.timeout(60):
        await serving

    assert left.is_set()
    os.close(ours)
    os.close(theirs)


async def test_a_terminal_that_is_gone_ends_nothing():
    ours, theirs = pty.openpty()
    serving = await served(ours)

    os.close(theirs)
    await until_read_is(False, ours)

    assert not serving.done()
    serving.cancel()
    await asyncio.wait((serving,))
    os.close(ours)


def test_a_hint_is_for_a_terminal_alone(pipe, terminal):
    (reader, writer), (ours, theirs) = pipe, terminal

    with Printer(writer) as printer:
        printer.say("page")
        printer.hint("Type a command.", theirs)
        printer.hint("Type a command.", writer)

    assert os.read(reader, 1000) == b"page\n"
    assert b"Type a command." in os.read(ours, 1000)


def taken(first):
    listener = socket.socket()
    listener.bind((HOST, first))
    listener.listen()
    return listener


def test_a_taken_port_is_named_together_with_free_ones():
    first = three_ports(HOST, 0)[0]
    with taken(first + 1), taken(first + 4), pytest.raises(PortInUseError) as refused:
        three_ports(HOST, first)

    assert f"port {first + 1} is in use" in str(refused.value)
    other = int(str(refused.value).split("--port ")[1].partition(" ")[0])
    assert f'make sandbox ARGS="--port {other}"' in str(refused.value)
    assert other > first + 4
    assert three_ports(HOST, other) == (other, other + 1, other + 2)


def test_free_ports_are_the_given_one_and_the_next_two():
    first = three_ports(HOST, 0)[0]

    assert three_ports(HOST, first) == (first, first + 1, first + 2)


def test_the_last_ports_name_no_free_ones_behind_them():
    with taken(LAST_PORT), pytest.raises(PortInUseError, match="choose another one with --port"):
        three_ports(HOST, LAST_PORT - 2)
