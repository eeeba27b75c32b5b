"""A full disk, and one that may not be written: a sentence, nothing harmed, and all goes on when there is room."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest

from storage.store import Store
from tests.crash import plain_user
from tests.crash.checks import ROOT
from tests.crash.disk import Disk, mounted
from tests.crash.test_damaged import spool
from tests.small import Small
from tracker.demo.run import FIRST_DAY, configuration
from tracker.demo.site import Site, serve

pytest.importorskip("resource", reason="limits of a process are a thing of POSIX")


@pytest.fixture
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    """A small disk of its own, where we may mount one; else, or where a test asks for it (as the soak does for crawls),
    a limit to the size of files, which everybody may set."""
    with nullcontext() if getattr(request, "param", "mount") == "limit" else mounted(tmp_path, megabytes=40) as found:
        yield found or Disk(tmp_path, mounted=False)


@contextmanager
def marketplace(folder: Path) -> Iterator[Site]:
    """A configuration in ``folder`` for a small marketplace that is served meanwhile."""
    world = Small(seed=3, days=4, start=FIRST_DAY)
    with serve(world) as site:
        (folder / "config.toml").write_text(configuration(world, site.base_urls), encoding="utf-8")
        yield site


def one_sentence(done: subprocess.CompletedProcess[str]) -> str:
    """What a command that failed said at the end, and no traceback."""
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize("disk", ["mount", "limit"], indirect=True)
def test_what_was_spooled_before_the_disk_was_full_is_kept(disk: Disk, fresh: Callable[[Path], Store]) -> None:
    store = fresh(disk.folder / "t.duckdb")
    database = store.path
    done = disk.run("tests.crash.fill", "spool", database, room=100_000)
    assert done.returncode == 0, done.stderr
    number, why = done.stdout.splitlines()
    assert int(number) > 10
    assert "No space left" in why or "too large" in why
    assert store.merge() == 1
    with store.reading() as db:
        assert db.execute("SELECT count(*), count(DISTINCT task) FROM page_fetch").fetchone() == (int(number),) * 2


def test_a_merge_without_room_leaves_all_as_it_was(disk: Disk, fresh: Callable[[Path], Store]) -> None:
    store = fresh(disk.folder / "t.duckdb")
    spool(store, "a1", 300)
    store.merge()
    segment = spool(store, "a2", 300)
    before, waiting, size = store.path.read_bytes(), segment.read_bytes(), store.path.stat().st_size
    for room in (size // 2, size + 4096, size + size // 8):  # while copying; while writing to the copy
        done = disk.run("tests.crash.fill", "merge", store.path, room=room)
        assert done.returncode == 0, done.stderr
        if done.stdout == "1\n":
            break
        (sentence,) = done.stdout.splitlines()
        assert "No space left" in sentence or "too large" in sentence
        assert store.path.read_bytes() == before
        assert segment.read_bytes() == waiting
        assert not [p for p in disk.folder.iterdir() if ".next" in p.name]
    assert room > size // 2
    store.merge()
    with store.reading() as db:
        assert db.execute("SELECT count(*) FROM page_fetch").fetchone() == (600,)


def test_a_crawl_on_a_full_disk_stops_with_a_sentence_and_goes_on_when_there_is_room(
    disk: Disk, fresh: Callable[[Path], Store]
) -> None:
    with marketplace(disk.folder):
        store = fresh(disk.folder / "data" / "tracker.duckdb")
        before = store.path.read_bytes()
        stopped = disk.run("tracker", "crawl", room=200_000 if disk.mounted else 12_000)
        sentence = one_sentence(stopped)
        assert "No space left" in sentence or "too large" in sentence
        assert store.path.read_bytes() == before
        lines = [p.read_bytes().splitlines() for p in store.spool.iterdir() if p.suffix in {".open", ".jsonl"}]
        spooled = sum(b'"fetched"' in line for each in lines for line in each)
        done = disk.run("tracker", "crawl")
        assert done.returncode == 0, done.stdout + done.stderr
        assert spooled == 0 or "going on with run" in done.stdout + done.stderr
    with store.reading() as db:
        assert db.execute("SELECT state FROM crawl_run").fetchall() == [("complete",)]
        assert db.execute(
            "SELECT count(*) - count(DISTINCT task), count(*) >= ? FROM page_fetch", [spooled]
        ).fetchone() == (
            0,
            True,
        )


def test_a_folder_that_may_not_be_written_is_told_in_a_sentence(tmp_path: Path, fresh: Callable[[Path], Store]) -> None:
    as_somebody = plain_user.prefix()
    store = fresh(tmp_path / "t.duckdb")
    spool(store, "a1", 20)
    store.merge()
    with plain_user.folder() as folder, marketplace(folder):
        data = folder / "data"
        data.mkdir()
        database = data / "tracker.duckdb"
        database.write_bytes(store.path.read_bytes())
        database.chmod(0o444)
        data.chmod(0o555)
        plain = {
            command: subprocess.run(
                [*as_somebody, sys.executable, "-m", "tracker", command, *rest],
                cwd=folder,
                env=os.environ | {"PYTHONPATH": str(ROOT), "HOME": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
                capture_output=True,
                text=True,
                check=False,
            )
            for command, *rest in (["crawl"], ["sql", "SELECT count(*) AS n FROM page_fetch", "-f", "csv"])
        }
        data.chmod(0o755)
        assert "Permission denied" in one_sentence(plain["crawl"])
        assert plain["sql"].stdout == "n\n20\n", plain["sql"].stderr
        assert database.read_bytes() == store.path.read_bytes()
        assert [p.name for p in data.iterdir()] == ["tracker.duckdb"]
