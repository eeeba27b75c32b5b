"""Fixtures every folder of tests may use."""

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from playwright.sync_api import Browser, sync_playwright

from spiders.browser import launch_options

# No test asserts on the clock; and a landing is judged on examples that do not change from run to run.
hypothesis.settings.register_profile("house", deadline=None, derandomize="CI" in os.environ)
hypothesis.settings.load_profile("house")

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
