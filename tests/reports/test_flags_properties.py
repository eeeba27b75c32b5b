"""What holds for every flag on any series: no exception, no flag without values, the same night judged alike."""

import random
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.compare import compare
from reports.flags import Flag, Kind, flags
from reports.page.render import render
from reports.period import Days, Period
from reports.report import assembled
from reports.series import Comparison, KeywordRead, KeywordSeries, Observation, Place, ProductSeries
from tests.conftest import EXAMPLES
from tests.reports.database import Database
from tests.reports.nights import BLOCKED, MONDAY, OWN, Lacks, listing, night, rank, tell

REASONS = st.sampled_from(["absent_on_page", "unparseable", "layout_unknown", "ambiguous", "not_applicable"])
TEXT = st.text(max_size=12)


def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), values)


MONEY = st.decimals(min_value=0, max_value=10**6, places=2)
OBSERVED = st.fixed_dictionaries(
    {
        "price": maybe(st.one_of(st.sampled_from([Decimal(10), Decimal(8), Decimal(12)]), MONEY)),
        "coupon_percent": maybe(st.integers(0, 100).map(Decimal)),
        "coupon_amount": maybe(MONEY),
        "prime_price": maybe(MONEY),
        "is_deal": maybe(st.booleans()),
        "deal": maybe(TEXT),
        "in_stock": maybe(st.booleans()),
        "availability": maybe(TEXT),
        "stock_left": maybe(st.integers(0, 20)),
        "offer_count": maybe(st.integers(0, 9)),
        "seller": maybe(st.sampled_from(["A", "B", "", "C"])),
        "seller_id": maybe(st.sampled_from(["1", "2"])),
        "review_count": maybe(st.one_of(st.integers(100, 140), st.integers(0, 10**7))),
        "bsr": maybe(st.one_of(st.integers(90, 110), st.integers(1, 10**7))),
        "bsr_category": maybe(st.sampled_from(["Kitchen", "Tea"])),
        "title": maybe(TEXT),
        "language": st.sampled_from([None, "en-us", "en-us", "es-us"]),
        "bullets": maybe(st.lists(TEXT, max_size=3).map(tuple)),
        "main_image": maybe(st.sampled_from(["71a", "81b"])),
        "parent_asin": maybe(st.sampled_from(["B0PARENT01", "B0PARENT02"])),
        "variation_count": maybe(st.integers(1, 3)),
        "has_a_plus": maybe(st.booleans()),
        "has_video": maybe(st.booleans()),
        "rating": maybe(st.integers(10, 50).map(lambda tenths: Decimal(tenths) / 10)),
        "rating_percents": maybe(st.sampled_from([(70, 15, 5, 4, 6), (40, 20, 10, 10, 20), (0, 0, 0, 0, 100)])),
        "missing": st.dictionaries(
            st.sampled_from(["price", "coupon_percent", "coupon_amount", "prime_price"]), REASONS
        ),
    }
)
STEPS = st.sampled_from([1 / 24, 0.5, 1, 1, 1, 1, 2, 9, 40])
"""Days between two observations: ordinary nights, several a day, gaps."""


def series(asin: str, seen: list[tuple[float, dict[str, Any]]]) -> ProductSeries:
    at, observations = MONDAY, []
    for n, (step, values) in enumerate(seen):
        at += timedelta(days=step)
        observations.append(Observation(at, at.date(), True, 1 + n if asin == OWN else 1000 + n, **values))
    daily = {o.day: o for o in observations}
    return ProductSeries(asin, asin == OWN, MONDAY, tuple(observations), daily=daily)


PLACES = st.one_of(st.none(), st.integers(1, 40))
READS = st.tuples(STEPS, st.integers(0, 3), st.booleans(), PLACES, PLACES, st.booleans())


