"""The real `tracker crawl`, killed again and again until it is through."""

import os
import subprocess
import sys
from pathlib import Path
from random import Random

from storage import inventory
from storage.archive import Archive
from storage.store import Store
from tests.crash import checks, moments
from tests.crash.checks import ROOT, Key, Tally
from tests.small import Small
from tracker.demo.run import FIRST_DAY, configuration
from tracker.demo.site import serve

MOST_KILLS = 5
"""Of one run; then it may complete."""


def crawling(folder: Path, kills: int, rng: Random) -> Tally:
    """Nights of the demo marketplace over HTTP, every crawl killed up to a few times."""
    tally = Tally("tracker crawl")
    world = Small(seed=3, days=14, start=FIRST_DAY)
    folder.mkdir(parents=True)
    database = folder / "data" / "tracker.duckdb"
    known: set[Key] = set()
    with serve(world) as site:
        (folder / "config.toml").write_text(configuration(world, site.base_urls), encoding="utf-8")
        night = 0
        while tally.kills < kills and not tally.defects:
            site.set_day(night % 14)
            night += 1
            until = min(kills, tally.kills + rng.randint(1, MOST_KILLS))
            _one_night(folder, database, night, known, until, rng, tally)
            _complete(folder, database, tally)
    tally.acknowledged = len(known)
    return tally


def _one_night(
    folder: Path, database: Path, night: int, known: set[Key], until: int, rng: Random, tally: Tally
) -> None:
    """One crawl, started again until it completes."""
    while _runs(database, "complete") < night:
        process = _started(folder)
        if tally.kills < until:
            moments.wait(process, database, rng, longest=8)
            tally.kills += moments.kill(process)
            known |= _note(database, tally)
        elif process.wait():
            tally.defects.append(f"ended with {process.returncode}: {(folder / 'said').read_text()[-500:]}")
            return
        checks.opened_afresh(database, tally)
        Store(database).merge()
        found = checks.keys(database)
        tally.lost += len(known - found)
        known |= found


def _started(folder: Path) -> subprocess.Popen[bytes]:
    with (folder / "said").open("ab") as said:
        return subprocess.Popen(
            [sys.executable, "-m", "tracker", "crawl"],
            cwd=folder,
            env=os.environ | {"PYTHONPATH": str(ROOT), "TRACKER_CRAWL__CONCURRENCY": "2"},
            stdout=said,
            stderr=said,
        )


def _note(database: Path, tally: Tally) -> set[Key]:
    """Note what the killed crawl was doing, and return all fetches that are on disk: it has acknowledged these."""
    there, spool = checks.keys(database), moments.beside(database, ".spool")
    tally.moments[moments.doing(database, lambda segment: bool(there.intersection(checks.lines(segment))))] += 1
    segments = [*spool.glob("*.open"), *spool.glob("*.jsonl")]
    return there.union(*map(checks.lines, segments))


def _runs(database: Path, state: str) -> int:
    if not database.exists():
        return 0
    with Store(database).reading() as db:
        row = db.execute("SELECT count(*) FROM crawl_run WHERE state = ?", [state]).fetchone()
    return int(row[0]) if row else 0


def _complete(folder: Path, database: Path, tally: Tally) -> None:
    """Every page of every run is there once, and in the archive."""
    with Store(database).reading() as db:
        runs = db.execute(
            "SELECT run_id, state, planned, count(*) FILTER (outcome = 'ok'),"
            " count(DISTINCT task) FILTER (outcome = 'ok')"
            " FROM crawl_run LEFT JOIN page_fetch USING (run_id) GROUP BY ALL"
        ).fetchall()
        twice = db.execute(
            "SELECT run_id, marketplace, asin FROM product_observation GROUP BY ALL HAVING count(*) > 1"
        ).fetchall()
        hashes = {page_hash for (page_hash,) in db.execute("SELECT page_hash FROM page_fetch").fetchall()}
    tally.defects += [f"{run} is not whole" for run in runs if run[1:] != ("complete", run[2], run[2], run[2])]
    tally.doubled += len(twice)
    archive = Archive(folder / "data" / "pages")
    pages = inventory.scan(archive.root)
    tally.lost += len(hashes - pages.keys() - {None})
    tally.defects += [f"page {page}: {why}" for page, why in inventory.verify(archive, pages).items()]
    with Store(database).writing():
        pass
    checks.changes_right(database, tally)
    checks.nothing_left_over(database, tally)
