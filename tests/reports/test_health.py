"""The health of the own listing: what makes each point wrong, in order or not known, day by day."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from reports.actions import Action, What
from reports.compare import compare
from reports.health import NAMES, Point, State, health, ill
from reports.health.point import Extra, Subscription
from reports.health.rows import Rows, looked_up
from reports.period import Days
from reports.sections.ledger import reviews_of
from reports.sentences import voice
from reports.series import Comparison, Expectation, Failure, Observation, ProductSeries
from storage.model import Expected
from storage.values import title_query
from tests.reports.database import Database
from tests.reports.nights import ABSENT, BLOCKED, MONDAY, OWN, PROMOTED, Lacks, Lost, night, rank, tell

GONE, UNREADABLE = Lost("not_found"), Lacks("unparseable")
MINE, OTHER = "ME000001", "HIJACKER"
LETTERS = {State.OK: ".", State.WRONG: "X", State.UNKNOWN: "?", None: " "}
BLURB = ["first", "second"]


def D(text: str | int) -> Decimal:  # noqa: N802 - short, it stands in tables
    return Decimal(text)


CASES: dict[str, tuple[str, dict[str, Sequence[Any]], dict[str, Any], str]] = {
    "there, gone, blocked, not asked": ("live", {"price": [9, GONE, BLOCKED, None, 9]}, {}, ".X??."),
    "the Buy Box by id": ("buy_box", {"seller": ["I", "X", "I"], "seller_id": [MINE, OTHER, MINE]}, {}, ".X."),
    "by Amazon": ("buy_box", {"seller": ["Amazon.com", "I"], "seller_id": [ABSENT, MINE]}, {}, "X."),
    "as a vendor": ("buy_box", {"seller": ["Amazon.com"]}, {"seller_ids": ("amazon",)}, "."),
    "no seller ids": ("buy_box", {"seller": ["I"], "seller_id": [MINE]}, {"seller_ids": ()}, "?"),
    "a seller without an id": ("buy_box", {"seller": ["I"]}, {}, "?"),
    "no Buy Box, others sell": ("buy_box", {"seller": [ABSENT], "price": [ABSENT], "offer_count": [3]}, {}, "X"),
    "no Buy Box, out of stock": (
        "buy_box", {"seller": [ABSENT], "price": [ABSENT], "offer_count": [3], "in_stock": [False]}, {}, "?",
    ),
    "a stranger is another seller": (
        "sellers", {"seller": ["I", "X"], "seller_id": [MINE, OTHER], "offer_count": [ABSENT] * 2}, {}, ".X",
    ),
    "more offers than ever": ("sellers", {"offer_count": [*[2, 3, 2, 2, 2, 3, 2], 4, 5, 5, 3]}, {}, "???????XXX."),
    "one more than none": ("sellers", {"offer_count": [*[ABSENT] * 7, 1, 0]}, {}, ".......X."),
    "as many as are meant": ("sellers", {"offer_count": [2, 3, UNREADABLE]}, {"other_offers": 2}, ".X?"),
    "a price between": (
        "price", {"price": [D("19.99"), D("20.00"), D("21.50"), D("21.51"), ABSENT]},
        {"price_from": D("20.00"), "price_to": D("21.50")}, "X..X?",
    ),
    "a price without a meaning": ("price", {"price": [9]}, {}, "?"),
    "a coupon beside a deal": (
        "promotions",
        {"price": [D(20)] * 4, "coupon_percent": [ABSENT, D(10), D(10), ABSENT], "is_deal": [True, False, True, True]},
        {}, "..X.",
    ),
    "a coupon beside a Prime price": (
        "promotions", {"price": [D(20)] * 2, "coupon_amount": [D(2)] * 2, "prime_price": [ABSENT, D(18)],
                       "is_deal": [False] * 2}, {}, ".X",
    ),
    "a coupon beside Subscribe & Save": (
        "promotions", {"price": [D(20)] * 2, "coupon_amount": [D(2)] * 2, "subscribe_price": [ABSENT, D(19)],
                       "is_deal": [False] * 2}, {}, ".X",
    ),
    "a coupon that was not read": (
        "promotions", {"price": [D(20)], "coupon_percent": [UNREADABLE], "is_deal": [True]}, {}, "?",
    ),
    "another category is accepted after a week": (
        "category", {"browse_node": ["1", "1", *["2"] * 8, ABSENT, "1"]}, {}, "..XXXXXXX.?X",
    ),
    "the category that is meant": ("category", {"browse_node": ["1", "2"]}, {"browse_node": "2"}, "X."),
    "fewer images are wrong, more are not": ("images", {"image_count": [7, 6, 7, 8, 7, ABSENT]}, {}, ".X..X?"),
    "so many images at least": ("images", {"image_count": [6, 7, 9]}, {"images": 7}, "X.."),
    "another main image": ("main_image", {"main_image": ["a", "b", "a"]}, {}, ".X."),
    "another title": ("title", {"title": ["A mug", "A  mug", "A cup", UNREADABLE, "A mug"]}, {}, "..X?."),
    "the title that is meant": ("title", {"title": ["A mug", "A cup"]}, {"title": "A cup"}, "X."),
    "a bullet is gone": ("bullets", {"bullets": [BLURB, BLURB[:1], BLURB]}, {}, ".X."),
    "so many bullets at least": ("bullets", {"bullets": [BLURB, BLURB]}, {"bullets": 3}, "XX"),
    "A+ content is gone": ("a_plus", {"has_a_plus": [True, False, True]}, {}, ".X."),
    "A+ content is meant": ("a_plus", {"has_a_plus": [False, True]}, {"a_plus": True}, "X."),
    "a rating that fell within a week": ("rating", {"rating": [D("4.4")] * 3 + [D("4.3")] * 8}, {}, "." * 7 + "XXX."),
    "a rating that has a floor": ("rating", {"rating": [D("4.2"), D("4.1"), ABSENT]}, {"rating": D("4.2")}, ".X?"),
    "stock": ("stock", {"in_stock": [True, True, True, False], "stock_left": [ABSENT, 7, 6, ABSENT]}, {}, "..XX"),
    "another shipper": (
        "delivery", {"seller": ["I"] * 4, "seller_id": [MINE, MINE, OTHER, MINE],
                     "ships_from": ["Amazon", "I", "X", "Amazon"]}, {}, ".X?.",
    ),
    "for another place": ("stock", {"in_stock": [True, Lacks("elsewhere: currency EUR, not USD")]}, {}, ".?"),
}  # fmt: skip


def judged(case: str, *actions: Action) -> tuple[Point, ...]:
    """The points of a listing that was seen so, a page a night."""
    _, shown, about, _ = CASES[case]
    count = max(map(len, shown.values()))
    seen, failures, extras = [], [], {}
    for n in range(count):
        values = {name: each[n] for name, each in shown.items()}
        lost = next((v for v in values.values() if isinstance(v, Lost)), None)
        if lost:
            failures.append(Failure(night(n), night(n).date(), lost.outcome))
            continue
        if None in values.values() and "elsewhere" not in values:
            continue
        lacks = {name: "absent_on_page" for name in PROMOTED if name not in values}
        lacks |= {name: v.reason for name, v in values.items() if isinstance(v, Lacks)}
        known = {name: v for name, v in values.items() if name not in lacks}
        extras[n] = Extra(
            Subscription(known.pop("subscribe_price", None), None),
            known.pop("ships_from", None), known.pop("category_path", None), known.pop("browse_node", None),
        )  # fmt: skip
        seen.append(
            Observation(observed_at=night(n), day=night(n).date(), closing=True, fetch_id=n, missing=lacks, **known)
        )
    shown_days = Days(MONDAY.date(), night(count - 1).date())
    own = ProductSeries(
        OWN, own=True, watched_from=MONDAY, observations=tuple(seen), failures=tuple(failures),
        daily={each.day: each for each in seen},
    )  # fmt: skip
    expected = Expected(**{"seller_ids": (MINE,), **about})
    comparison = Comparison(
        "mug", "com", "www.amazon.com", "USD", "UTC", tuple(shown_days), night(count - 1), (own,), (), (),
        expected=(Expectation(expected, MONDAY.date(), None),),
    )  # fmt: skip
    return health(comparison, Rows(extras), shown_days, actions)


def told(database: Database, name: str, nights: int) -> tuple[Point, ...]:
    """The points of a listing whose last night that is."""
    last = night(nights - 1) + timedelta(hours=1)
    comparison = compare(database.con, name, days=nights, until=last)
    return health(
        comparison,
        looked_up(database.con, comparison, reviews_of(database.con, comparison)),
        Days(MONDAY.date(), last.date()),
    )


def point(found: Sequence[Point], key: str) -> Point:
    return next(each for each in found if each.key == key)


def days(found: Point) -> str:
    return "".join(LETTERS[state] for state in found.days)


@pytest.mark.parametrize("case", CASES)
def test_a_point_is_wrong_on_the_days_on_which_it_is(case: str) -> None:
    key, *_, expected = CASES[case]
    assert days(point(judged(case), key)) == expected


@pytest.mark.parametrize(
    ("what", "on", "expected"),
    [(What.TITLE, 0, "...?X"), (What.TITLE, 3, "...?."), (What.TITLE, -1, "..X?."), (What.BULLETS, 1, "..X?.")],
)
def test_a_change_that_the_journal_knows_is_no_trouble(what: What, on: int, expected: str) -> None:
    """From two days before it is seen, to one day after; then it is what the page is compared with."""
    action = Action(1, "mug", OWN, night(on), what, "better words")
    assert days(point(judged("another title", action), "title")) == expected


def test_a_page_that_was_not_read_makes_nothing_wrong(database: Database) -> None:
    database.listing("mug", "com", OWN, [], ["steel mug"])
    tell(database, OWN, price=[9, BLOCKED])
    rank(database, "steel mug", [3, BLOCKED], asin=OWN)
    found = told(database, "mug", 2)
    assert {each.state for each in found} == {State.UNKNOWN}
    assert "blocked by a bot check" in voice("en").say(found[0].says[0])


def test_a_keyword_is_lost_on_the_second_night(database: Database) -> None:
    database.listing("mug", "com", OWN, [], ["steel mug"])
    tell(database, OWN, price=[9] * 8)
    rank(database, "steel mug", [3, 0, 3, 0, BLOCKED, 0, 0, 5], asin=OWN)
    found = told(database, "mug", 8)
    assert days(point(found, "keyword")) == ".?.??XX."
    lost = point(told(database, "mug", 7), "keyword")
    assert (lost.since, lost.new, lost.last, lost.before) == (night(5).date(), False, night(2).date(), "3")
    said = [voice("en").say(each) for each in lost.says]
    assert said == ["not among the first 32 results since Thu 5 Mar", "last seen on Wed 4 Mar at place 3"]
    assert point(told(database, "mug", 6), "keyword").new


def test_the_search_for_the_own_title(database: Database) -> None:
    title = "A mug " * 60
    database.listing("mug", "com", OWN, [], [])
    grid: list[tuple[str, bool | None]] = [("B0OTHER001", False), ("B0OTHER002", False)]
    for n, page in enumerate(([*grid, (OWN, False)], [(OWN, True), *grid], grid, "blocked", None)):
        tell(database, OWN, first=n, title=[title], price=[9])
        if page:
            database.search(night(n) + timedelta(minutes=1), "com", title_query(title), [page])
    found = point(told(database, "mug", 5), "own_title")
    assert days(found) == "..X??"
    wrong = point(told(database, "mug", 3), "own_title")
    assert (wrong.new, wrong.severity.word) == (True, "high")
    assert voice("en").say(wrong.says[0]).startswith("not among the 2 organic results on page one")
    rows = database.con.execute(wrong.sql).fetchall()
    assert [row[3] for row in rows] == [None, None], "from the last day on which it was found"


def review(database: Database, n: int, name: str, stars: int, written: int) -> None:
    database.insert(
        "stored.review", run_id="x", fetch_id=1, marketplace="com", asin=OWN, observed_at=night(n), review_id=name,
        stars=stars, reviewed_on=night(written).date(), verified=True, title=f"Title of {name}",
    )  # fmt: skip


def test_new_reviews_of_few_stars(database: Database) -> None:
    database.listing("mug", "com", OWN, [], [])
    tell(database, OWN, price=[9] * 4)
    for seen in [(0, "R1", 1, 0), (1, "R2", 3, 1), (1, "R3", 4, 1), (2, "R4", 2, -40), (2, "R1", 2, 0)]:
        review(database, *seen)
    found = point(told(database, "mug", 4), "reviews")
    assert days(found) == ".X..", "not those of the first page, of four stars, written long ago, or changed"
    (said,) = point(told(database, "mug", 2), "reviews").says
    assert voice("en").say(said) == "1 new review of 1 to 3 stars: 3★ “Title of R2”"
    assert "Title of R2" in voice("zh_CN").say(said)


def test_the_first_review_ever_is_new_where_the_page_had_none(database: Database) -> None:
    database.listing("mug", "com", OWN, [], [])
    tell(database, OWN, price=[9] * 3)
    review(database, 1, "R1", 1, 1)
    assert days(point(told(database, "mug", 3), "reviews")) == ".X."


def test_what_was_expected_then_is_what_counts(database: Database) -> None:
    database.listing("mug", "com", OWN, [], [])
    database.expect("mug", "com", rating=D("4.0"), valid_from=night(0))
    database.con.execute("UPDATE expectation SET valid_to = ?", [night(2)])
    database.expect("mug", "com", rating=D("4.5"), valid_from=night(2))
    tell(database, OWN, rating=[D("4.2")] * 4)
    assert days(point(told(database, "mug", 4), "rating")) == "..XX"


def test_the_gravest_is_told_first_with_its_evidence() -> None:
    wrong = ill(judged("a stranger is another seller"))
    assert [each.key for each in wrong] == ["buy_box", "sellers"]
    assert (wrong[0].since, wrong[0].new, wrong[0].before, wrong[0].after) == (date(2026, 3, 3), True, MINE, OTHER)
    stacked = point(judged("a coupon beside a Prime price"), "promotions")
    said = [voice("en").say(each, "USD") for each in stacked.says]
    assert said == ["coupon of $2.00 beside a Prime price", "the customer pays $16.00, not $20.00"]


def test_the_document_tells_every_point() -> None:
    text = (Path(__file__).parents[2] / "reports" / "HEALTH.md").read_text(encoding="utf-8")
    assert [key for key in NAMES if f"(`{key}`)" not in text] == []
