"""`tracker export` and `tracker import` as a user meets them: real processes, files and databases."""

import gzip
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import openpyxl
import pytest

from storage.store import Store
from tests.storage.test_store import product_result, run, spooled
from tests.tracker.command import tracker
from tracker.config import load

NOTES = "Datum;Preis;Bewertungen\n03.11.2025;19,99 €;1.204\n04.11.2025;kaputt;1.210\n05.11.2025;18,99 €;1.215\n"
OPTIONS = ("--marketplace", "de", "--asin", "B0CVCV33BG", "--map", "date=Datum", "--map", "price=Preis")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    assert tracker(tmp_path, "init").returncode == 0
    return tmp_path


@pytest.fixture
def filled(folder: Path) -> Path:
    store = Store(folder / "data" / "tracker.duckdb")
    store.path.parent.mkdir()
    spooled(store, product_result(), start=run(), finish=True)
    store.merge()
    return folder


def prices(folder: Path) -> list[tuple[str, Decimal]]:
    with Store(folder / "data" / "tracker.duckdb").reading() as db:
        return db.execute(
            "SELECT strftime(observed_at, '%d.%m. %H:%M'), price FROM product_observation ORDER BY observed_at"
        ).fetchall()


def test_a_table_and_a_question_into_every_form(filled: Path) -> None:
    for name in ("t.parquet", "t.csv", "t.xlsx", "t.json"):
        done = tracker(filled, "export", "product_observation", name)
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith("1 rows   t."), done.stdout
    title = 'A "mug" & more — 杯'
    with duckdb.connect() as db:
        seen = db.execute("SELECT title, price FROM read_parquet(?)", [str(filled / "t.parquet")]).fetchall()
        assert seen == [(title, Decimal("19.99"))]
        assert db.execute("SELECT title FROM read_csv(?)", [str(filled / "t.csv")]).fetchall() == [(title,)]
    sheet = openpyxl.load_workbook(filled / "t.xlsx")["product_observation"]
    assert title in [cell.value for cell in sheet[2]]
    assert json.loads((filled / "t.json").read_text(encoding="utf-8"))[0]["title"] == title
    done = tracker(filled, "export", "SELECT asin FROM bsr_observation", "bsr.txt", "--format", "csv", "--raw")
    assert (filled / "bsr.txt").read_text(encoding="utf-8") == "asin\nB0OWN00001\nB0OWN00001\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("product_observation", "t.csv"), "exists already"),
        (("product_observation", "t.docx"), "End its name in"),
        (("nonsense", "u.csv"), "no such table or view"),
        (("SELECT nonsense", "u.csv"), "nonsense"),
        (("FROM read_csv('config.toml')", "u.csv"), "disabled"),
        (("product_observation", "nowhere/u.csv"), "cannot be written"),
    ],
)
def test_an_export_that_cannot_be(filled: Path, arguments: tuple[str, str], said: str) -> None:
    (filled / "t.csv").write_text("mine")
    done = tracker(filled, "export", *arguments)
    assert done.returncode == 1
    assert said in done.stderr
    assert (filled / "t.csv").read_text() == "mine"
    assert not (filled / "u.csv").exists()


def test_notes_are_imported_whole_or_not_at_all_and_once(folder: Path) -> None:
    (folder / "notes.csv").write_text(NOTES, encoding="utf-8")
    done = tracker(folder, "import", "notes.csv", *OPTIONS)
    assert done.returncode == 1
    assert "notes.csv: columns not taken: Bewertungen" in done.stderr
    assert "notes.csv: line 3: Preis = 'kaputt': no number" in done.stderr
    assert "nothing was imported" in done.stderr
    assert not (folder / "data" / "tracker.duckdb").exists()
    done = tracker(folder, "import", "notes.csv", *OPTIONS, "--skip-bad")
    assert done.returncode == 0, done.stderr
    assert "2 rows imported; 1 rows could not be read" in done.stdout
    assert prices(folder) == [("03.11. 11:00", Decimal("19.99")), ("05.11. 11:00", Decimal("18.99"))]
    done = tracker(folder, "import", "notes.csv", *OPTIONS, "--skip-bad")
    assert "0 rows imported; 2 were there already" in done.stdout
    assert len(prices(folder)) == 2


