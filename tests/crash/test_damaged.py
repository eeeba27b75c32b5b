"""Damaged, foreign and newer files: each is told in a sentence, left as it is, and what waits in the spool is kept.

`DAMAGES=100 python -m tests tests/crash/test_damaged.py` damages that many blocks.
"""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random

import duckdb
import pytest

from storage.model import Run
from storage.schema import newest
from storage.spool import SpoolWriter
from storage.store import Store, StoreError
from tests.crash.work import now, results
from tests.tracker.command import tracker

CONFIG = """
[storage]
database = "data/t.duckdb"
pages = "data/pages"

[[listing]]
name = "mug"
marketplace = "com"
asin = "B0OWN00001"
rivals = ["B0RIVAL001"]
"""


def spool(store: Store, run_id: str, pages: int) -> Path:
    """Spool some pages; returns the sealed segment."""
    rng = Random(5)
    found = results(run_id, rng)
    with SpoolWriter(store.spool, run_id) as writer:
        writer.start(Run(run_id=run_id, started_at=now(), trigger="manual", planned=9, listings=()))
        for _ in range(pages):
            writer.add(next(found))
    (segment,) = store.spool.glob("*.jsonl")
    return segment


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, fresh: Callable[[Path], Store]) -> Path:
    """The folder of a sound database with some content, and a segment that waits beside it."""
    folder = tmp_path_factory.mktemp("whole")
    store = fresh(folder / "t.duckdb")
    spool(store, "a1", 600)
    store.merge()
    store.path.chmod(0o644)
    spool(store, "a2", 30)
    return folder


@pytest.fixture
def store(whole: Path, tmp_path: Path) -> Store:
    """A copy of it, to be damaged."""
    return Store(Path(shutil.copytree(whole, tmp_path / "data")) / "t.duckdb", wait=1)


def sqlite(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE mine (x)")
    db.close()


def of_the_future(path: Path) -> None:
    with duckdb.connect(path) as db:
        db.execute("INSERT INTO schema_migration VALUES (?, 'future', now())", [newest() + 1])


def somebody_elses(path: Path) -> None:
    path.unlink()
    with duckdb.connect(path) as db:
        db.execute("CREATE TABLE mine (x INTEGER)")


def flipped(path: Path, at: int, length: int = 64) -> None:
    content = bytearray(path.read_bytes())
    for each in range(at, min(len(content), at + length)):
        content[each] ^= 0xFF
    path.write_bytes(content)


BAD: dict[str, tuple[Callable[[Path], object], str]] = {
    "header": (lambda p: flipped(p, 4096, 8192), "damaged: put a backup"),
    "truncated": (lambda p: p.write_bytes(p.read_bytes()[: p.stat().st_size // 2]), "damaged: put a backup"),
    "barely there": (lambda p: p.write_bytes(p.read_bytes()[:100]), "damaged: put a backup"),
    "empty": (lambda p: p.write_bytes(b""), "not a DuckDB database; .* name another file"),
    "html": (lambda p: p.write_text("<html>" * 9000), "not a DuckDB database; .* name another file"),
    "sqlite": (sqlite, "not a DuckDB database; .* name another file"),
    "foreign": (somebody_elses, "not one of this tracker; name another file"),
    "newer": (of_the_future, "written by a newer tracker"),
}


@pytest.mark.parametrize("what", BAD)
def test_a_file_that_cannot_be_used_is_left_alone_and_so_is_the_spool(store: Store, what: str) -> None:
    spoil, message = BAD[what]
    spoil(store.path)
    spoilt, waiting = store.path.read_bytes(), {p.name: p.read_bytes() for p in store.spool.iterdir()}
    with pytest.raises(StoreError, match=message) as refusal:
        store.merge()
    assert "\n" not in str(refusal.value)
    with pytest.raises(StoreError, match=message), store.reading():
        pass
    assert store.path.read_bytes() == spoilt
    assert {p.name: p.read_bytes() for p in store.spool.iterdir()} == waiting
    assert not [p for p in store.path.parent.iterdir() if ".next" in p.name]


@pytest.mark.parametrize("what", ["truncated", "sqlite", "newer"])
def test_every_command_says_so_in_a_sentence(store: Store, what: str) -> None:
    spoil, _ = BAD[what]
    spoil(store.path)
    spoilt = store.path.read_bytes()
    folder = store.path.parents[1]
    (folder / "config.toml").write_text(CONFIG, encoding="utf-8")
    for command in (["crawl"], ["report"], ["sql", "FROM page_fetch"]):
        done = tracker(folder, *command)
        assert done.returncode == 1, done.stderr
        (sentence,) = done.stderr.strip().splitlines()
        assert "t.duckdb: " in sentence
        assert "Traceback" not in sentence
    assert store.path.read_bytes() == spoilt


def readable(path: Path) -> dict[str, object]:
    """What can be read of every table that can be read."""
    found: dict[str, object] = {}
    with duckdb.connect(path, read_only=True) as db:
        names = [
            name for (name,) in db.execute("SELECT schema_name || '.' || table_name FROM duckdb_tables()").fetchall()
        ]
    while names:
        with duckdb.connect(path, read_only=True) as db, suppress(duckdb.Error):  # which ends the connection for good
            while names:
                name = names.pop()
                found[name] = db.execute(f"SELECT count(*), bit_xor(hash(t)) FROM {name} AS t").fetchone()
    return found


@pytest.mark.parametrize("seed", range(int(os.environ.get("DAMAGES", "4"))))
def test_a_damaged_block_is_found_when_it_is_read_and_nothing_gets_worse(store: Store, seed: int) -> None:
    """A merge into a database that is damaged somewhere ends in a sentence, or adds to what can be read of it."""
    flipped(store.path, Random(seed).randrange(12288, store.path.stat().st_size))
    spoilt = store.path.read_bytes()
    try:
        before = readable(store.path)
    except duckdb.Error:
        before = {}
    try:
        assert store.merge() == 1
    except StoreError as error:
        assert "damaged: put a backup" in str(error)
        assert store.path.read_bytes() == spoilt
        assert len(list(store.spool.glob("*.jsonl"))) == 1
    else:
        assert readable(store.path).keys() == before.keys()
    try:
        with store.reading() as db:
            for name in ("page_fetch", "product_observation", "search_placement", "changes"):
                db.execute(f"SELECT bit_xor(hash(t)) FROM {name} AS t").fetchall()
    except StoreError as error:
        assert "damaged: put a backup" in str(error)
