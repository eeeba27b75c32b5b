"""Reads history from a CSV file: one row per product and moment, with columns of any names in any language.

A column whose heading is one of our names is taken for it; a :class:`Mapping` names the others. What a cell says is
read as whoever wrote the file writes (see :mod:`storage.written`), and a row that is not clear is not taken.
"""

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from babel import Locale, UnknownLocaleError

from storage.delimited import TabularError, decoded, records
from storage.history import History, Past, Unread, product
from storage.marketplaces import MARKETPLACES, Marketplace
from storage.records import BsrLine
from storage.written import Hand, said

KEYS = ("date", "time", "marketplace", "asin")
VALUES = (
    *("price", "list_price", "currency", "coupon_percent", "coupon_amount", "deal", "is_deal", "availability"),
    *("in_stock", "stock_left", "seller", "seller_id", "rating", "review_count", "bought_past_month_min"),
    *("offer_count", "bsr", "bsr_category", "title", "brand"),
)
_ALSO = {"observed_at": "date"}
_CURRENCY = re.compile(r"[A-Z]{3}")
_MOST = 2**31 - 1


class Mapping(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a file is written. What is not given comes from the marketplace: its language, time zone and currency."""

    columns: dict[str, str] = {}
    """Our name -> heading in the file."""
    marketplace: str | None = None
    """Of every row, where no column has it."""
    asin: str | None = None
    """Of every row, where no column has it."""
    currency: str | None = None
    locale: str | None = None
    """Babel locale of whoever wrote it: order of a day, decimal comma."""
    time_zone: str | None = None
    """IANA name of the zone its times are in."""
    date_format: str | None = None
    """As for :meth:`datetime.strptime`, where the language's own does not fit."""
    encoding: str | None = None
    empty: tuple[str, ...] = ()
    """Further words for "nothing": n/a, -."""


class _Row:
    """One row's cells by our names, read with the mapping; remembers what could not be read."""

    def __init__(self, cells: dict[str, str], headings: dict[str, str]) -> None:
        self._cells = cells
        self._headings = headings
        self.wrong: list[str] = []

    def text(self, name: str) -> str | None:
        return self._cells.get(name) or None

    def read(self, name: str, reader: Callable[[str], Any]) -> Any:
        """The cell as ``reader`` understands it; None when it is empty or not understood."""
        text = self.text(name)
        if text is None:
            return None
        try:
            return reader(text)
        except ValueError as error:
            self.wrong.append(f"{self._headings.get(name, name)} = {text!r}: {error}")
            return None


def mapping(text: str) -> Mapping:
    """A mapping from its TOML.

    Raises:
        TabularError: it is none.
    """
    try:
        return msgspec.toml.decode(text, type=Mapping)
    except msgspec.MsgspecError as error:
        raise TabularError(f"not a mapping: {error}") from None


def _checked(how: Mapping) -> Mapping:
    """``how`` with its marketplace as we call it; everything in it is something that exists."""
    try:
        code = _marketplace(how.marketplace).code if how.marketplace else None
        if how.asin:
            _asin(how.asin)
        if how.currency and not _CURRENCY.fullmatch(how.currency):
            raise ValueError(f"currency {how.currency!r}: not an ISO 4217 code such as EUR")
        if how.locale:
            Locale.parse(how.locale.replace("-", "_"))
        if how.time_zone:
            ZoneInfo(how.time_zone)
    except UnknownLocaleError as error:
        raise TabularError(f"locale {how.locale!r}: {error}") from None
    except (ZoneInfoNotFoundError, IsADirectoryError):
        raise TabularError(f"time zone {how.time_zone!r}: unknown; an IANA name such as Europe/Berlin") from None
    except ValueError as error:
        raise TabularError(str(error)) from None
    return msgspec.structs.replace(how, marketplace=code, locale=how.locale and how.locale.replace("-", "_"))


def parse(data: bytes, how: Mapping, now: datetime) -> History:
    """Every row of the file, those that cannot be read by their line, and the columns that are not taken.

    Raises:
        TabularError: the file as a whole cannot be read, or its columns are not enough.
    """
    how = _checked(how)
    text, encoding = decoded(data, how.encoding, how.columns.values())
    lines = records(text)
    try:
        _, headings = next(lines)
    except StopIteration:
        raise TabularError("the file is empty") from None
    headings = [heading.strip() for heading in headings]
    places = _places(headings, how)
    rows: dict[tuple[str, str, datetime], Past] = {}
    unread: list[Unread] = []
    for number, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(headings):
            why = f"{len(cells)} cells, and the heading has {len(headings)}"
            unread.append(Unread(where=f"line {number}", why=why))
            continue
        found = {name: _filled(cells[place], how) for name, place in places.items()}
        row = _Row(found, {name: headings[place] for name, place in places.items()})
        past = _past(row, how, now)
        if past is None:
            unread.append(Unread(where=f"line {number}", why="; ".join(row.wrong)))
            continue
        key = (past.product.marketplace, past.product.asin, past.observed_at)
        if rows.setdefault(key, past) != past:
            unread.append(Unread(where=f"line {number}", why="another row says something else of the same moment"))
    notes = [f"read as {encoding}"] if encoding != "utf-8" else []
    if left := [h for place, h in enumerate(headings) if place not in places.values() and h]:
        notes.append(f"columns not taken: {', '.join(left)}")
    return History(source="csv", rows=tuple(rows.values()), unread=tuple(unread), notes=tuple(notes))


def _places(headings: list[str], how: Mapping) -> dict[str, int]:
    """Our name -> column, for those the mapping names and those whose heading is our name."""
    if unknown := [name for name in how.columns if name not in (*KEYS, *VALUES)]:
        raise TabularError(f"{', '.join(unknown)}: no such field; there is {', '.join((*KEYS, *VALUES))}")
    if lacking := [heading for heading in how.columns.values() if heading.strip() not in headings]:
        raise TabularError(f"no column {', '.join(lacking)}; there is {', '.join(headings)}")
    wanted = [heading.strip() for heading in how.columns.values()]
    if twice := sorted({heading for heading in wanted if headings.count(heading) > 1}):
        raise TabularError(f"more than one column is called {', '.join(twice)}")
    places = {name: headings.index(heading.strip()) for name, heading in how.columns.items()}
    for place, heading in enumerate(headings):
        name = _ALSO.get(heading.casefold(), heading.casefold())
        if name in (*KEYS, *VALUES) and place not in places.values():
            places.setdefault(name, place)
    there = ", ".join(headings)
    if "date" not in places:
        raise TabularError(f"which column is the date? --map date=HEADING; there is {there}")
    for name in ("marketplace", "asin"):
        if name not in places and not getattr(how, name):
            raise TabularError(
                f"which {name} is this about? --{name} {name.upper()} or --map {name}=HEADING; there is {there}"
            )
    if not set(places) & set(VALUES) - {"currency", "bsr_category"}:
        raise TabularError(f"no column holds a value: --map price=HEADING; there is {there}")
    return places


def _filled(cell: str, how: Mapping) -> str:
    cell = cell.strip()
    return "" if cell in how.empty else cell


def _past(row: _Row, how: Mapping, now: datetime) -> Past | None:
    """The row as a record, or None with what is wrong in ``row.wrong``."""
    marketplace = row.read("marketplace", _marketplace) if row.text("marketplace") else _default(row, how)
    asin = row.read("asin", _asin) if row.text("asin") else how.asin
    if asin is None and not row.wrong:
        row.wrong.append("no asin")
    if marketplace is None or asin is None:
        return None
    hand = _hand(how.locale or marketplace.locales[0], how.time_zone or marketplace.time_zone, how.date_format)
    if row.text("date") is None:
        row.wrong.append("no date")
    at = row.read("date", lambda text: hand.instant(text, row.text("time")))
    if at is not None and at > now:
        row.wrong.append(f"{row.text('date')} lies in the future")
    values = _values(row, hand, row.text("currency") or how.currency or marketplace.currency)
    if row.wrong or at is None:
        return None
    if not any(value is not None for name, value in values.items() if name != "currency"):
        row.wrong.append("no value in it")
        return None
    return Past(observed_at=at, product=product(marketplace.code, asin, values))


def _values(row: _Row, hand: Hand, currency: str) -> dict[str, Any]:
    def amount(text: str) -> Decimal:
        return hand.amount(text, currency)

    def percent(text: str) -> Decimal:
        return _within(hand.number(text.replace("%", "").replace("％", "")), 0, 100)

    def whole(text: str) -> int:
        number = hand.number(text)
        if number != int(number) or not 0 <= number <= _MOST:
            raise ValueError("not a whole number that counts something")
        return int(number)

    def rank(text: str) -> int:
        if (number := whole(text.removeprefix("#"))) < 1:
            raise ValueError("ranks begin at 1")
        return number

    if not _CURRENCY.fullmatch(currency):
        row.wrong.append(f"currency {currency!r}: not an ISO 4217 code such as EUR")
        return {}
    values: dict[str, Any] = {"currency": currency}
    readers: list[tuple[Iterable[str], Callable[[str], Any]]] = [
        (("price", "list_price", "coupon_amount"), amount),
        (("coupon_percent",), percent),
        (("rating",), lambda text: _within(hand.number(text), 1, 5)),
        (("stock_left", "review_count", "bought_past_month_min", "offer_count"), whole),
        (("in_stock", "is_deal"), said),
        (("deal", "availability", "seller", "seller_id", "title", "brand"), str),
    ]
    for names, reader in readers:
        values |= {name: row.read(name, reader) for name in names}
    main = row.read("bsr", rank)
    category = row.text("bsr_category")
    if main is not None and category is None:
        row.wrong.append("bsr: a rank without its category (bsr_category) compares with nothing")
    values["bsr"] = (BsrLine(rank=main, category=category),) if main is not None and category else None
    return values


def _within(number: Decimal, least: int, most: int) -> Decimal:
    if not least <= number <= most or number != round(number, 2):
        raise ValueError(f"not a number from {least} to {most} with at most two decimals")
    return number


@lru_cache(maxsize=64)
def _hand(locale: str, time_zone: str, date_format: str | None) -> Hand:
    return Hand(locale, time_zone, date_format=date_format)


def _default(row: _Row, how: Mapping) -> Marketplace | None:
    if not how.marketplace:
        row.wrong.append("no marketplace")
        return None
    return MARKETPLACES[how.marketplace]


def _marketplace(text: str) -> Marketplace:
    code = text.casefold().removeprefix("https://").removeprefix("www.").removeprefix("amazon.").rstrip("/")
    if code not in MARKETPLACES:
        raise ValueError(f"{text!r} is no marketplace; one of {', '.join(MARKETPLACES)}")
    return MARKETPLACES[code]


def _asin(text: str) -> str:
    if not re.fullmatch(r"[A-Z0-9]{10}", text):
        raise ValueError(f"{text!r}: an ASIN is 10 capital letters and digits")
    return text
