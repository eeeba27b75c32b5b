"""`tracker pages` on the archive of real crawls of the simulated marketplace."""

import os
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from storage.archive import Archive
from storage.inventory import scan
from storage.store import Store
from tests.tracker.command import tracker
from tracker.config import Config, load
from tracker.prune import PruneError, as_configured, prune


@pytest.fixture
def folder(two_nights: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of it, to be harmed."""
    yield shutil.copytree(two_nights, tmp_path / "copy")


def config(folder: Path, **keep: object) -> Config:
    found = load(folder / "config.toml")
    return found.model_copy(update={"storage": found.storage.model_copy(update=keep)})


def archive(folder: Path) -> Archive:
    return Archive(config(folder).storage.pages)


def fetches(folder: Path) -> list[tuple[str, str, datetime]]:
    with Store(config(folder).storage.database).reading() as db:
        return db.execute(
            "SELECT page_hash, url, observed_at FROM page_fetch ORDER BY observed_at, fetch_id"
        ).fetchall()


def aged(folder: Path, page_hash: str, days: float) -> None:
    when = (datetime.now(UTC) - timedelta(days=days)).timestamp()
    os.utime(archive(folder).path(page_hash), (when, when))


def test_a_crawl_keeps_the_second_night_against_the_first(folder: Path) -> None:
    pages = scan(archive(folder).root)
    assert len(pages) == len(fetches(folder))
    deltas = [kept.size for kept in pages.values() if kept.base]
    alone = [kept.size for kept in pages.values() if not kept.base]
    assert len(deltas) >= 0.45 * len(pages)
    assert sum(deltas) / len(deltas) < sum(alone) / len(alone) / 2


def test_verify_says_what_is_sound_and_what_is_not(folder: Path) -> None:
    done = tracker(folder, "pages", "verify")
    assert done.returncode == 0, done.stderr
    assert re.search(rf"{len(fetches(folder))} pages are sound \(\d+ of them deltas\)", done.stdout)
    pages = scan(archive(folder).root)
    delta = next(page_hash for page_hash, kept in pages.items() if kept.base)
    base = pages[delta].base
    assert base
    archive(folder).path(base).write_bytes(b"not a page")
    archive(folder).path(next(h for h in pages if h not in {base, delta} and not pages[h].base)).unlink()
    done = tracker(folder, "pages", "verify")
    assert done.returncode == 1
    assert f"{base}: " in done.stderr
    assert f"{delta}: page {base}, which it rests on, is damaged" in done.stderr
    assert "1 pages that fetches name are not in the archive" in done.stderr


def test_get_writes_a_page_as_it_came(folder: Path) -> None:
    page_hash = fetches(folder)[-1][0]
    assert tracker(folder, "pages", "get", page_hash).stdout.encode() == archive(folder).get(page_hash)
    assert tracker(folder, "pages", "get", page_hash.upper(), "-o", "page.html").returncode == 0
    assert (folder / "page.html").read_bytes() == archive(folder).get(page_hash)
    missing, wrong = tracker(folder, "pages", "get", "0" * 64), tracker(folder, "pages", "get", "nonsense")
    assert (missing.returncode, wrong.returncode) == (1, 2)
    assert "no page" in missing.stderr
    assert "64 hexadecimal digits" in wrong.stderr


def test_prune_removes_old_orphans_and_leftovers_and_nothing_else(folder: Path) -> None:
    before = scan(archive(folder).root).keys()
    old, young = archive(folder).put(b"an orphan" * 50), archive(folder).put(b"a young one" * 50)
    aged(folder, old, 8)
    part = archive(folder).path(old).with_suffix(".zst.00.part")
    part.write_bytes(b"half")
    os.utime(part, (0, 0))
    told = tracker(folder, "pages", "prune", "--dry-run")
    assert told.returncode == 0, told.stderr
    assert re.match(r"1 pages \(\d+ bytes\) and 1 unfinished files would be removed", told.stdout)
    assert old in scan(archive(folder).root) and part.exists()
    assert "1 unfinished files removed" in tracker(folder, "pages", "prune").stdout
    assert scan(archive(folder).root).keys() == before | {young}
    assert not part.exists()


def test_prune_keeps_what_the_configuration_says(folder: Path) -> None:
    count = len(fetches(folder))
    now = datetime.now(UTC)
    limited = config(folder, keep_days=30)
    assert prune(limited, now + timedelta(days=29)).pages == 0
    assert prune(config(folder), now + timedelta(days=4000)).pages == 0
    half = sum(kept.size for kept in scan(archive(folder).root).values()) / 2
    assert prune(config(folder, keep_gb=half / 1e9), now + timedelta(days=2), dry_run=True).size >= half
    gone = prune(limited, now + timedelta(days=31))
    assert (gone.pages, gone.kept) == (count, 0)
    assert scan(archive(folder).root) == {}


def test_prune_beside_a_wrong_database_removes_nothing_and_a_night_goes_on(folder: Path) -> None:
    pages = scan(archive(folder).root).keys()
    later = datetime.now(UTC) + timedelta(days=31)
    config(folder).storage.database.unlink()
    said: list[str] = []
    as_configured(config(folder, keep_days=1), later, said.append)
    with Store(config(folder).storage.database).writing():
        pass
    with pytest.raises(PruneError, match="is this their database"):
        prune(config(folder), later)
    as_configured(config(folder, keep_days=1), later, said.append)
    assert ["no database here" in said[0], "is this their database" in said[1]] == [True, True]
    assert scan(archive(folder).root).keys() == pages
    assert prune(config(folder), later, unnamed=True).kept == 0


def test_without_limits_a_night_removes_nothing(folder: Path) -> None:
    orphan = archive(folder).put(b"an orphan" * 50)
    later = datetime.now(UTC) + timedelta(days=31)
    as_configured(config(folder), later, pytest.fail)
    assert orphan in scan(archive(folder).root)
    as_configured(config(folder, keep_days=90), later, pytest.fail)
    assert orphan not in scan(archive(folder).root)


@pytest.mark.parametrize(("key", "value"), [("DAYS", "0"), ("GB", "-1"), ("GB", "inf"), ("DAYS", "soon")])
def test_a_limit_that_cannot_be_is_refused(folder: Path, key: str, value: str) -> None:
    done = tracker(folder, "pages", "prune", **{f"TRACKER_STORAGE__KEEP_{key}": value})
    assert done.returncode == 2
    assert f"storage.keep_{key.lower()}" in done.stderr


def test_an_export_is_a_warc_with_a_resource_per_fetch(folder: Path) -> None:
    done = tracker(folder, "pages", "export", "out/pages.warc.gz")
    assert done.returncode == 0, done.stderr
    wanted = [(url, observed_at, archive(folder).get(h)) for h, url, observed_at in fetches(folder)]
    with (folder / "out" / "pages.warc.gz").open("rb") as file:
        records = ArchiveIterator(file, check_digests="raise")
        first = next(records)
        assert first.rec_type == "warcinfo"
        assert b"software: rival-tracker/" in first.content_stream().read()
        found = []
        for record in records:
            header = record.rec_headers.get_header
            assert (record.rec_type, record.http_headers) == ("resource", None)
            assert header("Content-Type") == "text/html"
            assert header("WARC-Payload-Digest")
            date = datetime.fromisoformat(header("WARC-Date"))
            found.append((header("WARC-Target-URI"), date, record.content_stream().read()))
    assert found == wanted
    assert [path.name for path in (folder / "out").iterdir()] == ["pages.warc.gz"]


def test_an_export_takes_what_is_asked_for_and_says_what_it_left_out(folder: Path) -> None:
    asin = config(folder).listing[0].asin
    own = [(h, url) for h, url, _ in fetches(folder) if url.endswith(asin)]
    assert len(own) == 2
    archive(folder).path(own[1][0]).unlink()
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    done = tracker(folder, "pages", "export", "o.warc.gz", "--asin", asin, "--until", today)
    assert done.returncode == 0, done.stderr
    assert "1 pages" in done.stdout
    assert "1 pages are no longer in the archive" in done.stderr
    archive(folder).path(own[0][0]).write_bytes(b"harmed")
    done = tracker(folder, "pages", "export", "o.warc.gz", "--asin", asin)
    assert done.returncode == 1
    assert "left out: page" in done.stderr
    for none in (["--since", "2090-01-01"], ["--until", "2020-01-01"], ["--marketplace", "co.jp"]):
        assert tracker(folder, "pages", "export", "o.warc.gz", *none).stdout.startswith("0 pages")
    assert tracker(folder, "pages", "export", "o.warc.gz", "--marketplace", "moon").returncode == 2
