"""How long reports take: `python -m tests.benchmarks.report`.

Makes a store of a year (20 listings with 20 rivals and 5 keywords each, one crawl a night; see made_store.py), judges
its last fourteen weeks, and runs `tracker report` as a user does, each time in a process of its own: one listing, and
all. Beside it, in the same run, all listings one command after the other. Wall seconds from the start of the command to
its end, the best of several runs; peak memory of the process.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from reports.flags import Rules
from reports.judging import judge
from storage.judged import keep
from storage.store import Store
from tests.benchmarks.made_store import Size, build, last_night

JUDGED = timedelta(days=98)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listings", type=int, default=20)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--shown", type=int, default=30, help="days of a report")
    parser.add_argument("--times", type=int, default=3, help="runs, of which the best counts")
    parser.add_argument("--folder", type=Path, help="keep the store there, or use the one that is there")
    told = parser.parse_args()
    with TemporaryDirectory() as temporary:
        folder = told.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        names = make(folder, told.listings, told.days)
        measure(folder, names, told.times, told.shown)


def make(folder: Path, listings: int, days: int) -> list[str]:
    """The store with its configuration; the names of its listings."""
    store, size = Store(folder / "tracker.duckdb"), Size(days, 21 * listings, 1, 5 * listings, days)
    if not store.path.exists():
        print(f"Making {listings} listings of 21 products and 5 keywords, {days} nights …", flush=True)
        for _ in build(store, size):
            pass
        last_night(store, size)
        store.merge()
    with store.reading() as con:
        rows = con.execute(
            "SELECT l.listing, l.asin, list(r.asin ORDER BY r.asin) FROM listing l JOIN rival r USING (listing) "
            "GROUP BY ALL ORDER BY 1"
        ).fetchall()
        names = [name for name, *_ in rows]
        (day,) = con.execute("SELECT max(day) FROM stored.product").fetchall()[0]
        fresh = con.execute("SELECT count(*) FROM stored.judged").fetchall() == [(0,)]
        judgements = judge(con, Rules(), dict.fromkeys(names, day - JUDGED)) if fresh else []
    if judgements:
        with store.writing() as con:
            keep(con, judgements)
    sections = [
        f'[[listing]]\nname = "{name}"\nmarketplace = "com"\nasin = "{asin}"\nrivals = {rivals!r}\nkeywords = []\n'
        for name, asin, rivals in rows
    ]
    storage = '[storage]\ndatabase = "tracker.duckdb"\npages = "pages"\n\n[report]\nfolder = "reports"\n'
    (folder / "config.toml").write_text("\n".join([*sections, storage]), encoding="utf-8")
    return names


def measure(folder: Path, names: list[str], times: int, shown: int) -> None:
    days = ["--days", str(shown)]
    run(folder, days)  # whatever is left to judge
    one = best("one listing", times, lambda: run(folder, ["-l", names[0], *days]))
    every = best(f"all {len(names)}", times, lambda: run(folder, days))
    began = time.perf_counter()
    for name in names:
        run(folder, ["-l", name, *days])
    each = time.perf_counter() - began
    print(
        f"  {f'all {len(names)}, each in a command of its own':44}{each:8.2f} s{each / every:23.1f} times all at once"
    )
    idle = best("no report: Python and DuckDB start", times, lambda: started([sys.executable, "-c", "import duckdb"]))
    print(f"  which is {idle / one:.0%} of one listing's time; of all, {every / len(names):.2f} s a listing")
    sizes = [path.stat().st_size for path in (folder / "reports").glob("listing*.html")]
    print(f"  a report has {max(sizes) / 1e6:.2f} MB at most")


def best(label: str, times: int, work: Callable[[], tuple[float, float]]) -> float:
    """Print the best time of several, with the most memory, and return the time."""
    runs = [work() for _ in range(times)]
    wall = min(seconds for seconds, _ in runs)
    print(f"  {label:44}{wall:8.2f} s{max(memory for _, memory in runs):8.0f} MB", flush=True)
    return wall


def run(folder: Path, options: list[str]) -> tuple[float, float]:
    """Seconds and megabytes of one `tracker report`."""
    return started([sys.executable, "-m", "tracker", "report", "--config", str(folder / "config.toml"), *options])


def started(command: list[str]) -> tuple[float, float]:
    began = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}")
    return time.perf_counter() - began, used.ru_maxrss / 1024


if __name__ == "__main__":
    main()
