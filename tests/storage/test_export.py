"""Exports of a real database, read back by other programs' eyes: DuckDB's Parquet, openpyxl's workbook, plain csv."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from storage import workbook
from storage.answer import BATCH, ExportError, Form
from storage.export import export, neutral
from storage.store import Store
from tests.conftest import Fresh

EVERY_TYPE = """
    SELECT 1::TINYINT AS small, 9007199254740993::BIGINT AS large,
           170141183460469231731687303715884105727::HUGEINT AS huge,
           19.90::DECIMAL(18, 2) AS price, -0.05::DECIMAL(18, 2) AS negative,
           1234567890123456.78::DECIMAL(18, 2) AS exact, 4.5::DOUBLE AS ratio, true AS yes, DATE '2026-03-01' AS day,
           TIMESTAMPTZ '2026-03-01 11:30:00+02' AS observed_at, TIMESTAMP '2026-03-01 11:30:00' AS naive,
           '保温杯 "Mug"' AS title, ['a', NULL] AS list, {'kind': 'deal', 'text': NULL::VARCHAR} AS badge,
           MAP {'Color': 'Black'} AS variation, NULL::VARCHAR AS gap, DATE '0001-01-01' AS long_ago,
           INTERVAL '-1 day' AS span, 'NaN'::DOUBLE AS nan
