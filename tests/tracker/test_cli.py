"""The command line as a user meets it: what it prints, exit codes, and no traceback for a mistake."""

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

from storage.store import Store
from tests.storage.test_store import product_result, run, spooled
from tests.tracker.command import tracker
from tracker.cli import starter


def test_init_writes_the_starter_once_and_check_accepts_it(tmp_path: Path) -> None:
    assert tracker(tmp_path, "init").returncode == 0
    path = tmp_path / "config.toml"
    assert path.read_text(encoding="utf-8") == starter().read_text(encoding="utf-8")
    path.write_text(path.read_text(encoding="utf-8").replace("my-mug", "mine"), encoding="utf-8")
    again = tracker(tmp_path, "init")
    assert again.returncode == 2
    assert "exists already" in again.stderr
    assert "mine" in path.read_text(encoding="utf-8")
    checked = tracker(tmp_path, "check")
    assert checked.returncode == 0
    assert "7: 3 product pages, 4 results pages" in checked.stdout
    assert "8, 1 of them for robots.txt" in checked.stdout
    assert "0:01:04 at 8 s" in checked.stdout
    assert "stay out" not in checked.stdout
    path.write_text(path.read_text("utf-8").replace("2000", "7").replace("window = 8", "window = 0.01"), "utf-8")
    checked = tracker(tmp_path, "check")
    assert "crawl.budget = 7: a crawl of com takes 8 requests; some pages stay out" in checked.stdout
    assert "crawl.window = 0.01: a crawl takes about 0:01:04; some pages stay out" in checked.stdout


@pytest.mark.parametrize(
    "command", [["check"], ["crawl"], ["report"], ["nightly"], ["schedule"], ["serve"], ["sql", "SELECT 1"]]
)
def test_a_wrong_configuration_stops_every_command_with_exit_code_2(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "config.toml").write_text("[[listing]]\nname = 'x'\n")
    done = tracker(tmp_path, *command)
    assert done.returncode == 2
    assert "listing.1.asin: missing" in done.stderr
    (tmp_path / "config.toml").unlink()
    done = tracker(tmp_path, *command)
    assert done.returncode == 2
    assert "tracker init" in done.stderr


def test_an_unknown_listing_is_told_with_those_there_are(tmp_path: Path) -> None:
    tracker(tmp_path, "init")
    done = tracker(tmp_path, "crawl", "--listing", "nope")
    assert done.returncode == 2
    assert "my-mug" in done.stderr


def test_a_report_before_the_first_crawl_says_what_to_do(tmp_path: Path) -> None:
    tracker(tmp_path, "init")
    done = tracker(tmp_path, "report")
    assert done.returncode == 1
    assert "tracker crawl" in done.stderr


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    tracker(tmp_path, "init")
    store = Store(tmp_path / "data" / "tracker.duckdb")
    store.path.parent.mkdir()
    spooled(store, product_result(), start=run())
    store.merge()
    return tmp_path


def test_a_path_is_shown_as_it_is(filled: Path) -> None:
    folder = filled.rename(filled.with_name("[bold]mugs[")) / "b] :fire:"
    folder.mkdir()
    for name in ("config.toml", "data"):
        (folder.parent / name).rename(folder / name)
    (folder / "config.toml").write_text(
        '[[listing]]\nname = "mug"\nmarketplace = "com"\nasin = "B0OWN00001"\nrivals = ["B0RIVAL001"]\n'
    )
    for command in ("check", "report"):
        done = tracker(folder, command, "--config", str(folder / "config.toml"))
        assert str(folder / "data") in done.stdout, done.stderr


QUESTION = "SELECT asin, price, rating, observed_at, seller FROM product_observation"


def test_sql_answers_as_table_csv_and_json(filled: Path) -> None:
    table = tracker(filled, "sql", QUESTION)
    assert table.returncode == 0
    assert "B0OWN00001" in table.stdout
    assert "NULL" in table.stdout
    csv = tracker(filled, "sql", QUESTION, "--format", "csv").stdout
    assert csv == "asin,price,rating,observed_at,seller\nB0OWN00001,19.99,4.60,2026-03-01T11:30:00Z,\n"
    (record,) = json.loads(tracker(filled, "sql", QUESTION, "-f", "json").stdout)
    assert record == {
        "asin": "B0OWN00001",
        "price": 19.99,
        "rating": 4.6,
        "observed_at": "2026-03-01T11:30:00Z",
        "seller": None,
    }


