"""What documents name is there, and what they say of the code as a whole is true of all of it."""

import ast
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("docs/decisions/*.md")])
CODE = [path for folder in ("bot", "handlers", "storage") for path in (ROOT / folder).rglob("*.py")]
NAMED_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
NAMED_FILE = re.compile(r"`((?:bot|handlers|storage|tests|docs)/[\w/]+(?:\.py|\.md|/))`")
LINE = re.compile(r"^\| V\d+\.\d+\.\d+.*$", re.MULTILINE)


@cache
def functions_in(path):
    tree = ast.parse((ROOT / path).read_text())
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_and_test_that_a_document_names_is_there(document):
    text = document.read_text()

    missing = [path for path in NAMED_FILE.findall(text) if not (ROOT / path).exists()]
    missing += [
        f"{path}::{name}"
        for path, name in NAMED_TEST.findall(text)
        if not (ROOT / path).exists() or name not in functions_in(path)
    ]
    assert missing == []


def test_every_requirement_of_security_names_what_holds_it():
    lines = LINE.findall((ROOT / "docs/security.md").read_text())

    assert len(lines) > 40
    assert [line for line in lines if not NAMED_TEST.search(line.rsplit("|", 2)[1])] == []


def test_no_code_switches_the_check_of_certificates_off():
    off = re.compile(
        r"verify\s*=\s*False|ssl\s*=\s*False|verify_ssl|CERT_NONE|check_hostname|_create_unverified"
    )

    assert [path for path in CODE if off.search(path.read_text())] == []


@pytest.mark.parametrize(
    ("lock", "at_least"),
    [("requirements.lock", 30), ("requirements-dev.lock", 60), ("requirements-mutation.lock", 3)],
)
def test_every_locked_package_has_hashes_and_no_address(lock, at_least):
    entries = re.split(r"^(?=\S)", (ROOT / lock).read_text(), flags=re.MULTILINE)[1:]

    assert len(entries) >= at_least
    assert [entry for entry in entries if "--hash=sha256:" not in entry or "==" not in entry] == []
    assert not [entry for entry in entries if "://" in entry or entry.startswith("-")]


def test_production_installs_neither_the_sandbox_nor_what_tests_need():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = [one for extra in project["optional-dependencies"].values() for one in extra]
    others = {re.split(r"[^\w-]", one)[0] for one in extras}

    installed = set(re.findall(r"^([\w.-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE))

    assert "aiohttp" in installed
    assert "nicegui" in others
    assert installed & others == set()
