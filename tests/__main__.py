"""`python -m tests`: all tests, the browser tests included. Fetches a browser first where there is none."""

import os
import subprocess
import sys

import pytest
from playwright.sync_api import Error, sync_playwright

from spiders.browser import launch_options


def browser_starts() -> bool:
    """Whether a Chromium is installed and runs here."""
    with sync_playwright() as playwright:
        try:
            playwright.chromium.launch(**launch_options()).close()
        except Error:
            return False
    return True


def fetch_browser() -> None:
    """Install Playwright's Chromium, with the libraries it needs where we may; else the system's."""
    root = os.geteuid() == 0
    ways = [
        [sys.executable, "-m", "playwright", "install", *(["--with-deps"] if root else []), "chromium"],
        *([["sh", "-c", "apt-get update -qq && apt-get install -y -qq chromium"]] if root else []),
    ]
    for way in ways:
        if subprocess.run(way, check=False).returncode == 0 and browser_starts():
            return
    sys.exit("The browser tests need Chromium, and it could not be installed; install it (`apt install chromium`).")


if __name__ == "__main__":
    if not browser_starts():
        fetch_browser()
    # The tests start hundreds of processes, each of which would compile every module anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    # On all cores and one more, as many tests wait for processes of theirs; a file at a time: some files build a world
    # once for all of their tests.
    workers = str((os.cpu_count() or 1) + 1)
    sys.exit(pytest.main(["-n", workers, "--dist", "loadfile", *sys.argv[1:]]))
