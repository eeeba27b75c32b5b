"""The columns that people rely on stay: see contract.py."""

from pathlib import Path

import pytest

from storage.store import Store
from tests.storage.contract import Contract, broken, found, promised


@pytest.fixture
def offered(tmp_path: Path) -> Contract:
    with Store(tmp_path / "t.duckdb").writing() as connection:
        return found(connection)


def test_no_column_is_renamed_retyped_or_removed(offered: Contract) -> None:
    assert broken(promised(), offered) == []


def test_what_is_new_is_promised_from_now_on(offered: Contract) -> None:
    assert offered == promised(), "new columns? `uv run python -m tests.storage.contract` adds them to contract.json"


def test_a_column_may_be_added_but_not_retyped_or_removed() -> None:
    before: Contract = {"latest": {"asin": "VARCHAR", "price": "DECIMAL(18,2)"}}
    assert broken(before, {"latest": {"asin": "VARCHAR", "price": "DECIMAL(18,2)", "new": "DATE"}, "more": {}}) == []
    assert broken(before, {"latest": {"asin": "VARCHAR", "price": "DOUBLE"}}) == [
        "latest.price: DECIMAL(18,2) became DOUBLE"
    ]
    assert len(broken(before, {})) == 2
