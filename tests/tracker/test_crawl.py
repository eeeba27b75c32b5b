"""Whole crawls against the simulated marketplace: real processes, real HTTP, real DuckDB, real Chromium."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.archive import Archive
from storage.records import Ranking
from storage.store import Store
from tests.small import Small
from tracker.config import load
from tracker.demo.run import FIRST_DAY, configuration
from tracker.demo.site import Site, serve
from tracker.demo.world import World


@pytest.fixture(scope="module")
def world() -> World:
    return Small(seed=3, days=14, start=FIRST_DAY)


@pytest.fixture
def site(world: World) -> Iterator[Site]:
    with serve(world) as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path, world: World, site: Site) -> Path:
    """A folder with a configuration for the simulated marketplace."""
    (tmp_path / "config.toml").write_text(configuration(world, site.base_urls), encoding="utf-8")
    return tmp_path


def start(folder: Path, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tracker", *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | environment,
    )


def crawl(folder: Path, *arguments: str, **environment: str) -> tuple[int, str]:
    """Run `tracker crawl` to its end; returns exit code and all output."""
    with start(folder, "crawl", *arguments, **environment) as process:
        out, err = process.communicate(timeout=120)
    assert "Traceback" not in err, err
    return process.returncode, out + err


def store(folder: Path) -> Store:
    return Store(load(folder / "config.toml").storage.database)


def rows(folder: Path, question: str) -> list[tuple[object, ...]]:
    with store(folder).reading() as db:
        return db.execute(question).fetchall()


def test_a_crawl_stores_every_page_as_the_world_says_and_archives_it(folder: Path, world: World, site: Site) -> None:
    day = 9
    site.set_day(day)
    text = configuration(world, site.base_urls)
    for listing in world.listings:
        text = text.replace(f'asin = "{listing.asin}"', f'asin = "{listing.asin}"\nlists = ["{listing.list}"]')
    (folder / "config.toml").write_text(text, encoding="utf-8")
    code, output = crawl(folder, "--lists")
    assert code == 0, output
    products = sum(1 + len(listing.rivals) for listing in world.listings)
    searches = sum(2 * len(listing.keywords) for listing in world.listings)
    lists = 2 * len(world.listings)
    assert rows(folder, "SELECT kind, outcome, count(*) FROM page_fetch GROUP BY ALL ORDER BY ALL") == [
        ("bestsellers", "ok", lists),
        ("product", "ok", products),
        ("search", "ok", searches),
    ]
    planned = products + searches + lists
    assert rows(folder, "SELECT state, trigger, planned, scope FROM crawl_run") == [
        ("complete", "manual", planned, "keywords, lists, products")
    ]
    assert rows(folder, "SELECT outcome, attempts, count(*) FROM crawl_item GROUP BY ALL") == [("ok", 1, planned)]
    archive = Archive(load(folder / "config.toml").storage.pages)
    for page_hash, size in rows(folder, "SELECT page_hash, bytes FROM page_fetch"):
        assert len(archive.get(str(page_hash))) == size
    # Organic positions run on across the pages of a keyword, without gap or repetition.
    for ranks in rows(
        folder,
        "SELECT list(organic_position ORDER BY organic_position) FROM search_placement "
        "WHERE sponsored = false GROUP BY marketplace, keyword",
    ):
        (found,) = ranks
        assert isinstance(found, list)
        assert found == list(range(1, len(found) + 1))
    with store(folder).reading() as db:
        for listing in world.listings:
            department, node = listing.list.split("/")[-2:]
            _, ranked = world.ranked(listing.marketplace, Ranking.BEST_SELLERS, department, node, day)
            assert db.execute(
                "SELECT rank, asin FROM list_placement WHERE marketplace = ? AND category_id = ? ORDER BY rank",
                [listing.marketplace, node],
            ).fetchall() == [(rank, product.asin) for rank, product in ranked]
            for asin in (listing.asin, *listing.rivals):
                truth = world.product(listing.marketplace, asin, day)
                row = db.execute(
                    "SELECT title, price, rating, review_count, in_stock FROM product_observation "
                    "WHERE marketplace = ? AND asin = ?",
                    [listing.marketplace, asin],
                ).fetchone()
                price = truth.price if truth.in_stock else None
                assert row == (truth.title, price, truth.rating, truth.review_count, truth.in_stock), asin


def test_a_killed_crawl_loses_nothing_and_the_next_one_completes_the_run(folder: Path) -> None:
    assert crawl(folder)[0] == 0
    before = rows(folder, "SELECT fetch_id FROM product_observation ORDER BY ALL")
    spool = store(folder).spool
    with start(folder, "crawl", TRACKER_CRAWL__DELAY="0.2", TRACKER_CRAWL__CONCURRENCY="1") as process:
        acknowledged = 0
        deadline = time.monotonic() + 60
        while acknowledged < 8 and time.monotonic() < deadline:
            acknowledged = sum(p.read_bytes().count(b'"fetched"') for p in spool.glob("*.open"))
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    acknowledged = sum(p.read_bytes().count(b'"fetched"') for p in spool.glob("*.open"))
    assert acknowledged >= 8
    assert rows(folder, "SELECT fetch_id FROM product_observation ORDER BY ALL") == before
    code, output = crawl(folder)
    assert code == 0, output
    assert "going on with run" in output
    runs = rows(folder, "SELECT run_id, state, planned FROM crawl_run ORDER BY started_at")
    assert [state for _, state, _ in runs] == ["complete", "complete"]
    per_run = rows(
        folder,
        "SELECT run_id, count(*), count(DISTINCT task) FROM page_fetch WHERE outcome = 'ok' GROUP BY run_id ORDER BY 1",
    )
    assert per_run == [(run_id, planned, planned) for run_id, _, planned in runs]
    duplicates = rows(
        folder, "SELECT run_id, marketplace, asin FROM product_observation GROUP BY ALL HAVING count(*) > 1"
    )
    assert duplicates == []


def test_a_crawl_that_is_asked_to_stop_keeps_what_it_has(folder: Path) -> None:
    with start(folder, "crawl", TRACKER_CRAWL__DELAY="0.3", TRACKER_CRAWL__CONCURRENCY="1") as process:
        spool = folder / "data" / "tracker.duckdb.spool"
        deadline = time.monotonic() + 60
        while (
            not any(p.read_bytes().count(b'"fetched"') > 3 for p in spool.glob("*.open"))
            and time.monotonic() < deadline
        ):
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Traceback" not in err
    assert rows(folder, "SELECT count(*) > 3 FROM page_fetch WHERE outcome = 'ok'") == [(True,)]
    assert rows(folder, "SELECT state FROM crawl_run") == [("running",)]


def test_robots_txt_is_obeyed_and_its_refusal_recorded(folder: Path, world: World, site: Site) -> None:
    site.set_faults("robots", rate=1.0)
    crawl(folder, "--listing", world.listings[0].name)
    assert rows(folder, "SELECT DISTINCT outcome, attempts FROM page_fetch WHERE kind = 'product'") == [("robots", 0)]


def test_where_nobody_answers_every_page_says_so_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(
        '[[listing]]\nname = "mug"\nmarketplace = "com"\nasin = "B0OWN00001"\nrivals = ["B0RIVAL001"]\n'
        '[marketplaces.com]\nbase_url = "http://127.0.0.1:9"\n[crawl]\ndelay = 0\nretries = 0\n'
    )
    code, output = crawl(tmp_path)
    assert code == 3
    assert "com B0RIVAL001: network (robots.txt could not be read: connection refused)" in output


def test_two_crawls_at_once_do_not_disturb_each_other(folder: Path, world: World) -> None:
    with start(folder, "crawl", TRACKER_CRAWL__DELAY="0.1") as nightly:
        code, output = crawl(folder, "--listing", world.listings[1].name)
        assert code == 0, output
        _, err = nightly.communicate(timeout=120)
    assert nightly.returncode == 0, err
    assert rows(folder, "SELECT count(*) FROM crawl_run WHERE state = 'complete'") == [(2,)]