"""


@pytest.fixture
def database(tmp_path: Path, fresh: Fresh) -> Path:
    store = fresh(tmp_path / "t.duckdb")
    with store.writing() as connection:
        connection.execute(f"CREATE TABLE everything AS {EVERY_TYPE}")
    return store.path


@pytest.fixture
def exported(database: Path, tmp_path: Path) -> Callable[..., Path]:
    def write(what: str, suffix: str, **options: Any) -> Path:
        path = tmp_path / f"out.{suffix}"
        with Store(database).reading() as connection:
            export(connection, what, path, Form(suffix), **options)
        return path

    return write


at = datetime.fromisoformat


def cells(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def test_parquet_has_the_types_and_values_of_the_database(exported: Callable[..., Path], database: Path) -> None:
    path = exported("SELECT * EXCLUDE (span) FROM everything", "parquet")  # Parquet has no negative interval
    columns = "SELECT column_name, column_type FROM"
    with duckdb.connect(database, read_only=True) as db:
        mine = db.execute(f"{columns} (DESCRIBE SELECT * EXCLUDE (span) FROM everything)").fetchall()
        theirs = db.execute(f"{columns} (DESCRIBE FROM '{path}')").fetchall()
        # Parquet has no such type: DuckDB writes a DOUBLE.
        assert [t for t in theirs if t[0] != "huge"] == [t for t in mine if t[0] != "huge"]
        stored = db.execute("SELECT * EXCLUDE (huge, span) FROM everything").fetchall()
        assert str(db.execute(f"SELECT * EXCLUDE (huge) FROM '{path}'").fetchall()) == str(stored)


def test_a_workbook_has_numbers_dates_and_text(exported: Callable[..., Path]) -> None:
    sheet = openpyxl.load_workbook(exported("everything", "xlsx")).active
    assert sheet is not None
    heads = [cell.value for cell in sheet[1]]
    row = dict(zip(heads, sheet[2], strict=True))
    assert all(cell.font.bold for cell in sheet[1])
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == f"A1:{get_column_letter(len(heads))}2"
    assert sheet.title == "everything"
    assert {name: row[name].value for name in ("small", "price", "negative", "ratio", "yes")} == {
        "small": 1,
        "price": 19.9,
        "negative": -0.05,
        "ratio": 4.5,
        "yes": True,
    }
    assert row["price"].number_format == "#,##0.00"
    assert row["day"].value == at("2026-03-01")
    assert row["observed_at (UTC)"].value == at("2026-03-01 09:30")
    assert row["naive"].value == at("2026-03-01 11:30")
    for name in ("day", "observed_at (UTC)", "naive"):
        assert row[name].data_type == "d"
    texts = {
        "large": "9007199254740993",
        "huge": "170141183460469231731687303715884105727",
        "exact": "1234567890123456.78",
        "title": '保温杯 "Mug"',
        "list": '["a",null]',
        "badge": '{"kind":"deal","text":null}',
        "variation": '{"Color":"Black"}',
        "long_ago": "0001-01-01",
    }
    assert {name: row[name].value for name in texts} == texts
    assert row["gap"].value is None


def test_csv_and_json_have_what_the_table_says(exported: Callable[..., Path]) -> None:
    heads, row = cells(exported("everything", "csv"))
    record = dict(zip(heads, row, strict=True))
    assert record["exact"] == "1234567890123456.78"
    assert record["negative"] == "-0.05", "a number is a number"
    assert record["observed_at"] == "2026-03-01T09:30:00Z"
    assert record["list"] == '["a",null]'
    assert record["span"].startswith("'-1 day"), "text is guarded, whatever its type"
    assert record["gap"] == ""
    (read,) = json.loads(exported("everything", "json").read_text(encoding="utf-8"), parse_float=Decimal)
    assert read["exact"] == Decimal("1234567890123456.78")
    assert read["badge"] == {"kind": "deal", "text": None}
    assert json.loads(exported("SELECT 1 AS a WHERE false", "json", force=True).read_text(encoding="utf-8")) == []


DANGEROUS = [
    ("=1+1", "'=1+1"),
    ("+49 30", "'+49 30"),
    ("-20 °C", "'-20 °C"),
    ("@SUM(A1)", "'@SUM(A1)"),
    ("\t=1", "'\t'=1"),
    ("\rx", "'\rx"),
    ("\nx", "'\nx"),
    ("  =1", "'  =1"),
    ("\u3000＝1", "'\u3000＝1"),
    ("＝1", "'＝1"),
    ("＋1", "'＋1"),
    ("－1", "'－1"),
    ("＠a", "'＠a"),
    ("\ufeff=1", "'\ufeff=1"),
    ('=HYPERLINK("http://x","y")', '\'=HYPERLINK("http://x","y")'),
    ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
    ("Mug; =1+1", "Mug;' =1+1"),
    ("Mug\n=1+1", "Mug\n'=1+1"),
    ("Mug - 20 oz", "Mug - 20 oz"),
    ("a=b", "a=b"),
    ("Pack, -2 °C", "Pack, -2 °C"),
    ("'=1", "'=1"),
    ("", ""),
]


@pytest.mark.parametrize(("text", "cell"), DANGEROUS)
def test_text_that_looks_like_a_formula_is_guarded_in_csv(text: str, cell: str) -> None:
    assert neutral(text) == cell


@pytest.mark.parametrize("number", [-5, -5.5, Decimal("-5.50"), True, None])
def test_a_number_is_no_formula(number: object) -> None:
    assert neutral(number) is number


def test_headings_are_guarded_too_and_raw_leaves_everything(exported: Callable[..., Path]) -> None:
    question = "SELECT '=1+1' AS \"=A1\", -1 AS n"
    path = exported(question, "csv")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf"), "Excel takes UTF-8 for something else without it"
    assert cells(path) == [["'=A1", "n"], ["'=1+1", "-1"]]
    raw = exported(question, "csv", raw=True, force=True)
    assert raw.read_text(encoding="utf-8") == "=A1,n\n=1+1,-1\n"


HOSTILE = ["http://example.com", "mailto:a@b", "=1+1", "@x", "<r>=1</r>", "_x003D_", "'=1"]


def test_a_workbook_holds_no_formula_and_no_link(exported: Callable[..., Path]) -> None:
    quoted = [text.replace("'", "''") for text in HOSTILE]
    values = ", ".join(f"('{text}')" for text in quoted)
    path = exported(f'SELECT v AS "=v" FROM (VALUES {values}) t(v)', "xlsx")
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    got = [row[0] for row in sheet.iter_rows()]
    assert all(cell.data_type in {"s", "inlineStr"} and cell.hyperlink is None for cell in got)
    # XlsxWriter would write the tagged text as markup: a blank behind it keeps it text.
    assert [str(cell.value).strip() for cell in got[1:5]] == HOSTILE[:4]
    with zipfile.ZipFile(path) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in xml
    assert "hyperlink" not in xml
    assert "&lt;r&gt;=1&lt;/r&gt;" in xml


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00")), min_size=1, max_size=5))
def test_any_text_comes_back(tmp_path: Path, texts: list[str]) -> None:
    out, held = tmp_path / "h.csv", tmp_path / "h.duckdb"
    with duckdb.connect(held) as connection:
        connection.execute("CREATE OR REPLACE TABLE h (n INTEGER, v VARCHAR)")
        connection.executemany("INSERT INTO h VALUES (?, ?)", list(enumerate(texts)))
    with duckdb.connect(held, read_only=True) as connection:
        export(connection, "FROM h ORDER BY n", out, Form.CSV, raw=True, force=True)
    with out.open(encoding="utf-8", newline="") as file:
        assert [row[1] for row in csv.reader(file)][1:] == texts
    with duckdb.connect(held, read_only=True) as connection:
        export(connection, "FROM h ORDER BY n", out, Form.CSV, force=True)
    for _, cell in cells(out)[1:]:
        bare = cell.lstrip()
        assert not bare or bare[0] not in "=+-@＝＋－＠"


def test_a_file_is_replaced_only_when_asked_and_only_by_a_whole_one(
    exported: Callable[..., Path], tmp_path: Path
) -> None:
    path = tmp_path / "out.csv"
    path.write_text("mine")
    with pytest.raises(ExportError, match="exists already"):
        exported("everything", "csv")
    for suffix in ("csv", "json", "xlsx", "parquet"):
        (tmp_path / f"out.{suffix}").write_text("mine")
        late = f"SELECT CASE WHEN range = {3 * BATCH} THEN error('late') ELSE 'x' END FROM range({4 * BATCH})"
        with pytest.raises(ExportError, match="late"):
            exported(late, suffix, force=True)
        assert (tmp_path / f"out.{suffix}").read_text() == "mine"
    assert not list(tmp_path.glob("*.part"))
    assert not list(tmp_path.glob(".*.part"))
    assert exported("everything", "csv", force=True).read_text(encoding="utf-8") != "mine"


@pytest.mark.parametrize("suffix", list(Form))
@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("SELECT * FROM read_csv('/etc/passwd')", "disabled"),
        ("COPY (SELECT 1) TO 'elsewhere.csv'", "disabled"),
        ("ATTACH 'elsewhere.duckdb'", "disabled"),
        ("SET enable_external_access = true", "running"),
        ("DROP TABLE everything", "read-only"),
        ("SELECT nothing", "nothing"),
        (";", "no question"),
        ("nothing", "no such table or view; there is bsr_observation"),
    ],
)
def test_a_question_reaches_nothing_outside(
    exported: Callable[..., Path], question: str, said: str, suffix: str
) -> None:
    with pytest.raises(ExportError, match=said):
        exported(question, suffix)


def test_what_does_not_fit_into_a_sheet_is_said(exported: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    exported(f"SELECT repeat('x', {workbook.MOST_TEXT}) AS long", "xlsx")
    with pytest.raises(ExportError, match="long of row 1 is longer than the 32,767 characters"):
        exported(f"SELECT repeat('𝄞', {workbook.MOST_TEXT // 2 + 1}) AS long", "xlsx", force=True)
    monkeypatch.setattr(workbook, "MOST_ROWS", 4)
    exported("FROM range(3)", "xlsx", force=True)
    with pytest.raises(ExportError, match="more than 3 rows do not fit into a sheet; use Parquet or CSV"):
        exported("FROM range(4)", "xlsx", force=True)


def test_the_suffix_says_the_form() -> None:
    assert Form.of(Path("a/b.XLSX")) is Form.XLSX
    with pytest.raises(ExportError, match=r"\.parquet, \.csv"):
        Form.of(Path("b.txt"))


def test_instants_and_days_are_real_ones() -> None:
    assert neutral(datetime(2026, 3, 1, 11, 30, tzinfo=UTC)) == "2026-03-01T11:30:00Z"
    assert neutral(date(2026, 3, 1)) == "2026-03-01"
    assert str(neutral(timedelta(days=-1))).startswith("'-")
