"""What must hold after every kill."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import msgspec

from storage.schema import rebuild_changes
from storage.spool import Line
from storage.store import Store
from tests.crash.moments import beside
from tests.crash.work import PLACEMENTS, Acknowledged

ROOT = Path(__file__).parents[2]

Key = tuple[str, str, datetime]
"""Run, task and instant: a fetch."""


@dataclass
class Tally:
    """What came of the kills of one kind of work."""

    kind: str
    kills: int = 0
    moments: Counter[str] = field(default_factory=Counter)
    acknowledged: int = 0
    lost: int = 0
    doubled: int = 0
    defects: list[str] = field(default_factory=list)
    """Everything else that is not as it must be, a sentence each."""

    @property
    def sound(self) -> bool:
        """Whether nothing at all was wrong."""
        return not (self.lost or self.doubled or self.defects)


def started(
    *arguments: object, stdin: int = subprocess.DEVNULL, stdout: int | None = None, stderr: int | None = None
) -> subprocess.Popen[bytes]:
    """A process of this package: ``python -m …``."""
    return subprocess.Popen(
        [sys.executable, "-m", *map(str, arguments)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
    )


def opened_afresh(database: Path, tally: Tally) -> None:
    """The database opens in a process of its own, read-only, and every row of it can be read."""
    if not database.exists():
        return
    with started("tests.crash.look", "once", database, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        out, err = process.communicate()
    if process.returncode or not json.loads(out):
        tally.defects.append(f"does not open after the kill: {err.decode()[-500:]}")


def keys(database: Path) -> set[Key]:
    """The fetches in the database as it is."""
    if not database.exists():
        return set()
    with duckdb.connect(database, read_only=True) as db:
        return set(db.execute("SELECT run_id, task, observed_at FROM page_fetch").fetchall())


def lines(segment: Path) -> list[Key]:
    """The fetches of a segment, as far as its lines are whole."""
    whole, _, _ = segment.read_bytes().rpartition(b"\n")
    fetched = [msgspec.json.decode(line, type=Line).fetched for line in whole.splitlines()]
    return [(f.run_id, f.task, f.observed_at) for f in fetched if f]


def said(file: Path) -> list[Acknowledged]:
    """What a killed process has acknowledged."""
    whole, _, _ = file.read_bytes().rpartition(b"\n")
    return [msgspec.json.decode(line, type=Acknowledged) for line in whole.splitlines()]


def all_there(database: Path, acknowledged: list[Acknowledged], tally: Tally) -> None:
    """Everything acknowledged is there once, with its last value, and every reading before it too."""
    readings: dict[Key, dict[datetime, Decimal | None]] = {}
    kinds = {}
    for each in acknowledged:
        key = (each.run_id, each.task, each.observed_at)
        readings.setdefault(key, {})[each.read_at or each.observed_at] = each.price
        kinds[key] = each.kind
    with Store(database).reading() as db:
        fetches = db.execute("SELECT run_id, task, observed_at, fetch_id, read_at FROM page_fetch").fetchall()
        observed = db.execute("SELECT fetch_id, price FROM product_observation").fetchall()
        placed = dict(db.execute("SELECT fetch_id, count(*) FROM search_placement GROUP BY ALL").fetchall())
        before = db.execute("SELECT fetch_id, read_at, price FROM superseded.product_observation").fetchall()
        tally.doubled += sum(n - 1 for n in Counter(f[:3] for f in fetches).values())
        tally.doubled += sum(n - 1 for n in Counter(f[3] for f in fetches).values())
        tally.doubled += sum(n - 1 for n in Counter(fetch_id for fetch_id, _ in observed).values())
        tally.doubled += sum(n - 1 for n in Counter(row[:2] for row in before).values())
    prices, earlier = dict(observed), {(fetch_id, read_at): price for fetch_id, read_at, price in before}
    by_key = {(run_id, task, at): (fetch_id, read_at) for run_id, task, at, fetch_id, read_at in fetches}
    for key, wanted in readings.items():
        if key not in by_key:
            tally.lost += 1
            continue
        fetch_id, read_at = by_key[key]
        if kinds[key] == "search":
            tally.lost += placed.get(fetch_id, 0) < PLACEMENTS
            tally.doubled += placed.get(fetch_id, 0) > PLACEMENTS
            continue
        missing = object()
        found = earlier | {(fetch_id, read_at): prices.get(fetch_id, missing)}
        for at, price in wanted.items():
            if (fetch_id, at) not in found or found[fetch_id, at] is missing:
                tally.lost += 1
            elif found[fetch_id, at] != price:
                tally.defects.append(f"{key} read at {at}: {found[fetch_id, at]} instead of {price}")


def changes_right(database: Path, tally: Tally) -> None:
    """The changes that the merges told one by one are those of all observations together."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copyfile(database, Path(folder) / "copy.duckdb"))
        with duckdb.connect(copy) as db:
            db.execute("SET TimeZone = 'UTC'")
            told = db.execute("FROM stored.change ORDER BY ALL").fetchall()
            rebuild_changes(db)
            if told != db.execute("FROM stored.change ORDER BY ALL").fetchall():
                tally.defects.append("the changes are not those of the observations")


def nothing_left_over(database: Path, tally: Tally) -> None:
    """After the next write there is nothing beside the database but locks and the pace of hosts."""
    spool = beside(database, ".spool")
    left = {p.name for p in database.parent.glob(f"{database.name}*")} - {
        database.name,
        f"{database.name}.lock",
        spool.name,
        f"{database.name}.pace",
    }
    left |= {p.name for p in spool.glob("*") if p.suffix not in {".lock", ".scope"}}
    if left:
        tally.defects.append(f"left over: {', '.join(sorted(left))}")
