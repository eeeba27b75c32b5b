"""Reads the cells of an export. Seller Central writes numbers now in the account's way and now in the marketplace's,
in one file at times (``1,204`` pieces for ``5.255,61 €``), so that no language tells how. It need not: a count has no
decimals, and an amount has two (four in a few reports) or none, never three; so ``1.234`` and ``1,234`` are both 1234.
"""

import re
from datetime import date, datetime
from decimal import Decimal
from unicodedata import category, normalize

from babel.dates import get_date_format

from storage.written import FIRST_YEAR, LAST_YEAR, signs

Cell = str | Decimal | date
"""Text as it stands; what a workbook knows as number or day is one."""

_NOTHING = frozenset({"", "-", "--", "–", "—", "n/a", "null"})
_GROUPED = r"[1-9]\d{0,2}(?P<sign>[., '’])\d{3}(?:(?P=sign)\d{3})*|[1-9]\d?(?:,\d{2})+,\d{3}|\d+"
_COUNT = re.compile(rf"(?P<whole>{_GROUPED})(?:[.,]0+)?")
_AMOUNT = re.compile(rf"(?P<whole>{_GROUPED})(?:(?P<mark>[.,])(?P<part>\d{{1,2}}|\d{{4,}}))?")
_CODE = re.compile(r"\b[A-Z]{3}\b")
_ISO = re.compile(r"(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*[-/.月]?\s*(\d{1,2})\s*日?(?:[T ].*)?")
_NUMBERS = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})")
_NAMED = ("%b %d, %Y", "%B %d, %Y", "%d %b %Y", "%d %B %Y", "%b %d %Y", "%d-%b-%Y")
_FOUR = Decimal("0.0001")
_MOST = 2**31 - 1


def text(cell: Cell) -> str | None:
    """What stands there, without the ``="…"`` by which a report keeps Excel's hands off a number; None: nothing."""
    if isinstance(cell, str):
        clean = cell.strip()
        return clean[2:-1].replace('""', '"') or None if re.fullmatch(r'=".*"', clean, re.DOTALL) else clean or None
    return f"{cell:f}" if isinstance(cell, Decimal) else cell.isoformat()


def count(cell: Cell) -> int | None:
    """A whole number, not negative."""
    if isinstance(cell, Decimal):
        number = cell
    elif (clean := _clean(cell)) is None:
        return None
    elif found := _COUNT.fullmatch(clean):
        number = Decimal(re.sub(r"\D", "", found["whole"]))
    else:
        raise ValueError("no whole number")
    if number != int(number) or not 0 <= number <= _MOST:
        raise ValueError("not a whole number that counts something")
    return int(number)


def amount(cell: Cell, currency: str) -> Decimal | None:
    """An amount of ``currency``, with or without its sign or code; not negative."""
    if isinstance(cell, Decimal):
        number = cell.quantize(_FOUR)  # what is behind it is the workbook's floating point
    elif (clean := _clean(cell)) is None:
        return None
    else:
        if (code := _CODE.search(clean)) and code[0] != currency:
            raise ValueError(f"an amount of {code[0]}, and the currency is {currency}")
        bare = _without_sign(clean, currency)
        if bare is None:
            raise ValueError(f"an amount of another currency than {currency}")
        number = _number(bare, "an amount")
    if not 0 <= number < 10**14:
        raise ValueError("no amount of sales or cost")
    return number


def fits(cell: Cell, currency: str) -> bool:
    """Whether the sign or code of an amount, if it has one, is one of ``currency``."""
    clean = _clean(cell)
    if clean is None or isinstance(cell, Decimal):
        return True
    code = _CODE.search(clean)
    return (code is None or code[0] == currency) and _without_sign(clean, currency) is not None


def percent(cell: Cell) -> Decimal | None:
    """A percentage from 0 to 100; a share with its percent sign. A bare number of a workbook is one already."""
    if isinstance(cell, Decimal):
        number = cell
    elif (clean := _clean(cell)) is None:
        return None
    else:
        number = _number(clean.replace("%", "").strip(), "a percentage")
    if not 0 <= number <= 100:
        raise ValueError("not a percentage from 0 to 100")
    return number.quantize(Decimal("0.01"))


def day(cell: Cell, locale: str | None) -> date | None:
    """A day of the calendar. Of numbers alone that make two days, the ``locale`` says which; none is guessed."""
    if isinstance(cell, date):
        return cell
    clean = _clean(cell)
    if clean is None:
        return None
    try:
        found = _day(clean, locale)
    except ValueError as error:
        raise ValueError(str(error) if "--locale" in str(error) else "no day; 2026-03-01 always is one") from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ValueError(f"the year {found.year}")
    return found


def period(cell: Cell, locale: str | None) -> tuple[date, date] | None:
    """``Jul 06, 2026 - Jul 29, 2026``: the first and the last day of it."""
    clean = _clean(cell)
    if clean is None:
        return None
    ends = [day(part, locale) for part in re.split(r"\s+[-–—~至]\s+|[~至]", clean)]
    if not 1 <= len(ends) <= 2 or ends[0] is None or ends[-1] is None:
        raise ValueError("no period such as Jul 06, 2026 - Jul 29, 2026")
    return ends[0], ends[-1]


def _clean(cell: Cell) -> str | None:
    """The text of a cell on one line with plain signs; None where it says that there is nothing."""
    clean = re.sub(r"\s+", " ", normalize("NFKC", text(cell) or "")).strip()
    return None if clean.casefold() in _NOTHING else clean


def _without_sign(clean: str, currency: str) -> str | None:
    """The number of an amount without the sign or code of its currency; None where another sign is left."""
    for sign in signs(currency, "en"):
        if clean.startswith(sign) or clean.endswith(sign):
            clean = clean.removeprefix(sign).removesuffix(sign).strip()
            break
    return None if any(category(char) == "Sc" for char in clean) else clean


def _number(clean: str, what: str) -> Decimal:
    found = _AMOUNT.fullmatch(clean)
    if not found or (found["mark"] and found["mark"] == found["sign"]):
        raise ValueError(f"not {what} that can be read in one way only")
    whole, part = re.sub(r"\D", "", found["whole"]), found["part"]
    return Decimal(f"{whole}.{part}" if part else whole).quantize(_FOUR)


def _day(clean: str, locale: str | None) -> date:
    if found := _ISO.fullmatch(clean):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := _NUMBERS.fullmatch(clean):
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        year += 2000 if year < 100 else 0
        orders = {(first, second), (second, first)}  # day, month
        if found[2] == ".":
            orders = {(first, second)}
        elif locale:
            pattern = get_date_format("short", locale=locale).pattern
            orders = {(first, second) if pattern.find("d") < pattern.find("M") else (second, first)}
        days = {date(year, month, day) for day, month in orders if 1 <= month <= 12}
        if len(days) > 1:
            raise ValueError("the day or the month first? --locale en_US or --locale en_GB says it")
        if days:
            return days.pop()
    for form in _NAMED:
        try:
            return datetime.strptime(clean, form).date()  # noqa: DTZ007  a day has no zone
        except ValueError:
            continue
    raise ValueError("no day")
