"""The doctor points out files that others may open, and lines of `.env` that nobody reads."""

import pytest

from bot.doctor.files import about_env_file, privacy


@pytest.fixture
def env_file(tmp_path):
    path = tmp_path / ".env"
    path.touch(mode=0o600)
    return path


def lines(path):
    return [check.line for check in about_env_file(path)]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_file_that_others_may_open_is_named_with_what_to_type(env_file, mode):
    env_file.chmod(mode)

    [line] = lines(env_file)

    assert line.startswith(f"! {env_file} may be opened by other users")
    assert line.endswith(f": chmod 600 {env_file}")


def test_what_to_type_is_fit_for_a_shell(tmp_path):
    path = tmp_path / "port wire.db"
    path.touch(mode=0o600)
    path.chmod(0o644)

    [check] = privacy(path)

    assert check.line.endswith(f": chmod 600 '{path}'")


def test_a_line_that_is_passed_over_is_told_by_its_number_alone(env_file):
    env_file.write_text("A=1\n\n\nxoxb hush\n# remark\nexport B='hush\nC=2\n")

    found = lines(env_file)

    assert [line.partition(":")[0] for line in found] == [f"! {env_file}, line {each}" for each in (4, 6)]
    assert "hush" not in "".join(found)


def test_a_file_in_order_needs_no_line(env_file):
    env_file.write_text("A=1\nexport B='two words'\n")

    assert lines(env_file) == []


@pytest.mark.parametrize("name", ["missing", "."])
def test_what_is_no_file_is_told_elsewhere(tmp_path, name):
    assert lines(tmp_path / name) == []
    assert privacy(tmp_path / "missing") == []
