"""`tracker sql`: what an answer looks like in each form, and what is said of a question that has none."""

import json
from pathlib import Path

import pytest

from storage.store import Store
from tracker.sql import Format, QueryError, ask


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "t.duckdb"
    with Store(path).writing():
        pass
    return path


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("", "no question"),
        ("  ;", "no question"),
        ("SELECT CASE WHEN range = 4999 THEN error('late') END FROM range(5000)", "late"),
    ],
)
def test_a_question_without_an_answer_is_an_error(database: Path, question: str, said: str) -> None:
    for form in Format:
        with pytest.raises(QueryError, match=said):
            ask(database, question, form)


def test_a_table_shows_text_as_it_is(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ask(database, r"""SELECT '[/b] [red]x :smile: \' AS "[/i]", NULL AS gap""", Format.TABLE)
    shown = capsys.readouterr().out
    for part in (r"[/b] [red]x :smile: \ ", "[/i]", "NULL"):
        assert part in shown


def test_lists_and_structures_are_json_in_every_form(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    question = "SELECT [TIMESTAMPTZ '2026-03-01 11:30:00Z', NULL] AS times, {'price': 1.10::DECIMAL(18, 2)} AS money"
    ask(database, question, Format.CSV)
    assert capsys.readouterr().out == ('times,money\n"[""2026-03-01T11:30:00Z"",null]","{""price"":1.10}"\n')
    ask(database, question, Format.TABLE)
    assert '["2026-03-01T11:30:00Z",null] │ {"price":1.10}' in capsys.readouterr().out
    ask(database, question, Format.JSON)
    assert json.loads(capsys.readouterr().out) == [{"times": ["2026-03-01T11:30:00Z", None], "money": {"price": 1.1}}]


def test_json_loses_no_column_of_the_same_name(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ask(database, "SELECT 1 AS a, 2 AS a, 3 AS a_1, 4 AS a", Format.JSON)
    assert json.loads(capsys.readouterr().out) == [{"a": 1, "a_2": 2, "a_1": 3, "a_3": 4}]
