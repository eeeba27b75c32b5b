"""The store on real DuckDB files: migrations, idempotent merges, locks held by real processes."""

import subprocess
import sys
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from msgspec.structs import replace

from storage.model import Expected, Fetch, Keyword, Listing, Offset, Outcome, Result, Run
from storage.records import BsrLine, Missing, Placement, Product, Reason, SearchPage
from storage.spool import RunIsLiveError, SpoolWriter, sealed
from storage.store import Store, StoreBusyError, StoreError
from tests.conftest import Fresh

NIGHT = datetime(2026, 3, 1, 11, 30, tzinfo=UTC)
LISTING = Listing(
    name="mug",
    marketplace="com",
    asin="B0OWN00001",
    time_zone="America/Los_Angeles",
    rivals=("B0RIVAL001", "B0RIVAL002"),
    keywords=(Keyword(keyword="steel mug", pages=2),),
)


def run(run_id: str = "r1", started_at: datetime = NIGHT, listing: Listing = LISTING) -> Run:
    return Run(run_id=run_id, started_at=started_at, trigger="manual", planned=3, listings=(listing,))


def fetch(name: str, run_id: str = "r1", outcome: Outcome = Outcome.OK, **changes: object) -> Fetch:
    values: dict[str, object] = {
        "task": f"product/com/{name}",
        "kind": "product",
        "marketplace": "com",
        "asin": "B0OWN00001",
        "keyword": None,
        "page": None,
        "url": "https://www.amazon.com/dp/B0OWN00001",
        "observed_at": NIGHT,
        "detail": None,
        "http_status": 200,
        "attempts": 1,
        "bytes": 1000,
        "elapsed_ms": 12,
        "page_hash": "ab" * 32,
    }
    return Fetch(run_id=run_id, outcome=outcome, **(values | changes))  # type: ignore[arg-type]


def product_result(fetch_id: str = "f1", run_id: str = "r1", price: Decimal | None = Decimal("19.99")) -> Result:
    missing = () if price else (Missing(field="price", reason=Reason.UNPARSEABLE, text="call us"),)
    product = Product(
        marketplace="com",
        asin="B0OWN00001",
        title='A "mug" & more — 杯',
        price=price,
        currency="USD" if price else None,
        rating=Decimal("4.6"),
        review_count=1234,
        bsr=(BsrLine(rank=12, category="Kitchen"), BsrLine(rank=1, category="Mugs", category_id="289")),
        missing=missing,
    )
    return Result(fetch=fetch(fetch_id, run_id, task="product/com/B0OWN00001"), product=product)


def search_result(fetch_id: str, page: int, offset: Offset, sponsored: list[bool | None]) -> Result:
    placements, organic, ads = [], 0, 0
    for position, ad in enumerate(sponsored, 1):
        organic, ads = organic + (ad is False), ads + (ad is True)
        placements.append(
            Placement(
                position=position,
                asin=f"B0P{page}{position:06d}",
                sponsored=ad,
                organic_position=organic if ad is False else None,
                sponsored_position=ads if ad else None,
            )
        )
    return Result(
        fetch=fetch(
            fetch_id,
            kind="search",
            asin=None,
            keyword="steel mug",
            page=page,
            task=f"search/com/{page}/steel mug",
        ),
        search=SearchPage(marketplace="com", page=page, placements=tuple(placements)),
        offset=offset,
    )


def spooled(store: Store, *results: Result, start: Run | None = None, finish: bool = False) -> None:
    with SpoolWriter(store.spool, (start or run()).run_id) as writer:
        if start:
            writer.start(start)
        for result in results:
            writer.add(result)
        if finish:
            writer.finish(NIGHT + timedelta(minutes=5))


def test_what_is_spooled_is_what_is_read_back(tmp_path: Path) -> None:
    store = Store(tmp_path / "t.duckdb")
    spooled(store, product_result(), start=run(), finish=True)
    assert store.merge() == 1
    with store.reading() as db:
        assert db.execute(
            "SELECT title, price, currency, rating, review_count, observed_at FROM product_observation"
        ).fetchall() == [('A "mug" & more — 杯', Decimal("19.99"), "USD", Decimal("4.60"), 1234, NIGHT)]
        assert db.execute("SELECT line, rank, category, category_id FROM bsr_observation ORDER BY line").fetchall() == [
            (1, 12, "Kitchen", None),
            (2, 1, "Mugs", "289"),
        ]
        assert db.execute("SELECT state, finished_at - started_at FROM crawl_run").fetchall() == [
            ("complete", timedelta(minutes=5))
        ]
        assert db.execute("SELECT outcome, page_hash FROM page_fetch").fetchall() == [("ok", "ab" * 32)]


