"""Tells a database what was seen night by night, and asks what the flags make of it.

A night's value is what the page showed; ``Lacks`` is a value the page did not give, with the reason;
``Lost`` is a page that was asked for and not read; None a night nothing was asked for.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from reports import compare, stored
from reports.flags import Flag, Kind, Rules
from reports.judging import judge
from reports.period import Asked
from reports.report import Report, report
from tests.reports.database import Database

MONDAY = datetime(2026, 3, 2, 3, tzinfo=UTC)
OWN, RIVAL = "B0OWN00001", "B0RIVAL001"
PAGE = 16
"""Organic results on a page of search results."""


class Lacks(NamedTuple):
    reason: str


class Lost(NamedTuple):
    outcome: str


ABSENT = Lacks("absent_on_page")
PROMOTED = ("coupon_percent", "coupon_amount", "prime_price")
"""Where a page's price is told and these are not, it shows none."""
BLOCKED = Lost("blocked")


def listing(database: Database, *, rivals: Sequence[str] = (RIVAL,), keywords: Sequence[str] = ()) -> None:
    database.listing("mug", "com", OWN, list(rivals), list(keywords))


def night(n: int) -> datetime:
    return MONDAY + timedelta(days=n)


def tell(database: Database, asin: str = RIVAL, *, first: int = 0, **fields: Sequence[Any]) -> None:
    """One page a night of ``asin`` from night ``first`` on; the lists are as long as each other."""
    for n, values in enumerate(zip(*fields.values(), strict=True), start=first):
        lost = next((v for v in values if isinstance(v, Lost)), None)
        if lost:
            database.fetch(night(n), "product", "com", asin=asin, outcome=lost.outcome)
        elif any(v is not None for v in values):
            shown = dict(zip(fields, values, strict=True))
            missing = {name: v.reason for name, v in shown.items() if isinstance(v, Lacks)}
            known = {name: v for name, v in shown.items() if v is not None and not isinstance(v, Lacks)}
            if "price" in known and "currency" not in fields:
                known["currency"] = "USD"
            if "price" in fields:
                missing = {name: "absent_on_page" for name in PROMOTED if name not in fields} | missing
            database.product(night(n), "com", asin, missing=missing, **known)


def rank(database: Database, keyword: str, places: Sequence[Any], *, asin: str = RIVAL, pages: int = 2) -> None:
    """One reading a night of ``keyword`` with ``asin`` at that organic place; 0 is beyond the pages read."""
    for n, place in enumerate(places):
        if isinstance(place, Lost):
            database.search(night(n), "com", keyword, [place.outcome] * pages)
        elif place is not None:
            grid: list[tuple[str, bool | None]]
            grid = [(f"B0OTHER{k:03d}", False) for k in range(1, PAGE * pages + 1)]
            if place:
                grid[place - 1] = (asin, False)
            database.search(night(n), "com", keyword, [grid[p * PAGE : (p + 1) * PAGE] for p in range(pages)])


def judged(
    database: Database, name: str = "mug", *, days: int = 60, kinds: Collection[Kind] | None = None
) -> list[Flag]:
    """The flags of the last days of a listing, newest first, each with its evidence checked against the database. That
    a product is newly watched, as all are here on their first night, is only told when asked for."""
    con = database.con
    last = compare.compare(con, name, days=1).days[0]
    first = last - timedelta(days=days - 1)
    (judgement,) = judge(con, Rules(), {name: first})
    found = stored.told(con, name, first, last, judgement)
    for flag in found:
        prove(database, flag)
    kinds = set(Kind) - {Kind.NEWLY_WATCHED} if kinds is None else kinds
    return [flag for flag in found if flag.kind in kinds]


def reported(database: Database, name: str = "mug", *, days: int = 60) -> Report:
    """The report of the last days of a listing, whose flags are judged now."""
    last = compare.compare(database.con, name, days=1).days[0]
    (judgement,) = judge(database.con, Rules(), {name: last - timedelta(days=days - 1)})
    return report(database.con, name, Asked(count=days), judgement)


def told(database: Database, **options: Any) -> list[tuple[int, str, str]]:
    """The flags as (night, kind, severity), oldest first."""
    return brief(judged(database, **options))


def each(path: Path, cases: Mapping[str, Mapping[str, Sequence[Any]]], *, own: bool = False) -> dict[str, list[Flag]]:
    """What is told of each case, oldest first: all in one database, each of a listing of its own and its one rival."""
    database, found = Database(path / "cases.duckdb"), {}
    for n, case in enumerate(cases):
        mine, its = f"B0OWN{n:05d}", f"B0RIVAL{n:03d}"
        database.listing(case, "com", mine, [its], [])
        tell(database, mine if own else its, **dict[str, Any](cases[case]))
        # All listings end with one night, so that what they rest on is gathered once.
        database.fetch(night(70), "product", "com", asin=its if own else mine, outcome="blocked")
    first = MONDAY.date()
    for judgement in judge(database.con, Rules(), dict.fromkeys(cases, first)):
        case, last = judgement.reach.listing, judgement.reach.last_day
        told = stored.told(database.con, case, first, last, judgement)[::-1]
        found[case] = [flag for flag in told if flag.kind is not Kind.NEWLY_WATCHED]
        for flag in found[case]:
            prove(database, flag)
    database.con.close()
    return found


def brief(found: Sequence[Flag]) -> list[tuple[int, str, str]]:
    """Flags as (night, kind, severity), in order."""
    return sorted(((f.observed_at - MONDAY).days, f.kind.value, f.severity.word) for f in found)


def prove(database: Database, flag: Flag) -> None:
    """The evidence is there: its SQL runs and shows both ends, whose fetches have the archived pages it names."""
    result = database.con.execute(flag.evidence.sql)
    column = [name for name, *_ in result.description].index("fetch_id")
    shown = [row[column] for row in result.fetchall()]
    for fetch, archived in (
        (flag.evidence.before_fetch, flag.evidence.before_hash),
        (flag.evidence.after_fetch, flag.evidence.after_hash),
    ):
        if fetch is None and flag.kind is Kind.NEWLY_WATCHED:
            continue
        assert fetch in shown, (flag.sentence, flag.evidence.sql)
        row = database.con.execute("SELECT page_hash, asin, keyword FROM page_fetch WHERE fetch_id = ?", [fetch])
        ((shown_hash, asin, keyword),) = row.fetchall()
        assert shown_hash == archived
        assert keyword == flag.keyword or flag.keyword is None, "a share's ends are of any keyword"
        assert asin == flag.asin or keyword or flag.asin is None, "the market's ends are of any product"
    if flag.kind is not Kind.NEWLY_WATCHED:
        assert flag.before_at is not None and flag.before_at < flag.observed_at
