"""What is stored of a night follows from the observations: told night by night or all at once, it is the same."""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from reports import stored
from reports.compare import BLOCK, block
from reports.flags import Kind, Rules, Sensitivity
from reports.judging import ALL, judge, stale
from reports.watched import WatchLists
from storage.judged import keep
from tests.reports.database import Database
from tests.reports.nights import ABSENT, BLOCKED, OWN, Lacks, night, rank, tell

RIVALS = [f"B0RIVAL{n:03d}" for n in range(1, 7)]
LATE = "B0LATECOME"
NIGHTS = 64
JUDGED_AFTER = (1, 2, 3, 9, 10, 24, 25, 26, 27, 40, 41, 50, 51, 52, 58, 63)
"""Nights after which what has come since is judged; the last but the first lie on both sides of a block's border."""


def watch(database: Database, rivals: list[str]) -> None:
    """From the first night on: what is watched longer is judged for longer, be there pages or not."""
    database.listing("mug", "com", OWN, rivals, ["tea mug"], valid_from=night(0))


def renew(database: Database, rules: Rules = Rules(), *, rebuild: bool = False) -> None:  # noqa: B008
    con = database.con
    keep(con, judge(con, rules, {"mug": ALL} if rebuild else None))


def rows(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    tables = ("flag", "move", "effect", "judged")
    return {name: database.con.execute(f"FROM stored.{name} ORDER BY ALL").fetchall() for name in tables}


def life(seed: int) -> dict[str, dict[str, list[Any]]]:
    """What each product's page shows night by night, much of it happening."""
    chance, told = random.Random(seed), {}
    for n, asin in enumerate([OWN, *RIVALS, LATE]):
        price, level, count, coupon = 2000 + 100 * n, 700.0 * (n + 1), 400, False
        series: dict[str, list[Any]] = {
            name: [] for name in ("price", "coupon_percent", "bsr", "review_count", "in_stock", "title")
        }
        for day in range(NIGHTS):
            price = round(price * chance.choice([1, 1, 1, 1, 1, 1, 0.97, 1.03, 0.85, 1.15]))
            level *= chance.choice([1] * 20 + [0.4, 2.5])
            count += chance.choice([0, 1, 2, 3]) + (40 if chance.random() < 0.03 else 0)
            coupon = coupon != (chance.random() < 0.06)
            lost = BLOCKED if chance.random() < 0.06 else None
            series["price"].append(lost or (Lacks("unparseable") if chance.random() < 0.05 else Decimal(price) / 100))
            series["coupon_percent"].append(lost or (Decimal(10) if coupon else ABSENT))
            series["bsr"].append(lost or max(1, round(level * chance.uniform(0.9, 1.1))))
            series["review_count"].append(lost or count)
            series["in_stock"].append(lost or chance.random() > 0.05)
            series["title"].append(lost or f"Mug {n} {day // 23}")
        told[asin] = series
    return told


def show(database: Database, told: dict[str, dict[str, list[Any]]], nights: Sequence[int]) -> None:
    """The pages of these nights."""
    for n in nights:
        for asin, series in told.items():
            tell(database, asin, first=n, **{name: values[n : n + 1] for name, values in series.items()})
        place = [3, 4, 5, 20, 0, BLOCKED][n // 6 % 6]
        rank(database, "tea mug", [None] * n + [place], asin=RIVALS[0])


@pytest.fixture(scope="module")
def told_nightly(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """Two months, judged as they came: a rival is added in the fifth week, and the watch of another one ends."""
    database = Database(tmp_path_factory.mktemp("nightly") / "tracker.duckdb")
    watch(database, RIVALS)
    told, first = life(3), 0
    for last in JUDGED_AFTER:
        if first <= 33 <= last:
            database.insert("rival", listing="mug", marketplace="com", asin=LATE, valid_from=night(33))
            database.con.execute("UPDATE rival SET valid_to = ? WHERE asin = ?", [night(33), RIVALS[5]])
        show(database, told, range(first, last + 1))
        renew(database)
        first = last + 1
    return database


def test_all_at_once_tells_the_same_as_night_by_night(told_nightly: Database) -> None:
    nightly = rows(told_nightly)
    assert len(nightly["flag"]) > 60 and len(nightly["move"]) > 20 and len(nightly["effect"]) > 10
    renew(told_nightly, rebuild=True)
    assert rows(told_nightly) == nightly


def test_nothing_is_judged_twice(told_nightly: Database) -> None:
    con = told_nightly.con
    assert stale(con, Rules(), WatchLists(con)) == {}


def test_a_product_is_told_of_while_it_is_watched(told_nightly: Database) -> None:
    days = told_nightly.con.execute(
        "SELECT asin, min(day), max(day) FROM flags WHERE asin IN (?, ?) GROUP BY asin ORDER BY asin", [LATE, RIVALS[5]]
    ).fetchall()
    (_, first, _), (_, _, last) = days
    assert first >= night(33).date() > last


def test_what_comes_late_is_judged_from_its_own_day_on(told_nightly: Database) -> None:
    """A page read again, and one imported, of weeks ago: the flags before stay, those after are told anew."""
    con = told_nightly.con
    before = rows(told_nightly)
    changed = night(37)
    con.execute("UPDATE stored.product SET price = 9.99 WHERE asin = ? AND observed_at = ?", [RIVALS[1], changed])
    con.execute("UPDATE page_fetch SET read_at = ? WHERE asin = ? AND observed_at = ?", [night(70), RIVALS[1], changed])
    first = changed.date() - timedelta(days=1)
    assert stale(con, Rules(), WatchLists(con)) == {"mug": first}
    renew(told_nightly)
    after = rows(told_nightly)
    assert [f for f in after["flag"] if f[4] < first] == [f for f in before["flag"] if f[4] < first]
    assert after["flag"] != before["flag"]
    renew(told_nightly, rebuild=True)
    assert rows(told_nightly) == after


def test_other_rules_tell_everything_anew(told_nightly: Database) -> None:
    con = told_nightly.con
    rules = Rules({Kind.PRICE_CUT: Sensitivity.OFF})
    assert stale(con, rules, WatchLists(con)) == {"mug": ALL}
    renew(told_nightly, rules)
    kinds = {kind for (kind,) in con.execute("SELECT DISTINCT kind FROM flags").fetchall()}
    assert Kind.PRICE_CUT not in kinds and Kind.COUPON_STARTED in kinds
    assert con.execute("SELECT DISTINCT rules FROM flags").fetchall() == [(rules.name,)]


def test_what_could_not_be_stored_is_told_all_the_same(database: Database) -> None:
    watch(database, RIVALS[:2])
    told = {asin: series for asin, series in life(5).items() if asin in {OWN, *RIVALS[:2]}}
    show(database, told, range(20))
    renew(database)
    show(database, told, range(20, 23))
    con = database.con
    (unkept,) = judge(con, Rules())
    span = (con, "mug", night(0).date(), night(22).date())
    unstored = stored.told(*span, unkept)
    keep(con, [unkept])
    assert unstored == stored.told(*span)
    assert any(flag.day >= night(20).date() for flag in unstored)


def test_days_are_cut_into_blocks_that_do_not_depend_on_what_is_asked() -> None:
    first = block(date(2026, 3, 10))
    assert {block(first + timedelta(days=n)) for n in range(BLOCK)} == {first}
    assert block(first - timedelta(days=1)) == first - timedelta(days=BLOCK)
