"""A fresh database for each test of the reports, and the pages of the sample listing to look at."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.reports import sample
from tests.reports.browsing import Open, watched
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


@pytest.fixture
def opened(chromium: Browser, files: tuple[Path, Path]) -> Iterator[Open]:
    """Opens the report (or the overview) for one test."""
    with ExitStack() as stack:

        def open_page(
            *, width: int = 1440, scheme: str = "light", overview: bool = False, scripts: bool = True
        ) -> Page:
            screen = {"width": width, "height": 900}
            page = watched(chromium, files[overview], viewport=screen, color_scheme=scheme, java_script_enabled=scripts)
            return stack.enter_context(page)

        yield open_page


@pytest.fixture(scope="module")
def desk(chromium: Browser, files: tuple[Path, Path]) -> Iterator[Page]:
    """The report on a large screen, for tests that only look."""
    with watched(chromium, files[0], viewport={"width": 1440, "height": 900}, color_scheme="light") as page:
        yield page