def test_a_mapping_file_and_what_the_command_line_says_instead(folder: Path) -> None:
    (folder / "notes.csv").write_text(NOTES.replace("kaputt", "18,00"), encoding="utf-8")
    (folder / "notes.toml").write_text(
        'marketplace = "com"\nasin = "B0CVCV33BG"\ntime_zone = "Asia/Shanghai"\n'
        '[columns]\ndate = "Datum"\nprice = "Preis"\nreview_count = "Bewertungen"\n'
    )
    done = tracker(folder, "import", "notes.csv", "--mapping", "notes.toml", "--marketplace", "de")
    assert done.returncode == 0, done.stderr
    assert [at for at, _ in prices(folder)] == ["03.11. 04:00", "04.11. 04:00", "05.11. 04:00"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nowhere.csv",), "nowhere.csv: cannot be read"),
        (("notes.csv", "--mapping", "nowhere.toml"), "nowhere.toml: cannot be read"),
        (("notes.csv", "--map", "price"), "write FIELD=HEADING"),
        (("notes.csv", "--map", "cost=Preis"), "cost: no such field"),
        (("notes.csv",), "which column is the date"),
        (("notes.csv", *OPTIONS, "--marketplace", "shop"), "'shop' is no marketplace"),
        (("notes.csv", *OPTIONS, "--time-zone", "Mars/Base"), "time zone 'Mars/Base'"),
        (("keepa.json",), "not a product answer of Keepa's API"),
    ],
)
def test_an_import_that_cannot_be(folder: Path, arguments: tuple[str, ...], said: str) -> None:
    (folder / "notes.csv").write_text(NOTES, encoding="utf-8")
    (folder / "keepa.json").write_text('{"products": 1}')
    done = tracker(folder, "import", *arguments)
    assert done.returncode == 2
    assert said in done.stderr


def test_keepa_and_the_crawl_make_one_history(filled: Path) -> None:
    minute = 7_970_000  # 2026-02-25 17:20 UTC, some days before the crawl
    one = {"asin": "B0OWN00001", "domainId": 1, "csv": [None] * 18 + [[minute, 2499, 0, minute + 1440, 2299, 0]]}
    (filled / "keepa.json.gz").write_bytes(gzip.compress(json.dumps({"products": [one]}).encode()))
    done = tracker(filled, "import", "keepa.json.gz")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "2 rows imported\n"
    assert [price for _, price in prices(filled)] == [Decimal("24.99"), Decimal("22.99"), Decimal("19.99")]
    again = tracker(filled, "import", "keepa.json.gz")
    assert "2 were there already" in again.stdout


def test_an_export_comes_back_as_an_import(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    columns = "marketplace, asin, observed_at, price, currency, rating, review_count, title"
    question = f"SELECT {columns} FROM product_observation"
    assert tracker(filled, "export", question, "out.csv").returncode == 0
    other = tmp_path_factory.mktemp("other")
    tracker(other, "init")
    done = tracker(other, "import", str(filled / "out.csv"))
    assert done.returncode == 0, done.stderr
    with Store(filled / "data" / "tracker.duckdb").reading() as db:
        mine = db.execute(question).fetchall()
    with Store(other / "data" / "tracker.duckdb").reading() as db:
        assert db.execute(question).fetchall() == mine
        assert db.execute("SELECT url FROM page_fetch").fetchall() == [("file:out.csv",)], "no path of anybody's"


BUSINESS = "(Child) ASIN,Sessions - Total,Units Ordered,Ordered Product Sales\n{},100,{},$240.00\n"


def test_exports_of_seller_central_are_imported_together_or_not_at_all(folder: Path) -> None:
    (own,) = {each.asin for each in load(folder / "config.toml").listing if each.marketplace == "com"}
    (folder / "BusinessReport-3-3-26.csv").write_text(BUSINESS.format(own, 12), encoding="utf-8-sig")
    (folder / "b-2026-03-01.csv").write_text(BUSINESS.format(own, "many"), encoding="utf-8")
    files = ("BusinessReport-3-3-26.csv", "b-2026-03-01.csv")
    done = tracker(folder, "import", *files)
    assert done.returncode == 2
    assert "BusinessReport-3-3-26.csv: which days does it cover? --day 2026-03-01" in done.stderr
    done = tracker(folder, "import", *files, "--day", "2026-03-02")
    assert done.returncode == 1
    assert "b-2026-03-01.csv: line 2: Units Ordered = 'many': no whole number" in done.stderr
    assert not (folder / "data" / "tracker.duckdb").exists()
    (folder / "c.csv").write_text(BUSINESS.format(own, 13), encoding="utf-8")
    done = tracker(folder, "import", files[0], "c.csv", "--day", "2026-03-02")
    assert done.returncode == 2 and "cannot both be of 2026-03-02; import them one by one" in done.stderr
    done = tracker(folder, "import", *files, "--day", "2026-03-02", "--skip-bad")
    assert done.stdout == (
        "BusinessReport-3-3-26.csv: Business Report by child ASIN of com, 2026-03-02: 1 rows imported\n"
        "b-2026-03-01.csv: nothing imported; 1 rows could not be read\n"
    ), done.stderr
    with Store(folder / "data" / "tracker.duckdb").reading() as db:
        assert db.execute("SELECT asin, day, units FROM own_daily").fetchall() == [(own, date(2026, 3, 2), 12)]
