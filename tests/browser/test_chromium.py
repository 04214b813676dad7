"""The browser is looked for in many places, else got, and nothing about that is silent."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.browser import chromium


def program(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def find(home, **environment):
    return chromium.find(environment, home=home, apps=home / "Applications")


def test_a_machine_without_a_browser_has_none(tmp_path):
    assert find(tmp_path, PATH=str(tmp_path)) is None


@pytest.mark.parametrize("name", ["chromium", "chromium-browser", "google-chrome"])
def test_a_browser_on_the_path_is_found(tmp_path, name):
    there = program(tmp_path / "bin" / name)

    assert find(tmp_path, PATH=str(tmp_path / "bin")) == there


@pytest.mark.parametrize("app", ["Chromium", "Google Chrome"])
def test_an_app_of_a_mac_is_found(tmp_path, app):
    there = program(tmp_path / "Applications" / f"{app}.app" / "Contents" / "MacOS" / app)

    assert find(tmp_path, PATH="") == there


@pytest.mark.parametrize("where", [".cache/ms-playwright", "Library/Caches/ms-playwright", "elsewhere"])
def test_the_newest_build_of_playwright_goes_first(tmp_path, where):
    program(tmp_path / "bin" / "chromium")
    program(tmp_path / where / "chromium-999" / "chrome-linux" / "chrome")
    newest = program(tmp_path / where / "chromium-1255" / "chrome-linux64" / "chrome")
    own = {"PLAYWRIGHT_BROWSERS_PATH": str(tmp_path / where)} if where == "elsewhere" else {}

    assert find(tmp_path, PATH=str(tmp_path / "bin"), **own) == newest


class Machine:
    """One where commands are written down, and one of them may bring a browser."""

    def __init__(self, *, brings="nothing", fails=()):
        self.brings, self.fails = brings, fails
        self.commands, self.said, self.browser = [], [], None

    def run(self, command, **_):
        line = " ".join(command)
        self.commands.append(line)
        if any(words in line for words in self.fails):
            return SimpleNamespace(returncode=1)
        if self.brings in line:
            self.browser = Path("chromium")
        return SimpleNamespace(returncode=0)

    def get(self, *, is_root):
        return chromium.get(find=lambda: self.browser, run=self.run, say=self.said.append, is_root=is_root)


def test_a_browser_that_is_there_is_not_got_again():
    machine = Machine()
    machine.browser = Path("chromium")

    assert machine.get(is_root=True)
    assert (machine.commands, machine.said) == ([], [])


def test_playwrights_own_build_is_tried_first():
    machine = Machine(brings="playwright install")

    assert machine.get(is_root=True)
    assert [command.partition("-m ")[2] for command in machine.commands] == ["playwright install chromium"]
    assert "a minute or more" in " ".join(machine.said)


def test_root_takes_the_systems_package_where_the_download_fails():
    machine = Machine(brings="apt-get install", fails=["playwright"])

    assert machine.get(is_root=True)
    assert [command.split()[1] for command in machine.commands[1:]] == ["update", "install"]
    assert "up to three minutes" in " ".join(machine.said)


@pytest.mark.parametrize("is_root", [True, False])
def test_what_to_install_is_said_where_no_browser_can_be_had(is_root):
    machine = Machine(fails=["playwright", "apt-get"])

    assert not machine.get(is_root=is_root)
    assert machine.said[-1] == chromium.MISSING
    assert any("apt-get" in command for command in machine.commands) == is_root


def test_a_machine_without_apt_is_told_so():
    def run(command, **_):
        if command[0] == "apt-get":
            raise FileNotFoundError
        return SimpleNamespace(returncode=1)

    said = []

    assert not chromium.get(find=lambda: None, run=run, say=said.append, is_root=True)
    assert "apt-get is not here" in said


def test_a_browser_asks_nothing_but_loopback_and_root_does_without_its_sandbox():
    assert any("MAP * ~NOTFOUND" in flag for flag in chromium.flags(is_root=False))
    assert "--no-sandbox" not in chromium.flags(is_root=False)
    assert "--no-sandbox" in chromium.flags(is_root=True)


@pytest.mark.parametrize(
    ("environment", "outcome"), [({}, pytest.skip.Exception), ({"CI": "true"}, pytest.fail.Exception)]
)
def test_without_a_browser_its_tests_are_skipped_and_fail_on_ci(environment, outcome):
    with pytest.raises(outcome, match="Install one"):
        chromium.do_without(environment)
