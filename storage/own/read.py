"""Reads an export of Seller Central: which report it is, which days and which marketplace it is about, and its rows.

Nothing is guessed. A file that does not say its days, or fits several marketplaces, is refused with what to type; a
row that is not clear is not taken, and told with its line, column and value.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import PurePath
from typing import Any, NamedTuple

import msgspec
from babel import Locale, UnknownLocaleError

from storage.delimited import TabularError
from storage.history import Unread
from storage.marketplaces import MARKETPLACES
from storage.own import cells
from storage.own.cells import Cell
from storage.own.headings import COLUMNS, TITLES, Kind, Layout, recognised
from storage.own.place import marketplace, of_file
from storage.own.table import Line, Table, is_workbook, table

Row = dict[str, Any]
"""A row by the names of its table's columns."""

_DAYS_IN_NAME = re.compile(r"(?<!\d)(20\d{2})[-_.]?(\d{2})[-_.]?(\d{2})(?!\d)")
_AMAZONS = "businessreport"
"""Begins a name that Seller Central gave: the day in it is that of the download."""
_KEYS = {
    Kind.SALES: ("marketplace", "asin", "sku", "first_day", "last_day"),
    Kind.STOCK: ("marketplace", "sku", "day"),
}
"""What no two rows of a file may share. Advertising reports may have an ad twice: both count."""


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What the user says of a file."""

    marketplace: str | None = None
    currency: str | None = None
    locale: str | None = None
    """Babel locale: whether the day or the month comes first."""
    encoding: str | None = None
    columns: Mapping[str, str] = {}
    """Our column -> heading."""
    days: tuple[date, date] | None = None
    own: Mapping[str, frozenset[str]] = {}
    """The own ASINs by marketplace, as config.toml has them."""


class Export(msgspec.Struct, frozen=True, kw_only=True):
    """What a file holds."""

    kind: Kind
    language: str
    rows: tuple[Row, ...]
    unread: tuple[Unread, ...]
    encoding: str | None
    """That it was read in; None of a workbook."""

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day it covers; it has rows."""
        if self.kind is Kind.STOCK:
            return min(row["day"] for row in self.rows), max(row["day"] for row in self.rows)
        return min(row["first_day"] for row in self.rows), max(row["last_day"] for row in self.rows)

    @property
    def marketplaces(self) -> tuple[str, ...]:
        return tuple(sorted({str(row["marketplace"]) for row in self.rows}))


class _About(NamedTuple):
    """What holds for every row of a file that does not say otherwise."""

    layout: Layout
    marketplace: str | None
    currency: str | None
    days: tuple[date, date] | None
    locale: str | None
    today: date


def export(data: bytes, name: str, given: Given, today: date) -> Export | None:
    """What a file of this ``name`` holds, or None when it is no report of Seller Central. ``today`` is UTC's.

    Raises:
        TabularError: it is one, and cannot be read as a whole.
    """
    must = is_workbook(data) or given.days is not None  # nothing else is imported so
    try:
        found = table(data, given.encoding, lambda headings: _is_known(headings, given))
    except TabularError:
        if must:
            raise
        return None
    layout = recognised(found.headings, given.columns)
    if layout is None and must:
        raise TabularError(
            f"none of the reports that are known ({', '.join(TITLES.values())}); its headings are "
            f"{', '.join(found.headings)}. --map COLUMN=HEADING says what they are called"
        )
    if layout is None:
        return None
    lines = [(number, line) for number, line in found.rows if any(cells.text(cell) for cell in line)]
    if not lines:
        raise TabularError(f"this {TITLES[layout.kind]} has no rows")
    days = _days_of(layout, name, given)
    about = _About(
        layout=layout,
        marketplace=_given(given) or of_file(layout, lines, given.own, given.currency),
        currency=given.currency or layout.currency,
        days=days,
        locale=_locale(given.locale),
        today=today,
    )
    rows, unread = _rows(found, lines, about)
    return Export(kind=layout.kind, language=layout.language, rows=rows, unread=unread, encoding=found.encoding)


def _given(given: Given) -> str | None:
    """The code of the marketplace that the user names."""
    try:
        return marketplace(given.marketplace or "")
    except ValueError as error:
        raise TabularError(f"--marketplace {given.marketplace}: {error}") from None


def _is_known(headings: list[str], given: Given) -> bool:
    try:
        return recognised(headings, given.columns) is not None
    except TabularError:  # known, but not what the user says of it
        return True


def _rows(found: Table, lines: list[Line], about: _About) -> tuple[tuple[Row, ...], tuple[Unread, ...]]:
    rows: list[Row] = []
    unread: list[Unread] = []
    seen: dict[tuple[Any, ...], int] = {}
    for number, line in lines:
        row, wrong = _row(found.headings, line, about)
        if not wrong and (key := _KEYS.get(about.layout.kind)):
            before = seen.setdefault(tuple(row[column] for column in key), number)
            wrong = [f"line {before} is about the same"] if before != number else []
        if wrong:
            unread.append(Unread(where=f"line {number}", why="; ".join(wrong)))
        else:
            rows.append({**row, "line": number})
    return tuple(rows), tuple(unread)