def keyword(reads: list[tuple[float, int, bool, int | None, int | None, bool]]) -> KeywordSeries:
    at, made = MONDAY, []
    for n, (step, pages, whole, organic, ad, ambiguous) in enumerate(reads):
        at += timedelta(days=step)
        place = Place(organic, organic and 1 + organic // 17, ad, ad and 1, ambiguous) if pages else Place()
        made.append(
            KeywordRead(
                run_id=str(n), day=at.date(), began_at=at, observed_at=at, closing=True, pages_read=pages,
                organic_results=16 * pages, first_page_results=16 if pages else 0,
                fetch_id=n if pages else None,
                reason=None if whole and pages else "blocked", places={OWN: place},
            )
        )  # fmt: skip
    return KeywordSeries("tea mug", 2, MONDAY, tuple(made), {r.day: r for r in made})


def comparison(products: list[ProductSeries], keywords: list[KeywordSeries]) -> Comparison:
    moments: list[datetime] = [o.observed_at for p in products for o in p.observations]
    until = max([*moments, *(r.observed_at for k in keywords for r in k.reads)], default=MONDAY)
    days: tuple[date, ...] = tuple(until.date() - timedelta(days=n) for n in reversed(range(400)))
    return Comparison(
        "mug", "com", "www.amazon.com", "USD", "UTC", days, until, tuple(products), tuple(keywords), gaps=()
    )


UNHURRIED = [HealthCheck.too_slow, HealthCheck.data_too_large]
ANY_SERIES = st.builds(
    lambda own, other, reads: comparison([series(OWN, own), series("B0RIVAL001", other)], [keyword(reads)]),
    st.lists(st.tuples(STEPS, OBSERVED), max_size=25),
    st.lists(st.tuples(STEPS, OBSERVED), max_size=6),
    st.lists(READS, max_size=14),
)


@settings(suppress_health_check=UNHURRIED)
@given(ANY_SERIES)
def test_any_series_is_judged(any_comparison: Comparison) -> None:
    found = flags(any_comparison)
    fetches = {o.fetch_id: o for p in any_comparison.products for o in p.observations}
    for flag in found:
        assert flag.sentence
        if flag.kind is Kind.NEWLY_WATCHED:
            continue
        assert flag.before_at is not None and flag.before_at < flag.observed_at
        if flag.keyword is None:
            _both_ends_have_values(flag, fetches)


@settings(suppress_health_check=UNHURRIED, max_examples=max(5, EXAMPLES // 5))
@given(ANY_SERIES)
def test_any_series_is_rendered(any_comparison: Comparison) -> None:
    days = Days(any_comparison.days[0], any_comparison.days[-1])
    made = assembled(any_comparison, Period(days, days), days, marks=flags(any_comparison))
    assert render(made, generated_at=any_comparison.until).endswith("</html>")


FIELD = {
    Kind.PRICE_CUT: "price", Kind.PRICE_RISE: "price", Kind.REVIEW_BURST: "review_count", Kind.BSR_JUMP: "bsr",
    Kind.BSR_SLUMP: "bsr", Kind.OUT_OF_STOCK: "in_stock", Kind.BACK_IN_STOCK: "in_stock",
    Kind.DEAL_STARTED: "is_deal", Kind.DEAL_ENDED: "is_deal", Kind.TITLE_CHANGED: "title",
    Kind.BUY_BOX_CHANGED: "seller", Kind.SEE_SAW: "price", Kind.UNDERCUT: "to_pay", Kind.LOWEST_EVER: "to_pay",
    Kind.RUNNING_LOW: "in_stock", Kind.BUY_BOX_LOST: "fetch_id", Kind.HIJACKER: "fetch_id",
    Kind.OFFERS_MULTIPLYING: "fetch_id", Kind.LOWEST_IN_90_DAYS: "to_pay",
    Kind.PROMOTIONS_STACKED: "is_deal", Kind.REVIEWS_REMOVED: "review_count",
    Kind.REVIEWS_MERGED: "review_count", Kind.RATING_ROSE: "rating", Kind.RATING_FELL: "rating",
    Kind.LOW_STAR_WAVE: "rating_percents", Kind.BULLETS_CHANGED: "bullets", Kind.IMAGE_CHANGED: "main_image",
    Kind.VARIATIONS_CHANGED: "fetch_id", Kind.A_PLUS_CHANGED: "has_a_plus", Kind.VIDEO_CHANGED: "has_video",
    Kind.CATEGORY_CHANGED: "bsr_category",
}  # fmt: skip


def _both_ends_have_values(flag: Flag, fetches: dict[int, Observation]) -> None:
    ends = [fetches[name] for name in (flag.evidence.before_fetch, flag.evidence.after_fetch) if name]
    assert len(ends) == 2
    if name := FIELD.get(flag.kind):
        assert None not in [getattr(end, name) for end in ends]
    else:
        assert not any(end.unread("coupon_percent") or end.unread("coupon_amount") for end in ends)


@pytest.fixture(scope="module")
def eventful(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """Four months in which much happens, with nights lost: prices, ranks, reviews, a keyword and its ads."""
    database = Database(Path(tmp_path_factory.mktemp("windows")) / "tracker.duckdb")
    chance = random.Random(7)
    rivals = [f"B0RIVAL{n:03d}" for n in range(1, 7)]
    listing(database, rivals=rivals, keywords=["tea mug"])
    for n, asin in enumerate([OWN, *rivals]):
        price, level, count = 2000 + 300 * n, 700.0 * (n + 1), 400
        told: dict[str, Any] = {name: [] for name in ("price", "bsr", "review_count", "in_stock")}
        for _ in range(120):
            price = round(price * chance.choice([1, 1, 1, 1, 1, 0.96, 1.04, 0.85, 1.15]))
            level *= chance.choice([1] * 20 + [0.4, 2.5])
            count += chance.choice([0, 1, 2, 3]) + (40 if chance.random() < 0.03 else 0)
            lost = BLOCKED if chance.random() < 0.08 else None
            told["price"].append(lost or (Lacks("unparseable") if chance.random() < 0.05 else Decimal(price) / 100))
            told["bsr"].append(lost or max(1, round(level * chance.uniform(0.9, 1.1))))
            told["review_count"].append(lost or count)
            told["in_stock"].append(lost or chance.random() > 0.05)
        tell(database, asin, **told)
    places = [chance.choice([3, 4, 5, 20, 0, BLOCKED]) if day % 9 else 12 for day in range(120)]
    rank(database, "tea mug", [places[day // 6 * 6] for day in range(120)], asin=rivals[0])
    return database


def judged_in(database: Database, days: int, until: datetime) -> dict[date, list[Flag]]:
    found: dict[date, list[Flag]] = {}
    for flag in flags(compare(database.con, "mug", days=days, until=until)):
        found.setdefault(flag.day, []).append(flag)
    return found


@pytest.mark.parametrize("days", [1, 7, 30])
def test_the_same_night_is_judged_alike_in_every_window(eventful: Database, days: int) -> None:
    whole = judged_in(eventful, 120, night(119))
    assert len(whole) > 60, "much happens here"
    assert len({flag.kind for found in whole.values() for flag in found}) >= 7
    window = judged_in(eventful, days, night(119))
    newest = compare(eventful.con, "mug", days=days).days
    assert window == {day: found for day, found in whole.items() if day in newest}


@pytest.mark.parametrize("last", [40, 77, 101])
def test_what_came_later_does_not_change_a_verdict(eventful: Database, last: int) -> None:
    whole = judged_in(eventful, 120, night(119))
    then = judged_in(eventful, 120, night(last) + timedelta(hours=1))
    assert then == {day: found for day, found in whole.items() if day <= night(last).date()}
