"""The headline says in one sentence what happened and whether it concerns the reader."""

from typing import Any

import pytest

from reports.compare import compare
from reports.flags import flags
from reports.flags.kind import Kind
from reports.headline import MARKET, VERBS, headline
from reports.period import Asked
from reports.report import report
from reports.sentences import Said, voice
from reports.series import Comparison
from reports.unread import unread
from tests.reports.database import Database
from tests.reports.nights import BLOCKED, OWN, RIVAL, listing, night, rank, tell

RIVALS = [RIVAL, *(f"B0RIVAL{n:03d}" for n in range(2, 6))]


def english(said: Said | None) -> str:
    return voice("en").say(said) if said else ""


def night_of(database: Database) -> Comparison:
    return compare(database.con, "mug")


@pytest.fixture
def busy(database: Database) -> Database:
    """Five rivals, of which two cut their prices and one was not read."""
    listing(database, rivals=RIVALS)
    for asin, price in zip(RIVALS, (15, 16, BLOCKED, 20, 20), strict=True):
        tell(database, asin, price=[20, price])
    return database


def test_it_begins_with_the_own_listing_and_names_few_rivals(busy: Database) -> None:
    tell(busy, OWN, in_stock=[True, False])
    now = night_of(busy)
    told = headline(now, flags(now))
    assert english(told) == "Your listing ran out of stock; rivals R1 and R2 cut their prices (up to −25.0 %)."
    assert voice("zh_CN").say(told) == "您的产品断货；竞品 R1和R2 降价（最大 −25.0%）。"
    assert english(unread(now)) == "Could not be read: 1 of 6 products (blocked by a bot check)."


@pytest.mark.parametrize(
    ("own", "begins"),
    [(20, "No change that matters on your listing; rivals"), (BLOCKED, "Your listing could not be read; rivals")],
)
def test_that_nothing_happened_to_the_own_listing_is_said_where_it_was_read(
    busy: Database, own: Any, begins: str
) -> None:
    tell(busy, OWN, price=[20, own])
    now = night_of(busy)
    assert english(headline(now, flags(now))).startswith(begins)


def test_many_rivals_are_counted(database: Database) -> None:
    listing(database, rivals=RIVALS)
    for asin in RIVALS:
        tell(database, asin, in_stock=[True, False])
    tell(database, OWN, price=[20, 20])
    now = night_of(database)
    assert english(headline(now, flags(now))) == "No change that matters on your listing; 5 rivals ran out of stock."


def test_a_week_tells_of_all_its_nights_a_night_of_itself_only(database: Database) -> None:
    listing(database)
    tell(database, OWN, price=[20, 20, 20], in_stock=[True, False, True])
    tell(database, price=[20, 20, 20])
    now = night_of(database)
    found = [flag for flag in flags(now) if flag.kind is not Kind.NEWLY_WATCHED]
    assert english(headline(now, found)) == (
        "Your listing is back in stock; no change that matters among the 1 rival read."
    )
    assert english(headline(now, found, "week")) == (
        "Your listing ran out of stock and is back in stock; no change that matters among the 1 rival read."
    )
    assert english(headline(now, [], "week")) == "A quiet week: no change that matters among the 2 products read."


def test_an_own_listing_that_is_still_out_of_stock_is_never_a_quiet_night(database: Database) -> None:
    listing(database)
    tell(database, OWN, in_stock=[True, False, False])
    tell(database, price=[20, 20, 20])
    now = night_of(database)
    told = "Your listing is still out of stock; no change that matters among the 1 rival read."
    assert english(headline(now, flags(now))) == told


def test_a_quiet_night_and_an_unknown_one_are_not_the_same(database: Database) -> None:
    listing(database, keywords=["tea mug"])
    tell(database, OWN, price=[20, 20, BLOCKED])
    tell(database, price=[20, 20, BLOCKED])
    rank(database, "tea mug", [3, 3, BLOCKED])
    quiet = compare(database.con, "mug", until=night(1).replace(hour=12))
    assert english(headline(quiet, [])) == "A quiet night: no change that matters among the 2 products read."
    assert unread(quiet) is None
    lost = night_of(database)
    assert english(headline(lost, [])) == "Nothing is known of this night."
    assert (
        english(unread(lost))
        == "Could not be read: 2 of 2 products (blocked by a bot check), 1 of 1 keyword (blocked by a bot check)."
    )


def test_days_are_read_only_where_a_page_of_them_was(database: Database) -> None:
    """What was read before a period says nothing of it."""
    listing(database)
    for asin in (OWN, RIVAL):
        tell(database, asin, price=[20, 20, BLOCKED, BLOCKED])
    days = report(database.con, "mug", Asked(first=night(2).date(), last=night(3).date()))
    assert days.period.told == "days"
    assert english(headline(days.comparison, days.flags, days.period.told)) == "Nothing is known of these days."
    assert english(headline(days.comparison, days.flags, "week")) == "Nothing is known of this week."


def test_a_buy_box_that_came_back_is_no_other_seller(database: Database) -> None:
    listing(database)
    tell(database, OWN, seller=["A"] * 9 + ["B", "A", "A"])
    tell(database, price=[20] * 12)
    now = night_of(database)
    said = "Your listing has its Buy Box again; no change that matters among the 1 rival read."
    assert english(headline(now, flags(now))) == said


def test_a_period_that_goes_on_after_the_last_crawl_says_so(database: Database) -> None:
    listing(database)
    for asin in (OWN, RIVAL):
        tell(database, asin, price=[20, 20, None, None, 20])
    days = report(database.con, "mug", Asked(first=night(0).date(), last=night(3).date()))
    assert english(unread(days.comparison)) == "Nothing was crawled after Tue 3 Mar: what stands here is of that night."
    assert days.rows[0].values["price"].value == 20


def test_every_kind_can_be_told() -> None:
    assert VERBS.keys() | MARKET.keys() == set(Kind)
