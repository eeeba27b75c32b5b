"""What a crawl run is accounted for: every planned page, every gap with its reason, the pace, and lost fields."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from reports.crawled import Crawled, Gap, crawled, lately
from reports.page.render import render_overview
from reports.sentences import ENGLISH
from reports.unread import shifted, unread_for
from storage.model import Fetch, Outcome, Result, Run
from storage.records import Missing, Product, Reason
from storage.store import Store
from tests.storage.test_store import NIGHT, fetch, run, spooled

ASINS = [f"B0RIVAL{number:03d}" for number in range(10)]
TASKS = tuple(f"product/com/{asin}" for asin in ASINS)


def planned(run_id: str, at: datetime) -> Run:
    return replace(run(run_id, at), planned=len(TASKS), scope="products", until=at + timedelta(hours=8), tasks=TASKS)


def read(run_id: str, asin: str, at: datetime, lacks: tuple[str, ...] = (), **changes: object) -> Result:
    missing = tuple(Missing(field=field, reason=Reason.LAYOUT_UNKNOWN) for field in lacks)
    product = Product(marketplace="com", asin=asin, price=Decimal(5), currency="USD", missing=missing)
    return Result(fetch=_fetch(run_id, asin, at, Outcome.OK, **changes), product=product)


def _fetch(run_id: str, asin: str, at: datetime, outcome: Outcome, **changes: object) -> Fetch:
    values = {"task": f"product/com/{asin}", "asin": asin, "observed_at": at} | changes
    return fetch("x", run_id, outcome, **values)


@dataclass(frozen=True)
class Nights:
    """Two nights: on the first all is read, on the second much goes wrong."""

    store: Store

    def account(self, run_id: str | None = None) -> Crawled | None:
        with self.store.reading() as db:
            return crawled(db, run_id)


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Nights:
    store = Store(tmp_path_factory.mktemp("nights") / "t.duckdb")
    before, at = NIGHT - timedelta(days=1), NIGHT + timedelta(minutes=2)
    first = [read("r1", asin, before, lacks=("bsr",) if asin < ASINS[3] else ()) for asin in ASINS]
    spooled(store, *first, start=planned("r1", before), finish=True)
    blocked = _fetch("r2", ASINS[0], NIGHT, Outcome.BLOCKED, detail="bot_check", attempts=1)
    slow = [
        _fetch("r2", asin, NIGHT, Outcome.TIMEOUT, detail="no answer in time", attempts=3, bytes=None)
        for asin in ASINS[1:3]
    ]
    second = [read("r2", asin, at, lacks=("price",) if asin < ASINS[6] else ()) for asin in ASINS[3:9]]
    again = read("r2", ASINS[1], at + timedelta(minutes=1), elsewhere="currency EUR, not USD")
    spooled(store, *(Result(fetch=each) for each in (blocked, *slow)), *second, again, start=planned("r2", NIGHT))
    store.merge()
    return Nights(store)


def test_a_night_on_which_all_was_read(nights: Nights) -> None:
    found = nights.account("r1")
    assert found
    assert (found.planned, found.read, found.unread, found.coverage, found.state) == (10, 10, 0, 1.0, "complete")
    assert (found.outcomes, found.gaps, found.shifts) == ({"ok": 10}, (), ())
    assert found.per_minute is None, "no time passed that can be told"


def test_every_planned_page_that_was_not_read_is_named_with_its_reason(nights: Nights) -> None:
    found = nights.account()
    assert found
    assert (found.run_id, found.state, found.planned, found.read, found.unread) == ("r2", "running", 10, 7, 3)
    assert found.coverage == pytest.approx(0.7)
    assert found.outcomes == {"ok": 7, "blocked": 1, "pending": 1, "timeout": 1}
    assert found.gaps == (
        Gap(marketplace="com", outcome="blocked", detail="bot_check", pages=1, tasks=TASKS[:1]),
        Gap(marketplace="com", outcome="pending", detail=None, pages=1, tasks=TASKS[9:]),
        Gap(marketplace="com", outcome="timeout", detail="no answer in time", pages=1, tasks=TASKS[2:3]),
    )
    assert (found.attempts, found.seconds, found.elsewhere) == (1 + 3 + 3 + 7, 180.0, 1)
    assert found.per_minute == pytest.approx(14 / 3)
    assert [ENGLISH.say(unread_for(gap)) for gap in found.gaps] == [
        "blocked by a bot check",
        "not asked for yet",
        "timed out (no answer in time)",
    ]


def test_a_field_that_clearly_more_pages_lack_is_named_and_one_that_came_back(nights: Nights) -> None:
    found = nights.account()
    assert found
    assert [(s.marketplace, s.kind, s.field, round(s.before, 3), round(s.now, 3)) for s in found.shifts] == [
        ("com", "product", "price", 0.0, 0.429),
        ("com", "product", "bsr", 0.143, 0.0),  # of the seven pages that both nights have read, one lacked it
    ]
    assert ENGLISH.say(shifted(found.shifts[0])) == (
        "www.amazon.com: price missing on 42.9 % of the product pages, before that on 0.0 %"
    )


def test_there_is_no_account_of_a_run_that_never_was(nights: Nights) -> None:
    assert nights.account("r3") is None


def test_the_overview_shows_the_account_and_nothing_in_it_is_markup(nights: Nights) -> None:
    found = nights.account()
    assert found
    hostile = replace(found, gaps=(replace(found.gaps[0], detail="<script>x</script>"), *found.gaps[1:]))
    page = render_overview([], crawls=[hostile], generated_at=NIGHT)
    assert "7 of 10 pages read, 70.0 % covered; 14 requests in 0:03:00; 0.0 MB. 4.7 requests a minute." in page
    assert "It had not come to its end yet." in page
    assert "1 page came for another place" in page
    assert "blocked by a bot check (&lt;script&gt;x&lt;/script&gt;)" in page
    assert "price missing on 42.9 % of the product pages" in page
    assert "The last crawl" not in render_overview([], generated_at=NIGHT)


def test_of_every_scope_the_newest_run_of_the_last_day_is_shown(tmp_path: Path) -> None:
    store = Store(tmp_path / "t.duckdb")
    for run_id, hours, scope in (
        ("r1", -30, "lists"),
        ("r2", -12, "products"),
        ("r3", -3, "products of mug"),
        ("r4", 0, "products"),
    ):
        spooled(store, start=replace(planned(run_id, NIGHT + timedelta(hours=hours)), scope=scope), finish=True)
    store.merge()
    with store.reading() as db:
        shown = lately(db)
    assert [each.run_id for each in shown] == ["r4", "r3"]
    page = render_overview([], crawls=shown, generated_at=NIGHT)
    assert "The last crawls" in page
    assert "<bdi>products of mug</bdi>" in page
