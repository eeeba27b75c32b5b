"""Two periods compared: each measure as SQL has it, and nothing where a period tells nothing."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median

import pytest

from reports.period import Asked, Days, Period
from reports.report import Reports
from reports.sections.against import Against, Compared, against, measures
from reports.sections.share import page_one, shares
from tests.reports.database import Database
from tests.reports.nights import ABSENT, BLOCKED, MONDAY, OWN, rank, tell

NIGHTS = 20
R = [f"B0RIVAL{n:03d}" for n in range(3)]
SELLERS = ["B2"] * 6 + ["B1"] * 9 + ["B2"] * 5
"""Of one rival, by night."""


def day(n: int) -> date:
    return (MONDAY + timedelta(days=n)).date()


PERIOD = Period(Days(day(14), day(19)), Days(day(8), day(13)))
"""Six days against the six before them; eight nights are history."""


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    made = Database(Path(tmp_path_factory.mktemp("against")) / "tracker.duckdb")
    made.listing("mug", "com", OWN, R, ["mug a", "mug b"])
    tell(
        made,
        OWN,
        price=[30] * 14 + [25, 26, BLOCKED, 28, 29, 20],
        coupon_percent=[ABSENT] * 19 + [10],
        bsr=[900 + n for n in range(14)] + [500, 510, 520, 530, 540, 9000],
        review_count=[100 + 2 * n for n in range(NIGHTS)],
        rating=[4.5] * 19 + [4.4],
        in_stock=[True] * 10 + [False] * 2 + [True] * 8,
        seller_id=["A1"] * 18 + ["A2"] * 2,
    )
    tell(made, R[0], first=14, price=[10] * 6, bsr=[7] * 6)
    for n in range(NIGHTS):
        made.product(
            MONDAY + timedelta(days=n),
            "com",
            R[1],
            bsr=50 + n,
            category="Mugs" if n < 14 else "Cups",
            seller_id=SELLERS[n],
        )
    for n in range(8, NIGHTS):
        made.fetch(MONDAY + timedelta(days=n), "product", "com", asin=R[2], outcome="timeout")
    rank(made, "mug a", [20] * 14 + [4, 5, 6, BLOCKED, 7, 8], asin=OWN)
    rank(made, "mug b", [0] * 14 + [3, 3, 0, 0, 0, 3], asin=OWN)
    yield made
    made.con.close()


@pytest.fixture(scope="module")
def found(database: Database) -> dict[str, Compared]:
    comparison = Reports(database.con).of("mug", Asked(count=6)).comparison
    assert (comparison.days[0], comparison.days[-1]) == (PERIOD.days.first, PERIOD.days.last)
    pages = page_one(database.con, comparison, PERIOD, PERIOD.days)
    told = against(comparison, PERIOD, shares(comparison, PERIOD, PERIOD.days, pages))
    assert [each.own for each in told] == [True, False, False, False]
    assert all(list(each.values) == [m.key for m in measures(comparison)] for each in told)
    return {each.asin: each for each in told}


def values(found: Against) -> tuple[object, object, object]:
    return found.now.value, found.before.value, found.difference


def test_prices_and_ranks_are_the_medians_of_the_database(database: Database, found: dict[str, Compared]) -> None:
    own = found[OWN].values
    for key, days in (("now", PERIOD.days), ("before", PERIOD.against)):
        rows = database.con.execute(
            "SELECT price * (1 - coalesce(coupon_percent, 0) / 100), in_stock, bsr, review_count, seller_id"
            " FROM daily WHERE asin = ? AND day BETWEEN ? AND ? ORDER BY day",
            [OWN, days.first, days.last],
        ).fetchall()
        paid = [Decimal(price).quantize(Decimal("0.01")) for price, stocked, *_ in rows if stocked]
        told = {name: getattr(value, key) for name, value in own.items()}
        assert (told["to_pay"].value, told["to_pay"].of) == (median(paid), len(paid))
        assert told["lowest"].value == min(paid)
        assert told["bsr"].value == round(median(row[2] for row in rows))
        assert told["in_stock"].value == Decimal(sum(row[1] for row in rows)) / len(rows)
        assert told["buy_box"].value == Decimal(sum(row[4] == "A1" for row in rows)) / len(rows)
        assert told["nights"].value == len(rows)
    assert values(own["to_pay"]) == (26, 30, -4)
    assert values(own["lowest"]) == (18, 30, -12)
    assert values(own["bsr"])[:2] == (530, 910)


def test_who_held_the_buy_box_before_is_the_usual_seller(database: Database, found: dict[str, Compared]) -> None:
    """Also where another one has held it on most of the nights read since."""
    box = found[R[1]].values["buy_box"]
    assert (box.now.value, box.before.value) == (Decimal(1) / 6, 1)
    held = database.con.execute(
        "SELECT count(*) FILTER (seller_id = 'B2') FROM daily WHERE asin = ?", [R[1]]
    ).fetchone()
    assert held == (11,), "of 20 nights, but of none in the earlier six"


def test_reviews_are_counted_from_the_night_before(found: dict[str, Compared]) -> None:
    reviews = found[OWN].values["reviews"]
    assert values(reviews) == (2, 2, 0), "a day"
    assert (reviews.now.of, reviews.before.of) == (6, 6)
    assert values(found[OWN].values["rating"]) == (Decimal("4.40"), Decimal("4.50"), Decimal("-0.10"))


def test_places_are_the_median_of_keywords_and_nights_as_far_as_it_is_known(found: dict[str, Compared]) -> None:
    """Of eleven readings three are beyond the pages read: the sixth is known. Before, half of them were."""
    places = found[OWN].values["organic"]
    assert (places.now.value, places.now.of) == (6, 11)
    assert places.before.value is None and places.difference is None
    (why,) = places.before.why
    assert why.facts == {"place": 27}, "between 20 and the 33rd at best"


def test_share_of_search_is_that_of_the_keywords_read_in_both(found: dict[str, Compared]) -> None:
    """Of sixteen results on page one; ``mug a`` on all nights read, ``mug b`` on three of six."""
    now, before, change = values(found[OWN].values["share"])
    assert now == (Decimal(1) / 16 + Decimal(1) / 32) / 2
    assert (before, change) == (0, now)
    ads = found[OWN].values["ads"]
    assert ads.now.value is None and ads.now.why[0].text == "no ads seen"


def test_a_period_without_data_tells_nothing_but_why(found: dict[str, Compared]) -> None:
    late = found[R[0]].values
    assert late["to_pay"].now.value == 10 and late["to_pay"].before.value is None
    assert late["to_pay"].difference is None and late["to_pay"].before.why[0].text == "not crawled"
    assert (late["nights"].now.value, late["nights"].before.value) == (6, 0)
    lost = found[R[2]].values
    assert {
        key: lost[key].now.why[0].text for key in ("to_pay", "bsr", "rating", "in_stock", "buy_box")
    } == dict.fromkeys(("to_pay", "bsr", "rating", "in_stock", "buy_box"), "timed out")


def test_ranks_of_another_category_are_not_compared(found: dict[str, Compared]) -> None:
    bsr = found[R[1]].values["bsr"]
    assert (bsr.now.value, bsr.before.value) == (66, None)
    assert bsr.before.why[0].text == "ranked in another category"