def test_a_missing_value_keeps_its_reason_and_text(tmp_path: Path, fresh: Fresh) -> None:
    store = fresh(tmp_path / "t.duckdb")
    spooled(store, product_result(price=None), start=run())
    store.merge()
    with store.reading() as db:
        assert db.execute("SELECT price FROM product_observation").fetchall() == [(None,)]
        assert db.execute("SELECT asin, field, reason, text, position FROM missing_value").fetchall() == [
            ("B0OWN00001", "price", "unparseable", "call us", None)
        ]


def test_merging_the_same_segment_twice_adds_nothing(tmp_path: Path, fresh: Fresh) -> None:
    store = fresh(tmp_path / "t.duckdb")
    spooled(store, product_result(), search_result("s1", 1, Offset(), [True, False]), start=run(), finish=True)
    (segment,) = sealed(store.spool)
    content = segment.read_bytes()
    store.merge()
    segment.write_bytes(content)
    store.merge()
    with store.reading() as db:
        for table, rows in {
            "crawl_run": 1,
            "page_fetch": 2,
            "product_observation": 1,
            "bsr_observation": 2,
            "search_placement": 2,
            "listing": 1,
            "rival": 2,
            "keyword": 1,
        }.items():
            assert db.execute(f"SELECT count(*) FROM {table}").fetchone() == (rows,), table


def test_segments_that_another_process_merged_meanwhile_are_no_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, other = Store(tmp_path / "t.duckdb"), Store(tmp_path / "t.duckdb")
    spooled(store, product_result(), start=run())
    turn = store._turn

    def after_the_other() -> AbstractContextManager[None]:
        assert other.merge() == 1
        return turn()

    monkeypatch.setattr(store, "_turn", after_the_other)
    assert store.merge() == 0
    with store.reading() as db:
        assert db.execute("SELECT count(*) FROM product_observation").fetchone() == (1,)


def test_a_segment_the_database_cannot_take_is_told_and_kept(tmp_path: Path, fresh: Fresh) -> None:
    store = fresh(tmp_path / "t.duckdb")
    spooled(store, product_result(), start=run())
    (segment,) = sealed(store.spool)
    content = segment.read_bytes()
    segment.write_bytes(content.replace(b'"review_count":1234', b'"review_count":"many"'))
    with pytest.raises(StoreError, match="cannot take in"):
        store.merge()
    segment.write_bytes(content)
    assert store.merge() == 1


def test_only_a_lock_is_waited_for(tmp_path: Path) -> None:
    folder = tmp_path / "clocks"
    folder.mkdir()
    with pytest.raises(StoreError, match="cannot be opened") as error, Store(folder, wait=0.1).writing():
        pass
    assert not isinstance(error.value, StoreBusyError)


def test_a_task_read_twice_in_one_run_is_observed_once(tmp_path: Path, fresh: Fresh) -> None:
    store = fresh(tmp_path / "t.duckdb")
    first, second = product_result(), product_result(price=Decimal("17.99"))
    second = replace(second, fetch=replace(second.fetch, observed_at=NIGHT + timedelta(minutes=1)))
    spooled(store, first, start=run())
    spooled(store, second)
    store.merge()
    with store.reading() as db:
        assert db.execute("SELECT fetch_id, price FROM product_observation").fetchall() == [(1, Decimal("19.99"))]
        assert db.execute("SELECT count(*) FROM page_fetch").fetchone() == (2,)


def test_positions_are_counted_across_pages_and_progress_knows_where_to_go_on(tmp_path: Path, fresh: Fresh) -> None:
    store = fresh(tmp_path / "t.duckdb")
    first = search_result("s1", 1, Offset(), [True, False, False, None])
    assert first.search
    second_offset = Offset().after(first.search.placements)
    spooled(store, first, search_result("s2", 2, second_offset, [False, True]), start=run())
    store.merge()
    with store.reading() as db:
        assert db.execute(
            "SELECT overall_position, organic_position, sponsored_position FROM search_placement "
            "ORDER BY page, position"
        ).fetchall() == [(1, None, 1), (2, 1, None), (3, 2, None), (4, None, None), (5, 3, None), (6, None, 2)]
    done, offsets = store.progress("r1")
    assert done == {"search/com/1/steel mug": Outcome.OK, "search/com/2/steel mug": Outcome.OK}
    assert offsets == {
        ("com", "steel mug", 1): Offset(overall=4, organic=2, sponsored=1),
        ("com", "steel mug", 2): Offset(overall=6, organic=3, sponsored=2),
    }


