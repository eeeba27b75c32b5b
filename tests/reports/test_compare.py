"""From rows to series: days, currencies, reasons, gaps, readings of keywords, and who belongs to the comparison."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from reports.compare import compare
from reports.series import Comparison, Gap, KeywordRead, ProductSeries
from tests.reports.database import Database
from tests.reports.nights import ABSENT, BLOCKED, MONDAY, OWN, RIVAL, Lacks, Lost, listing, night, rank, tell


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def rival(comparison: Comparison) -> ProductSeries:
    (only,) = comparison.rivals
    return only


def test_a_day_is_one_in_the_time_zone_of_the_listing(database: Database) -> None:
    database.listing("mug", "com", OWN, [RIVAL], [], time_zone="America/Los_Angeles")
    for moment, price in (("2026-03-03T07:59", 10), ("2026-03-03T08:01", 11), ("2026-03-04T07:59", 12)):
        database.product(utc(moment), "com", RIVAL, price=price, currency="USD")
    daily = rival(compare(database.con, "mug", days=3)).daily
    assert {day: o.price for day, o in daily.items()} == {date(2026, 3, 2): 10, date(2026, 3, 3): 12}


def test_days_keep_to_the_calendar_when_the_clocks_change(database: Database) -> None:
    """2026-03-29 has 23 hours in Berlin."""
    database.listing("mug", "de", OWN, [RIVAL], [], time_zone="Europe/Berlin")
    for moment in ("2026-03-27T23:30", "2026-03-28T23:30", "2026-03-29T22:30"):
        database.product(utc(moment), "de", RIVAL, price=10, currency="EUR")
    comparison = compare(database.con, "mug", days=3)
    assert comparison.days == (date(2026, 3, 28), date(2026, 3, 29), date(2026, 3, 30))
    assert set(rival(comparison).daily) == set(comparison.days)


def test_the_last_observation_of_a_day_stands_for_it_whole(database: Database) -> None:
    listing(database)
    database.product(night(0), "com", RIVAL, price=10, currency="USD", rating=4.5, in_stock=True)
    database.product(
        night(0) + timedelta(hours=5), "com", RIVAL, rating=4.4, in_stock=False, missing={"price": "absent_on_page"}
    )
    series = rival(compare(database.con, "mug"))
    closing = series.daily[MONDAY.date()]
    assert (closing.price, closing.rating, closing.in_stock) == (None, Decimal("4.40"), False)
    assert [o.closing for o in series.observations] == [False, True]


@pytest.mark.parametrize(("shown", "reason"), [("EUR", "other_currency"), (None, "currency_unknown")])
def test_money_in_another_currency_is_set_apart(database: Database, shown: str | None, reason: str) -> None:
    listing(database)
    database.product(night(0), "com", RIVAL, price=10, list_price=12, coupon_amount=1, coupon_percent=5, currency=shown)
    seen = rival(compare(database.con, "mug")).daily[MONDAY.date()]
    assert (seen.price, seen.list_price, seen.coupon_amount, seen.coupon_percent) == (None, None, None, Decimal(5))
    assert seen.foreign_price == (Decimal(10), shown)
    assert {seen.missing[name] for name in ("price", "list_price", "coupon_amount")} == {reason}


def test_a_missing_value_has_its_own_reason_only(database: Database) -> None:
    listing(database)
    tell(database, price=[Lacks("unparseable"), ABSENT, 10], rating=[4.5, 4.5, Lacks("layout_unknown")])
    first, second, third = rival(compare(database.con, "mug")).observations
    told = [
        {name: o.missing[name] for name in ("price", "rating") if name in o.missing} for o in (first, second, third)
    ]
    assert told == [
        {"price": "unparseable"},
        {"price": "absent_on_page"},
        {"rating": "layout_unknown"},
    ]
    assert (first.unread("price"), second.unread("price"), third.unread("price")) == (True, False, False)


def test_the_rank_is_that_of_the_main_category(database: Database) -> None:
    listing(database)
    tell(database, bsr=[420])
    seen = rival(compare(database.con, "mug")).daily[MONDAY.date()]
    assert (seen.bsr, seen.bsr_category) == (420, "Kitchen")


def test_gaps_are_runs_of_days_with_one_reason(database: Database) -> None:
    listing(database, rivals=[])
    shown = [10, BLOCKED, BLOCKED, Lost("timeout"), None, None, 10, Lacks("unparseable"), Lacks("unparseable"), 10]
    every = {"bsr": 5, "rating": 4, "review_count": 9, "in_stock": True, "seller": "A"}
    full: dict[str, Any] = {
        name: [None if price is None else value for price in shown] for name, value in every.items()
    }
    tell(database, OWN, price=shown, **full)
    comparison = compare(database.con, "mug", days=10)
    day = comparison.days
    assert comparison.gaps == (
        Gap(OWN, None, None, day[1], day[2], 2, "blocked"),
        Gap(OWN, None, None, day[3], day[3], 1, "timeout"),
        Gap(OWN, None, None, day[4], day[5], 2, "not_crawled"),
        Gap(OWN, None, "price", day[7], day[8], 2, "unparseable"),
    )


def test_a_null_without_a_reason_is_named_as_such(database: Database) -> None:
    listing(database, rivals=[])
    tell(database, OWN, price=[10], rating=[4.1], review_count=[9], in_stock=[True], seller=["A"])
    (gap,) = compare(database.con, "mug", days=1).gaps
    assert (gap.field, gap.reason) == ("bsr", "no_reason_recorded")


def test_days_before_a_product_or_keyword_was_watched_are_no_failures(database: Database) -> None:
    database.listing("mug", "com", OWN, [RIVAL], ["tea mug"], valid_from=night(2))
    tell(database, OWN, first=2, price=[10])
    tell(database, RIVAL, first=2, price=[10])
    rank(database, "tea mug", [None, None, 3])
    gaps = [g for g in compare(database.con, "mug", days=3).gaps if g.field is None]
    assert [(g.asin, g.keyword, g.days, g.reason) for g in gaps] == [
        (OWN, None, 2, "not_watched"),
        (RIVAL, None, 2, "not_watched"),
        (None, "tea mug", 2, "not_watched"),
    ]


def test_asking_for_more_pages_does_not_make_a_keyword_new(database: Database) -> None:
    listing(database, keywords=[])
    old = {"listing": "mug", "marketplace": "com", "keyword": "tea mug"}
    database.insert("keyword", **old, pages=1, valid_from=night(0), valid_to=night(5))
    database.insert("keyword", **old, pages=3, valid_from=night(5), valid_to=None)
    rank(database, "tea mug", [None, None, 3, None, None, 3], pages=1)
    comparison = compare(database.con, "mug", days=6)
    assert [(k.keyword, k.pages, k.watched_from) for k in comparison.keywords] == [("tea mug", 3, night(0))]
    assert [(g.days, g.reason) for g in comparison.gaps if g.keyword] == [(2, "not_crawled"), (2, "not_crawled")]


def test_rivals_and_keywords_are_those_of_the_newest_night(database: Database) -> None:
    listing(database, rivals=[RIVAL], keywords=["tea mug"])
    for table, what in (("rival", {"asin": "B0GONE0001"}), ("keyword", {"keyword": "old", "pages": 1})):
        common = {"listing": "mug", "marketplace": "com", "valid_from": night(-9)}
        database.insert(table, **common, **what, valid_to=night(2))
    database.insert("rival", listing="mug", marketplace="com", asin="B0LATER001", valid_from=night(4), valid_to=None)
    for asin in (OWN, RIVAL, "B0GONE0001", "B0LATER001"):
        tell(database, asin, price=[10, 10, 10])
    comparison = compare(database.con, "mug")
    assert [p.asin for p in comparison.products] == [OWN, RIVAL]
    assert [k.keyword for k in comparison.keywords] == ["tea mug"]
    before = compare(database.con, "mug", until=night(1))
    assert {p.asin for p in before.products} == {OWN, "B0GONE0001", RIVAL}


def test_another_marketplace_is_another_product(database: Database) -> None:
    listing(database)
    tell(database, price=[10])
    database.product(night(1), "co.uk", RIVAL, price=99, currency="GBP")
    series = rival(compare(database.con, "mug", until=night(1)))
    assert [o.price for o in series.observations] == [10]


def test_a_night_of_blocked_pages_does_not_hide_behind_the_night_before(database: Database) -> None:
    listing(database)
    tell(database, price=[10, BLOCKED])
    comparison = compare(database.con, "mug")
    assert comparison.until == night(1)
    assert rival(comparison).current(comparison.until) is None


def test_what_was_read_an_hour_before_midnight_is_still_now(database: Database) -> None:
    listing(database)
    database.product(utc("2026-03-02T23:30"), "com", RIVAL, price=10, currency="USD")
    database.product(utc("2026-03-03T00:30"), "com", OWN, price=10, currency="USD")
    comparison = compare(database.con, "mug")
    assert rival(comparison).current(comparison.until) is not None


def test_later_rows_do_not_reach_back(database: Database) -> None:
    listing(database)
    tell(database, price=[10, 11, 12])
    assert compare(database.con, "mug", until=night(1)).until == night(1)
    assert [o.price for o in rival(compare(database.con, "mug", until=night(1))).observations] == [10, 11]


@pytest.mark.parametrize("name", ["nothing", "mug"])
def test_an_unknown_or_uncrawled_listing_is_an_error_that_helps(database: Database, name: str) -> None:
    listing(database)
    with pytest.raises(LookupError, match="listings in the database: mug"):
        compare(database.con, name)


def reading(database: Database, **options: Any) -> KeywordRead:
    (series,) = compare(database.con, "mug", **options).keywords
    return series.reads[-1]


Grid = list[tuple[str, bool | None]]
FIRST: Grid = [("B0AD000001", True), ("B0OTHER001", False), (OWN, False), ("B0OTHER002", False)]
SECOND: Grid = [(RIVAL, True), ("B0OTHER003", False), (RIVAL, False)]


def test_places_are_counted_over_all_pages(database: Database) -> None:
    listing(database, keywords=["tea mug"])
    database.search(night(0), "com", "tea mug", [FIRST, SECOND])
    read = reading(database)
    assert (read.pages_read, read.organic_results, read.first_page_results, read.reason) == (2, 5, 3, None)
    assert (read.place(OWN).organic, read.place(OWN).organic_page) == (2, 1)
    place = read.place(RIVAL)
    assert (place.organic, place.organic_page, place.sponsored, place.sponsored_page) == (5, 2, 2, 2)
    assert read.place("B0NOWHERE0").organic is None and read.known("B0NOWHERE0")


@pytest.mark.parametrize(
    ("pages", "read_to", "reason"),
    [
        ([FIRST, "blocked", SECOND], 1, "blocked"),
        (["timeout", FIRST, SECOND], 0, "timeout"),
        (["blocked", "skipped", "skipped"], 0, "blocked"),
    ],
)
def test_pages_count_up_to_the_first_that_was_not_read(
    database: Database, pages: list[Grid | str], read_to: int, reason: str
) -> None:
    database.listing("mug", "com", OWN, [RIVAL], ["tea mug"], pages=3)
    database.search(night(0), "com", "tea mug", pages)
    read = reading(database)
    assert (read.pages_read, read.reason) == (read_to, reason)
    assert read.place(RIVAL).organic is None, "its page came after one that was not read"
    assert read.known(RIVAL) is (read_to > 0)
    assert not read.ads_known(RIVAL)
    gaps = [g for g in compare(database.con, "mug", days=1).gaps if g.keyword]
    assert [(g.keyword, g.reason) for g in gaps] == [("tea mug", reason)]


def test_results_that_end_early_leave_nothing_unread(database: Database) -> None:
    database.listing("mug", "com", OWN, [RIVAL], ["tea mug"], pages=3)
    database.search(night(0), "com", "tea mug", [FIRST, "not_found", "not_found"])
    assert [g.reason for g in compare(database.con, "mug", days=1).gaps if g.keyword] == ["not_found"]
    database.con.execute("UPDATE page_fetch SET attempts = 0 WHERE outcome = 'not_found'")
    read = reading(database)
    assert (read.pages_read, read.reason, read.ads_known(RIVAL)) == (1, None, True)
    assert [g for g in compare(database.con, "mug", days=1).gaps if g.keyword] == []


def test_pages_another_listing_wanted_are_no_gap_of_this_one(database: Database) -> None:
    database.listing("mug", "com", OWN, [RIVAL], ["tea mug"], pages=1)
    database.search(night(0), "com", "tea mug", [FIRST, "blocked"])
    assert [g for g in compare(database.con, "mug", days=1).gaps if g.keyword] == []


def test_a_page_asked_for_twice_counts_once_and_the_good_answer_wins(database: Database) -> None:
    listing(database, keywords=["tea mug"])
    database.search(night(0), "com", "tea mug", [FIRST, SECOND])
    database.search(night(0) + timedelta(minutes=5), "com", "tea mug", ["blocked", "blocked"])
    (series,) = compare(database.con, "mug").keywords
    (read,) = series.reads
    assert (read.pages_read, read.place(OWN).organic) == (2, 2)


def test_a_later_run_that_got_nothing_does_not_hide_the_reading_of_that_night(database: Database) -> None:
    listing(database, keywords=["tea mug"])
    database.search(night(0), "com", "tea mug", [FIRST, SECOND])
    database.search(night(0) + timedelta(hours=2), "com", "tea mug", ["blocked", "skipped"])
    comparison = compare(database.con, "mug")
    (series,) = comparison.keywords
    current = series.current(comparison.until)
    assert current is not None and current.place(OWN).organic == 2
    assert series.daily[MONDAY.date()] is current


def test_a_reading_of_the_night_before_is_not_current(database: Database) -> None:
    listing(database, keywords=["tea mug"])
    rank(database, "tea mug", [3, BLOCKED])
    comparison = compare(database.con, "mug")
    assert comparison.keywords[0].current(comparison.until) is None


def test_a_card_whose_signs_disagree_has_no_place_but_stands_there(database: Database) -> None:
    listing(database, keywords=["tea mug"])
    database.search(night(0), "com", "tea mug", [[("B0OTHER001", False), (RIVAL, None), (OWN, False)], []])
    read = reading(database)
    assert read.place(RIVAL).ambiguous and not read.known(RIVAL) and not read.ads_known(RIVAL)
    assert read.place(OWN).organic == 2


def test_a_change_is_against_a_day_that_has_a_value(database: Database) -> None:
    listing(database)
    tell(database, price=[10, 11, BLOCKED, 12, 13, 14, 15, 16, 17, ABSENT, 18])
    comparison = compare(database.con, "mug")
    series, until = rival(comparison), comparison.until
    week = series.change(until, 7, lambda o: o.price)
    assert week is not None and (week.before, week.before_day, week.after) == (
        Decimal(12),
        comparison.days[-8],
        Decimal(18),
    )
    assert series.change(until, 1, lambda o: o.price) is None, "yesterday had no price"
    nine = series.change(until, 8, lambda o: o.price)
    assert nine is not None and nine.before == 11, "the day before stands in for one that was not read"
