"""Fixtures every folder of tests may use."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest
from playwright.sync_api import Browser, sync_playwright

from spiders.browser import launch_options
from storage.store import Store

# No test asserts on the clock; and a landing is judged on examples that do not change from run to run.
EXAMPLES = int(os.environ.get("EXAMPLES", "40"))
"""Of each property. `EXAMPLES=1000 python -m tests tests/storage/test_changes.py` looks for longer."""
hypothesis.settings.register_profile("house", deadline=None, max_examples=EXAMPLES, derandomize="CI" in os.environ)
hypothesis.settings.load_profile("house")

Fresh = Callable[[Path], Store]

SHARED_PAGES = Path(__file__).parents[2] / "shared" / "pages"
"""Real saved pages with hand-checked truth, provided beside a development checkout only."""


@pytest.fixture(scope="session")
def shared_pages() -> Path:
    """The folder of real saved pages; tests that need it are skipped where it is absent."""
    if not (SHARED_PAGES / "expected.json").is_file():
        pytest.skip("real saved pages are not part of the product: ../shared/pages is absent here")
    return SHARED_PAGES


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A real headless Chromium: Playwright's own where installed, else the system's."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Fresh:
    """Makes the store at a path, with an empty database of the newest schema: to migrate one anew takes longer than
    most of what is tried on it."""
    made = Store(tmp_path_factory.mktemp("fresh") / "t.duckdb")
    with made.writing():
        pass

    def at(path: Path) -> Store:
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(made.path, path)
        return Store(path)

    return at
