"""Crawls with a real Chromium: when it is asked, what is kept, and that nothing of it is left when a crawl ends."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from storage.store import Store
from tests.tracker.browsed import BY_SCRIPT, LISTING, MOVED, PLAIN, WORLD, configuration
from tracker.demo.site import Site, serve

CHILDREN_GONE_WITHIN = 30.0


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, dict[str, list[str]]]:
    """What the crawls of :mod:`tests.tracker.browsed` left, and what the site was asked, by trigger."""
    folder = tmp_path_factory.mktemp("browsed")
    subprocess.run([sys.executable, "-m", "tests.tracker.browsed", str(folder)], check=True, timeout=200)
    seen: dict[str, list[str]] = json.loads((folder / "seen.json").read_text())
    return Store(folder / "data" / "tracker.duckdb"), seen


Row = tuple[str, str | None, int, bool]


def kept(crawled: tuple[Store, dict[str, list[str]]], trigger: str) -> dict[str, Row]:
    """By product: outcome, how it was fetched, requests, and whether the price is the world's."""
    question = """
        SELECT f.asin, f.outcome, f.via, f.attempts, o.price, o.fetch_id
        FROM page_fetch f JOIN crawl_run USING (run_id) LEFT JOIN product_observation o USING (fetch_id)
        WHERE trigger = ? AND f.kind = 'product' ORDER BY f.observed_at
    """
    with crawled[0].reading() as db:
        found = db.execute(question, [trigger]).fetchall()
    return {
        asin: (outcome, via, attempts, price == WORLD.product(LISTING.marketplace, asin, 0).price)
        for asin, outcome, via, attempts, price, _ in found
    }


Crawled = tuple[Store, dict[str, list[str]]]


def test_only_a_page_that_lacks_something_is_asked_for_once_more_and_the_better_one_kept(crawled: Crawled) -> None:
    assert kept(crawled, "never") == {
        BY_SCRIPT: ("ok", "plain", 1, False),
        MOVED: ("ok", "plain", 1, False),
        PLAIN: ("ok", "plain", 1, True),
    }
    assert kept(crawled, "fallback") == {
        BY_SCRIPT: ("ok", "browser", 2, True),
        MOVED: ("ok", "plain", 2, False),  # the browser finds no more there
        PLAIN: ("ok", "plain", 1, True),
    }
    with crawled[0].reading() as db:  # each product once a run, and each page of one fetch
        twice = "SELECT run_id, asin FROM product_observation GROUP BY ALL HAVING count(*) > 1"
        assert db.execute(twice).fetchall() == []


def test_without_a_chromium_the_crawl_goes_on_plainly(crawled: Crawled) -> None:
    assert kept(crawled, "no browser") == kept(crawled, "never")


def test_robots_txt_and_budget_hold_for_the_browser(crawled: Crawled) -> None:
    _, seen = crawled
    assert [outcome for outcome, *_ in kept(crawled, "robots").values()] == ["robots"] * 3
    assert seen["robots"] == ["/robots.txt"]
    # Of what is left of the budget, robots.txt takes one.
    assert seen["always"] == ["/robots.txt", f"/dp/{BY_SCRIPT}", f"/dp/{MOVED}"]
    assert kept(crawled, "always") == {
        BY_SCRIPT: ("ok", "browser", 1, True),
        MOVED: ("incomplete", "browser", 1, False),  # cut off on its way: not whole in a browser either
        PLAIN: ("budget", None, 0, False),
    }


@pytest.fixture
def site() -> Iterator[Site]:
    with serve(WORLD) as running:
        running.set_faults("stall", seconds=2)
        yield running


@pytest.fixture
def scratch() -> Iterator[Path]:
    """A folder for temporary files with a short name: Chromium's socket in it must not have a long one."""
    with TemporaryDirectory(prefix="x") as folder:
        yield Path(folder)


def descendants(pid: int) -> set[int]:
    """The processes that a process has started, and those that these have."""
    try:
        started = " ".join(path.read_text() for path in Path(f"/proc/{pid}").glob("task/*/children")).split()
    except OSError:
        return set()
    return {child for each in started for child in (int(each), *descendants(int(each)))}


def alive(pids: set[int]) -> set[str]:
    """Those of the processes that are still there, by their command; one that has ended and was not waited for is
    not."""
    found = set()
    for pid in pids:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
            if state not in {"Z", "X"}:
                found.add(Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")[:80])
        except OSError:
            continue
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_nothing_of_the_browser_is_left_when_a_crawl_is_killed_or_stopped(
    tmp_path: Path, scratch: Path, site: Site, how: signal.Signals
) -> None:
    configuration(tmp_path, site.base_urls[LISTING.marketplace], browser="always", robots=False)
    process = subprocess.Popen(
        [sys.executable, "-m", "tracker", "crawl"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"TMPDIR": str(scratch)},
        start_new_session=True,
    )
    deadline = time.monotonic() + 60
    while not site.seen and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    started = descendants(process.pid)
    assert any("chrom" in each for each in alive(started)), process.poll() and process.communicate()
    # As a terminal does it: to the crawl and to all that it has started.
    os.kill(process.pid, how) if how is signal.SIGKILL else os.killpg(process.pid, how)
    _, err = process.communicate(timeout=60)
    assert process.returncode == (-signal.SIGKILL if how is signal.SIGKILL else 130), err
    assert "Traceback" not in err
    deadline = time.monotonic() + CHILDREN_GONE_WITHIN
    while alive(started) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert alive(started) == set()
    assert not list(scratch.glob("*profile*"))
    if how is signal.SIGINT:  # the page at hand was waited for
        with Store(tmp_path / "data" / "tracker.duckdb").reading() as db:
            assert db.execute("SELECT DISTINCT outcome FROM page_fetch").fetchall() == [("ok",)]


def test_a_crawl_that_needs_a_browser_says_that_there_is_none(tmp_path: Path) -> None:
    configuration(tmp_path, "http://127.0.0.1:9", browser="always", chromium=str(tmp_path / "none"))
    done = subprocess.run(
        [sys.executable, "-m", "tracker", "crawl"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2, done.stderr
    told = " ".join(done.stderr.split())
    assert 'crawl.browser = "always": no Chromium: there is no program' in told
    assert "crawl.chromium" in told
    assert "Traceback" not in told
    assert not (tmp_path / "data").exists()
