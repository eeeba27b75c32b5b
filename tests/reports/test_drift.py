"""The drift alarm on tables: what it tells, what it never tells, how often it is wrong."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random
from typing import NamedTuple

import numpy as np
import pytest

from reports import drift as alarm
from reports.defect import KEPT, OTHERS, WHOLE_PAGE, Defect, Pages, Reading
from reports.rise import usual

FIRST = datetime(2026, 3, 2, 3, tzinfo=UTC)
FIELDS = frozenset({"title", "brand", "price", "availability", "in_stock", "seller", "rating", "review_count", "bsr"})


class Page(NamedTuple):
    """A page of a run."""

    run_id: str
    observed_at: int
    subject: str
    layout: str
    fetch_id: int
    reading: Reading


def drift(pages: Sequence[Page]) -> list[Defect]:
    """What the alarm tells of product pages."""
    run_id, observed_at, subject, layout, fetch_id, readings = zip(*pages, strict=True)
    once = {id(reading): reading for reading in readings}
    number = {name: n for n, name in enumerate(once)}
    columns = (run_id, np.array(observed_at), subject, layout, np.array(fetch_id))
    reading = np.array([number[id(reading)] for reading in readings])
    return alarm.drift([Pages("com", "product", *columns, reading, list(once.values()))])


@cache
def showing(lacks: tuple[tuple[str, str], ...], *, buyable: bool) -> Reading:
    missing = {name: (reason, f"text of {name}") for name, reason in lacks}
    return Reading((FIELDS | {WHOLE_PAGE}) - missing.keys(), missing, buyable)


def page(
    night: int, n: int, *, layout: str = "apex", buyable: bool = True, lacks: Mapping[str, str] | None = None
) -> Page:
    """The page of product ``n``; ``lacks`` maps a field to the reason."""
    return Page(
        run_id=f"{FIRST + timedelta(days=night):%Y%m%d}",
        observed_at=int((FIRST + timedelta(days=night, seconds=n)).timestamp()) * 1_000_000,
        subject=f"B{n:03d}",
        layout=layout,
        fetch_id=10_000 * night + n,
        reading=showing(tuple((lacks or {}).items()), buyable=buyable),
    )


def calm(nights: Iterable[int], products: int = 20, layout: str = "apex") -> list[Page]:
    return [page(night, n, layout=layout) for night in nights for n in range(products)]


def lost(
    night: int, count: int, products: int = 20, reason: str = "absent_on_page", field: str = "price"
) -> list[Page]:
    return [page(night, n, lacks={field: reason} if n < count else {}) for n in range(products)]


def told(defects: Sequence[Defect]) -> list[tuple[str, str, int, int]]:
    return [(d.run_id[-2:], d.field, d.missing, d.of) for d in defects]


def test_a_field_lost_on_a_third_of_the_pages_is_told_with_its_evidence() -> None:
    (defect,) = drift(calm(range(5)) + lost(5, 7))
    assert (defect.marketplace, defect.kind, defect.field, defect.layout) == ("com", "product", "price", "apex")
    assert (defect.missing, defect.of, defect.usual, defect.new_layout) == (7, 20, 0.0, False)
    assert defect.since == FIRST + timedelta(days=5)
    assert (defect.reasons, defect.text) == (("absent_on_page",), "text of price")
    assert defect.pages == tuple((50_000 + n, None) for n in range(7))


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_few_gaps_are_a_products_own(count: int) -> None:
    assert drift(calm(range(14)) + lost(14, count)) == []


def test_what_a_product_never_shows_is_no_drift() -> None:
    never = [
        page(night, n, lacks={"brand": "absent_on_page"} if n % 2 else {}) for night in range(9) for n in range(20)
    ]
    assert drift(never) == []


@pytest.mark.parametrize("field", ["coupon_percent", "deal", "list_price", "bought_past_month_min"])
def test_what_a_seller_ends_is_no_defect_but_what_is_not_understood_is(field: str) -> None:
    before = calm(range(6))
    assert drift(before + lost(6, 12, field=field)) == []
    assert told(drift(before + lost(6, 12, reason="unparseable", field=field))) == [("08", field, 12, 20)]


@pytest.mark.parametrize("field", ["price", "seller", "coupon_amount"])
def test_a_wave_of_stock_outs_is_no_defect(field: str) -> None:
    out = [page(6, n, buyable=n >= 15, lacks={field: "absent_on_page"} if n < 15 else {}) for n in range(20)]
    assert drift(calm(range(6)) + out) == []


def test_what_does_not_apply_is_never_counted() -> None:
    assert drift(calm(range(6)) + lost(6, 20, reason="not_applicable")) == []


def test_a_defect_lasts_until_the_field_is_back_and_never_becomes_the_usual() -> None:
    nights = calm(range(5))
    for night in range(5, 40):
        nights += lost(night, 9)
    defects = drift([*nights, *calm(range(40, 44))])
    assert len(defects) == 35
    assert {(d.since, d.usual, d.missing, d.of) for d in defects} == {(FIRST + timedelta(days=5), 0.0, 9, 20)}
    again = drift([*nights, *calm(range(40, 44)), *lost(44, 8)])
    assert again[-1].since == FIRST + timedelta(days=44)


def test_after_a_quarter_of_a_year_it_is_how_the_site_is() -> None:
    nights = calm(range(5), 8) + [p for night in range(5, 110) for p in lost(night, 8, 8)]
    assert [d.run_id for d in drift(nights)][-1] == f"{FIRST + timedelta(days=95):%Y%m%d}"


def test_a_layout_that_is_rolled_out_night_by_night_is_found() -> None:
    nights = calm(range(8))
    for night in range(8, 16):
        nights += lost(night, night - 7)
    found = drift(nights)
    assert found
    assert found[0].missing <= 6
    assert found[-1].missing == 8


def test_a_new_layout_is_judged_by_the_history_of_all() -> None:
    tonight = [page(6, n, layout="next", lacks={"price": "absent_on_page"}) for n in range(3)]
    (defect,) = drift(calm(range(6)) + tonight + [page(6, n) for n in range(3, 20)])
    assert (defect.layout, defect.new_layout, defect.missing, defect.of) == ("next", True, 3, 3)


def test_a_layout_that_is_withdrawn_ends_its_defect() -> None:
    tonight = [page(6, n, layout="next", lacks={"price": "absent_on_page"}) for n in range(4)]
    nights = calm(range(6)) + tonight + [page(6, n) for n in range(4, 20)]
    assert [d.lasting for d in drift(nights)] == [True]
    assert [d.lasting for d in drift(nights + calm([7]))] == [False]
    assert [d.lasting for d in drift(nights + [page(7, n) for n in range(9, 20)])] == [True], "others were read"


def test_a_name_for_a_layout_that_had_none_is_no_news() -> None:
    before = calm(range(6), layout="")
    assert drift(before + calm([6, 7])) == []
    (defect,) = drift(before + lost(6, 9))
    assert (defect.layout, defect.new_layout) == ("apex", False)


def test_a_layout_that_never_had_the_field_stays_usual_when_products_move_between_layouts() -> None:
    nights = []
    chance = Random(1)
    for night in range(30):
        old = [chance.random() < 0.3 for _ in range(20)]
        nights += [
            page(night, n, layout="legacy", lacks={"brand": "layout_unknown"}) if old[n] else page(night, n)
            for n in range(20)
        ]
    assert drift(nights) == []


def test_pages_without_their_main_part_are_a_defect() -> None:
    bare = [page(6, n, lacks={WHOLE_PAGE: "main_part_missing"}) for n in range(8)]
    (defect,) = drift(calm(range(6)) + bare + [page(6, n) for n in range(8, 20)])
    assert (defect.field, defect.missing, defect.of, defect.reasons) == (WHOLE_PAGE, 8, 20, ("main_part_missing",))


@pytest.mark.parametrize(
    ("field", "reason", "count", "found"),
    [
        ("price", "layout_unknown", 11, True),
        ("price", "layout_unknown", 10, False),  # half may be products of another kind
        ("price", "absent_on_page", 20, False),  # nothing says that they ever showed it
        ("price", "ambiguous", 20, False),
        ("coupon_percent", "unparseable", 20, False),  # not a core field
        ("bsr", "unparseable", 20, True),
    ],
)
def test_without_a_history_only_a_core_field_not_understood_on_most_pages_is_told(
    field: str, reason: str, count: int, found: bool
) -> None:
    defects = drift(lost(0, count, field=field, reason=reason))
    assert told(defects) == ([("02", field, count, 20)] if found else [])
    assert all(d.usual is None for d in defects)


def test_two_pages_are_too_few_for_an_alarm() -> None:
    assert drift(calm(range(9), 2) + lost(9, 2, 2)) == []
    assert drift(lost(0, 2, 2, reason="layout_unknown")) == []


def test_a_run_over_other_products_neither_ends_a_defect_nor_tells_it() -> None:
    other = [page(7, n) for n in (18, 19)]
    defects = drift(calm(range(6)) + lost(6, 9) + other + lost(8, 9))
    assert [d.run_id[-2:] for d in defects] == ["08", "10"]
    assert {d.since for d in defects} == {FIRST + timedelta(days=6)}


def test_the_chance_is_a_distribution() -> None:
    model = usual([(0, 20), (3, 20), (1, 19)])
    assert math.isclose(model.chance(0, 20), 1.0, rel_tol=1e-9)
    chances = [model.chance(k, 20) for k in range(21)]
    assert chances == sorted(chances, reverse=True)
    mean = sum(model.chance(k, 20) for k in range(1, 21))
    assert math.isclose(mean, 20 * model.mean, rel_tol=1e-9)
    assert usual([]).share == 0.0


def test_nights_that_differ_make_a_rise_less_surprising() -> None:
    even, waves = usual([(1, 20)] * 10), usual([(0, 20)] * 9 + [(10, 20)])
    assert even.share == waves.share
    assert even.chance(7, 20) < 1e-3 < waves.chance(7, 20)


def world(seed: int, nights: int) -> list[Page]:
    """Ordinary nights: each field of each product is absent or unread at a rate of its own, stock runs out in waves."""
    chance = Random(seed)
    products = chance.randint(5, 60)
    fields = [*sorted(FIELDS), "coupon_percent", "deal", "list_price", "stock_left", "unit_price"]
    habit = {f: chance.choice([0.0, 0.01, 0.03, 0.1, 0.3]) for f in fields}
    rates = {
        (n, f): min(1.0, chance.expovariate(1 / habit[f]) if habit[f] else 0.0) for n in range(products) for f in fields
    }
    layouts: list[str] = chance.choice([["apex"], ["apex", "legacy"], [""]])
    pages, out = [], set[int]()
    for night in range(nights):
        if chance.random() < 0.1:
            out = set(chance.sample(range(products), chance.randint(0, products)))
        for n in range(products):
            missing = {
                f: "absent_on_page" if chance.random() < 0.7 else chance.choice(["unparseable", "ambiguous"])
                for f in fields
                if chance.random() < rates[n, f]
            }
            if n in out:
                missing |= dict.fromkeys(("price", "seller"), "absent_on_page")
            pages.append(page(night, n, layout=chance.choice(layouts), buyable=n not in out, lacks=missing))
    return pages


def test_an_ordinary_night_raises_an_alarm_less_than_once_in_a_hundred() -> None:
    worlds, nights = 40, 30
    alarms = {(seed, d.run_id) for seed in range(worlds) for d in drift(world(seed, nights))}
    assert len(alarms) / (worlds * nights) < 0.01, alarms


@pytest.mark.parametrize("before", [3, 7, 20])
def test_a_rise_from_none_to_a_third_of_twenty_pages_is_always_found(before: int) -> None:
    for seed in range(20):
        chance = Random(seed)
        one = [page(chance.randrange(before), 19, lacks={"price": "absent_on_page"})]  # an odd gap in the history
        history = [p for p in calm(range(before)) if p.fetch_id != one[0].fetch_id] + one
        broken = set(chance.sample(range(19), 7))
        tonight = [page(before, n, lacks={"price": "absent_on_page"} if n in broken else {}) for n in range(20)]
        assert told(drift(history + tonight)) == [(f"{2 + before:02d}", "price", 7, 20)], seed


def test_what_is_told_of_a_run_rests_on_the_runs_before_it_alone() -> None:
    nights = [*world(4, 20), *(p for n in range(20, 30) for p in lost(n, n % 12)), *lost(30, 9, field="rating")]
    nights += calm(range(31, 36), layout="next")
    whole = [replace(d, lasting=True) for d in drift(nights)]
    assert {d.field for d in whole} >= {"price", "rating"}
    for run_id in sorted({p.run_id for p in nights})[19::2]:
        until = Random(run_id).sample(nights, len(nights))  # in any order
        told = drift([p for p in until if p.run_id <= run_id])
        assert [replace(d, lasting=True) for d in told] == [d for d in whole if d.run_id <= run_id]


def test_every_field_of_a_page_is_watched_once() -> None:
    assert not KEPT["product"] & OTHERS["product"]
    assert {"coupon_percent", "deal", "is_deal", "stock_left", "seller_id"} <= OTHERS["product"]
    assert {"coupon", "review_count", "results"} <= OTHERS["search"]
