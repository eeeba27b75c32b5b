"""The simulated world: that it is deterministic, shows its truth on its pages, and is found out."""

import hashlib
import json
import math
import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from msgspec import structs
from selectolax.lexbor import LexborHTMLParser

from reports.actions import NIGHTS as NIGHTS_TO_WAIT
from reports.flags import Flag, Kind
from reports.health import State
from reports.period import Asked, Days
from reports.report import Reports
from reports.rivals.evidence import Subject, evidence
from reports.rivals.score import candidates
from reports.rivals.weak import Why, weak
from reports.sales.rows import estimates
from reports.sections.ledger import Came, came, kept
from reports.stored import told
from reports.watch import defects
from spiders.pages import read
from storage.marketplaces import MARKETPLACES
from storage.model import Outcome
from storage.store import Store
from tests.tracker.ailing import ills
from tests.tracker.command import tracker
from tests.tracker.recorded import raised, recorded
from tracker.config import load
from tracker.demo import pages
from tracker.demo.actions import actions
from tracker.demo.ailments import Ailment
from tracker.demo.akin import circle, close
from tracker.demo.corner import Watched
from tracker.demo.events import Event
from tracker.demo.exports import WEEKLY
from tracker.demo.layouts import LAYOUTS, layout
from tracker.demo.own import Numbers, numbers
from tracker.demo.run import FIRST_DAY
from tracker.demo.score import found, planted, score, unplanted
from tracker.demo.spells import Change
from tracker.demo.world import World

NIGHTS, WINDOW = 35, 30
CRAWLED = int(os.environ.get("DEMO_NIGHTS", "17"))
"""Of a demo that is really crawled. Most kinds of a whole one come in these; `DEMO_NIGHTS=35 python -m tests
tests/tracker/test_demo.py` crawls the default demo. What whole ones plant is found out from their truth."""
NOT_PLANTED = {
    Kind.UNDERCUT, Kind.LOWEST_IN_90_DAYS, Kind.LOWEST_EVER, Kind.PRICE_WAR, Kind.COUPON_CHANGED,
    Kind.PROMOTIONS_STACKED, Kind.TOP_RANK_ENTERED, Kind.TOP_RANK_LEFT, Kind.RATING_ROSE, Kind.PLACE_FELL,
    Kind.PASSED_OWN, Kind.SHARE_GAINED, Kind.SHARE_LOST, Kind.VIDEO_CHANGED, Kind.CATEGORY_CHANGED, Kind.NEWLY_WATCHED,
    Kind.MARKET_BSR, Kind.MARKET_PRICE, Kind.MARKET_REVIEWS,
}  # fmt: skip
"""What follows from several changes, and what no story tells."""
LEAST = {Kind.PRICE_CUT: 0.15, Kind.PRICE_RISE: 0.08, Kind.REVIEW_BURST: 40.0, Kind.PLACE_CLIMBED: math.inf}
"""What is flagged without exception, from this size on (see Event.size); other kinds of any size."""
BY_CHANCE = 4
"""Flags of all four listings that may stand for nothing: the rules allow a quarter of one per listing and week in the
long run (reports.flags.rules.FALSE_A_WEEK), which are 4.3 in the window."""


@pytest.fixture(scope="module")
def world() -> World:
    return World(seed=7, days=NIGHTS, start=FIRST_DAY)


def watched(world: World) -> list[tuple[str, str]]:
    return [(each.marketplace, asin) for each in world.listings for asin in (each.asin, *each.rivals)]


def certain(world: World) -> list[Event]:
    """The events of the report's window that nobody may miss."""
    return [event for event in planted(world, WINDOW) if abs(event.size) >= LEAST.get(event.kind, 0)]


def assert_found_out(world: World, raised: list[Flag]) -> None:
    assert [event for event in certain(world) if not found(world, event, raised)] == []
    # Everything else as well, but for a few that a threshold narrowly misses.
    assert sum(line.found for line in score(world, raised, WINDOW)) >= 0.95 * len(planted(world, WINDOW))
    rest = unplanted(world, raised)
    assert len(rest.chance) <= BY_CHANCE, [flag.sentence for flag in rest.chance]
    assert {Kind.PRICE_WAR, Kind.UNDERCUT, Kind.PASSED_OWN} <= {flag.kind for flag in rest.follow}


