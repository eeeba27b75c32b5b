"""`tracker doctor` on a crawled database that is harmed on purpose: every harm is told, and nothing else."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage.archive import Archive
from storage.checks import CHECKS
from storage.spool import SpoolWriter
from storage.store import Store
from tests.storage.test_store import product_result, run, spooled
from tests.tracker.command import tracker
from tracker.config import load
from tracker.doctor import Finding, Kind, examine, repair


@pytest.fixture
def folder(two_nights: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of it, to be harmed."""
    yield shutil.copytree(two_nights, tmp_path / "copy")


def store(folder: Path) -> Store:
    return Store(load(folder / "config.toml").storage.database)


def examined(folder: Path, **how: bool) -> list[Finding]:
    return list(examine(load(folder / "config.toml"), datetime.now(UTC), **how))


def told(folder: Path, kind: Kind = Kind.WRONG, **how: bool) -> list[str]:
    return [sentence for found, sentence in examined(folder, **how) if found is kind]


def harmed(folder: Path, *harms: str) -> None:
    with store(folder).writing() as db:
        for harm in harms:
            db.execute(harm)


def test_a_crawled_database_is_sound(folder: Path) -> None:
    done = tracker(folder, "doctor", "--deep", "--pages")
    assert done.returncode == 0, done.stdout
    assert "wrong" not in done.stdout
    assert f"{len(CHECKS)} of {len(CHECKS)} rules hold" in done.stdout
    assert "The changes are those that the observations tell" in done.stdout
    assert "can be restored" in done.stdout


HARMS = {
    "fetch_numbers": "INSERT INTO page_fetch BY NAME SELECT * REPLACE (observed_at - INTERVAL 1 HOUR AS observed_at, "
    "'error_page' AS outcome) FROM page_fetch WHERE fetch_id = 1",
    "fetch_names": "INSERT INTO page_fetch BY NAME SELECT * REPLACE (99999 AS fetch_id, 'error_page' AS outcome) "
    "FROM page_fetch WHERE fetch_id = 1",
    "runs": "INSERT INTO crawl_run FROM crawl_run LIMIT 1",
    "facts_have_fetches": "INSERT INTO stored.review BY NAME SELECT * REPLACE (99999 AS fetch_id) "
    "FROM stored.review LIMIT 1",
    "one_observation": "INSERT INTO stored.product FROM stored.product LIMIT 1",
    "observed": "DELETE FROM stored.results_page WHERE fetch_id = (SELECT max(fetch_id) FROM stored.results_page)",
    "same_product": "UPDATE stored.product SET asin = 'B0ANOTHER1'",
    "parts_have_wholes": "UPDATE bsr_observation SET asin = 'B0ANOTHER1'",
    "pointers": "UPDATE stored.placement SET title_id = 99999",
    "reasons": "UPDATE stored.product SET price = NULL WHERE price > 0",
    "reasons_before": "UPDATE stored.product SET price = NULL WHERE price > 0",
    "ratings": "UPDATE stored.widget SET rating = 5.1",
    "prices": "UPDATE stored.product SET list_price = -1 WHERE list_price > 0",
    "counts": "UPDATE stored.placement SET review_count = -1 WHERE review_count > 0",
    "places": "UPDATE bsr_observation SET rank = 0",
    "changes_have_fetches": "UPDATE stored.change SET fetch_id = 99999 WHERE field = 'price'",
    "newer_parser": "UPDATE page_fetch SET parser_version = 99",
}
FIRST = {"reasons_before": "UPDATE page_fetch SET parser_version = 1"}


def test_every_rule_has_a_harm() -> None:
    assert HARMS.keys() == {check.name for check in CHECKS}


@pytest.mark.parametrize("name", HARMS)
def test_a_broken_rule_is_told_in_its_sentence(folder: Path, name: str) -> None:
    (check,) = (check for check in CHECKS if check.name == name)
    harmed(folder, *([FIRST[name]] if name in FIRST else []), HARMS[name])
    sentences = told(folder, Kind.WRONG if check.wrong else Kind.NOTE)
    assert any(check.sentence in sentence for sentence in sentences), sentences


