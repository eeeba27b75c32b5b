"""Which report a table is, told by its headings: headings.toml has them by kind, language and column."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple
from unicodedata import normalize

from storage.delimited import TabularError
from storage.marketplaces import MARKETPLACES

_CURRENCY = re.compile(rf" ?\(({'|'.join(sorted({market.currency.lower() for market in MARKETPLACES.values()}))})\)$")
"""Of ``Spend (USD)``."""
_DAYS = re.compile(r"^\d{1,3}(?= ?(?:day|天))")
"""Of ``7 Day Total Sales``."""


class Kind(StrEnum):
    """A report; also the end of the name of its table."""

    SALES = "sales"
    ADS = "ads"
    SEARCH_TERM = "search_term"
    STOCK = "stock"


TITLES = {
    Kind.SALES: "Business Report by child ASIN",
    Kind.ADS: "Advertised Product report",
    Kind.SEARCH_TERM: "Search Term report",
    Kind.STOCK: "FBA inventory",
}
DAYS = ("date", "start_date", "end_date", "date_range")
PLACE = ("marketplace", "currency")
_ADVERTISED = {
    **dict.fromkeys(("impressions", "clicks"), "count"),
    **dict.fromkeys(("spend", "sales"), "amount"),
    **dict.fromkeys(("orders", "units"), "count"),
}
COLUMNS: dict[Kind, dict[str, str]] = {
    Kind.SALES: {
        **dict.fromkeys(("asin", "parent_asin"), "asin"),
        "sku": "text",
        **dict.fromkeys(("sessions", "sessions_b2b", "page_views", "page_views_b2b"), "count"),
        "buy_box_percent": "percent",
        **dict.fromkeys(("units", "units_b2b", "orders", "orders_b2b"), "count"),
        **dict.fromkeys(("sales", "sales_b2b"), "amount"),
    },
    Kind.ADS: {"asin": "asin", **dict.fromkeys(("sku", "portfolio", "campaign", "ad_group"), "text"), **_ADVERTISED},
    Kind.SEARCH_TERM: {
        **dict.fromkeys(("portfolio", "campaign", "ad_group", "targeting", "match_type", "search_term"), "text"),
        **_ADVERTISED,
    },
    Kind.STOCK: {
        "sku": "text",
        "asin": "asin",
        **dict.fromkeys(("fnsku", "condition"), "text"),
        **dict.fromkeys(("fulfillable", "reserved", "unsellable", "total"), "count"),
        **dict.fromkeys(("inbound_working", "inbound_shipped", "inbound_receiving"), "count"),
    },
}
"""What is kept of each report, and how a cell of it is read."""
_NEEDED: dict[Kind, tuple[tuple[str, ...], ...]] = {
    Kind.SALES: (("asin",), ("units", "sales", "sessions")),
    Kind.ADS: (("asin", "sku"), ("spend",)),
    Kind.SEARCH_TERM: (("search_term",), ("spend",)),
    Kind.STOCK: (("sku",), ("fulfillable",)),
}
"""Of each of these groups, one column makes a table a report of the kind."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A report recognised: its ``places`` are our column -> number of the table's column."""

    kind: Kind
    language: str
    places: Mapping[str, int]
    attribution_days: int | None
    """Of the sales of an advertising report, as its heading says."""
    currency: str | None
    """Of its amounts, where a heading says it."""


def recognised(headings: Sequence[str], maps: Mapping[str, str]) -> Layout | None:
    """The report that has these headings, or None. ``maps`` is our column -> heading, given by the user.

    Raises:
        TabularError: the user names a column that the report has not, or one that is read is there twice.
    """
    read = [_plain(heading) for heading in headings]
    found = [layout for kind in Kind for layout in _of_kind(kind, read, maps)]
    best = max(found, key=lambda layout: len(layout.places), default=None)
    if best:
        columns = (*COLUMNS[best.kind], *DAYS, *PLACE)
        if unknown := [column for column in maps if column not in columns]:
            raise TabularError(
                f"{', '.join(unknown)}: no such column of the {TITLES[best.kind]}; there is {', '.join(columns)}"
            )
        if lacking := [heading for heading in maps.values() if _plain(heading) not in read]:
            raise TabularError(f"no column {', '.join(lacking)}; there is {', '.join(headings)}")
        if twice := [headings[place] for place in best.places.values() if headings.count(headings[place]) > 1]:
            raise TabularError(f"more than one column is called {', '.join(twice)}")
    return best


class _Heading(NamedTuple):
    """A heading without what differs between exports that mean the same, and what it says besides."""

    name: str
    days: int | None = None
    currency: str | None = None


def _of_kind(kind: Kind, read: Sequence[_Heading], maps: Mapping[str, str]) -> Iterator[Layout]:
    """The kind's layouts in the languages in which the headings are enough."""
    at = {heading.name: place for place, heading in reversed(list(enumerate(read)))}
    given = {column: (_plain(heading).name,) for column, heading in maps.items()}
    for language, names in _variants()[kind].items():
        places = {
            column: at[found]
            for column, variants in {**names, **given}.items()
            if (found := next((variant for variant in variants if variant in at), None)) is not None
        }
        if all(any(column in places for column in group) for group in _NEEDED[kind]):
            days = next((days for place in places.values() if (days := read[place].days)), None)
            currency = next((code for place in places.values() if (code := read[place].currency)), None)
            yield Layout(kind, language, places, days, currency)


@cache
def _variants() -> dict[Kind, dict[str, dict[str, tuple[str, ...]]]]:
    text = files("storage.own").joinpath("headings.toml").read_text(encoding="utf-8")
    return {
        Kind(kind): {
            language: {column: tuple(_plain(each).name for each in headings) for column, headings in columns.items()}
            for language, columns in languages.items()
        }
        for kind, languages in tomllib.loads(text).items()
    }


@lru_cache(maxsize=4096)
def _plain(heading: str) -> _Heading:
    text = re.sub(r"\s*[-‐‑‒–—―]\s*", "-", normalize("NFKC", heading).casefold())
    text = re.sub(r"\s+", " ", text).strip()
    days, currency = _DAYS.match(text), _CURRENCY.search(text)
    name = _DAYS.sub("{n}", _CURRENCY.sub("", text))
    return _Heading(name, int(days[0]) if days else None, currency[1].upper() if currency else None)
