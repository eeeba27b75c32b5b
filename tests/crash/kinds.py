"""The kinds of work that are killed, each over and over, with everything checked after every kill."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import duckdb

from storage.store import Store
from tests.crash import checks, moments
from tests.crash.checks import Tally, started
from tests.crash.crawls import crawling
from tests.crash.work import Acknowledged
from tests.storage.test_migrations import _old

ENOUGH = 3
"""Defects after which a kind of work is given up."""

PER_DATABASE = 20
"""Kills before the next ones get a database of their own: the first write is as likely to be hit as any."""

ROWS_OF_BEFORE = 2000
"""Observations in a database of an older version, so that bringing it up to date takes a moment."""


class Working:
    """A process at work on ``database``; what it has acknowledged is kept whatever becomes of it."""

    def __init__(self, what: str, database: Path, name: str, rng: Random) -> None:
        self._said = database.parent / f"{name}.{rng.randrange(1 << 48):012x}.said"
        self._err = self._said.with_suffix(".err")
        with self._said.open("wb") as out, self._err.open("wb") as err:
            self.process = started(
                "tests.crash.work", what, database, name, rng.randrange(1000), stdout=out.fileno(), stderr=err.fileno()
            )

    def killed(self, tally: Tally) -> list[Acknowledged]:
        """Kill it, and return what it had acknowledged."""
        tally.kills += moments.kill(self.process)
        if self.process.returncode not in {0, -signal.SIGKILL}:
            tally.defects.append(f"ended by itself: {self._err.read_text()[-800:]}")
        return checks.said(self._said)


def settled(database: Path, acknowledged: list[Acknowledged], tally: Tally) -> None:
    """Everything that must hold once the killed process is gone, and after the next merge."""
    checks.opened_afresh(database, tally)
    store = Store(database)
    if not store.merge() and database.exists():
        with store.writing():
            pass
    if database.exists():
        checks.all_there(database, acknowledged, tally)
        checks.changes_right(database, tally)
    elif acknowledged:
        tally.lost += len(acknowledged)
    checks.nothing_left_over(database, tally)


def _note(database: Path, tally: Tally) -> None:
    there = checks.keys(database)
    tally.moments[moments.doing(database, lambda segment: bool(there.intersection(checks.lines(segment))))] += 1


def _databases(folder: Path, kills: int, tally: Tally) -> Iterator[tuple[Path, list[Acknowledged]]]:
    """A database to kill at, with all that was acknowledged at it so far, until there were enough kills."""
    number = 0
    while tally.kills < kills and len(tally.defects) < ENOUGH:
        place, until = folder / f"{number:03}", min(kills, tally.kills + PER_DATABASE)
        place.mkdir(parents=True)
        number += 1
        acknowledged: list[Acknowledged] = []
        while tally.kills < until and len(tally.defects) < ENOUGH:
            yield place / "t.duckdb", acknowledged
        tally.acknowledged += len(acknowledged)


def spooling(folder: Path, kills: int, rng: Random) -> Tally:
    """One process that spools and merges. Half the time the next one goes on with its run."""
    tally = Tally("spooling and merging")
    for database, acknowledged in _databases(folder, kills, tally):
        working = Working("spooling", database, rng.choice(["a", f"b{tally.kills}"]), rng)
        moments.wait(working.process, database, rng, longest=2.5)
        acknowledged.extend(working.killed(tally))
        _note(database, tally)
        settled(database, acknowledged, tally)
    return tally


def abreast(folder: Path, kills: int, rng: Random) -> Tally:
    """Two processes that spool and merge at once: one is killed, the other goes on, and is killed a while later."""
    tally = Tally("two at once")
    for database, acknowledged in _databases(folder, kills, tally):
        first, second = (Working("spooling", database, f"{name}{tally.kills}", rng) for name in "ab")
        moments.wait(first.process, database, rng, longest=2.5)
        if second.process.poll() is None:
            os.kill(second.process.pid, signal.SIGSTOP)  # so that what lies there is what both were doing
        acknowledged.extend(first.killed(tally))
        _note(database, tally)
        if second.process.poll() is None:
            os.kill(second.process.pid, signal.SIGCONT)
        moments.wait(second.process, database, rng, longest=1)
        acknowledged.extend(second.killed(tally))
        _note(database, tally)
        settled(database, acknowledged, tally)
    return tally


def correcting(folder: Path, kills: int, rng: Random) -> Tally:
    """One process that corrects what is there."""
    tally = Tally("corrections")
    for database, acknowledged in _databases(folder, kills, tally):
        if not acknowledged:
            first = Working("spooling", database, "a", rng)
            moments.wait_for_rows(first.process, database)
            acknowledged.extend(first.killed(Tally("not counted")))
            settled(database, acknowledged, tally)
        working = Working("correcting", database, f"c{tally.kills}", rng)
        moments.wait(working.process, database, rng, longest=2.5)
        acknowledged.extend(working.killed(tally))
        _note(database, tally)
        settled(database, acknowledged, tally)
    return tally


def migrating(folder: Path, kills: int, rng: Random) -> Tally:
    """A database of version 1 or 2 that is opened for the first time; the next one to open it brings it up to date."""
    tally = Tally("migrations")
    while tally.kills < kills and len(tally.defects) < ENOUGH:
        database = folder / f"{tally.kills:03}-{rng.randrange(1 << 48):012x}" / "t.duckdb"
        database.parent.mkdir(parents=True)
        of_before(database, rng.choice([1, 2]))
        working = Working("migrating", database, "m", rng)
        moments.wait_for_copy(working.process, database, rng)
        working.killed(tally)
        _note_migration(database, tally)
        checks.opened_afresh(database, tally)
        with Store(database).reading() as db:
            rows = db.execute("SELECT count(*), count(DISTINCT fetch_id) FROM product_observation").fetchone()
        if rows != (3 + ROWS_OF_BEFORE, 3 + ROWS_OF_BEFORE):
            tally.defects.append(f"{rows} observations after the migration")
        with Store(database).writing():
            pass
        checks.changes_right(database, tally)
        checks.nothing_left_over(database, tally)
        tally.acknowledged += 3 + ROWS_OF_BEFORE
    return tally


def _note_migration(database: Path, tally: Tally) -> None:
    moment = moments.doing(database, lambda _: False)
    tally.moments["migrating" if moment == "writing to the copy" else moment] += 1


def of_before(database: Path, version: int) -> None:
    """A database as an older version left it, with enough in it to be busy for a moment."""
    _old(database, version)
    with duckdb.connect(database) as db:
        for table in ("page_fetch", "product_observation"):
            db.execute(
                f"INSERT INTO {table} SELECT t.* REPLACE ('g' || n AS fetch_id,"
                f" observed_at - n * INTERVAL 1 HOUR AS observed_at)"
                f" FROM {table} AS t, range(1, {ROWS_OF_BEFORE + 1}) AS r(n) WHERE fetch_id = 'f1'"
            )


KINDS: dict[str, tuple[int, Callable[[Path, int, Random], Tally]]] = {
    "spooling": (5, spooling),
    "abreast": (6, abreast),
    "correcting": (4, correcting),
    "migrating": (3, migrating),
    "crawling": (2, crawling),
}
"""Each with its share of all kills."""