@pytest.mark.parametrize(
    "question",
    [
        "DELETE FROM product_observation",
        "DROP TABLE page_fetch",
        "COPY product_observation TO 'out.csv'",
        "ATTACH 'other.duckdb'",
        "SELECT * FROM read_text('config.toml')",
        "SELEC 1",
    ],
)
def test_sql_can_neither_write_nor_reach_other_files(filled: Path, question: str) -> None:
    done = tracker(filled, "sql", question)
    assert done.returncode == 1
    assert done.stderr.strip()
    assert not (filled / "out.csv").exists()
    assert not (filled / "other.duckdb").exists()
    rows = tracker(filled, "sql", "SELECT count(*) AS n FROM product_observation", "-f", "csv").stdout
    assert rows == "n\n1\n"


def test_the_plain_duckdb_client_opens_the_file(filled: Path) -> None:
    client = Path(sys.executable).with_name("duckdb")
    done = subprocess.run(
        [
            client,
            "-csv",
            "-readonly",
            filled / "data" / "tracker.duckdb",
            "SELECT asin, price FROM product_observation",
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.splitlines() == ["asin,price", "B0OWN00001,19.99"]


PAGE = """<html lang="en-us"><head><link rel="canonical" href="https://www.amazon.com/Mug/dp/B0OWN00001"></head>
<body><div id="dp"><div id="ppd"><div id="centerCol"><span id="productTitle"> A mug </span></div></div></div>
<input type="hidden" id="ASIN" value="B0OWN00001"></body></html>"""


EMPTY = ("badges", "bullets", "reviews", "related")


def test_read_prints_the_record_with_a_reason_for_every_missing_field(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    done = tracker(tmp_path, "read", "page.html")
    assert done.returncode == 0
    record = json.loads(done.stdout)
    assert next(iter(record)) == "kind"
    assert (record["kind"], record["title"], record["asin"]) == ("product", "A mug", "B0OWN00001")
    # An empty list of these says that the page shows none; every other field without a value owes a reason.
    assert [record[key] for key in EMPTY] == [[]] * len(EMPTY)
    empty = {key for key, value in record.items() if value in (None, [])} - set(EMPTY)
    assert empty == set(record["missing"])
    assert record["missing"]["price"] == "absent_on_page"


def test_read_of_what_is_no_page_is_an_error_or_a_non_page(tmp_path: Path) -> None:
    assert tracker(tmp_path, "read", "none.html").returncode == 1
    (tmp_path / "broken.html.gz").write_bytes(b"\x1f\x8b not gzip")
    assert tracker(tmp_path, "read", "broken.html.gz").returncode == 1
    damaged = bytearray(gzip.compress(PAGE.encode()))
    damaged[12:40] = b"\xff" * 28
    (tmp_path / "damaged.html.gz").write_bytes(damaged)
    assert "cannot be read" in tracker(tmp_path, "read", "damaged.html.gz").stderr
    (tmp_path / "page.html").write_text("<p>hello")
    assert json.loads(tracker(tmp_path, "read", "page.html").stdout)["kind"] in {"unknown", "incomplete"}
    wrong = tracker(tmp_path, "read", "page.html", "--marketplace", "xx")
    assert wrong.returncode == 2
    assert "co.uk" in wrong.stderr


def test_a_report_covers_what_has_been_crawled_and_names_what_has_not(filled: Path) -> None:
    (filled / "config.toml").write_text(
        '[[listing]]\nname = "mug"\nmarketplace = "com"\nasin = "B0OWN00001"\nrivals = ["B0RIVAL001"]\n'
        '[[listing]]\nname = "new"\nmarketplace = "de"\nasin = "B0NEW00001"\nrivals = ["B0RIVAL009"]\n'
    )
    done = tracker(filled, "report")
    assert done.returncode == 0, done.stderr
    assert "'new'" in done.stderr
    reports = filled / "data" / "reports"
    assert {path.name for path in reports.iterdir()} == {"checklist.html", "index.html", "mug.html"}
    overview = (reports / "index.html").read_text(encoding="utf-8")
    assert tracker(filled, "report", "--listing", "mug").returncode == 0
    assert (reports / "index.html").read_text(encoding="utf-8") == overview
    assert tracker(filled, "report", "--days", "99999999999").returncode == 2
    alone = tracker(filled, "report", "--listing", "new")
    assert alone.returncode == 1
    assert "'new'" in alone.stderr
