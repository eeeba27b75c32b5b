"""Two nights of one listing, crawled once for all tests that only need some crawl to work on; and somebody to tell."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest

from tests.tracker.telling import Door
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


@pytest.fixture
def door() -> Iterator[Door]:
    """A server that takes what is told."""
    door = Door()
    yield door
    door.server.shutdown()
    door.server.server_close()


@pytest.fixture
def at_once() -> Iterator[None]:
    """Messages without pauses between tries."""
    from apprise.plugins import NotifyBase  # noqa: PLC0415  heavy

    from tracker.notify import deliver  # noqa: PLC0415

    with patch.object(deliver, "WAIT", 0.0), patch.object(NotifyBase, "request_rate_per_sec", 0):
        yield