def digest(seed: int) -> str:
    """What a world of this seed plants and shows."""
    world = World(seed=seed, days=12, start=FIRST_DAY)
    parts = [repr(event) for event in world.events]
    parts += [pages.product(world, marketplace, asin, 11) for marketplace, asin in watched(world)]
    parts += [pages.search(world, e.marketplace, k, 1, 11) for e in world.listings for k in e.keywords]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def test_a_seed_names_one_world_in_every_process() -> None:
    found = [
        subprocess.run(
            [sys.executable, "-c", "from tests.tracker.test_demo import digest; print(digest(5))"],
            env=os.environ | {"PYTHONHASHSEED": salt},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for salt in ("1", "2")
    ]
    assert found == [digest(5), digest(5)]
    assert digest(6) != digest(5)


def test_what_is_asked_for_first_changes_nothing(world: World) -> None:
    same = World(seed=7, days=NIGHTS, start=FIRST_DAY)
    for marketplace, asin in reversed(watched(same)):
        assert same.product(marketplace, asin, 20) == world.product(marketplace, asin, 20)


def test_the_world_is_as_large_as_a_real_watch_list(world: World) -> None:
    assert len(world.marketplaces) >= 3
    assert all(10 <= len(each.rivals) <= 12 and 3 <= len(each.keywords) <= 4 for each in world.listings)
    products = watched(world)
    assert len(set(products)) == len(products)
    assert {world.now(day).date() for day in range(NIGHTS)} == {FIRST_DAY + timedelta(days=n) for n in range(NIGHTS)}


def test_every_kind_of_change_is_planted_and_the_last_nights_are_eventful(world: World) -> None:
    assert {event.kind for event in planted(world, WINDOW)} == set(Kind) - NOT_PLANTED
    for each in world.listings:
        asins = {each.asin, *each.rivals}
        days = [event.day for event in world.events if event.asin in asins]
        assert sum(day >= NIGHTS - 2 for day in days) >= 4
        assert len({day // 5 for day in days}) >= 6


@pytest.mark.parametrize("days", [2, 3, 9, 20])
def test_a_short_world_plants_less(days: int) -> None:
    world = World(seed=7, days=days, start=FIRST_DAY)
    assert world.events
    assert all(1 <= event.day < days for event in world.events)
    assert all(world.product(marketplace, asin, days - 1).title for marketplace, asin in watched(world))


@pytest.mark.parametrize("seed", range(1, 7))
def test_planted_changes_are_large_and_the_noise_is_small(seed: int) -> None:
    world = World(seed=seed, days=NIGHTS, start=FIRST_DAY)
    steps = {(e.asin, e.day) for e in world.events if e.kind in {Kind.PRICE_CUT, Kind.PRICE_RISE}}
    steps |= {(e.asin, day) for e in world.events if e.kind is Kind.SEE_SAW for day in range(e.day, NIGHTS)}
    counted = {Kind.REVIEW_BURST, Kind.REVIEWS_REMOVED, Kind.REVIEWS_MERGED}
    bursts = {(e.asin, e.day) for e in world.events if e.kind in counted}
    bursts |= {(e.asin, e.day + n) for e in world.events if e.kind is Kind.LOW_STAR_WAVE for n in range(5)}
    assert all(e.size <= -0.05 for e in world.events if e.kind is Kind.PRICE_CUT)
    assert all(e.size >= 12 for e in world.events if e.kind is Kind.REVIEW_BURST)
    large = Counter(event.kind for event in certain(world))
    assert min(large[kind] for kind in (Kind.PRICE_CUT, Kind.OUT_OF_STOCK, Kind.REVIEW_BURST)) >= 4
    for marketplace, asin in watched(world):
        nights = [world.product(marketplace, asin, day) for day in range(NIGHTS)]
        for day, (before, after) in enumerate(pairwise(nights), 1):
            if before.price and after.price and (asin, day) not in steps:
                assert abs(after.price / before.price - 1) < Decimal("0.05")
            if (asin, day) not in bursts:
                assert -3 <= (after.review_count or 0) - (before.review_count or 0) < 25
            assert marketplace != "co.jp" or after.price is None or after.price == int(after.price)


def test_an_ad_may_stand_beside_its_own_organic_result(world: World) -> None:
    twice = 0
    for each in world.listings:
        for keyword in each.keywords:
            grid = world.search(each.marketplace, keyword, 1, 8)
            assert any(card.sponsored for card in grid)
            assert {card.asin for card in grid} - {each.asin, *each.rivals}
            twice += sum(n > 1 for n in Counter(card.asin for card in grid).values())
    assert twice > 3


@pytest.mark.parametrize("day", [0, 16, 18, 24, NIGHTS - 1])
def test_a_product_page_carries_what_the_world_says(world: World, day: int) -> None:
    for marketplace, asin in watched(world):
        if world.gone(marketplace, asin, day):
            with pytest.raises(KeyError):
                pages.product(world, marketplace, asin, day)
            continue
        told = read(pages.product(world, marketplace, asin, day), f"https://www.amazon.{marketplace}/dp/{asin}").product
        truth = world.product(marketplace, asin, day)
        assert told is not None
        told = structs.replace(told, related=tuple(structs.replace(r, missing=()) for r in told.related or ()))
        for field in truth.__struct_fields__:
            if field != "missing":
                assert getattr(told, field) == getattr(truth, field), (marketplace, asin, field)


def test_layouts_take_turns(world: World) -> None:
    asin = world.listings[0].asin
    assert [layout(asin, day) for day in range(4)] != [layout(asin, 0)] * 4
    assert {layout(asin, day) for day in range(4)} == set(LAYOUTS)


@pytest.mark.parametrize("page", [1, 2, 3])
def test_a_results_page_carries_what_the_world_says(world: World, page: int) -> None:
    for each in world.listings:
        for keyword in each.keywords:
            told = read(pages.search(world, each.marketplace, keyword, page, 9), None, each.marketplace).search
            assert told is not None
            assert (told.query, told.page, told.last_page) == (keyword, page, 3)
            assert told.results == world.results(each.marketplace, keyword, 9)
            assert told.related_searches == world.related_searches(each.marketplace, keyword)
            assert told.related_searches
            for shown, truth in (
                (told.placements, world.search(each.marketplace, keyword, page, 9)),
                (told.widgets, world.widgets(each.marketplace, keyword, page, 9)),
            ):
                assert len(shown) == len(truth) >= 5
                for card, true in zip(shown, truth, strict=True):
                    for field in true.__struct_fields__:
                        if field != "missing":
                            assert getattr(card, field) == getattr(true, field), (keyword, field, true)


def demo(folder: Path, *options: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "tracker", "demo", "--folder", str(folder), *options],
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def shown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A demo, run once for all tests: its folder, and what it printed."""
    folder = tmp_path_factory.mktemp("demo")
    (folder / ".tracker-demo").touch()
    (folder / "earlier.html").touch()
    return folder, demo(folder, "--days", str(CRAWLED))


@pytest.fixture(scope="module")
def simulated() -> World:
    """The world of that demo."""
    return World(seed=7, days=CRAWLED, start=FIRST_DAY)


@pytest.fixture(scope="module")
def other() -> World:
    """Another one, of as many nights as a default demo."""
    return World(seed=11, days=NIGHTS, start=FIRST_DAY)


@pytest.fixture(scope="module")
def other_store(other: World, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """All of it, had every page been read faultlessly."""
    return recorded(other, tmp_path_factory.mktemp("other"))


@pytest.fixture(scope="module")
def other_flags(other: World, other_store: Store) -> list[Flag]:
    """What is told of it."""
    return raised(other, other_store, WINDOW)


def demo_flags(folder: Path) -> list[Flag]:
    config = load(folder / "config.toml")
    with Store(config.storage.database).reading() as db:
        (last,) = db.execute("SELECT max(day) FROM stored.product").fetchall()[0]
        return [f for each in config.listing for f in told(db, each.name, last - timedelta(days=WINDOW - 1), last)]


def test_a_demo_takes_the_place_of_an_earlier_one_and_leaves_its_reports(shown: tuple[Path, str]) -> None:
    folder, _ = shown
    assert not (folder / "earlier.html").exists()
    for page in ("index", *(each.name for each in World(seed=7, days=2, start=FIRST_DAY).listings)):
        assert (folder / "data" / "reports" / f"{page}.html").is_file()


def test_a_demo_never_removes_what_is_not_its_own(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    done = subprocess.run([sys.executable, "-m", "tracker", "demo", "--folder", str(tmp_path)], check=False)
    assert done.returncode == 1
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_a_demo_flags_every_cut_stock_out_and_burst_and_says_so(shown: tuple[Path, str], simulated: World) -> None:
    folder, printed = shown
    found_flags = demo_flags(folder)
    assert_found_out(simulated, found_flags)
    assert len({event.kind for event in planted(simulated, WINDOW)}) >= 25
    for line in score(simulated, found_flags, WINDOW):
        assert line.kind in printed
    # Titles and categories are known from the second night on: 4 searches, 2 + 1 + 1 pages of lists for each listing.
    assert f"{CRAWLED} nights, {CRAWLED * 74 + (CRAWLED - 1) * 20} pages" in printed


def test_the_journal_of_a_demo_tells_what_actions_truly_did(shown: tuple[Path, str], simulated: World) -> None:
    folder, _ = shown
    noted, seen, mistaken = actions(simulated), 0, []
    for each in simulated.listings:
        text = (folder / "data" / "reports" / f"{each.name}.html").read_text("utf-8")
        page = {node.css(".say")[0].text(): node for node in LexborHTMLParser(text).css("#journal .acted")}
        mine = [done for done in noted if done.listing == each.name]
        assert sorted(page) == sorted(done.text for done in mine)
        for done in mine:
            looks, moved = page[done.text].attributes["class"] or "", page[done.text].css(".effect")
            if done.keyword and done.night + done.nights <= CRAWLED:
                seen += 1
                assert ("better" if done.up else "worse") in looks
                assert any(f"“{done.keyword}”" in effect.text() for effect in moved)
            near = [other for other in mine if abs(other.night - done.night) <= NIGHTS_TO_WAIT]
            if moved and all(other.factor == 1 and not other.keyword for other in near):
                mistaken.append((done, [effect.text() for effect in moved]))
    assert seen, "one truly did much"
    assert len(mistaken) <= 1, mistaken


def test_what_is_estimated_to_be_sold_is_what_was_sold(other: World, other_store: Store) -> None:
    """Four in five intervals hold; 70 % or fewer of 45 would in one world of twenty."""
    with other_store.reading() as db:
        rows = [row for row in estimates(db) if row.month_low is not None]
    off = []
    for row in rows:
        units = sum(night.units for night in other.corner(row.marketplace, row.asin).sold(row.asin)[-30:])
        assert row.month_low is not None and row.month_mid is not None and row.month_high is not None
        assert row.month_high < 4 * row.month_low
        off.append(0 if row.month_low <= units <= row.month_high else row.month_mid / units)
    assert len(off) >= 40
    assert off.count(0) > 0.7 * len(off), off


def test_every_face_of_a_page_of_a_demo_shows_brackets(shown: tuple[Path, str]) -> None:
    with Store(load(shown[0] / "config.toml").storage.database).reading() as db:
        found = db.execute(
            "SELECT layout FROM stored.product WHERE bought_past_month_min IS NOT NULL "
            "UNION SELECT 'card' FROM stored.placement WHERE bought_past_month_min IS NOT NULL"
        ).fetchall()
        (told,) = db.execute("SELECT count(*) FROM sales_estimates WHERE month_low IS NOT NULL").fetchall()
    assert len(found) >= 3, found
    assert told[0] >= 40


def test_tracker_sales_tells_an_interval_or_a_reason(shown: tuple[Path, str]) -> None:
    folder, _ = shown
    (told,) = json.loads(tracker(folder, "sales", "--json", "steel-mug").stdout)
    assert [told["listing"], len(told["products"])] == ["steel-mug", 13]
    for each in told["products"]:
        for what in ("day", "month"):
            assert (each[what] is None) == bool(each[f"{what}_reason"])
            assert each[what] is None or each[what]["low"] <= each[what]["mid"] <= each[what]["high"]
    assert "Units in 30" in tracker(folder, "sales", "steel-mug").stdout
    assert "no such listing" in tracker(folder, "sales", "nothing").stderr


def test_every_page_of_a_demo_was_read(shown: tuple[Path, str], simulated: World) -> None:
    gone = {
        (marketplace, asin, simulated.now(day).date(), Outcome.NOT_FOUND.value)
        for marketplace, asin in watched(simulated)
        for day in range(CRAWLED)
        if simulated.gone(marketplace, asin, day)
    }
    with Store(load(shown[0] / "config.toml").storage.database).reading() as db:
        unread = db.execute(
            "SELECT marketplace, asin, observed_at::DATE, outcome FROM page_fetch "
            "WHERE outcome <> 'ok' AND attempts > 0"
        ).fetchall()
        assert set(unread) == gone
        gaps = "SELECT DISTINCT reason FROM missing_value WHERE reason NOT IN ('absent_on_page', 'not_applicable')"
        assert db.execute(gaps).fetchall() == []


def test_no_night_of_a_demo_passes_for_a_changed_layout(shown: tuple[Path, str], simulated: World) -> None:
    with Store(load(shown[0] / "config.toml").storage.database).reading() as db:
        for marketplace in simulated.marketplaces:
            assert defects(db, marketplace, since=simulated.now(0), until=simulated.now(CRAWLED)) == []


def test_who_enters_and_leaves_the_lists_is_told_and_newcomers_on_the_keywords_are_named(
    shown: tuple[Path, str], simulated: World
) -> None:
    with Store(load(shown[0] / "config.toml").storage.database).reading() as db:
        reports = Reports(db)
        for each in simulated.listings:
            swings = simulated.corner(each.marketplace, each.asin).swings.values()
            found = reports.of(each.name).lists
            assert [listed.ranking for listed in found.lists] == ["best_sellers", "new_releases", "movers_and_shakers"]
            best = found.lists[0]
            assert (best.readings, best.reach, best.unsure) == (CRAWLED - 1, 100, ())
            came, went = ({ranked.asin for ranked in side or ()} for side in (best.entrants, best.leavers))
            assert came >= {s.asin for s in swings if s.enters and s.night == CRAWLED - 1}
            assert went >= {s.asin for s in swings if not s.enters}
            assert {new.asin for new in found.newcomers} == {s.asin for s in swings if s.enters}
            days = {new.asin: min(place.first for place in new.places) for new in found.newcomers}
            assert days == {s.asin: simulated.now(s.night).date() for s in swings if s.enters}
            own = best.standing[each.asin].rank or math.inf
            told = simulated.product(each.marketplace, each.asin, CRAWLED - 1).bsr or ()
            assert own == pytest.approx(told[1].rank, abs=3) if told[1].rank < 98 else own > 95


def test_every_night_the_own_title_finds_the_own_product(shown: tuple[Path, str], simulated: World) -> None:
    with Store(load(shown[0] / "config.toml").storage.database).reading() as db:
        for each in simulated.listings:
            first = db.execute(
                "SELECT count(DISTINCT run_id), bool_or(asin = ? AND organic_position = 1) FROM search_placement "
                "ANTI JOIN keyword USING (marketplace, keyword) WHERE marketplace = ? AND starts_with(keyword, ?)",
                [each.asin, each.marketplace, simulated.corner(each.marketplace, each.asin).sheets[each.asin].brand],
            ).fetchone()
            assert first == (CRAWLED - 1, True)


def subject(world: World, listing: Watched, day: int, rivals: tuple[str, ...]) -> Subject:
    """A listing as it stands after a night."""
    keys = listing.name, listing.marketplace, listing.asin, rivals, listing.keywords
    return Subject(*keys, MARKETPLACES[listing.marketplace].currency, "UTC", world.now(day) + timedelta(hours=1))


def test_who_competes_is_found_again_when_nobody_is_watched(shown: tuple[Path, str], simulated: World) -> None:
    with Store(load(shown[0] / "config.toml").storage.database).reading() as db:
        for each in simulated.listings:
            corner = simulated.corner(each.marketplace, each.asin)
            best = candidates(evidence(db, subject(simulated, each, CRAWLED - 1, ())))[:10]
            assert len({found.product.asin for found in best} & circle(corner)) >= 8, each.name
            rest = candidates(evidence(db, subject(simulated, each, CRAWLED - 1, each.rivals)))[:4]
            assert {found.product.asin for found in rest} >= set(close(corner)), each.name


def test_a_rival_that_is_gone_is_proposed_for_replacement(other: World, other_store: Store) -> None:
    spells = [
        (each, spell)
        for each in other.listings
        for spell in other.corner(each.marketplace, each.asin).spells
        if spell.change is Change.GONE and spell.end
    ]
    assert spells
    with other_store.reading() as db:
        for each, spell in spells:
            assert spell.end
            found = evidence(db, subject(other, each, spell.end - 1, each.rivals))
            proposed = {poor.product.asin: poor for poor in weak(found, candidates(found))}
            assert proposed[spell.asin].why is Why.GONE
            assert proposed[spell.asin].by
            back = evidence(db, subject(other, each, spell.end, each.rivals))
            assert not [poor for poor in weak(back, []) if poor.why is Why.GONE]


def test_what_ails_the_own_listings_is_told_of_every_night_of_it(shown: tuple[Path, str], simulated: World) -> None:
    with Store(load(shown[0] / "config.toml").storage.database).reading() as db:
        reports = Reports(db)
        made = [reports.of(each.name, Asked(count=CRAWLED)) for each in simulated.listings]
    wrong_now: set[str] = set()
    for each, report in zip(simulated.listings, made, strict=True):
        ailing = {
            (point.key, point.keyword, day)
            for point in report.health
            for day, state in zip(report.shown, point.days, strict=True)
            if state is State.WRONG
        }
        assert ailing == ills(simulated, each)
        wrong_now |= {point.key for point in report.health if point.state is State.WRONG}
    assert {point.state for point in made[0].health} == {State.OK}, "nothing ails the first one"
    assert {ailment.value for ailment in Ailment} <= wrong_now


def test_another_world_is_found_out_too(other: World, other_flags: list[Flag]) -> None:
    assert {event.kind for event in planted(other, WINDOW)} == set(Kind) - NOT_PLANTED
    assert_found_out(other, other_flags)


def test_a_score_is_honest(world: World) -> None:
    lines = score(world, [], WINDOW)
    assert sum(line.planted for line in lines) == len(planted(world, WINDOW)) > 100
    assert all(line.found == 0 for line in lines)


def test_a_flag_of_a_product_that_did_nothing_is_counted_as_chance(other: World, other_flags: list[Flag]) -> None:
    statistical = {Kind.BSR_JUMP, Kind.BSR_SLUMP, Kind.REVIEW_BURST, Kind.LOW_STAR_WAVE, Kind.SPONSORED_GAINED}
    told = [flag for flag in other_flags if flag.kind in statistical and flag.asin]
    elsewhere = [replace(flag, asin=idle(other, flag)) for flag in told]
    assert {flag.kind for flag in told} == statistical
    assert unplanted(other, elsewhere).chance == elsewhere


def idle(world: World, flag: Flag) -> str:
    """A product of the same niche of which nothing was planted."""
    busy = {event.asin for event in world.events}
    return next(asin for asin in world.corner(flag.marketplace, flag.asin or "").sheets if asin not in busy)


def test_nothing_is_planted_behind_something_else(world: World) -> None:
    """A change of a product that cannot be bought would show on no page."""
    for event in world.events:
        if event.kind in {Kind.PRICE_CUT, Kind.PRICE_RISE, Kind.COUPON_STARTED, Kind.DEAL_STARTED}:
            assert world.product(event.marketplace, event.asin, event.day).in_stock
            assert world.product(event.marketplace, event.asin, event.day - 1).in_stock
            assert event.after is not None


def test_planted_complaints_are_found_on_their_day_with_what_they_are_about(
    shown: tuple[Path, str], simulated: World
) -> None:
    with Store(load(shown[0] / "config.toml").storage.database).reading() as db:
        for each in simulated.listings:
            listed = {review.review_id: review for review in kept(db, each.marketplace, (each.asin, *each.rivals))}
            planted = simulated.corner(each.marketplace, each.asin).grievances
            assert len(planted) == 6
            for true in planted:
                found, day = listed[true.review.review_id], simulated.now(true.night).date()
                came_as = Came.NEW if true.before is None else Came.CHANGED
                assert came(found, Days(day, day), ZoneInfo("UTC")) == (came_as, day)
                assert (found.asin, found.stars, found.title) == (true.asin, true.review.stars, true.review.title)
                _, topics = found.about(each.marketplace)
                assert {topic.key for topic in topics or ()} == set(true.topics), found.text


def test_exports_of_the_own_numbers_say_what_is_true(shown: tuple[Path, str], simulated: World) -> None:
    with Store(load(shown[0] / "config.toml").storage.database).reading() as db:
        for each in simulated.listings:
            true, about = numbers(simulated, each), [each.marketplace, each.asin]
            days = db.execute(
                "SELECT day, sessions, page_views, units, orders, sales, buy_box_percent, coalesce(ad_spend, 0), "
                "coalesce(ad_sales, 0), coalesce(ad_orders, 0) FROM own_daily "
                "WHERE marketplace = ? AND asin = ? AND units IS NOT NULL ORDER BY day",
                about,
            ).fetchall()
            weeks = db.execute(
                "SELECT first_day, sessions, units, sales FROM own_sales WHERE marketplace = ? AND asin = ? "
                "AND days = 7 ORDER BY first_day",
                about,
            ).fetchall()
            stock = db.execute(
                "SELECT day, fulfillable, inbound FROM own_daily WHERE marketplace = ? AND asin = ? "
                "AND fulfillable IS NOT NULL ORDER BY day",
                about,
            ).fetchall()
            terms = db.execute(
                "SELECT first_day, sum(spend), sum(clicks), sum(orders) FROM own_search_term t WHERE marketplace = ? "
                "AND campaign LIKE 'SP ' || ? || ' %' GROUP BY ALL ORDER BY 1",
                [each.marketplace, each.name],
            ).fetchall()
            counted = {night.day: (night.day, night.fulfillable, night.inbound) for night in true}
            assert stock == [counted[day] for day, *_ in stock] and len(stock) == 1 + math.ceil((CRAWLED - 1) / 7)
            if each.marketplace in WEEKLY:
                assert days == []
                parts = [true[start : start + 7] for start in range(0, CRAWLED // 7 * 7, 7)]
                assert weeks == [
                    (p[0].day, sum(n.sessions for n in p), sum(n.units for n in p), sum(n.sales for n in p))
                    for p in parts
                ]
                continue
            assert weeks == []
            assert days == [
                (n.day, n.sessions, n.page_views, n.units, n.orders, n.sales, n.buy_box, *paid(n)) for n in true
            ]
            assert terms == [(n.day, paid(n)[0], sum(ad.clicks for ad in n.ads), paid(n)[2]) for n in true if n.ads]


def paid(night: Numbers) -> tuple[Decimal, Decimal, int]:
    """Cost, sales and orders of all ads of a night."""
    return (
        sum((ad.spend for ad in night.ads), Decimal(0)),
        sum((ad.sales for ad in night.ads), Decimal(0)),
        sum(ad.orders for ad in night.ads),
    )
