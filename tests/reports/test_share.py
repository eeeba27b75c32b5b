"""Share of search: agrees with the view, says what is not known, and compares like with like."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from reports.compare import compare
from reports.period import Days, Period
from reports.sections.share import Held, Shares, page_one, shares
from tests.reports.database import Database
from tests.reports.nights import MONDAY, OWN, RIVAL, night

DAY = MONDAY.date()
PERIOD = Period(Days(DAY + timedelta(days=4), DAY + timedelta(days=7)), Days(DAY, DAY + timedelta(days=3)))
STRANGER = "B0STRANGER"
NO = Decimal(0)
Card = tuple[str, bool | None]


def grid(*first: Card, results: int = 4) -> list[Card]:
    """A page of so many results; the first are named, ads beside them."""
    named = sum(sponsored is False for _, sponsored in first)
    return [*first, *((f"B0OTHER{n:03d}", False) for n in range(results - named))]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Two times four nights. On ``a tea mug`` the own product gains a place and a second ad; it is beyond page one of
    ``big mug``, which was not read on one night, and on whose page nothing is an ad; ``red mug`` is read since the
    fifth night only."""
    made = Database(Path(tmp_path_factory.mktemp("share")) / "tracker.duckdb")
    made.listing("mug", "com", OWN, [RIVAL], ["a tea mug", "big mug", "red mug"])
    own, ad, rival, stranger = (OWN, False), (OWN, True), (RIVAL, False), (STRANGER, False)
    for n in range(8):
        late = n >= 4
        tea = [(RIVAL, True), *([ad, ad] if late else [ad])] + ([own] if late else [])
        made.search(night(n), "com", "a tea mug", [grid(*tea, stranger), grid(results=4)])
        big = "blocked" if n == 6 else grid(rival, results=2)
        made.search(night(n) + timedelta(minutes=9), "com", "big mug", [big, grid(own)])
        if late:
            doubt: list[Card] = [(OWN, None)] if n == 7 else []
            made.search(night(n) + timedelta(minutes=19), "com", "red mug", [grid(rival, *doubt), grid()])
    yield made
    made.con.close()


@pytest.fixture(scope="module")
def found(database: Database) -> Shares:
    comparison = compare(database.con, "mug", days=4)
    return shares(comparison, PERIOD, PERIOD.days, page_one(database.con, comparison, PERIOD, PERIOD.days))


def test_every_night_is_that_of_the_view(database: Database, found: Shares) -> None:
    """But where the only place of a product is in doubt."""
    told = database.con.execute(
        "SELECT keyword, day, asin, organic_share, sponsored_share FROM share_of_search"
    ).fetchall()
    view = {(keyword, day, asin): shown for keyword, day, asin, *shown in told}
    held = {
        (keyword, day, holder.asin): (organic, ads)
        for holder in (*found.products, *found.strangers)
        for keyword, both in zip(found.keywords, holder.keywords, strict=True)
        for day, organic, ads in zip(PERIOD.days, both[0].days, both[1].days, strict=True)
    }
    assert {key for key in view if key[1] in PERIOD.days} <= set(held), "every product that stood there is among them"
    for key, shown in held.items():
        there = [None if share is None else float(share) for share in shown]
        if key == ("red mug", PERIOD.days.last, OWN):
            assert (there, view[key]) == ([None, None], [0, None])
        elif key in view:
            assert there == pytest.approx(view[key])
        else:
            assert not any(there)


def test_what_is_held_and_gained_of_one_keyword(found: Shares) -> None:
    own = found.products[0]
    (organic, ads), *_ = own.keywords
    quarter, half = Decimal("0.25"), Decimal("0.5")
    assert organic == Held(quarter, Decimal(0), quarter, 1, 1, (quarter,) * 4)
    assert ads.share == pytest.approx(Decimal(2) / 3) and ads.before == half


def test_a_night_that_was_not_read_is_not_zero(found: Shares) -> None:
    (organic, ads) = found.products[0].keywords[1]
    assert organic.days == (NO, NO, None, NO), "beyond page one of the nights that were read"
    assert (organic.share, organic.on, organic.of) == (NO, 0, 1)
    assert ads == Held(None, None, None, 0, 0, (None,) * 4), "where no ad is shown, nobody holds a share of them"
    assert found.nights == ((4, 4), (3, 4), (4, 0))


def test_a_place_in_doubt_is_not_known(found: Shares) -> None:
    own, rival = (holder.keywords[2][0] for holder in found.products)
    assert own.days == (NO, NO, NO, None)
    assert rival.days == (Decimal("0.25"),) * 4


def test_all_keywords_count_alike_and_are_compared_where_both_periods_have_them(found: Shares) -> None:
    own, rival = (holder.organic for holder in found.products)
    assert own.share == Decimal("0.25") / 3, "of three keywords"
    assert (own.before, own.change) == (NO, Decimal("0.125")), "of the two that were read before"
    assert (own.on, own.of, rival.on, rival.of) == (1, 3, 2, 3)
    assert own.days == (own.share, own.share, None, None), "one was not read, one is in doubt"
    ads = Decimal(2) / 3
    assert found.products[0].sponsored.days == (ads, ads, None, ads), "keywords without ads do not count"


def test_the_biggest_strangers_stand_by_their_places(found: Shares) -> None:
    first, *others = found.strangers
    assert (first.own, first.organic.on) == (False, 3)
    assert STRANGER in [holder.asin for holder in others] and len(found.strangers) == 4
    watched = {OWN, RIVAL}
    assert watched.isdisjoint(holder.asin for holder in found.strangers)
    total = sum(holder.organic.share or 0 for holder in (*found.products, *found.strangers))
    assert total == pytest.approx(Decimal(1)), "all that stood there are among them"


def test_a_chart_may_show_more_days_than_the_period_has(database: Database) -> None:
    comparison = compare(database.con, "mug", days=4)
    shown = Days(DAY, PERIOD.days.last)
    found = shares(comparison, PERIOD, shown, page_one(database.con, comparison, PERIOD, shown))
    organic, _ = found.products[0].keywords[0]
    assert organic.days == (NO,) * 4 + (Decimal("0.25"),) * 4
    assert (organic.share, organic.before, organic.on) == (Decimal("0.25"), NO, 1), "of the period only"


def test_of_nothing_read_nothing_is_said(database: Database) -> None:
    comparison = compare(database.con, "mug", days=1, until=night(40))
    period = Period(Days(night(40).date(), night(40).date()), Days(night(39).date(), night(39).date()))
    found = shares(comparison, period, period.days, page_one(database.con, comparison, period, period.days))
    assert found.products[0].organic == Held(None, None, None, 0, 0, (None,))
    assert found.strangers == ()
