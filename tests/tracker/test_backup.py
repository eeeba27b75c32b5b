"""`tracker backup` and `tracker restore` on crawls of the simulated marketplace, one of them under way meanwhile."""

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest

from storage.backup import DATABASE, MANIFEST, PAGES, Manifest, backups, checked, thin_out
from storage.inventory import scan
from storage.spool import SpoolWriter
from storage.store import Store
from tests.small import Small
from tests.storage.test_store import product_result, run, spooled
from tests.tracker.command import ENVIRONMENT, tracker
from tracker.config import load
from tracker.demo.run import FIRST_DAY, configuration
from tracker.demo.site import Site, serve

WORLD = Small(seed=3, days=14, start=FIRST_DAY)
LISTING = WORLD.listings[0].name


@pytest.fixture
def site() -> Iterator[Site]:
    with serve(WORLD) as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path, site: Site) -> Path:
    """One night of one listing."""
    (tmp_path / "config.toml").write_text(configuration(WORLD, site.base_urls), encoding="utf-8")
    site.set_day(4)
    assert tracker(tmp_path, "crawl", "--listing", LISTING).returncode == 0
    return tmp_path


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """One page of one run."""
    tracker(tmp_path, "init")
    store(tmp_path).path.parent.mkdir()
    spooled(store(tmp_path), product_result(), start=run())
    store(tmp_path).merge()
    return tmp_path


def store(folder: Path) -> Store:
    return Store(load(folder / "config.toml").storage.database)


def backed_up(folder: Path, *options: str) -> Path:
    done = tracker(folder, "backup", *options)
    assert done.returncode == 0, done.stderr
    time.sleep(1.1)  # a backup is named by its second
    return backups(folder / "data" / "backups")[-1]


def fetches(folder: Path) -> list[tuple[object, ...]]:
    with store(folder).reading() as db:
        return db.execute("SELECT run_id, task, observed_at, outcome FROM page_fetch ORDER BY ALL").fetchall()


def test_a_backup_of_everything_brings_everything_back(folder: Path, site: Site) -> None:
    before, pages = fetches(folder), scan(folder / "data" / "pages")
    backup = backed_up(folder, "--pages")
    assert checked(backup).rows["main.page_fetch"] == len(before)
    site.set_day(5)
    assert tracker(folder, "crawl", "--listing", LISTING).returncode == 0
    again = tracker(folder, "backup", "--pages").stdout
    assert f"{len(scan(folder / 'data' / 'pages')) - len(pages)} pages that were not there yet" in again
    newest = backups(folder / "data" / "backups")[-1]
    after = fetches(folder)

    shutil.rmtree(folder / "data" / "pages")
    store(folder).path.unlink()
    done = tracker(folder, "restore", str(newest))
    assert done.returncode == 0, done.stderr
    assert fetches(folder) == after
    done = tracker(folder, "doctor", "--deep", "--pages")
    assert done.returncode == 0, done.stdout

    done = tracker(folder, "restore", str(backup))
    assert done.returncode == 0, done.stderr
    assert fetches(folder) == before
    (aside,) = (folder / "data").glob("*.before-*")
    assert str(aside) in done.stdout
    with Store(aside).reading() as db:
        assert db.execute("SELECT count(*) FROM page_fetch").fetchone() == (len(after),)


def test_a_backup_while_a_crawl_writes_and_readers_read_is_whole(folder: Path) -> None:
    command = [sys.executable, "-m", "tracker", "crawl"]
    slow = {"TRACKER_CRAWL__DELAY": "0.2", "TRACKER_CRAWL__CONCURRENCY": "1"}
    spool = store(folder).spool
    before = len(fetches(folder))
    with store(folder).reading(), subprocess.Popen(command, cwd=folder, env=ENVIRONMENT | slow) as crawl:
        deadline = time.monotonic() + 60
        while sum(p.read_bytes().count(b'"fetched"') for p in spool.glob("*.open")) < 4 and time.monotonic() < deadline:
            time.sleep(0.02)
        backup = backed_up(folder)
        refused = tracker(folder, "restore", str(backup))
        assert refused.returncode == 1
        assert "is under way" in refused.stderr
        crawl.send_signal(signal.SIGKILL)
    manifest = checked(backup)
    assert manifest.rows["main.page_fetch"] == before
    assert [name.split(".")[-1] for name in manifest.waiting] == ["open"]
    # What the crawl had acknowledged then is in the backup; what it wrote since is still in the spool.
    shutil.rmtree(spool)
    assert tracker(folder, "restore", str(backup)).returncode == 0
    assert len(fetches(folder)) >= before + 4


