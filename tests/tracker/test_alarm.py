"""The drift alarm from end to end: the simulated site changes its markup, the real crawler reads it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reports.flags import Kind
from reports.period import Asked
from storage.store import Store
from tests.reports.test_render import Page
from tests.tracker.command import tracker
from tests.tracker.recorded import recorded
from tracker.alarm import sentences
from tracker.config import load
from tracker.demo.run import configuration
from tracker.demo.site import Site, serve
from tracker.demo.world import World
from tracker.report import write

NIGHTS = 6


@pytest.fixture
def world() -> World:
    """Its last night is today: the nights before are on record, and this one is crawled by the clock."""
    return World(seed=3, days=NIGHTS + 2, start=datetime.now(UTC).date() - timedelta(days=NIGHTS))


def prepared(folder: Path, world: World, site: Site) -> Path:
    (folder / "config.toml").write_text(configuration(world, site.base_urls), encoding="utf-8")
    database = load(folder / "config.toml").storage.database
    database.parent.mkdir(parents=True)
    recorded(World(seed=world.seed, days=NIGHTS, start=world.start), database.parent).path.rename(database)
    site.set_day(NIGHTS - 1)
    return folder


def test_a_price_whose_markup_moved_is_told_as_our_defect(tmp_path: Path, world: World) -> None:
    with serve(world) as site:
        folder = prepared(tmp_path, world, site)
        site.set_faults("price_moved")
        done = tracker(folder, "crawl", "--listing", "wasserkocher")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert "Our own defect, no move of a rival" in done.stdout
    assert "www.amazon.de: Price unread on " in done.stdout
    assert "pages of search results" not in done.stdout
    assert "www.amazon.com:" not in done.stdout, "it was not crawled"
    config = load(folder / "config.toml")
    written = write(config, ["wasserkocher"], Asked(NIGHTS))
    last = datetime.now(UTC) - timedelta(hours=1)
    night = [flag for flag in written.listings[0].report.flags if flag.observed_at > last]
    # What is still read is a fact; what is not must not look like a price that moved or an offer that ended.
    gone = {Kind.PRICE_CUT, Kind.PRICE_RISE, Kind.COUPON_ENDED, Kind.DEAL_ENDED}
    assert {flag.kind for flag in night} & gone == set()
    out = {flag.asin for flag in night if flag.kind is Kind.OUT_OF_STOCK and flag.asin}
    assert not any(world.product("de", asin, NIGHTS - 1).in_stock for asin in out)
    text = Page(written.first.read_text(encoding="utf-8")).text
    assert "Our own defect, no move of a rival: price unread on " in text
    assert "Our own defects: what changed is the page's layout, not the rival" in text


def test_no_alarm_without_a_database(tmp_path: Path, world: World) -> None:
    (tmp_path / "config.toml").write_text(configuration(world, {}), encoding="utf-8")
    config = load(tmp_path / "config.toml")
    assert sentences(config, "any") == []
    with Store(config.storage.database).writing():
        pass
    assert sentences(config, "any") == []
