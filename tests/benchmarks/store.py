"""`python -m tests.benchmarks.store`: the store at the size of ten years, beside SQLite and pandas on Parquet.

Builds a store from made-up crawls (tests/benchmarks/made_store.py), adds the last night as a crawl does, loads the same
facts into SQLite and Parquet, asks all of them the same questions, checks that they answer alike, and prints how long
each took (the best of several, everything warm) and how much each weighs.

Ten years of 300 keywords' placements are 236 million rows: `--keyword-days` says how many of the last days have results
pages, `--contender-days` from which day on the contenders have the facts (sizes are told per row). With `--folder` what
was built stays, and is asked again the next time.
"""

import argparse
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import duckdb

from reports import watch
from reports.compare import compare
from storage.replace import copied
from storage.store import Store
from tests.benchmarks.made_store import START, Size, build, last_night
from tests.benchmarks.pandas_contender import Pandas
from tests.benchmarks.questions import QUESTIONS, REPORT, Asked, ask, asked, compared, report
from tests.benchmarks.sqlite_contender import FACTS, Sqlite, wide

_T = TypeVar("_T")
Contender = Sqlite | Pandas


def best(work: Callable[[], _T], times: int) -> tuple[_T, float]:
    """What ``work`` gives, and the fewest milliseconds it took, after once to warm up."""
    done, took = work(), []
    for _ in range(times):
        start = time.perf_counter()
        done = work()
        took.append((time.perf_counter() - start) * 1000)
    return done, min(took)


def made(store: Store, size: Size) -> None:
    """Build the store, and add the last night to it, saying how long it took."""
    times: dict[str, float] = {}
    rows, start = 0, time.perf_counter()
    for what, count in build(store, size):
        now = time.perf_counter()
        times[what], rows, start = times.get(what, 0.0) + now - start, rows + count, now
    print(f"\nDuckDB: {rows:,} rows taken in within {times['rows']:.1f} s ({rows / times['rows']:,.0f} a second);")
    print(f"  making them took {times['made']:.1f} s, telling all changes {times['changes']:.1f} s,", end=" ")
    print(f"writing the file {times['written']:.1f} s")
    pages = last_night(store, size)
    start = time.perf_counter()
    with copied(store.path):
        copy = time.perf_counter() - start
    start = time.perf_counter()
    store.merge()
    took = time.perf_counter() - start
    print(
        f"The last night, {pages:,} pages through the spool: merged in {took:.2f} s, "
        f"of which {copy:.2f} s to copy the file"
    )


