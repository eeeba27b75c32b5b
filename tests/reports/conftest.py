"""A fresh database for each test of the reports, and the pages of the sample listing to look at."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.reports import sample
from tests.reports.browsing import watched
from tests.reports.database import Database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An empty DuckDB file with the product's own schema."""
    made = Database(tmp_path / "tracker.duckdb")
    yield made
    made.con.close()


@pytest.fixture(scope="session")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Report and overview of the sample listing, in a folder for each language."""
    folder = tmp_path_factory.mktemp("sample")
    sample.write(folder, "en", "zh_CN")
    return folder


@pytest.fixture(scope="session")
def files(spoken: Path) -> tuple[Path, Path]:
    """Those in English."""
    return spoken / "en" / "report.html", spoken / "en" / "index.html"


@pytest.fixture(scope="module")
def desk(chromium: Browser, files: tuple[Path, Path]) -> Iterator[Page]:
    """The report on a large screen, for tests that only look, or put back what they change."""
    with watched(chromium, files[0], viewport={"width": 1440, "height": 900}, color_scheme="light") as page:
        yield page


@pytest.fixture(scope="module")
def phone(chromium: Browser, files: tuple[Path, Path]) -> Iterator[Page]:
    """It on a small one in the dark, for the same."""
    with watched(chromium, files[0], viewport={"width": 390, "height": 900}, color_scheme="dark") as page:
        yield page


@pytest.fixture(scope="module")
def overview(chromium: Browser, files: tuple[Path, Path]) -> Iterator[Page]:
    """The overview on a large screen, for the same."""
    with watched(chromium, files[1], viewport={"width": 1440, "height": 900}, color_scheme="light") as page:
        yield page
