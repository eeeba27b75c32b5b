"""`tracker reparse` on real crawls of the simulated marketplace, stored as an older parser would have left them."""

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from storage.archive import Archive
from storage.model import PARSER_VERSION
from storage.rereading import Wanted
from storage.schema import rebuild_changes
from storage.store import Store
from tests.crash import moments
from tests.tracker.command import ENVIRONMENT, tracker
from tests.tracker.two_nights import LISTING, WORLD
from tracker.config import load
from tracker.demo.run import configuration
from tracker.demo.site import serve
from tracker.reparse import Reparsed, reparse

PENDING = Wanted()
FACTS = (
    "product_observation", "bsr_observation", "search_page", "search_placement", "search_widget", "review_seen",
    "related_placement", "missing_value", "changes",
)  # fmt: skip


@pytest.fixture
def folder(two_nights: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of it, to be falsified."""
    yield shutil.copytree(two_nights, tmp_path / "copy")


def store(folder: Path) -> Store:
    return Store(load(folder / "config.toml").storage.database)


def rows(folder: Path, question: str) -> list[tuple[Any, ...]]:
    with store(folder).reading() as db:
        return db.execute(question).fetchall()


def facts(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that pages say, and what follows from it."""
    with store(folder).reading() as db:
        found = {name: db.execute(f"FROM {name} ORDER BY ALL").fetchall() for name in FACTS}
        fetches = db.execute("SELECT fetch_id, task, outcome, detail FROM page_fetch ORDER BY 1").fetchall()
        return found | {"page_fetch": fetches}


def read_by_an_older_parser(folder: Path, *falsehoods: str) -> None:
    with store(folder).writing() as db:
        for falsehood in (*falsehoods, "UPDATE page_fetch SET parser_version = 1"):
            db.execute(falsehood)
        rebuild_changes(db)


def again(folder: Path, *, wanted: Wanted = PENDING, **how: Any) -> Reparsed:
    config = load(folder / "config.toml")
    return reparse(store(folder), config.storage.pages, wanted, clock=lambda: datetime.now(UTC), **how)


RIVAL = LISTING.rivals[0]
WRONG_PRICE = (
    f"UPDATE stored.product SET price = price + 1 WHERE asin = '{LISTING.asin}' "
    "AND run_id = (SELECT max(run_id) FROM crawl_run)"
)
UNREAD = f"(SELECT min(fetch_id) FROM page_fetch WHERE asin = '{RIVAL}')"
NEXT = f"(SELECT max(fetch_id) FROM page_fetch WHERE asin = '{RIVAL}')"
INCOMPLETE = (
    f"UPDATE page_fetch SET outcome = 'incomplete', detail = 'truncated' WHERE fetch_id = {UNREAD}",
    f"DELETE FROM stored.product WHERE fetch_id = {UNREAD}",
    f"DELETE FROM bsr_observation WHERE fetch_id = {UNREAD}",
    f"DELETE FROM stored.related WHERE fetch_id = {UNREAD}",
    # So it was first seen on the next night.
    f"UPDATE stored.review SET fetch_id = n.fetch_id, run_id = n.run_id, observed_at = n.observed_at "
    f"FROM page_fetch n WHERE n.fetch_id = {NEXT} AND review.fetch_id = {UNREAD}",
)
KEYWORD = LISTING.keywords[0]
FIRST_PAGE = f"(SELECT min(fetch_id) FROM page_fetch WHERE keyword = '{KEYWORD}' AND page = 1)"
SECOND_PAGE = f"(SELECT min(fetch_id) FROM page_fetch WHERE keyword = '{KEYWORD}' AND page = 2)"
ONE_CARD_TOO_FEW = (
    f"DELETE FROM stored.placement WHERE fetch_id = {FIRST_PAGE} AND sponsored = false AND organic_position = "
    f"(SELECT max(organic_position) FROM stored.placement WHERE fetch_id = {FIRST_PAGE})",
    f"UPDATE stored.placement SET overall_position = overall_position - 1, organic_position = organic_position - 1 "
    f"WHERE fetch_id = {SECOND_PAGE}",
)


def test_what_an_older_parser_read_wrongly_is_shown_then_corrected_and_stays_queryable(folder: Path) -> None:
    truth = facts(folder)
    read_by_an_older_parser(folder, WRONG_PRICE)
    wrong = facts(folder)
    assert wrong != truth
    assert any(f == "price" for _, _, f, *_ in wrong["changes"])
    pages = len(truth["page_fetch"])

    before = store(folder).path.read_bytes()
    shown = tracker(folder, "reparse", "--dry-run")
    assert shown.returncode == 0, shown.stderr
    assert "product_observation.price" in shown.stdout
    assert LISTING.asin in shown.stdout
    assert f"{pages} pages read again: 1 would be corrected, {pages - 1} say the same, 0 could not be read" in (
        " ".join(shown.stdout.split())
    )
    assert store(folder).path.read_bytes() == before

    done = tracker(folder, "reparse")
    assert done.returncode == 0, done.stderr
    assert "1 corrected" in done.stdout
    assert facts(folder) == truth
    assert rows(
        folder,
        "SELECT s.price - p.price, s.parser_version, s.read_at = f.observed_at, s.superseded_at = f.read_at, "
        "f.parser_version FROM superseded.product_observation s JOIN product_observation p USING (fetch_id) "
        "JOIN page_fetch f USING (fetch_id)",
    ) == [(1, 1, True, True, PARSER_VERSION)]

    assert "0 pages read again" in tracker(folder, "reparse").stdout
    every = again(folder, wanted=Wanted(every=True))
    assert (every.pages, every.written, every.same) == (pages, 0, pages)
    assert facts(folder) == truth


def test_what_older_parsers_did_not_look_at_is_known_once_the_pages_are_read_again(folder: Path) -> None:
    truth = facts(folder)
    read_by_an_older_parser(
        folder,
        f"DELETE FROM stored.related WHERE asin = '{LISTING.asin}'",
        f"UPDATE bsr_observation SET department = NULL WHERE asin = '{LISTING.asin}'",
        f"UPDATE stored.content SET categories = NULL, browse_node = NULL, content_key = 'older' || content_id "
        f"WHERE content_id IN (SELECT content_id FROM stored.product WHERE asin = '{LISTING.asin}')",
    )
    assert "related_placement" in {name for name, found in facts(folder).items() if found != truth[name]}
    reread = again(folder, wanted=Wanted(asins=[LISTING.asin]))
    assert (reread.pages, reread.written) == (2, 2)
    assert {"categories", "browse_node", "department", "related_asin"} <= {column for _, column in reread.columns}
    assert facts(folder) == truth
    before = "SELECT DISTINCT browse_node, category_path FROM superseded.product_observation"
    assert rows(folder, before) == [(None, None)]


def test_pages_that_were_not_readable_become_so_and_the_other_way_round(folder: Path) -> None:
    truth = facts(folder)
    with store(folder).writing() as db:
        blocked = db.execute("SELECT max(fetch_id) FROM page_fetch WHERE kind = 'product'").fetchone()
        assert blocked
        page = b"<html><title>Robot Check</title><form action='/errors/validateCaptcha'></form></html>"
        page_hash = Archive(load(folder / "config.toml").storage.pages).put(page)
        db.execute("UPDATE page_fetch SET page_hash = ? WHERE fetch_id = ?", [page_hash, blocked[0]])
    read_by_an_older_parser(folder, *INCOMPLETE)
    done = again(folder)
    assert done.written >= 2
    found = facts(folder)
    assert rows(folder, f"SELECT outcome FROM page_fetch WHERE fetch_id = {blocked[0]}") == [("blocked",)]
    assert rows(folder, f"SELECT count(*) FROM superseded.product_observation WHERE fetch_id = {blocked[0]}") == [(1,)]
    for name in ("product_observation", "bsr_observation", "review_seen"):
        kept = [row for row in truth[name] if row[1] != blocked[0]]
        assert [row for row in found[name] if row[1] != blocked[0]] == kept, name
        assert len(found[name]) == len(kept), name
    assert again(folder, wanted=Wanted(every=True)).written == 0


def test_positions_of_later_results_pages_follow_from_the_first(folder: Path) -> None:
    truth = facts(folder)
    read_by_an_older_parser(folder, *ONE_CARD_TOO_FEW)
    assert facts(folder)["search_placement"] != truth["search_placement"]
    done = again(folder, fields=["organic_position"])
    assert done.written == 2
    assert done.columns["search_placement", "asin"].gained == 1
    assert facts(folder) == truth


def test_only_what_is_asked_for_is_read_and_only_fields_asked_for_are_corrected(folder: Path) -> None:
    truth = facts(folder)
    read_by_an_older_parser(folder, WRONG_PRICE, f"UPDATE stored.product SET rating = 1 WHERE asin = '{RIVAL}'")
    assert again(folder, wanted=Wanted(asins=[LISTING.asin]), dry_run=True).pages == 2
    assert again(folder, wanted=Wanted(subjects=[("de", LISTING.asin)]), dry_run=True).pages == 0
    assert again(folder, wanted=Wanted(until=datetime(2020, 1, 1, tzinfo=UTC))).pages == 0
    done = again(folder, fields=["price"])
    assert (done.written, done.other) == (1, 2)
    assert again(folder, fields=["product_observation.rating"]).written == 2
    assert facts(folder) == truth
    listing = tracker(folder, "reparse", "--listing", "nope")
    assert listing.returncode == 2
    assert LISTING.name in listing.stderr


def test_gone_and_damaged_pages_are_named_and_stop_nothing(folder: Path) -> None:
    truth = facts(folder)
    read_by_an_older_parser(folder, WRONG_PRICE)
    archive = Archive(load(folder / "config.toml").storage.pages)
    (gone,), (damaged,) = rows(
        folder, f"SELECT page_hash FROM page_fetch WHERE asin IN ('{LISTING.rivals[1]}', '{LISTING.rivals[2]}') "
        "ORDER BY observed_at DESC LIMIT 2"
    )  # fmt: skip
    archive.path(gone).unlink()
    archive.path(damaged).write_bytes(b"nonsense")
    done = tracker(folder, "reparse")
    assert done.returncode == 0, done.stderr
    assert "2 could not be read" in done.stdout
    assert gone in done.stderr
    assert damaged in done.stderr
    assert facts(folder) == truth


def test_a_crawl_and_a_reader_go_on_meanwhile(folder: Path) -> None:
    truth = facts(folder)
    read_by_an_older_parser(folder, WRONG_PRICE, *ONE_CARD_TOO_FEW)
    nights = len(truth["page_fetch"])
    with serve(WORLD) as site:
        site.set_day(6)
        (folder / "config.toml").write_text(configuration(WORLD, site.base_urls), encoding="utf-8")
        command = [sys.executable, "-m", "tracker", "crawl", "--listing", LISTING.name]
        with (
            store(folder).reading() as reader,
            subprocess.Popen(command, cwd=folder, env=ENVIRONMENT | {"TRACKER_CRAWL__DELAY": "0.2"}) as crawl,
        ):
            assert again(folder, alone=0).written == 3
            assert crawl.wait(timeout=120) == 0
            assert reader.execute("SELECT count(*) FROM page_fetch WHERE parser_version = 1").fetchone() == (nights,)
    found = facts(folder)
    for name, told in truth.items():
        assert set(map(str, told)) <= set(map(str, found[name])), name
    assert len({run for (run,) in rows(folder, "SELECT DISTINCT run_id FROM page_fetch")}) == 3


KILLED = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from storage.rereading import Wanted
from storage.store import Store
from tracker.reparse import reparse
if __name__ == "__main__":
    reparse(Store(Path(sys.argv[1])), Path(sys.argv[2]), Wanted(), clock=lambda: datetime.now(UTC), part=2, alone=0)
"""


def test_killed_half_way_the_next_call_goes_on(folder: Path, tmp_path: Path) -> None:
    truth = facts(folder)
    read_by_an_older_parser(folder, WRONG_PRICE, *INCOMPLETE, *ONE_CARD_TOO_FEW)
    config = load(folder / "config.toml")
    script = tmp_path / "killed.py"
    script.write_text(KILLED)
    reread = store(folder)
    read = "SELECT (SELECT count(*) FROM stored.reread) + (SELECT count(*) FROM page_fetch WHERE parser_version = 2)"

    def done() -> int:
        with reread.reading() as db:
            (number,) = db.execute(read).fetchall()[0]
            return int(number)

    command = [sys.executable, str(script), str(config.storage.database), str(config.storage.pages)]
    here = str(Path(__file__).parents[2])
    with subprocess.Popen(command, env=ENVIRONMENT | {"PYTHONPATH": here}) as process:
        deadline = time.monotonic() + 120
        while process.poll() is None and time.monotonic() < deadline:
            last = moments.which(reread.path)
            if done() >= 4:
                break
            while moments.which(reread.path) == last and process.poll() is None and time.monotonic() < deadline:
                time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    reread.merge()
    before, pages = done(), len(truth["page_fetch"])
    assert 0 < before < pages
    assert again(folder).pages <= pages - before + 1  # a results page is read again with the others of its keyword
    assert facts(folder) == truth
    assert again(folder, wanted=Wanted(every=True)).written == 0