def test_what_cannot_be_merged_is_copied_along_and_comes_back_once(small: Path) -> None:
    spooled(store(small), product_result(run_id="r2"), start=run("r2"))
    bad = store(small).spool / "r0.000001.jsonl"
    bad.write_text('{"fetched":{"attempts":"many"}}\n')
    done = tracker(small, "backup")
    assert done.returncode == 0
    assert "What waits is copied along" in done.stderr
    (backup,) = backups(small / "data" / "backups")
    assert checked(backup).waiting == ("r0.000001.jsonl",)
    bad.unlink()
    spooled(store(small), product_result(run_id="r3"), start=run("r3"))
    done = tracker(small, "restore", str(backup))
    assert done.returncode == 1
    assert "cannot take in" in done.stderr
    assert bad.exists()
    assert [run_id for run_id, *_ in fetches(small)] == ["r1", "r2", "r3"]


def test_corrupt_newer_and_no_backups_are_refused_and_nothing_is_touched(small: Path) -> None:
    backup = backed_up(small)
    present = store(small).path.read_bytes()
    other = shutil.copytree(backup, small / "corrupt")
    (other / DATABASE).write_bytes((other / DATABASE).read_bytes()[:-1] + b"x")
    cut = shutil.copytree(backup, small / "cut")
    (cut / MANIFEST).write_text("{")
    with store(small).writing() as db:
        db.execute("INSERT INTO schema_migration VALUES (9999, 'future', now())")
    newer_file = store(small).path.read_bytes()
    store(small).path.chmod(0o644)
    store(small).path.write_bytes(present)
    newer = shutil.copytree(backup, small / "newer")
    (newer / DATABASE).write_bytes(newer_file)
    manifest = msgspec.json.decode((newer / MANIFEST).read_bytes(), type=Manifest)
    digest = sha256(newer_file).hexdigest()
    (newer / MANIFEST).write_bytes(msgspec.json.encode(msgspec.structs.replace(manifest, sha256=digest)))
    for path, why in (
        (other, "its SHA-256 differs"),
        (cut, "cannot be read"),
        (newer, "newer tracker"),
        (backup.parent, f"did you mean {backup}?"),
        (small / "none", "no backup here"),
    ):
        done = tracker(small, "restore", str(path))
        assert done.returncode == 1
        assert why in done.stderr
        assert store(small).path.read_bytes() == present
    assert not list((small / "data").glob("*.before-*"))


def test_only_the_newest_are_kept_and_no_database_gives_no_backup(small: Path) -> None:
    for _ in range(3):
        newest = backed_up(small)
    assert "2 older backups removed" in (tracker(small, "backup", "--keep", "2").stdout)
    left = backups(small / "data" / "backups")
    assert len(left) == 2
    assert newest == left[0]
    assert thin_out(small / "data" / "backups", 2, datetime.now(UTC)) == []
    store(small).path.unlink()
    done = tracker(small, "backup", "elsewhere")
    assert done.returncode == 1
    assert "no database here yet" in done.stderr
    assert backups(small / "elsewhere") == []
    assert not list((small / "elsewhere").iterdir())


def test_a_live_run_of_any_kind_keeps_a_backup_from_being_restored(small: Path) -> None:
    backup = backed_up(small)
    with SpoolWriter(store(small).spool, "r5"):
        done = tracker(small, "restore", str(backup))
    assert done.returncode == 1
    assert "run r5 is under way" in done.stderr
    assert not (backup.parent / PAGES).exists()