def weigh(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Bytes per row of each table, and its heaviest columns."""
    print(f"\nDuckDB file: {path.stat().st_size / 1e6:,.1f} MB")
    block = connection.execute("SELECT block_size FROM pragma_database_size()").fetchall()[0][0]
    print(f"  {'':28}{'rows':>14}{'MB':>10}{'B/row':>9}  heaviest columns")
    for table in (*FACTS, "stored.content", "stored.title", "stored.change"):
        rows = connection.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0]
        # A column's segments share blocks; whole blocks are what counts.
        columns = connection.execute(
            f"SELECT column_name, count(DISTINCT block_id) AS blocks FROM pragma_storage_info('{table}') "
            "WHERE persistent AND block_id >= 0 GROUP BY 1 ORDER BY 2 DESC"
        ).fetchall()
        blocks = connection.execute(
            "SELECT count(DISTINCT b) FROM ("
            f"SELECT block_id AS b FROM pragma_storage_info('{table}') WHERE persistent "
            f"UNION SELECT unnest(additional_block_ids) FROM pragma_storage_info('{table}') WHERE persistent) "
            "WHERE b >= 0"
        ).fetchall()[0][0]
        heavy = ", ".join(f"{name} {count * block / max(rows, 1):.1f}" for name, count in columns[:4])
        print(f"  {table:28}{rows:14,}{blocks * block / 1e6:10,.1f}{blocks * block / max(rows, 1):9.1f}  {heavy}")


def loaded(connection: duckdb.DuckDBPyConnection, folder: Path, since: datetime) -> list[Contender]:
    """The contenders with everything since an instant, saying how long it took."""
    last_run = connection.execute("SELECT max(started_at) FROM crawl_run").fetchall()[0][0]
    sqlite, files = Sqlite(folder / "facts.sqlite"), Pandas(folder / "parquet")
    if not sqlite.is_loaded():
        sqlite.load(connection, since, last_run)
        night = sqlite.night(connection, last_run)
        print(f"\n{_load(sqlite)}; the last night {night:.2f} s")
    if not files.folder.exists():
        files.load(connection, since)
        print(_load(files))
    return [sqlite, files]


def _load(contender: Contender) -> str:
    rows, took = sum(contender.count.values()), sum(contender.seconds.values())
    parts = ", ".join(f"{name} {seconds:.1f}" for name, seconds in contender.seconds.items() if seconds >= 0.05)
    return f"{contender.name}: {rows:,} rows in {took:.1f} s ({rows / took:,.0f} a second): {parts}"


def sizes(connection: duckdb.DuckDBPyConnection, path: Path, contenders: list[Contender], since: datetime) -> None:
    """Bytes per observation: the whole file, by the product observations in it and by all rows."""
    print(
        f"\n  {'':28}{'MB':>12}{'observations':>14}{'B each':>9}{'B per row':>11}"
        "  (each: with ranks, fetches, placements)"
    )
    whole = datetime(1970, 1, 1, tzinfo=since.tzinfo)
    for name, weight, start in [
        ("DuckDB", path.stat().st_size, whole),
        *((contender.name, contender.size(), since) for contender in contenders),
    ]:
        counts = [
            connection.execute(f"SELECT count(*) FROM {table} WHERE observed_at >= ?", [start]).fetchall()[0][0]
            for table in FACTS
        ]
        print(f"  {name:28}{weight / 1e6:12,.1f}{counts[0]:14,}{weight / counts[0]:9.1f}{weight / sum(counts):11.1f}")


def questions(connection: duckdb.DuckDBPyConnection, contenders: list[Contender], about: Asked, times: int) -> None:
    """Ask everybody everything.

    Raises:
        AssertionError: two do not answer alike.
    """
    print(f"\n  {'milliseconds, best of ' + str(times) + ', warm':48}{'rows':>8}{'DuckDB':>10}", end="")
    print("".join(f"{contender.name:>20}{'':9}" for contender in contenders))
    total = [0.0] * (1 + len(contenders))
    for question in [*QUESTIONS, *REPORT]:
        work = partial(report if question in REPORT else ask, connection, question, about)
        rows, took = best(work, times)
        if question in REPORT:
            rows = compared(question, rows)
        line, each = f"  {question:48}{len(rows):8,}{took:10.1f}", [took]
        for contender in contenders:
            others, theirs = best(partial(contender.ask, question, about), max(1, times // 3))
            agree(question, contender, rows, others)
            line, each = f"{line}{theirs:20.1f}{f'({theirs / took:.1f}×)':>9}", [*each, theirs]
        print(line)
        if question in REPORT:
            total = [a + b for a, b in zip(total, each, strict=True)]
    line = f"  {'report: these together':48}{'':8}{total[0]:10.1f}"
    print(line + "".join(f"{theirs:20.1f}{f'({theirs / total[0]:.1f}×)':>9}" for theirs in total[1:]))


def agree(question: str, contender: Contender, ours: list[tuple[Any, ...]], theirs: list[tuple[Any, ...]]) -> None:
    """Raises AssertionError where the rows differ, in whatever order."""
    only_ours, only_theirs = set(ours) - set(theirs), set(theirs) - set(ours)
    assert len(ours) == len(theirs) and not only_ours and not only_theirs, (
        f"{question}: {contender.name} answers otherwise: {len(ours)} rows here, {len(theirs)} there; "
        f"only here {sorted(only_ours, key=str)[:3]}, only there {sorted(only_theirs, key=str)[:3]}"
    )


def whole(connection: duckdb.DuckDBPyConnection, sqlite: Sqlite, about: Asked, times: int) -> None:
    """What only this project does, and what SQLite does with help."""
    _, took = best(partial(compare, connection, about.listing), max(1, times // 3))
    print(f"  {'report: all of compare(), drift alarm included':48}{'':8}{took:10.1f}")
    _, took = best(partial(watch.defects, connection, "com", since=about.since, until=about.until), 1)
    print(f"  {'the drift alarm alone':48}{'':8}{took:10.1f}")
    rows, theirs = best(partial(sqlite.ask, "latest of all, given the list of products", about), times)
    print(f"  {'latest of all, given the list of products':48}{len(rows):8,}{'':10}{theirs:20.1f}")
    found = connection.execute("SELECT asin FROM listing LIMIT 1").fetchall()
    _, took = best(lambda: connection.execute("FROM trend(?, 90)", found[0]).fetchall(), times)
    print(f"  {'trend(asin, 90), one product':48}{'':8}{took:10.1f}", flush=True)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.store", description=__doc__)
    parser.add_argument("--years", type=float, default=10)
    parser.add_argument("--days", type=int, help="instead of years")
    parser.add_argument("--asins", type=int, default=1000)
    parser.add_argument("--crawls", type=int, default=4, help="a day")
    parser.add_argument("--keywords", type=int, default=300)
    parser.add_argument("--keyword-days", type=int, default=240, help="last days with results pages")
    parser.add_argument("--contender-days", type=int, help="last days that SQLite and Parquet have; all unless told")
    parser.add_argument("--wide-days", type=int, default=90, help="last days as wide rows in SQLite")
    parser.add_argument("--times", type=int, default=9)
    parser.add_argument("--folder", type=Path, help="keep what is built there, or use what is there")
    told = parser.parse_args(arguments)
    days = told.days or round(told.years * 365)
    size = Size(days, told.asins, told.crawls, told.keywords, min(told.keyword_days, days))
    print(f"{days} days, {size.asins} ASINs, {size.crawls} crawls a day, {size.keywords} keywords", end=" ")
    print(f"with results pages of the last {size.keyword_days} days")
    with TemporaryDirectory() as temporary:
        folder = told.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        store = Store(folder / "store.duckdb")
        if not store.path.exists():
            made(store, size)
        since = START + timedelta(days=days - min(told.contender_days or days, days))
        with store.reading() as connection:
            connection.execute("SET enable_progress_bar = false")
            weigh(connection, store.path)
            contenders = loaded(connection, folder, since)
            sizes(connection, store.path, contenders, since)
            from_day = START + timedelta(days=days - min(told.wide_days, days))
            count, weight, took = wide(connection, folder / "wide.sqlite", from_day)
            (folder / "wide.sqlite").unlink()
            print(
                f"  SQLite, one wide row each: {count:,} rows of {told.wide_days} days, {weight / count:.1f} B each,",
                end=" ",
            )
            print(f"{count / took:,.0f} rows a second")
            about = asked(connection)
            questions(connection, contenders, about, told.times)
            sqlite = contenders[0]
            assert isinstance(sqlite, Sqlite)
            whole(connection, sqlite, about, told.times)
        for contender in contenders:
            contender.close()


if __name__ == "__main__":
    main()
