"""Views and macros over products, each on a worked example with rows computed by hand."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from storage.model import Listing, Result, Run
from storage.records import BsrLine, Missing, Product, Reason
from storage.store import Store
from tests.conftest import Fresh
from tests.storage.test_store import LISTING, fetch, spooled

OWN, RIVAL, OTHER = "B0OWN00001", "B0RIVAL001", "B0RIVAL002"
EARLY = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path, fresh: Fresh) -> Store:
    return fresh(tmp_path / "t.duckdb")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def seen(when: str, asin: str = OWN, price: str | None = "20", **said: Any) -> Result:
    """A product page read at an instant (UTC), by a run of its own unless ``run_id`` says otherwise."""
    run_id, marketplace = said.pop("run_id", f"r{when}"), said.get("marketplace", "com")
    task = f"product/{marketplace}/{asin}"
    made = fetch(asin, run_id, task=task, asin=asin, observed_at=utc(when), marketplace=marketplace)
    values = {"marketplace": "com", "currency": "USD" if price else None} | said
    return Result(fetch=made, product=Product(asin=asin, price=Decimal(price) if price else None, **values))


def watch(store: Store, *listings: Listing, since: datetime = EARLY) -> None:
    run_id = f"w{since:%Y%m%d}"
    spooled(store, start=Run(run_id=run_id, started_at=since, trigger="manual", planned=0, listings=listings))
    store.merge()


def merged(store: Store, *results: Result) -> None:
    spooled(store, *results)
    store.merge()


def ask(store: Store, question: str) -> list[tuple[Any, ...]]:
    with store.reading() as db:
        return db.execute(question).fetchall()


def test_latest_is_the_newest_of_each_product_however_old(store: Store) -> None:
    merged(
        store,
        seen("2026-03-02 10:00", price="19", bsr=(BsrLine(rank=7, category="Mugs"), BsrLine(rank=1, category="Tin"))),
        seen("2026-03-01 10:00", price="20"),
        seen("2025-06-01 10:00", RIVAL, price=None),
        seen("2026-03-02 10:00", OWN, "9", marketplace="de", currency="EUR"),
        # Two runs read it at the same instant: the one taken in last counts.
        seen("2026-03-02 10:00", OTHER, "5", run_id="a"),
        seen("2026-03-02 10:00", OTHER, "6", run_id="b"),
    )
    assert ask(store, "SELECT marketplace, asin, price, observed_at, bsr, bsr_category FROM latest ORDER BY ALL") == [
        ("com", OWN, Decimal(19), utc("2026-03-02 10:00"), 7, "Mugs"),
        ("com", RIVAL, None, utc("2025-06-01 10:00"), None, None),
        ("com", OTHER, Decimal(6), utc("2026-03-02 10:00"), None, None),
        ("de", OWN, Decimal(9), utc("2026-03-02 10:00"), None, None),
    ]


@pytest.mark.parametrize(
    ("zone", "before_midnight", "after_midnight", "day"),
    [
        ("America/Los_Angeles", "2026-03-08 07:59", "2026-03-08 08:00", date(2026, 3, 8)),  # UTC−8
        ("America/Los_Angeles", "2026-03-09 06:59", "2026-03-09 07:00", date(2026, 3, 9)),  # UTC−7: summer began
        ("America/Los_Angeles", "2026-11-01 06:59", "2026-11-01 07:00", date(2026, 11, 1)),  # UTC−7
        ("America/Los_Angeles", "2026-11-02 07:59", "2026-11-02 08:00", date(2026, 11, 2)),  # UTC−8: summer ended
        ("Asia/Shanghai", "2026-03-08 15:59", "2026-03-08 16:00", date(2026, 3, 9)),
    ],
)
def test_a_day_is_one_of_the_listing(
    store: Store, zone: str, before_midnight: str, after_midnight: str, day: date
) -> None:
    watch(store, replace(LISTING, time_zone=zone))
    merged(store, seen(before_midnight, RIVAL, "20"), seen(after_midnight, RIVAL, "21"))
    assert ask(store, "SELECT day, price FROM daily ORDER BY day") == [
        (day - timedelta(days=1), Decimal(20)),
        (day, Decimal(21)),
    ]


def test_daily_takes_the_last_page_of_a_day_whole(store: Store) -> None:
    watch(store, LISTING)
    merged(
        store,
        seen("2026-03-02 10:00", price="20", in_stock=True),
        seen("2026-03-02 20:00", price=None, in_stock=False),
        seen("2026-03-04 10:00", price="21"),  # nothing on the 3rd
        seen("2026-11-01 08:30", price="22", run_id="a"),  # the hour that comes twice, in Los Angeles
        seen("2026-11-01 09:30", price="23", run_id="b"),
        seen("2026-11-01 09:30", price="24", run_id="c"),  # the same instant: the one taken in last
    )
    assert ask(store, "SELECT day, price, in_stock FROM daily ORDER BY day") == [
        (date(2026, 3, 2), None, False),
        (date(2026, 3, 4), Decimal(21), None),
        (date(2026, 11, 1), Decimal(24), None),
    ]


def test_the_listing_that_has_watched_longest_says_what_a_day_is_else_the_marketplace(store: Store) -> None:
    shanghai = replace(LISTING, name="cup", asin="B0OWN00002", time_zone="Asia/Shanghai", rivals=(RIVAL,), keywords=())
    watch(store, shanghai)
    watch(store, shanghai, replace(LISTING, rivals=(RIVAL,)), since=EARLY + timedelta(days=1))
    merged(store, *(seen("2026-03-02 16:00", asin) for asin in (RIVAL, OWN, OTHER)))
    merged(store, seen("2026-03-02 16:00", OTHER, marketplace="co.jp"))
    assert dict(ask(store, "SELECT marketplace || '/' || asin, day FROM daily")) == {
        f"com/{RIVAL}": date(2026, 3, 3),
        f"com/{OWN}": date(2026, 3, 2),
        f"com/{OTHER}": date(2026, 3, 2),
        f"co.jp/{OTHER}": date(2026, 3, 3),
    }


def test_rivals_are_compared_for_as_long_as_they_were_watched(store: Store) -> None:
    watch(store, replace(LISTING, rivals=(RIVAL,)), since=utc("2026-03-02 00:00"))
    watch(store, replace(LISTING, rivals=(OTHER,)), since=utc("2026-03-04 00:00"))
    nights = [f"2026-03-0{n} 11:00" for n in range(1, 6)]
    merged(store, *(seen(night, asin, price) for night in nights for asin, price in ((RIVAL, "18"), (OTHER, "25"))))
    merged(store, *(seen(night, OWN, "20") for night in nights if night != nights[2]))
    found = ask(
        store, "SELECT day, asin, own_asin, price, own_price, price_gap, price_gap_percent FROM rivals ORDER BY 1"
    )
    assert found == [
        (date(2026, 3, 2), RIVAL, OWN, 18, 20, -2, -10.0),
        (date(2026, 3, 3), RIVAL, OWN, 18, None, None, None),  # the own page was not read
        (date(2026, 3, 4), OTHER, OWN, 25, 20, 5, 25.0),
        (date(2026, 3, 5), OTHER, OWN, 25, 20, 5, 25.0),
    ]
    assert ask(store, "FROM watch_list ORDER BY own DESC") == [("mug", "com", OWN, True), ("mug", "com", OTHER, False)]


def test_prices_of_two_currencies_have_no_gap(store: Store) -> None:
    watch(store, LISTING)
    merged(store, seen("2026-03-02 11:00", OWN, "20"), seen("2026-03-02 11:00", RIVAL, "130", currency="CNY"))
    merged(store, seen("2026-03-02 11:00", OTHER, None))
    assert ask(
        store, "SELECT asin, price, currency, own_price, price_gap, price_gap_percent FROM rivals ORDER BY 1"
    ) == [
        (RIVAL, 130, "CNY", 20, None, None),
        (OTHER, None, None, 20, None, None),
    ]


def test_a_page_from_elsewhere_has_no_gap_to_one_from_here(store: Store) -> None:
    there = "delivery to 'Canada', not 10001"
    watch(store, LISTING)
    merged(store, seen("2026-03-02 11:00", OWN, "20"), abroad(seen("2026-03-02 11:00", RIVAL, "25"), there))
    merged(
        store, abroad(seen("2026-03-03 11:00", OWN, "30"), there), abroad(seen("2026-03-03 11:00", RIVAL, "25"), there)
    )
    gaps = "SELECT price, own_price, price_gap, price_gap_percent, elsewhere, own_elsewhere FROM rivals ORDER BY day"
    assert ask(store, gaps) == [(25, 20, None, None, there, None), (25, 30, -5, -16.7, there, there)]
    marked = f"SELECT price, elsewhere FROM {{}} WHERE asin = '{RIVAL}'"
    for view in ("latest", "as_of(now())", f"trend('{RIVAL}', 1)"):
        assert ask(store, marked.format(view)) == [(25, there)], view


def abroad(result: Result, elsewhere: str) -> Result:
    return replace(result, fetch=replace(result.fetch, elsewhere=elsewhere))


def ranked(when: str, rank: int, category: str = "Kitchen", node: str | None = "1") -> Result:
    return seen(when, bsr=(BsrLine(rank=rank, category=category, category_id=node), BsrLine(rank=1, category="Tin")))


def test_bsr_trend_compares_days_of_one_category(store: Store) -> None:
    watch(store, LISTING)
    merged(
        store,
        ranked("2026-03-01 11:00", 400),
        ranked("2026-03-24 11:00", 900),
        ranked("2026-03-24 17:00", 1000),
        ranked("2026-03-31 09:00", 250),
        ranked("2026-03-31 11:00", 100),
        ranked("2026-03-31 17:00", 200, category="Kitchen & Dining"),  # another name, the same browse node
        seen("2026-04-01 11:00"),  # a page without ranks
        ranked("2026-04-07 11:00", 20, category="Mugs", node="2"),  # another category: not compared
    )
    columns = (
        "day, category, rank, best, worst, observations, rank_week_before, week_factor, rank_month_before, month_factor"
    )
    assert ask(store, f"SELECT {columns} FROM bsr_trend ORDER BY day") == [
        (date(2026, 3, 1), "Kitchen", 400, 400, 400, 1, None, None, None, None),
        (date(2026, 3, 24), "Kitchen", 1000, 900, 1000, 2, None, None, None, None),
        (date(2026, 3, 31), "Kitchen & Dining", 200, 100, 250, 3, 1000, 0.2, 400, 0.5),
        (date(2026, 4, 7), "Mugs", 20, 20, 20, 1, None, None, None, None),
    ]


def test_data_quality_counts_what_is_missing_for_which_reason(store: Store) -> None:
    watch(store, LISTING)
    gap = (Missing(field="price", reason=Reason.UNPARSEABLE, text="call us"),)
    none = (Missing(field="price", reason=Reason.ABSENT_ON_PAGE), Missing(field="rating", reason=Reason.ABSENT_ON_PAGE))
    merged(
        store,
        seen("2026-03-02 11:00", OWN, None, missing=gap),
        seen("2026-03-02 11:00", RIVAL, None, missing=none),
        seen("2026-03-02 12:00", OTHER),
        seen("2026-03-02 13:00", "B0RIVAL004"),
        seen("2026-03-03 11:00", OWN),
    )
    assert ask(store, "FROM data_quality ORDER BY ALL") == [
        ("com", date(2026, 3, 2), "product", "price", "absent_on_page", 1, 4, 0.25),
        ("com", date(2026, 3, 2), "product", "price", "unparseable", 1, 4, 0.25),
        ("com", date(2026, 3, 2), "product", "rating", "absent_on_page", 1, 4, 0.25),
    ]


def test_as_of_is_latest_at_an_instant(store: Store) -> None:
    merged(store, seen("2026-03-01 10:00", price="20"), seen("2026-03-02 10:00", price="19"))
    merged(store, seen("2026-03-02 10:00", RIVAL, "30"))
    answers = {
        "'2026-03-01 17:59:59+08'": [],
        "'2026-03-01 18:00:00+08'": [(OWN, 20)],
        "TIMESTAMPTZ '2026-03-02 10:00:00+00'": [(OWN, 19), (RIVAL, 30)],
        "DATE '2026-03-02'": [(OWN, 20)],  # as the day began, in UTC
    }
    for moment, expected in answers.items():
        assert ask(store, f"SELECT asin, price FROM as_of({moment}) ORDER BY asin") == expected, moment
    assert ask(store, "FROM as_of(now())") == ask(store, "FROM latest")


def test_trend_is_daily_of_one_product_over_its_last_days(store: Store) -> None:
    watch(store, LISTING)
    merged(store, *(seen(f"2026-03-0{n} 11:00", price=str(n)) for n in (1, 3, 4, 5)))
    merged(store, seen("2026-03-09 11:00", RIVAL, "30"))
    assert ask(store, f"SELECT day, price FROM trend('{OWN}', 3)") == [(date(2026, 3, n), n) for n in (3, 4, 5)]
    assert ask(store, f"SELECT day, price FROM trend('{OWN}', 2)") == [(date(2026, 3, n), n) for n in (4, 5)]
    assert ask(store, "FROM trend('B0NOBODY01', 9)") == []
