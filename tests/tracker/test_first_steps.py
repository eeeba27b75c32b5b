"""From an empty folder to suggested rivals and the first report, by commands alone: as the README says it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tracker.command import tracker
from tracker.config import load
from tracker.demo.akin import circle
from tracker.demo.run import FIRST_DAY
from tracker.demo.site import serve
from tracker.demo.world import World

WORLD = World(seed=7, days=3, start=FIRST_DAY)
MUG = WORLD.listings[0]


@pytest.fixture(scope="module")
def site() -> Iterator[dict[str, str]]:
    """The marketplace, as environment of the commands."""
    with serve(WORLD) as served:
        served.set_day(1)
        yield {
            "TRACKER_MARKETPLACES__COM__BASE_URL": served.base_urls["com"],
            "TRACKER_CRAWL__DELAY": "0",
            "TRACKER_CRAWL__CONCURRENCY": "8",
        }


def test_from_nothing_to_rivals_and_a_report(site: dict[str, str], tmp_path: Path) -> None:
    def run(*arguments: str) -> str:
        done = tracker(tmp_path, *arguments, **site)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run("init")
    run("listing", "add", "my-mug", "com", f"https://www.amazon.com/dp/{MUG.asin}", "-k", MUG.keywords[0])
    run("keywords", "add", "my-mug", MUG.keywords[1])
    assert "no rivals yet; once crawled, `tracker rivals suggest my-mug` finds some" in " ".join(run("check").split())
    run("crawl", "-q")
    run("report")
    page = tmp_path / "data/reports/my-mug.html"
    assert "tracker rivals add my-mug" in page.read_text(encoding="utf-8")

    told = json.loads(run("rivals", "suggest", "my-mug", "--count", "10", "--json"))
    found = [each["asin"] for each in told["candidates"]]
    assert told["replace"] == []
    assert len(set(found) & circle(WORLD.corner("com", MUG.asin))) >= 7
    assert all(each["reasons"] and each["known"] >= 0.5 for each in told["candidates"])
    run("rivals", "decline", "my-mug", found[1])
    assert "4 rivals added" in run("rivals", "suggest", "my-mug", "--add", "4")
    assert load(tmp_path / "config.toml").listing[0].rivals == (found[0], *found[2:5])

    words = json.loads(run("keywords", "suggest", "my-mug", "--json"))
    assert any("the site offers it" in reason for each in words for reason in each["reasons"])
