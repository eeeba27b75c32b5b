"""Two nights of one listing, crawled once for all tests that only need some crawl to work on."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.tracker.two_nights import ROOT


@pytest.fixture(scope="session")
def two_nights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a crawl of two nights, see :mod:`tests.tracker.two_nights`. Not to be changed: copy it."""
    folder = tmp_path_factory.mktemp("crawled")
    done = subprocess.run(
        [sys.executable, "-m", "tests.tracker.two_nights", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder
