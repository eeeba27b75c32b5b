"""A marketplace as sales are estimated on it: its categories, from what is stored to possible worlds."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property
from zlib import crc32

import duckdb
import numpy as np

from reports.effects.intervals import Floats
from reports.period import Days
from reports.sales.curve import fit
from reports.sales.estimate import Worlds
from reports.sales.evidence import MONTH, MONTHS, Evidence, Sightings, evidence
from reports.sentences import Facts, Said

PAST = timedelta(days=MONTH * (MONTHS + 1) - 1)
"""Read before the last day: the ranks of the days that the oldest bracket counts."""
BRACKETED = 5
"""Products with a bracket from which a curve can be told, where there are no own units: it has four unknowns."""
OWN_DAYS = 14
"""Days of own units that do, too."""

SEEN = """
WITH page AS (
    SELECT p.asin, p.day, p.in_stock, p.bought_past_month_min AS bracket, b.rank,
           coalesce(b.category_id, b.category) AS category, b.category AS name
    FROM stored.product p
    LEFT JOIN bsr_observation b
      ON b.fetch_id = p.fetch_id AND b.observed_at = p.observed_at AND b.asin = p.asin AND b.line = 1
    WHERE p.marketplace = $marketplace AND p.day BETWEEN $first AND $last
    QUALIFY row_number() OVER (PARTITION BY p.asin, p.day ORDER BY p.observed_at DESC, p.fetch_id DESC) = 1
),
card AS (
    SELECT asin, day, max(bought_past_month_min) AS bracket FROM stored.placement
    WHERE marketplace = $marketplace AND day BETWEEN $first AND $last AND bought_past_month_min IS NOT NULL
    GROUP BY ALL
),
own AS (SELECT asin, day, units FROM own_daily WHERE marketplace = $marketplace AND day BETWEEN $first AND $last)
SELECT asin, (day - $first::DATE)::INTEGER, rank, category, name, in_stock, coalesce(page.bracket, card.bracket), units
FROM page LEFT JOIN card USING (asin, day) LEFT JOIN own USING (asin, day)
ORDER BY asin, day
"""
"""The page that stands for each day, with the bracket of a card of search results where the page shows none."""


_Seen = tuple[int, int | None, str | None, bool | None, int | None, int | None]
"""Day, rank, category, whether in stock, bracket, own units."""


@dataclass(frozen=True)
class Category:
    """One main category."""

    name: str
    """As shown on the newest page."""
    last: date
    seen: Sightings
    known: Evidence
    seed: int

    @cached_property
    def rows(self) -> dict[str, int]:
        """By ASIN, its row in the sightings."""
        return {asin: n for n, asin in enumerate(self.seen.asins)}

    @property
    def why_not(self) -> tuple[Said, ...]:
        """Why nothing is estimated here; empty where something is."""
        known = self.known
        if known.bracketed >= BRACKETED or known.own_days >= OWN_DAYS:
            return ()
        facts: Facts = {"category": self.name, "found": known.bracketed, "least": BRACKETED}
        brackets = Said("too few brackets in {category}: of {found:number} of at least {least:number} products", facts)
        units = Said("own units of {days:number} of at least {least:number} days", _days(known, least=OWN_DAYS))
        return (brackets, units) if known.own_days else (brackets,)

    @property
    def basis(self) -> tuple[Said, ...]:
        """What its estimates rest on."""
        known, found = self.known, []
        if known.brackets:
            facts: Facts = {"brackets": known.brackets, "products": known.bracketed}
            found.append(Said("{brackets:count bracket|brackets} of {products:count product|products}", facts))
        if known.own_days:
            found.append(Said("own units of {days:count day|days}", _days(known)))
        return tuple(found)

    @cached_property
    def worlds(self) -> Worlds | None:
        """None where nothing is estimated."""
        return None if self.why_not else Worlds(fit(self.known.sums), self.known, self.seen, self.seed)

    @cached_property
    def day(self) -> Floats:
        """Units on the last day, products by worlds; nothing where nothing is estimated."""
        return self.worlds.day(self.last) if self.worlds else np.zeros((0, 0))

    @cached_property
    def month(self) -> Floats:
        """Units in the 30 days up to it."""
        return self.worlds.month(self.last) if self.worlds else np.zeros((0, 0))

    @cached_property
    def rate(self) -> Callable[[Days], Floats]:
        """Units a day over some days, drawn once for all products; only to be asked where something is estimated."""
        if self.worlds is None:
            raise ValueError(f"nothing is estimated in {self.name}")
        return cache(self.worlds.rate)


def _days(known: Evidence, **others: int) -> Facts:
    return {"days": known.own_days, **others}


class Market:
    """What is known of a marketplace up to a day."""

    def __init__(self, con: duckdb.DuckDBPyConnection, marketplace: str, last: date) -> None:
        self.marketplace, self.last = marketplace, last
        self.first = last - PAST
        about = {"marketplace": marketplace, "first": self.first, "last": last}
        rows: dict[str, list[_Seen]] = defaultdict(list)
        names: dict[str, str] = {}
        newest: dict[str, str] = {}
        for asin, day, rank, category, name, in_stock, bracket, units in con.execute(SEEN, about).fetchall():
            rows[asin].append((day, rank, category, in_stock, bracket, units))
            if category is not None:
                newest[asin], names[category] = category, name
        self.of = newest
        """By ASIN, the main category that it was seen in last."""
        members: dict[str, list[str]] = defaultdict(list)
        for asin, category in newest.items():
            members[category].append(asin)
        self.categories = {
            category: self._category(category, names[category], asins, rows) for category, asins in members.items()
        }

    def category(self, asin: str) -> Category | None:
        """The category that a product was seen in last; None where it has not been seen in any."""
        return self.categories.get(self.of.get(asin, ""))

    def _category(
        self,
        key: str,
        name: str,
        asins: list[str],
        rows: dict[str, list[_Seen]],
    ) -> Category:
        shape = (len(asins), PAST.days + 1)
        ranks, brackets, units = (np.full(shape, np.nan) for _ in range(3))
        for n, asin in enumerate(asins):
            for day, rank, category, in_stock, bracket, sold in rows[asin]:
                if category not in {key, None}:
                    continue  # ranked among others: neither rank nor curve can be compared
                ranks[n, day] = np.inf if in_stock is False else np.nan if rank is None else np.log(rank)
                brackets[n, day] = np.nan if bracket is None else bracket
                units[n, day] = np.nan if sold is None else sold
        seen = Sightings(tuple(asins), self.first, ranks, brackets, units)
        seed = crc32(f"{self.marketplace}/{key}/{self.last}".encode())
        return Category(name, self.last, seen, evidence(seen, self.last), seed)
