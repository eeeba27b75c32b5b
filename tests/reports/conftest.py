"""A fresh database for each test of the reports."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reports.database import Database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An empty DuckDB file with the product's own schema."""
    made = Database(tmp_path / "tracker.duckdb")
    yield made
    made.con.close()
