"""An audit that looked at nothing is no audit."""

import json

import pytest

from docs.audited import main

WINDOWS = "colorama==0.4.6 ; sys_platform == 'win32' \\\n    --hash=sha256:01\n"
LOCK = f"aiohttp==3.14.5 \\\n    --hash=sha256:00\n{WINDOWS}"


@pytest.fixture
def audit(tmp_path, capsys):
    def audited(*packages):
        (tmp_path / "lock").write_text(LOCK)
        if packages:
            (tmp_path / "found").write_text(json.dumps({"dependencies": packages, "fixes": []}))
        code = main(tmp_path / "lock", tmp_path / "found")
        return code, capsys.readouterr().out.strip()

    return audited


def package(**more):
    return {"name": "aiohttp", "version": "3.14.5", "vulns": []} | more


def test_a_lock_without_a_known_hole_passes(audit):
    assert audit(package()) == (0, "1 packages audited, no hole known.")


def test_a_hole_is_named_with_what_mends_it(audit):
    hole = {"id": "CVE-2026-1", "fix_versions": ["3.14.6"]}

    assert audit(package(vulns=[hole])) == (1, "aiohttp 3.14.5: CVE-2026-1, mended in 3.14.6")


@pytest.mark.parametrize(
    "found", [[{"name": "aiohttp", "skip_reason": "not found"}], [package(version="3.14.4")]]
)
def test_a_package_that_was_not_looked_at_is_a_failure(audit, found):
    assert audit(*found) == (1, "aiohttp 3.14.5 was not audited")


def test_no_result_is_a_failure(audit):
    code, said = audit()

    assert code == 1
    assert said.startswith("Nothing was audited")
