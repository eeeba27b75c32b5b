"""SQL.md is what the database says, and every recipe in it gives the right answer in a world known by hand."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from storage.dictionary import DOCUMENT, renewed
from storage.store import Store
from tests.storage import world

TEXT = DOCUMENT.read_text(encoding="utf-8")
RECIPES = {
    title: question
    for title, part in re.findall(r"^### (.+?)\n(.*?)(?=^##)", TEXT, re.DOTALL | re.MULTILINE)
    for question in re.findall(r"```sql\n(.*?)```", part, re.DOTALL)
}
ANSWERS = dict(
    re.findall(
        r"^### (.+?)\n(.*?)(?=^###|\Z)",
        Path(__file__).with_name("answers.md").read_text("utf-8"),
        re.DOTALL | re.MULTILINE,
    )
)


def test_the_data_dictionary_is_up_to_date() -> None:
    assert renewed(TEXT) == TEXT, "run `uv run python -m storage.dictionary`"


@pytest.fixture(scope="module")
def march(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    store = Store(tmp_path_factory.mktemp("world") / "t.duckdb")
    world.build(store)
    with store.reading() as connection:
        yield connection


def test_the_ways_to_open_it_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path / "data" / "tracker.duckdb")
    with store.writing():
        pass
    monkeypatch.chdir(tmp_path)
    (python,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    found: dict[str, Any] = {}
    exec(python, found)
    assert "price" in found["prices"].columns
    found["db"].close()
    (attach,) = re.findall(r"```text\n(.*?)```", TEXT, re.DOTALL)
    with duckdb.connect("mine.duckdb") as mine:
        assert [name for name, *_ in mine.execute(attach).description or ()] == ["asin", "margin", "currency"]
        assert mine.execute("SELECT count(*) FROM as_of(now())").fetchone() == (0,)


def test_every_recipe_has_an_answer_known_by_hand() -> None:
    assert len(RECIPES) == TEXT.count("```sql")
    assert RECIPES.keys() == ANSWERS.keys()


@pytest.mark.parametrize("title", RECIPES)
def test_every_recipe_answers_its_question(title: str, march: duckdb.DuckDBPyConnection) -> None:
    """answers.md holds the first rows; all of them where it does not end with "…"."""
    found = march.execute(RECIPES[title])
    columns = [name for name, *_ in found.description or ()]
    rows = [" | ".join(_plain(value) for value in row) for row in found.fetchall()]
    heading, *expected = ANSWERS[title].strip().splitlines()
    assert heading == " | ".join(columns)
    if expected[-1] == "…":
        expected.pop()
        assert len(rows) > len(expected)
        rows = rows[: len(expected)]
    assert expected
    assert rows == expected


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value:%d %b %H:%M}"
    if isinstance(value, date):
        return f"{value:%d %b}"
    return "–" if value is None else str(value)