def test_an_empty_results_page_still_has_an_offset(tmp_path: Path, fresh: Fresh) -> None:
    store = fresh(tmp_path / "t.duckdb")
    spooled(store, search_result("s1", 1, Offset(), []), start=run())
    store.merge()
    assert store.progress("r1")[1] == {("com", "steel mug", 1): Offset()}


def test_watched_rows_end_when_the_configuration_drops_them(tmp_path: Path, fresh: Fresh) -> None:
    store = fresh(tmp_path / "t.duckdb")
    spooled(store, start=run())
    store.merge()
    later = NIGHT + timedelta(days=1)
    changed = Listing(
        **{f: getattr(LISTING, f) for f in LISTING.__struct_fields__} | {"rivals": ("B0RIVAL002", "B0RIVAL003")}
    )
    spooled(store, start=run("r2", later, changed))
    store.merge()
    with store.reading() as db:
        assert db.execute("SELECT asin, valid_from, valid_to FROM rival ORDER BY asin").fetchall() == [
            ("B0RIVAL001", NIGHT, later),
            ("B0RIVAL002", NIGHT, None),
            ("B0RIVAL003", later, None),
        ]
        assert db.execute("SELECT count(*) FROM listing WHERE valid_to IS NULL").fetchone() == (1,)


def test_what_is_expected_holds_until_the_configuration_says_otherwise(tmp_path: Path, fresh: Fresh) -> None:
    store = fresh(tmp_path / "t.duckdb")
    low, high = Expected(seller_ids=("A2ME00000",), price_from=Decimal("9.90")), Expected(price_from=Decimal("12"))
    nights = [NIGHT + timedelta(days=n) for n in range(5)]
    for n, expected in enumerate((None, low, low, high, None)):
        spooled(store, start=run(f"r{n}", nights[n], replace(LISTING, expected=expected)))
    store.merge()
    with store.reading() as db:
        assert db.execute(
            "SELECT expected.seller_ids, expected.price_from, expected.title, valid_from, valid_to FROM expectation"
        ).fetchall() == [
            (["A2ME00000"], Decimal("9.90"), None, nights[1], nights[3]),
            ([], Decimal("12.00"), None, nights[3], nights[4]),
        ]


def test_a_line_cut_off_by_a_kill_is_dropped_and_the_rest_kept(tmp_path: Path, fresh: Fresh) -> None:
    store = fresh(tmp_path / "t.duckdb")
    store.spool.mkdir()
    spooled(store, product_result(), start=run())
    (segment,) = sealed(store.spool)
    torn = segment.with_suffix(".open")
    segment.rename(torn)
    with torn.open("ab") as file:
        file.write(b'{"fetch":{"fetch_id":"half')
    store.merge()
    with store.reading() as db:
        assert db.execute("SELECT task FROM page_fetch").fetchall() == [("product/com/B0OWN00001",)]


def test_a_live_run_keeps_its_open_segment_and_its_lock(tmp_path: Path, fresh: Fresh) -> None:
    store = fresh(tmp_path / "t.duckdb")
    with SpoolWriter(store.spool, "r1") as writer:
        writer.start(run())
        assert store.merge() == 0
        with pytest.raises(RunIsLiveError), SpoolWriter(store.spool, "r1"):
            pass
    assert store.merge() == 1


UNTIL = NIGHT + timedelta(hours=8)
TASKS = ("search/com/1/steel mug", "product/com/B0OWN00001")


def planned(run_id: str, started_at: datetime = NIGHT, scope: str = "products") -> Run:
    return replace(run(run_id, started_at), scope=scope, until=UNTIL, tasks=TASKS)


