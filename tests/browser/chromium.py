"""Find a Chromium for the browser tests and the pictures, or get one.

`python -m tests.browser.chromium` does both and says so; `make test` begins with it.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
MACOS_APPS = ("Chromium", "Google Chrome", "Microsoft Edge")
OWN_CACHES = (".cache/ms-playwright", "Library/Caches/ms-playwright", "AppData/Local/ms-playwright")
OWN_BUILDS = (
    "chromium-*/chrome-linux*/chrome",
    "chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
    "chromium-*/chrome-win*/chrome.exe",
)
MISSING = (
    "NO CHROMIUM: the browser tests can't run."
    " Install one: `playwright install chromium`, or the system's package `chromium`."
)

OWN_BUILD = [sys.executable, "-m", "playwright", "install", "chromium"]
PACKAGE_LISTS = ["apt-get", "update", "-q"]
PACKAGES = ["apt-get", "install", "-y", "-q", "chromium", "fonts-noto-color-emoji"]


def find(environment=os.environ, *, home=None, apps=Path("/Applications")):
    """The program of the browser to use, or None: Playwright's own build before what the system has.

    Its own fits the library; the system's may be a snap, which can't read our folders.
    """
    own = environment.get("PLAYWRIGHT_BROWSERS_PATH")
    caches = [Path(own)] if own else [(home or Path.home()) / cache for cache in OWN_CACHES]
    for cache in caches:
        if build := _newest_build(cache):
            return build
    for name in NAMES:
        if found := shutil.which(name, path=environment.get("PATH", "")):
            return Path(found)
    programs = (apps / f"{app}.app" / "Contents" / "MacOS" / app for app in MACOS_APPS)
    return next((program for program in programs if program.exists()), None)


def _newest_build(cache):
    builds = [path for pattern in OWN_BUILDS for path in cache.glob(pattern) if os.access(path, os.X_OK)]
    return max(
        builds, key=lambda path: int(path.relative_to(cache).parts[0].rpartition("-")[2]), default=None
    )


def flags(*, is_root):
    """Of loopback alone, also where /dev/shm is small; root gets no sandbox from Chromium."""
    return [
        "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
        "--disable-dev-shm-usage",
        *(["--no-sandbox"] if is_root else []),
    ]


def do_without(environment=os.environ):
    """What a test does that has no browser: it is skipped, but fails on CI."""
    (pytest.fail if environment.get("CI") else pytest.skip)(MISSING)


def get(*, find=find, run=subprocess.run, say=print, is_root=None):
    """Whether a browser is there in the end. What may take a while is announced."""
    if find():
        return True
    say("No Chromium here, which the browser tests need.")
    say("Playwright downloads one now: 170 MB, a minute or more.")
    if _succeeds(run, OWN_BUILD, say) and find():
        return True
    is_root = os.geteuid() == 0 if is_root is None else is_root
    if is_root:
        say("That failed. Debian's packages instead: about 100 MB, up to three minutes.")
        if all(_succeeds(run, step, say) for step in (PACKAGE_LISTS, PACKAGES)) and find():
            return True
    say(MISSING)
    return False


def _succeeds(run, command, say):
    say(f"$ {' '.join(command)}")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
    try:
        return run(command, check=False, env=environment, **quiet).returncode == 0
    except FileNotFoundError:
        say(f"{command[0]} is not here")
        return False


if __name__ == "__main__":
    get()
