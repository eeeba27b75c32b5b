"""Databases and spools that earlier versions left are taken over: every row, every value, every reason."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from storage import schema
from storage.spool import sealed
from storage.store import Store, StoreError
from tests.storage.test_store import NIGHT, product_result, run, spooled

_COMMON = "'r0', 'f{n}', 'com', 'B0OWN00001', TIMESTAMPTZ '2026-03-0{n} 07:30:00+00'"
_ROWS = {
    1: [
        "INSERT INTO crawl_run VALUES ('r0', '2026-03-01 07:00:00+00', NULL, 'running', 'manual', 3)",
        "INSERT INTO listing VALUES ('mug', 'com', 'B0OWN00001', 'Asia/Shanghai', '2026-01-01 00:00:00+00', NULL)",
        "INSERT INTO keyword VALUES ('mug', 'com', 'steel mug', 2, '2026-01-01 00:00:00+00', NULL)",
        *(
            "INSERT INTO page_fetch (fetch_id, run_id, task, kind, marketplace, asin, url, observed_at, outcome, attempts,"
            f" page_hash, parser_version) SELECT 'f{n}', 'r0', 'product/com/B0OWN00001', 'product', 'com', 'B0OWN00001',"
            f" 'https://www.amazon.com/dp/B0OWN00001', '2026-03-0{n} 07:30:00+00', 'ok', 1, '{n}{n}', 1"
            for n in (1, 2, 3)
        ),
        "INSERT INTO page_fetch (fetch_id, run_id, task, kind, marketplace, keyword, page, url, observed_at, outcome,"
        " attempts, parser_version) SELECT 's1', 'r0', 'search/com/1/steel mug', 'search', 'com', 'steel mug', 1, 'u',"
        " '2026-03-01 16:00:00+00', 'ok', 1, 1",
        *(
            "INSERT INTO product_observation (run_id, fetch_id, marketplace, asin, observed_at, title, price, currency)"
            f" SELECT {_COMMON.format(n=n)}, 'Mug', {price}, 'USD'"
            for n, price in ((1, "19.99"), (2, "NULL"), (3, "17.49"))
        ),
        f"INSERT INTO bsr_observation SELECT {_COMMON.format(n=1)}, 1, 12, 'Kitchen', '284507'",
        f"INSERT INTO missing_value SELECT {_COMMON.format(n=2)}, NULL, 'price', 'unparseable', 'call us'",
        f"INSERT INTO missing_value SELECT {_COMMON.format(n=2)}, NULL, 'brand', 'absent_on_page', NULL",
        "INSERT INTO search_placement (run_id, fetch_id, marketplace, keyword, observed_at, page, position, asin, sponsored,"
        " organic_position, title) SELECT 'r0', 's1', 'com', 'steel mug', '2026-03-01 16:00:00+00', 1, 4, 'B0OWN00001',"
        " false, 3, 'Mug'",
        "INSERT INTO missing_value SELECT 'r0', 's1', 'com', 'B0OWN00001', '2026-03-01 16:00:00+00', 4, 'price',"
        " 'absent_on_page', NULL",
    ],
    2: [
        "UPDATE product_observation SET bullets = ['Holds coffee'], badges = [{'kind': 'deal', 'text': 'x'}],"
        " variation = MAP {'Color': 'Blue'}, first_available = DATE '2024-02-29' WHERE fetch_id = 'f3'",
        "INSERT INTO search_page SELECT 'r0', 's1', 'com', 'steel mug', '2026-03-01 16:00:00+00', 1, 7, 100, 'of 100', 'a'",
        "INSERT INTO search_widget SELECT 'r0', 's1', 'com', 'steel mug', '2026-03-01 16:00:00+00', 1, 2, 'video', 'See',"
        " true, 4, 1, 'B0W0000001', 'Jug', 9.99, 'USD', 4.1, 3",
        "INSERT INTO missing_value SELECT 'r0', 's1', 'com', 'B0W0000001', '2026-03-01 16:00:00+00', 2, 'widget.rating',"
        " 'absent_on_page', NULL",
        f"INSERT INTO review_seen SELECT {_COMMON.format(n=3)}, 'R1', 5, '2026-01-02', 'Japan', true, 'Fine', 'Really.', NULL",
    ],
}


def _old(path: Path, number: int) -> None:
    """A database as schema ``number`` left it."""
    with duckdb.connect(str(path)) as con:
        con.execute("SET TimeZone = 'UTC'")
        for version, name, statements in schema.migrations()[:number]:
            schema._apply(con, version, name, statements)
        for version in range(1, number + 1):
            for statement in _ROWS[version]:
                con.execute(statement)


@pytest.mark.parametrize("number", [1, 2])
def test_a_database_of_before_is_taken_over_on_first_use(tmp_path: Path, number: int) -> None:
    store = Store(tmp_path / "t.duckdb")
    _old(store.path, number)
    with store.reading() as db:
        assert db.execute(
            "SELECT fetch_id, observed_at::DATE, title, price FROM product_observation ORDER BY 1"
        ).fetchall() == [
            (1, date(2026, 3, 1), "Mug", Decimal("19.99")),
            (3, date(2026, 3, 2), "Mug", None),
            (4, date(2026, 3, 3), "Mug", Decimal("17.49")),
        ]
        assert db.execute(
            "SELECT fetch_id, page_hash, read_at = observed_at FROM page_fetch ORDER BY 1"
        ).fetchall() == [
            (1, "11", True),
            (2, None, True),
            (3, "22", True),
            (4, "33", True),
        ]
        assert db.execute("SELECT fetch_id, rank, category_id FROM bsr_observation").fetchall() == [(1, 12, "284507")]
        missing = [(3, None, "brand", None), (3, None, "price", "call us"), (2, 4, "price", None)]
        missing += [(2, 2, "widget.rating", None)] * (number == 2)
        found = db.execute(
            "SELECT fetch_id, position, field, text FROM missing_value ORDER BY fetch_id DESC, field"
        ).fetchall()
        assert found == missing
        # The listing's own day: 16:00 UTC is past midnight in Shanghai.
        assert db.execute("SELECT day, organic_position, title FROM search_placement").fetchall() == [
            (date(2026, 3, 2), 3, "Mug")
        ]
        assert db.execute("SELECT field, before, after FROM changes WHERE field = 'price'").fetchall() == [
            ("price", "19.99", "17.49")
        ]
        if number == 2:
            assert db.execute(
                "SELECT bullets, badges, variation, first_available FROM product_observation WHERE fetch_id = 4"
            ).fetchall() == [(["Holds coffee"], [{"kind": "deal", "text": "x"}], {"Color": "Blue"}, date(2024, 2, 29))]
            assert db.execute("SELECT last_page, results, day FROM search_page").fetchall() == [
                (7, 100, date(2026, 3, 2))
            ]
            assert db.execute("SELECT heading, title, price FROM search_widget").fetchall() == [
                ("See", "Jug", Decimal("9.99"))
            ]
            assert db.execute("SELECT fetch_id, review_id, body FROM review_seen").fetchall() == [(4, "R1", "Really.")]


def test_a_spool_of_before_is_taken_in(tmp_path: Path) -> None:
    """Fetches had names of their own, and products fewer fields."""
    store = Store(tmp_path / "t.duckdb")
    spooled(store, product_result(), start=run())
    (segment,) = sealed(store.spool)
    lines = [json.loads(line) for line in segment.read_text("utf-8").splitlines()]
    for line in lines:
        if "fetched" in line:
            line["fetched"]["fetch_id"] = "0123456789abcdef0123456789abcdef"
            line["fetched"].pop("read_at", None)
            line["product"] = {
                k: line["product"][k] for k in ("marketplace", "asin", "title", "price", "currency", "bsr")
            }
    segment.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    assert store.merge() == 1
    with store.reading() as db:
        assert db.execute("SELECT fetch_id, price, layout FROM product_observation").fetchall() == [
            (1, Decimal("19.99"), None)
        ]
        assert db.execute("SELECT read_at FROM page_fetch").fetchall() == [(NIGHT,)]


def test_a_migration_that_fails_leaves_the_database_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path / "t.duckdb")
    _old(store.path, 2)
    before = store.path.read_bytes()
    real = schema.migrations()
    monkeypatch.setattr(
        schema, "migrations", lambda: [*real[:2], (3, "003_broken.sql", "CREATE TABLE x (y INT); SELECT z FROM x")]
    )
    with pytest.raises(StoreError, match="cannot be brought up to date"), store.reading():
        pass
    assert store.path.read_bytes() == before


def test_views_and_changes_are_made_anew_when_their_text_has_changed(tmp_path: Path) -> None:
    store = Store(tmp_path / "t.duckdb")
    _old(store.path, 2)
    with store.reading() as db:
        told = db.execute("FROM stored.change ORDER BY ALL").fetchall()
    with store.writing() as db:
        db.execute("DROP VIEW latest; DELETE FROM stored.change; UPDATE stored.definition SET fingerprint = 'old'")
    with store.reading() as db:
        assert db.execute("SELECT count(*) FROM latest").fetchone() == (1,)
        assert db.execute("FROM stored.change ORDER BY ALL").fetchall() == told
