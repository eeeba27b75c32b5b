"""SQL.md is what the database says, and every recipe in it runs."""

import re
from pathlib import Path

import pytest

from storage.dictionary import DOCUMENT, renewed
from storage.model import Offset
from storage.store import Store
from tests.storage.test_store import product_result, run, search_result, spooled

TEXT = DOCUMENT.read_text(encoding="utf-8")
RECIPES = re.findall(r"```sql\n(.*?)```", TEXT, re.DOTALL)


def test_the_data_dictionary_is_up_to_date() -> None:
    assert renewed(TEXT) == TEXT, "run `uv run python -m storage.dictionary`"


@pytest.mark.parametrize("recipe", RECIPES)
def test_every_recipe_runs(recipe: str, tmp_path: Path) -> None:
    store = Store(tmp_path / "t.duckdb")
    spooled(store, product_result(price=None), search_result("s1", 1, Offset(), [True, False]), start=run())
    store.merge()
    with store.reading() as db:
        answer = db.execute(recipe)
        assert answer.description
        answer.fetchall()