def test_an_unfinished_run_is_known_with_its_plan_and_a_finished_one_is_not(tmp_path: Path, fresh: Fresh) -> None:
    store = fresh(tmp_path / "t.duckdb")
    assert store.unfinished() == []
    spooled(store, start=planned("r1"))
    spooled(store, start=planned("r2", NIGHT + timedelta(hours=1), scope="keywords"))
    spooled(store, start=run("r0"))  # of a tracker that stored no plan
    spooled(store, start=replace(run("i1", NIGHT + timedelta(hours=2)), trigger="import", listings=()))
    store.merge()
    assert store.unfinished() == [("r2", "keywords", UNTIL, TASKS), ("r1", "products", UNTIL, TASKS)]
    spooled(store, start=planned("r1"), finish=True)  # gone on with: the plan stays what it was
    store.merge()
    assert store.unfinished() == [("r2", "keywords", UNTIL, TASKS)]
    with store.reading() as db:
        assert db.execute("SELECT run_id, count(*) FROM stored.planned GROUP BY ALL ORDER BY ALL").fetchall() == [
            ("r1", 2),
            ("r2", 2),
        ]


def test_every_planned_page_has_a_row_with_what_came_of_it(tmp_path: Path, fresh: Fresh) -> None:
    store = fresh(tmp_path / "t.duckdb")
    task, later = "product/com/B0OWN00001", NIGHT + timedelta(minutes=1)
    failed = fetch("x", task=task, outcome=Outcome.TIMEOUT, attempts=3, bytes=None, detail="no answer in time")
    again = fetch("x", task=task, observed_at=later)
    given_up = fetch("x", task=task, outcome=Outcome.WINDOW, attempts=0, bytes=None, observed_at=UNTIL)
    spooled(store, Result(fetch=failed), start=planned("r1"))
    store.merge()
    question = "SELECT task, outcome, attempts, bytes, first_at, observed_at FROM crawl_item ORDER BY task"
    with store.reading() as db:
        assert db.execute(question).fetchall() == [
            (task, "timeout", 3, 0, NIGHT, NIGHT),
            ("search/com/1/steel mug", "pending", 0, 0, None, None),
        ]
        assert db.execute("SELECT keyword, page, asin, path FROM crawl_item ORDER BY task").fetchall() == [
            (None, None, "B0OWN00001", None),
            ("steel mug", 1, None, None),
        ]
    spooled(store, Result(fetch=again), Result(fetch=given_up), start=planned("r1"))
    store.merge()
    with store.reading() as db:
        assert db.execute(question).fetchall()[0] == (task, "ok", 4, 1000, NIGHT, later)
        found = db.execute("SELECT planned, read, unread, coverage, outcomes, attempts FROM crawl_coverage").fetchall()
        assert found == [(2, 1, 1, 0.5, {"ok": 1, "pending": 1}, 4)]


HOLD = (
    "import duckdb, sys; c = duckdb.connect(sys.argv[1], read_only=sys.argv[2] == 'reads');"
    "count = lambda: c.execute('SELECT count(*) FROM product_observation').fetchone()[0];"
    "print(count(), flush=True); sys.stdin.readline(); print(count(), flush=True); sys.stdin.read()"
)


def holder(store: Store, how: str) -> subprocess.Popen[str]:
    """Another process that holds the database open and says what it sees, now and once more when asked."""
    return subprocess.Popen(
        [sys.executable, "-c", HOLD, str(store.path), how], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def test_a_reader_keeps_its_state_and_nobody_waits_for_it(tmp_path: Path) -> None:
    store = Store(tmp_path / "t.duckdb", wait=0)
    spooled(store, start=run())
    store.merge()
    with holder(store, "reads") as reader:
        assert reader.stdin and reader.stdout and reader.stdout.readline() == "0\n"
        spooled(store, product_result())
        assert store.merge() == 1
        with store.reading() as db:
            assert db.execute("SELECT count(*) FROM product_observation").fetchone() == (1,)
        reader.stdin.write("again\n")
        reader.stdin.flush()
        assert reader.stdout.readline() == "0\n"
        reader.communicate("")


def test_a_foreign_writer_is_waited_for_then_named_and_nothing_is_lost(tmp_path: Path) -> None:
    store = Store(tmp_path / "t.duckdb", wait=0.3)
    spooled(store, start=run())
    store.merge()
    store.path.chmod(0o644)  # who does this wants to write; root can anyway
    spooled(store, product_result())
    with holder(store, "writes") as other:
        assert other.stdout and other.stdout.readline() == "0\n"
        with pytest.raises(StoreBusyError, match=rf"\(PID {other.pid}\)\); close it there"):
            store.merge()
        with pytest.raises(StoreBusyError, match="open it read-only"), store.reading():
            pass
        other.communicate("")
    assert store.merge() == 1
    with store.reading() as db:
        assert db.execute("SELECT count(*) FROM product_observation").fetchone() == (1,)


def test_what_a_foreign_client_left_in_its_log_is_kept(tmp_path: Path, fresh: Fresh) -> None:
    store = fresh(tmp_path / "t.duckdb")
    spooled(store, start=run())
    store.merge()
    store.path.chmod(0o644)
    killed = (
        "import duckdb, os, sys; c = duckdb.connect(sys.argv[1]);"
        "c.execute('CREATE TABLE mine AS SELECT 1 AS x'); os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", killed, str(store.path)], check=False)
    assert store.path.with_name("t.duckdb.wal").exists()
    spooled(store, product_result())
    store.merge()
    assert not store.path.with_name("t.duckdb.wal").exists()
    with store.reading() as db:
        assert db.execute("SELECT x FROM mine").fetchall() == [(1,)]


