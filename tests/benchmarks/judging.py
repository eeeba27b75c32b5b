"""How long the flags of a night take: `python -m tests.benchmarks.judging`.

Makes a store of a year (1,000 ASINs in 48 listings, 250 keywords, one crawl a night; see made_store.py), judges its
last night as `tracker flags` does after a crawl: everything from the database to the rows to be stored. Beside it, in
the same run, the same night listing by listing, as a comparison of one listing asks for it. Wall and CPU seconds, the
best of several runs; peak memory of the process.
"""

import argparse
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from reports.flags import Rules
from reports.judging import ALL, judge
from storage.judged import Judgement, keep
from storage.store import Store
from tests.benchmarks.made_store import Size, build, last_night
from tracker.judging import judged_of


def timed(label: str, work: Callable[[], Any], times: int = 1) -> Any:
    """Do ``work``, print what its best run took (CPU: of this process), and return what it gave."""
    best = (float("inf"), 0.0)
    for _ in range(times):
        wall, cpu = time.perf_counter(), time.process_time()
        result = work()
        best = min(best, (time.perf_counter() - wall, time.process_time() - cpu))
    print(f"  {label:58}{best[0]:8.2f} s wall{best[1]:8.2f} s CPU", flush=True)
    return result


def night(con: duckdb.DuckDBPyConnection, day: date, listings: list[str]) -> list[Judgement]:
    return judge(con, Rules(), dict.fromkeys(listings, day))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--asins", type=int, default=1000)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--keywords", type=int, default=250)
    parser.add_argument("--times", type=int, default=3, help="runs, of which the best counts")
    parser.add_argument("--rebuild", action="store_true", help="judge the whole year, too")
    parser.add_argument("--store", type=Path, help="use this database, and make it when there is none")
    told = parser.parse_args()
    with TemporaryDirectory() as folder:
        store = Store(told.store or Path(folder) / "tracker.duckdb")
        if store.path.exists():
            measure(store, told.times, rebuild=told.rebuild)
            return
        size = Size(told.days, told.asins, 1, told.keywords, told.days)
        print(f"Making {told.asins} ASINs, {told.keywords} keywords, {told.days} nights …", flush=True)
        for _ in build(store, size):
            pass
        last_night(store, size)
        store.merge()
        with store.writing() as con:
            _fill(con)
        # In a process of its own, as `tracker flags` is: one that has made a year is slower at everything.
        again = ["--store", str(store.path), "--times", str(told.times), *["--rebuild"] * told.rebuild]
        subprocess.run([sys.executable, "-m", "tests.benchmarks.judging", *again], check=True)


def measure(store: Store, times: int, *, rebuild: bool) -> None:
    """Judge the last night of the store in every way."""
    with store.reading() as con:
        names = [name for (name,) in con.execute("SELECT DISTINCT listing FROM listing ORDER BY 1").fetchall()]
        (day,) = con.execute("SELECT max(day) FROM stored.product").fetchall()[0]
        print(f"The night of {day}, {len(names)} listings:")
        both = dict.fromkeys(names, day)
        found = timed("as tracker flags does: in two processes", lambda: judged_of(store.path, Rules(), both), times)
        timed("all listings at once, in one process", lambda: night(con, day, names), times)
        print(f"  {sum(len(each.flags) for each in found)} flags, {sum(len(each.moves) for each in found)} moves")
        timed("one listing after the other", lambda: [night(con, day, [name]) for name in names])
        timed("one listing", lambda: night(con, day, names[:1]), times)
    with store.writing() as con:
        timed("storing them", lambda: keep(con, found))
    if rebuild:
        with store.reading() as con:
            found = timed("the whole year anew", lambda: night(con, ALL, names))
        print(f"  {sum(len(each.flags) for each in found)} flags, {sum(len(each.moves) for each in found)} moves")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"  peak memory of the process {peak / 1024:.0f} MB", flush=True)


def _fill(con: duckdb.DuckDBPyConnection) -> None:
    """Judge the last two months first, so that there are open moves to go on with, as on any night."""
    (first,) = con.execute("SELECT max(day) - 56 FROM stored.product").fetchall()[0]
    names = [name for (name,) in con.execute("SELECT DISTINCT listing FROM listing").fetchall()]
    if con.execute("SELECT count(*) FROM stored.flag").fetchall() == [(0,)]:
        keep(con, night(con, first, names))


if __name__ == "__main__":
    main()