def test_false_changes_are_told_and_told_anew(folder: Path) -> None:
    harmed(folder, "UPDATE stored.change SET after = '1' WHERE field = 'title'", "DROP VIEW changes")
    assert any("main.changes" in sentence for sentence in told(folder))
    done = tracker(folder, "doctor", "--repair", "--deep")
    assert done.returncode == 0, done.stdout
    harmed(folder, "UPDATE stored.change SET after = '1' WHERE field = 'title'")
    assert told(folder) == []
    assert any("false" in sentence for sentence in told(folder, deep=True))


def test_a_damaged_block_is_told(folder: Path) -> None:
    path = store(folder).path
    path.chmod(0o644)
    with path.open("r+b") as file:
        for place in range(0x3000 + 5000, path.stat().st_size - 1000, 0x40000):
            file.seek(place)
            file.write(b"\xde\xad\xbe\xef" * 20)
    done = tracker(folder, "doctor")
    assert done.returncode == 1
    assert "read" in done.stdout


def test_a_foreign_a_newer_and_no_database_are_told(folder: Path) -> None:
    harmed(folder, "INSERT INTO schema_migration VALUES (9999, 'future', now())")
    assert any("newer tracker" in sentence for sentence in told(folder))
    store(folder).path.unlink()
    assert any("no database here" in sentence for sentence in told(folder))
    store(folder).path.write_bytes(b"nonsense" * 1000)
    assert any("cannot be read" in sentence for sentence in told(folder))


def test_the_spool_and_what_dead_processes_left_are_told_and_cleared(folder: Path) -> None:
    there = store(folder)
    spooled(there, product_result(run_id="r9"), start=run("r9"))
    bad = there.spool / "r0.000001.jsonl"
    bad.write_text('{"fetched":{"attempts":"many"}}\n')
    next_one = there.path.with_name(there.path.name + ".next")
    next_one.write_bytes(b"half")
    old = there.spool / "r8.lock"
    old.touch()
    part = load(folder / "config.toml").storage.pages / "ab" / "x.part"
    part.parent.mkdir(exist_ok=True)
    part.touch()
    long_ago = (datetime.now(UTC) - timedelta(days=2)).timestamp()
    for path in (old, part):
        os.utime(path, (long_ago, long_ago))
    with SpoolWriter(there.spool, "r7"):
        notes = told(folder, Kind.NOTE)
        assert "Under way: r7." in notes
    assert "2 segments of the spool wait" in " ".join(notes)
    for left in (str(next_one), "1 locks of runs", "1 unfinished files"):
        assert any(left in note for note in notes), left
    (wrong,) = told(folder)
    assert "r0.000001.jsonl cannot be taken in" in wrong
    mended = list(repair(load(folder / "config.toml"), datetime.now(UTC)))
    assert any("Not everything could be merged" in sentence for _, sentence in mended)
    assert bad.exists()
    assert not next_one.exists()
    assert not old.exists()
    assert not part.exists()
    bad.unlink()
    # The product was made up here: without reasons for its gaps, and with its page in no archive.
    reasons, page = told(folder)
    assert "have no reason" in reasons
    assert "are not in" in page


def test_pages_that_are_gone_or_damaged_are_told(folder: Path) -> None:
    archive = Archive(load(folder / "config.toml").storage.pages)
    with store(folder).reading() as db:
        gone, damaged = [
            h for (h,) in db.execute("SELECT page_hash FROM page_fetch ORDER BY fetch_id DESC LIMIT 2").fetchall()
        ]
    archive.path(gone).unlink()
    archive.path(damaged).write_bytes(b"nonsense")
    assert any(gone in sentence for sentence in told(folder))
    assert any(damaged in sentence for sentence in told(folder, pages=True))
    config = folder / "config.toml"
    config.write_text(config.read_text(encoding="utf-8") + "\n[storage]\nkeep_days = 3\n", encoding="utf-8")
    assert told(folder) == []
    assert any(gone in sentence for sentence in told(folder, Kind.NOTE))
