"""Reads what pip-audit found for a lock file, and says whether that is an audit: `make audit`.

An index that serves no advisories makes pip-audit skip every package, which is easily read as "none found".
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

_LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)( ; )?", re.MULTILINE)
Packages = dict[str, str]


def locked(lock: str) -> Packages:
    """The packages of a lock that every platform installs, with their versions."""
    return {name: version for name, version, marker in _LOCKED.findall(lock) if not marker}


def troubles(lock: str, found: str) -> Iterator[str]:
    """What stands against a release: known holes, and packages that nobody looked at."""
    audited: Packages = {}
    for package in json.loads(found)["dependencies"]:
        if "skip_reason" in package:
            continue
        audited[package["name"]] = package["version"]
        for hole in package["vulns"]:
            mended = ", ".join(hole["fix_versions"]) or "no version"
            yield f"{package['name']} {package['version']}: {hole['id']}, mended in {mended}"
    for name, version in locked(lock).items():
        if audited.get(name) != version:
            yield f"{name} {version} was not audited"


def main(lock: Path, found: Path) -> int:
    """0 where all of the lock was audited and nothing found, else 1."""
    if not found.exists():
        sys.stdout.write("Nothing was audited: pip-audit gave no result, see above.\n")
        return 1
    against = list(troubles(lock.read_text(), found.read_text()))
    sys.stdout.write(
        "\n".join(against or [f"{len(locked(lock.read_text()))} packages audited, no hole known."])
    )
    sys.stdout.write("\n")
    return 1 if against else 0


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
