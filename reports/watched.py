"""What was watched when: listings with their rivals and keywords, and how each marketplace was asked for its pages.

The configuration in force is stored with every run, so what belongs to a listing on a day is known for every day.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import duckdb

from reports import queries
from reports.gather import instant, rows
from reports.series import Expectation
from storage.marketplaces import MARKETPLACES
from storage.model import Expected

Spell = tuple[datetime, datetime | None]
"""From an instant to before another; None is open."""


@dataclass(frozen=True, slots=True)
class Era:
    """Days (local) on which a listing was one and the same product, asked for in one and the same way."""

    first: date
    last: date
    marketplace: str
    asin: str
    time_zone: str
    postal_code: str | None
    currency: str


@dataclass(frozen=True, slots=True)
class Watched:
    """A product or a keyword that belonged to a listing."""

    name: str
    spells: tuple[Spell, ...]
    pages: int = 0
    """Result pages asked for, of a keyword."""

    def during(self, first: datetime, last: datetime) -> bool:
        return any(start <= last and (end is None or end > first) for start, end in self.spells)

    def days(self, zone: ZoneInfo) -> tuple[tuple[date, date | None], ...]:
        return tuple((_day(start, zone), None if end is None else _day(end, zone)) for start, end in self.spells)


class WatchLists:
    """All that was ever watched."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._listings: dict[str, list[tuple[str, str, str, Spell]]] = defaultdict(list)
        for name, marketplace, asin, zone, start, end in rows(con, queries.LISTINGS, {}):
            self._listings[name].append((marketplace, asin, zone, _spell(start, end)))
        self._rivals: dict[tuple[str, str], dict[str, Watched]] = defaultdict(dict)
        for listing, marketplace, asin, start, end in rows(con, queries.RIVALS, {}):
            _add(self._rivals[listing, marketplace], asin, _spell(start, end))
        self._keywords: dict[tuple[str, str], dict[str, Watched]] = defaultdict(dict)
        for listing, marketplace, keyword, pages, start, end in rows(con, queries.KEYWORDS, {}):
            _add(self._keywords[listing, marketplace], keyword, _spell(start, end), pages)
        self._expected: dict[tuple[str, str], list[tuple[Expected, Spell]]] = defaultdict(list)
        for listing, marketplace, expected, start, end in rows(con, queries.EXPECTATIONS, {}):
            said = Expected(**expected | {"seller_ids": tuple(expected["seller_ids"] or ())})
            self._expected[listing, marketplace].append((said, _spell(start, end)))
        self._asked: dict[str, list[tuple[datetime, str | None, str]]] = defaultdict(list)
        for marketplace, at, postal_code, currency in rows(con, queries.ASKED, {}):
            known = self._asked[marketplace]
            if not known or known[-1][1:] != (postal_code, currency):
                known.append((instant(at), postal_code, currency))

    @property
    def names(self) -> list[str]:
        return sorted(self._listings)

    def own(self, listing: str, marketplace: str, asin: str) -> Watched:
        """The own product of a listing."""
        return Watched(asin, tuple(s for m, a, _, s in self._listings[listing] if (m, a) == (marketplace, asin)))

    def rivals(self, listing: str, marketplace: str, asin: str) -> list[Watched]:
        """Its rivals, in the order in which they were first watched."""
        return [w for w in self._rivals[listing, marketplace].values() if w.name != asin]

    def keywords(self, listing: str, marketplace: str) -> list[Watched]:
        return list(self._keywords[listing, marketplace].values())

    def expected(self, listing: str, marketplace: str, time_zone: str) -> tuple[Expectation, ...]:
        """What the listing was to be like, in order of time."""
        clock = ZoneInfo(time_zone)
        return tuple(
            Expectation(said, _day(start, clock), None if end is None else _day(end, clock))
            for said, (start, end) in self._expected[listing, marketplace]
        )

    def at(self, listing: str, moment: datetime) -> Era | None:
        """The era of one moment, with its day; None when the listing was not configured then."""
        for marketplace, asin, zone, (start, end) in reversed(self._listings[listing]):
            if start <= moment and (end is None or end > moment):
                day = _day(moment, ZoneInfo(zone))
                return Era(day, day, marketplace, asin, zone, *self._asked_at(marketplace, moment))
        return None

    def eras(self, listing: str, until: datetime) -> Iterator[Era]:
        """The eras of a listing up to a moment, in order. A day on which something changed is of the new one."""
        for marketplace, asin, zone, (start, end) in self._listings[listing]:
            clock = ZoneInfo(zone)
            asked = [_day(at, clock) for at, *_ in self._asked[marketplace] if start < at and (end is None or at < end)]
            last = _day(until, clock) if end is None or end > until else _day(end, clock) - timedelta(days=1)
            begins = sorted({_day(start, clock), *asked})
            for first, following in zip(begins, [*begins[1:], last + timedelta(days=1)], strict=True):
                if first < following and first <= last:
                    how = self._asked_at(marketplace, midnight(first + timedelta(days=1), zone))
                    yield Era(first, min(last, following - timedelta(days=1)), marketplace, asin, zone, *how)

    def _asked_at(self, marketplace: str, moment: datetime) -> tuple[str | None, str]:
        """Postal code and currency that pages were asked for in at a moment; before that was noted, the usual ones."""
        known = [how for at, *how in self._asked.get(marketplace, ()) if at <= moment]
        return (known[-1][0], str(known[-1][1])) if known else (None, MARKETPLACES[marketplace].currency)


def _add(known: dict[str, Watched], name: str, spell: Spell, pages: int = 0) -> None:
    """Take in one more row. One that goes on where the last ended is the same spell."""
    before = known[name].spells if name in known else ()
    if before and before[-1][1] == spell[0]:
        before, spell = before[:-1], (before[-1][0], spell[1])
    known[name] = Watched(name, (*before, spell), pages)


def _spell(start: int, end: int | None) -> Spell:
    return instant(start), None if end is None else instant(end)


def _day(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def midnight(day: date, time_zone: str) -> datetime:
    """The instant at which a local day begins (UTC)."""
    return datetime.combine(day, datetime.min.time(), ZoneInfo(time_zone)).astimezone(UTC)