def _row(headings: list[str], line: list[Cell], about: _About) -> tuple[Row, list[str]]:
    """A row, or what is wrong with it."""
    layout = about.layout
    if any(cells.text(cell) for cell in line[len(headings) :]):
        return {}, [f"{len(line)} cells, and the heading has {len(headings)}"]
    line = [*line, *[""] * (len(headings) - len(line))]
    wrong: list[str] = []
    row: Row = {"marketplace": about.marketplace}

    def read(column: str, reader: Any) -> Any:
        if column not in layout.places:
            return None
        place = layout.places[column]
        try:
            return reader(line[place])
        except ValueError as error:
            wrong.append(f"{headings[place]} = {cells.text(line[place])!r}: {error}")
            return None

    if (code := read("marketplace", marketplace)) is not None:
        row["marketplace"] = code
    if row["marketplace"] is None:
        return row, [*wrong, "no marketplace"]
    usual = MARKETPLACES[str(row["marketplace"])].currency
    currency = read("currency", _currency) or about.currency or usual
    readers = {
        "text": cells.text,
        "count": cells.count,
        "percent": cells.percent,
        "asin": _asin,
        "amount": lambda cell: cells.amount(cell, currency),
    }
    for column, kind in COLUMNS[layout.kind].items():
        row[column] = read(column, readers[kind])
    first, last = _period(read, about, wrong)
    if layout.kind is Kind.STOCK:
        row["day"] = first
    else:
        row |= {"first_day": first, "last_day": last, "currency": currency}
    if layout.kind in {Kind.ADS, Kind.SEARCH_TERM}:
        row["attribution_days"] = layout.attribution_days
    left = [
        (h, cells.text(cell))
        for n, (h, cell) in enumerate(zip(headings, line, strict=False))
        if n not in layout.places.values() and h
    ]
    row["other"] = msgspec.json.encode({heading: text for heading, text in left if text}).decode()
    for column in {Kind.SALES: ("asin",), Kind.SEARCH_TERM: ("search_term",), Kind.STOCK: ("sku",)}.get(
        layout.kind, ()
    ):
        if row[column] is None and not wrong:
            wrong.append(f"{headings[layout.places[column]]} is empty")
    return row, wrong


def _period(read: Any, about: _About, wrong: list[str]) -> tuple[date | None, date | None]:
    """The first and the last day of a row."""
    places = about.layout.places
    days: tuple[date | None, date | None] = about.days or (None, None)
    if "date" in places:
        day = read("date", lambda cell: cells.day(cell, about.locale))
        days = (day, day)
    elif "date_range" in places:
        days = read("date_range", lambda cell: cells.period(cell, about.locale)) or (None, None)
    elif "start_date" in places:
        days = (
            read("start_date", lambda cell: cells.day(cell, about.locale)),
            read("end_date", lambda cell: cells.day(cell, about.locale)),
        )
    first, last = days
    if not wrong and (first is None or last is None):
        wrong.append("no day")
    elif first and last and not wrong:
        if first > last:
            wrong.append(f"it ends ({last}) before it begins ({first})")
        if last > about.today:
            wrong.append(f"{last} lies in the future")
    return first, last


def _days_of(layout: Layout, name: str, given: Given) -> tuple[date, date] | None:
    """The days that the whole file covers; None where each row says its own.

    Raises:
        TabularError: nothing says them, or the file contradicts the user.
    """
    places = layout.places
    if "date" in places or "date_range" in places or {"start_date", "end_date"} <= places.keys():
        if given.days:
            raise TabularError("its rows say their days themselves; leave --day, --from and --to away")
        return None
    if given.days:
        return given.days
    found = []
    for year, month, day in _DAYS_IN_NAME.findall(PurePath(name).stem):
        with suppress(ValueError):
            found.append(date(int(year), int(month), int(day)))
    if len(found) == 2 and found[0] <= found[1] and layout.kind is not Kind.STOCK:
        return found[0], found[1]
    if len(found) == 1 and not name.casefold().startswith(_AMAZONS):
        return found[0], found[0]
    if layout.kind is Kind.STOCK:
        raise TabularError("of which day is this stock? --day 2026-03-01, or a name such as stock-2026-03-01.txt")
    raise TabularError(
        "which days does it cover? --day 2026-03-01, or --from 2026-03-01 --to 2026-03-07, or a name that says it, "
        "such as business-2026-03-01.csv or business-2026-03-01_2026-03-07.csv (the day that Seller Central itself "
        "puts into a name is that of the download)"
    )


def _currency(cell: Cell) -> str | None:
    text = cells.text(cell)
    if text is not None and not re.fullmatch(r"[A-Z]{3}", text):
        raise ValueError("not an ISO 4217 code such as EUR")
    return text


def _asin(cell: Cell) -> str | None:
    text = cells.text(cell)
    if text is not None and not re.fullmatch(r"[A-Z0-9]{10}", text):
        raise ValueError("an ASIN is 10 capital letters and digits")
    return text


def _locale(name: str | None) -> str | None:
    if name is None:
        return None
    try:
        return str(Locale.parse(name.replace("-", "_")))
    except (UnknownLocaleError, ValueError) as error:
        raise TabularError(f"locale {name!r}: {error}") from None
