"""Readers while others write, all of them real processes: nobody waits, nobody fails, and every state seen is whole."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from storage.store import Store
from tests.crash import moments, plain_user
from tests.crash.checks import ROOT, Tally
from tests.crash.kinds import Working
from tests.crash.look import SEEN
from tests.crash.test_damaged import spool
from tests.small import Small
from tracker.demo.run import FIRST_DAY, configuration
from tracker.demo.site import serve

DUCKDB = Path(sys.executable).with_name("duckdb")
needs_client = pytest.mark.skipif(not DUCKDB.exists(), reason="the duckdb client is not installed")

State = list[int]


@pytest.fixture
def database(tmp_path: Path, fresh: Callable[[Path], Store]) -> Path:
    """A database that somebody has merged into once."""
    store = fresh(tmp_path / "t.duckdb")
    spool(store, "z1", 20)
    store.merge()
    return store.path


@contextmanager
def looking(how: str, database: Path) -> Iterator[subprocess.Popen[str]]:
    """A reader of its own."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.crash.look", how, str(database)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        yield process


@contextmanager
def two_at_work(database: Path) -> Iterator[None]:
    """Two processes that spool and merge for as long as the block lasts."""
    tally, workers = Tally(""), [Working("spooling", database, name, Random(name)) for name in "ab"]
    try:
        yield
    finally:
        for worker in workers:
            worker.killed(tally)
    assert not tally.defects


def merges(database: Path, number: int) -> Iterator[None]:
    """Yields after each of so many replacements of the file."""
    for _ in range(number):
        moments.wait_for_replacement(database)
        yield


def asked(reader: subprocess.Popen[str]) -> State:
    """What a reader that holds the file sees now."""
    assert reader.stdin and reader.stdout
    reader.stdin.write("again\n")
    reader.stdin.flush()
    return as_state(reader.stdout.readline())


def as_state(line: str) -> State:
    """A state, after a look at whether it is whole."""
    state = json.loads(line)
    products, observed, ranks, searches, pages, placements = state
    assert products == observed == ranks
    assert searches == pages
    assert placements == 3 * pages
    return [int(each) for each in state]


def test_who_holds_the_file_sees_one_state_throughout(database: Path) -> None:
    with looking("hold", database) as reader:
        assert reader.stdout
        first = as_state(reader.stdout.readline())
        with two_at_work(database):
            for _ in merges(database, 2):
                assert asked(reader) == first
        assert asked(reader) == first
        _, err = reader.communicate()
    assert reader.returncode == 0, err
    with looking("hold", database) as late:
        assert late.stdout
        assert sum(as_state(late.stdout.readline())) > sum(first)
        late.communicate()


@needs_client
def test_who_opens_it_again_and_again_always_can_and_sees_only_more(database: Path, tmp_path: Path) -> None:
    client = [str(DUCKDB), "-readonly", "-csv", "-noheader", str(database), SEEN]
    states: list[State] = []
    with (tmp_path / "seen").open("w+") as seen, two_at_work(database):
        with looking("loop", database) as reader:
            drain = subprocess.Popen(["cat"], stdin=reader.stdout, stdout=seen)
            replaced, last = 0, moments.which(database)
            deadline = time.monotonic() + 120
            while replaced < 2 and time.monotonic() < deadline:
                done = subprocess.run(client, capture_output=True, text=True, check=False)
                assert done.returncode == 0, done.stderr
                states.append(as_state(f"[{done.stdout.strip()}]"))
                replaced, last = replaced + (moments.which(database) != last), moments.which(database)
            assert reader.stdin and reader.stderr
            reader.stdin.write("enough\n")
            reader.stdin.flush()
            drain.wait()
            assert reader.wait() == 0, reader.stderr.read()
        seen.seek(0)
        looped = [as_state(line) for line in seen]
    assert replaced == 2
    for found in (states, looped):
        assert len(found) > 1
        assert all(a <= b for before, after in pairwise(found) for a, b in zip(before, after, strict=True))


@needs_client
def test_the_client_without_readonly_is_refused_plainly(database: Path) -> None:
    as_somebody = plain_user.prefix()
    with plain_user.folder() as folder:
        path = folder / "t.duckdb"
        path.write_bytes(database.read_bytes())
        path.chmod(0o444)
        ask = "SELECT count(*) FROM page_fetch"
        writing = subprocess.run(
            [*as_somebody, str(DUCKDB), str(path), ask], capture_output=True, text=True, check=False
        )
        assert writing.returncode != 0
        assert "Permission denied" in writing.stderr + writing.stdout
        reading = subprocess.run(
            [*as_somebody, str(DUCKDB), "-readonly", "-csv", "-noheader", str(path), ask],
            capture_output=True,
            text=True,
            check=False,
        )
        assert reading.stdout == "20\n", reading.stderr
        assert path.read_bytes() == database.read_bytes()


def test_a_crawl_merges_while_a_reader_holds_the_file(tmp_path: Path, fresh: Callable[[Path], Store]) -> None:
    world = Small(seed=3, days=4, start=FIRST_DAY)
    database = tmp_path / "data" / "tracker.duckdb"
    with serve(world) as site:
        (tmp_path / "config.toml").write_text(configuration(world, site.base_urls), encoding="utf-8")
        fresh(database)
        with looking("hold", database) as reader:
            assert reader.stdout and reader.stdout.readline() == "[0, 0, 0, 0, 0, 0]\n"
            done = subprocess.run(
                [sys.executable, "-m", "tracker", "crawl"], cwd=tmp_path, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, done.stdout + done.stderr
            assert asked(reader) == [0, 0, 0, 0, 0, 0]
            reader.communicate()
    with Store(database).reading() as db:
        assert db.execute("SELECT state FROM crawl_run").fetchall() == [("complete",)]
        assert db.execute("SELECT count(*) > 0 FROM product_observation").fetchone() == (True,)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="looks at what a process holds open")
def test_who_reads_through_the_store_does_not_keep_an_old_file_afterwards(database: Path) -> None:
    store = Store(database)
    with store.reading() as db:
        db.execute("FROM page_fetch").fetchall()
    spool(store, "z2", 5)
    store.merge()
    held = [link.readlink().name for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    assert not [name for name in held if name.startswith("t.duckdb")]
