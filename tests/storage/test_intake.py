"""Imports into real databases: once, whole or not at all, and nothing that was crawled is touched."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from filelock import FileLock

from reports.compare import compare
from storage import intake
from storage.history import History, Past, product
from storage.intake import Taken, take
from storage.records import BsrLine, Reason
from storage.store import Store, StoreBusyError, StoreError
from tests.storage.test_store import NIGHT, product_result, run, spooled

NOW = NIGHT + timedelta(days=3)


def past(days: int, price: str = "19.99", asin: str = "B0OWN00001", hours: int = 0) -> Past:
    values = {"price": Decimal(price), "currency": "USD", "bsr": (BsrLine(rank=5, category="Mugs"),)}
    record = product("com", asin, values, {"seller_id": Reason.ABSENT_ON_PAGE})
    return Past(observed_at=NIGHT + timedelta(days=days, hours=hours), product=record)


def history(*rows: Past) -> History:
    return History(source="keepa", rows=rows)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "t.duckdb", wait=0.2)


@pytest.fixture
def crawled(store: Store) -> Store:
    """A database with one crawl on the day of NIGHT."""
    spooled(store, product_result(), start=run(), finish=True)
    store.merge()
    return store


def facts(store: Store) -> list[tuple[object, ...]]:
    with store.reading() as db:
        return db.execute(
            "SELECT o.asin, o.observed_at, o.price, o.currency, b.rank, b.category "
            "FROM product_observation o LEFT JOIN bsr_observation b ON b.fetch_id = o.fetch_id AND b.line = 1 "
            "ORDER BY ALL"
        ).fetchall()


def watched(store: Store) -> list[object]:
    with store.reading() as db:
        return [db.execute(f"FROM {table} ORDER BY ALL").fetchall() for table in ("listing", "rival", "keyword")]


def test_history_goes_into_an_empty_database_and_once(store: Store) -> None:
    rows = history(past(-2), past(-1, "18.99"))
    assert take(store, rows, "keepa.json", NOW) == Taken(2, 0, 0, None)
    before = facts(store)
    assert [row[2] for row in before] == [Decimal("19.99"), Decimal("18.99")]
    assert take(store, rows, "another name.json", NOW + timedelta(hours=1)) == Taken(0, 2, 0, None)
    assert facts(store) == before
    assert take(store, history(*rows.rows, past(-3)), "keepa.json", NOW) == Taken(1, 2, 0, None)
    assert watched(store) == [[], [], []]


def test_what_is_recorded_of_a_row(store: Store) -> None:
    take(store, history(past(-2)), "keepa.json", NOW)
    with store.reading() as db:
        assert db.execute(
            "SELECT task, kind, url, observed_at, outcome, attempts, page_hash, parser_version FROM page_fetch"
        ).fetchall() == [
            (
                "import/keepa/com/B0OWN00001/2026-02-27T11:30:00Z",
                "product",
                "file:keepa.json",
                NIGHT - timedelta(days=2),
                "ok",
                0,
                None,
                0,
            )
        ]
        assert db.execute("SELECT trigger, state, planned FROM crawl_run").fetchall() == [("import", "complete", 1)]
        reasons = dict(db.execute("SELECT field, reason FROM missing_value").fetchall())
    assert reasons["title"] == reasons["in_stock"] == reasons["reviews"] == "not_in_source"
    assert reasons["seller_id"] == "absent_on_page"
    assert not {"price", "bsr", "currency", "layout"} & reasons.keys()


def test_a_crawled_day_and_what_is_watched_stay_as_they_are(crawled: Store) -> None:
    before = watched(crawled)
    taken = take(crawled, history(past(-1), past(0, hours=2), past(0, asin="B0RIVAL001"), past(1)), "k.json", NOW)
    assert taken == Taken(3, 0, 1, None), "the row of the crawled day is left out; another product's is not"
    assert watched(crawled) == before
    assert [row[2] for row in facts(crawled) if row[1] == NIGHT and row[0] == "B0OWN00001"] == [Decimal("19.99")]


def test_the_day_is_the_listings_and_the_marketplaces_own(crawled: Store) -> None:
    midnight = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)  # in Los Angeles, where the crawl was at 03:30
    rows = (past(0) for _ in range(2))
    early, first = (
        Past(observed_at=at, product=row.product)
        for at, row in zip((midnight - timedelta(seconds=1), midnight), rows, strict=True)
    )
    assert take(crawled, history(early, first), "k.json", NOW) == Taken(1, 0, 1, None)


def test_a_report_stands_on_imported_and_crawled_days(crawled: Store) -> None:
    take(crawled, history(past(-2, "24.99"), past(-1, "22.99"), past(1, "1.00")), "k.json", NOW)
    with crawled.reading() as db:
        own = compare(db, "mug", days=7).own
        assert compare(db, "mug", days=7).until == NIGHT, "an import is no night"
    assert [seen.price for seen in own.daily.values()] == [Decimal("24.99"), Decimal("22.99"), Decimal("19.99")]
    assert own.observations[0].missing["in_stock"] == "not_in_source"
    assert own.observations[0].unread("in_stock")


def test_an_import_under_way_keeps_another_out(store: Store) -> None:
    folder = store.spool / "import"
    folder.mkdir(parents=True)
    with FileLock(folder / "import.lock"), pytest.raises(StoreBusyError, match="another import"):
        take(store, history(past(-1)), "k.json", NOW)


def test_what_a_killed_import_left_never_counts(store: Store) -> None:
    folder = store.spool / "import"
    folder.mkdir(parents=True)
    for name in ("x.000001.open", "x.000001.jsonl"):
        (folder / name).write_bytes(b'{"half":')
    assert store.merge() == 0
    assert take(store, history(past(-1)), "k.json", NOW) == Taken(1, 0, 0, None)
    assert not [*folder.glob("*.open"), *folder.glob("*.jsonl")]


def test_a_file_of_many_segments_that_was_written_whole_is_imported_after_a_kill(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "SEGMENT", 2)
    folder = store.spool / "import"
    folder.mkdir(parents=True)
    intake._write(folder, [past(-days) for days in range(1, 6)], "keepa", "k.json", NOW)
    first, *rest = sorted(folder.glob("*.jsonl"))
    assert len(rest) == 2
    (folder / "whole").touch()
    first.replace(store.spool / first.name)  # killed here
    assert take(store, history(past(-1), past(-9)), "k.json", NOW) == Taken(1, 1, 0, None)
    assert len(facts(store)) == 6
    with store.reading() as db:
        assert db.execute("SELECT state, planned FROM crawl_run ORDER BY planned").fetchall() == [
            ("complete", 1),
            ("complete", 5),
        ]


def test_a_database_that_is_not_ours_is_left_alone(store: Store) -> None:
    with duckdb.connect(store.path) as db:
        db.execute("CREATE TABLE other (a INTEGER)")
    with pytest.raises(StoreError, match="not one of this tracker"):
        take(store, history(past(-1)), "k.json", NOW)