def test_a_database_is_write_protected(tmp_path: Path, fresh: Fresh) -> None:
    store = fresh(tmp_path / "t.duckdb")
    spooled(store, start=run())
    store.merge()
    assert store.path.stat().st_mode & 0o222 == 0


def test_a_write_that_fails_leaves_the_file_as_it_was_and_nothing_beside_it(tmp_path: Path, fresh: Fresh) -> None:
    store = fresh(tmp_path / "t.duckdb")
    spooled(store, start=run())
    store.merge()
    before = store.path.read_bytes()
    with pytest.raises(ZeroDivisionError), store.writing() as db:
        db.execute("DELETE FROM crawl_run")
        raise ZeroDivisionError
    assert store.path.read_bytes() == before
    assert {p.name for p in tmp_path.iterdir()} == {"t.duckdb", "t.duckdb.lock", "t.duckdb.spool"}


def test_a_segment_that_cannot_be_taken_does_not_hold_up_the_others(tmp_path: Path, fresh: Fresh) -> None:
    store = fresh(tmp_path / "t.duckdb")
    spooled(store, start=run())
    store.spool.joinpath("r0.000001.jsonl").write_text('{"fetched":{"attempts":"many"}}\n')
    spooled(store, product_result())
    with pytest.raises(StoreError, match=r"r0.000001.jsonl: .*it stays there"):
        store.merge()
    assert [p.name for p in store.spool.glob("*.jsonl")] == ["r0.000001.jsonl"]
    with store.reading() as db:
        assert db.execute("SELECT count(*) FROM product_observation").fetchone() == (1,)


def test_foreign_corrupt_missing_and_newer_files_are_refused_unharmed(tmp_path: Path) -> None:
    foreign = tmp_path / "foreign.duckdb"
    with duckdb.connect(str(foreign)) as db:
        db.execute("CREATE TABLE mine (x INTEGER)")
    corrupt = tmp_path / "corrupt.duckdb"
    corrupt.write_bytes(b"not a database" * 1000)
    newer = tmp_path / "newer.duckdb"
    with Store(newer).writing() as db:
        db.execute("INSERT INTO schema_migration VALUES (9999, 'future', now())")
    for path, message in (
        (foreign, "not one of this tracker"),
        (corrupt, "not a DuckDB database"),
        (newer, "newer tracker"),
    ):
        before = path.read_bytes()
        with pytest.raises(StoreError, match=message), Store(path).writing():
            pass
        assert path.read_bytes() == before
    with pytest.raises(StoreError, match="no database here yet"), Store(tmp_path / "none.duckdb").reading():
        pass


def test_every_table_and_column_is_commented(tmp_path: Path, fresh: Fresh) -> None:
    store = fresh(tmp_path / "t.duckdb")
    with store.writing() as db:
        bare = db.execute(
            """
            SELECT table_name, column_name FROM duckdb_columns() WHERE comment IS NULL AND NOT internal
            UNION ALL SELECT table_name, NULL FROM duckdb_tables() WHERE comment IS NULL AND NOT internal
            UNION ALL SELECT view_name, NULL FROM duckdb_views() WHERE comment IS NULL AND NOT internal
            UNION ALL SELECT function_name, NULL FROM duckdb_functions()
                      WHERE comment IS NULL AND NOT internal AND function_type = 'table_macro'
            """
        ).fetchall()
    assert bare == []
