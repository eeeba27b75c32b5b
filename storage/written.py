"""Reads what people write into a cell: numbers, amounts, days and times, yes and no. Nothing is guessed.

What can be read in two ways (3/4/2025 without a language, an hour that comes twice when clocks go back) is refused
with a sentence that says what would be clear.
"""

import re
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import lru_cache
from unicodedata import category, normalize
from zoneinfo import ZoneInfo

from babel.dates import get_date_format
from babel.numbers import NumberFormatError, get_currency_symbol, parse_decimal

from storage.marketplaces import MARKETPLACES

YES = frozenset({"1", "true", "yes", "y", "是", "有", "有货", "ja", "oui", "sí", "si", "sì", "sim", "はい", "あり"})
NO = frozenset({"0", "false", "no", "n", "否", "无", "无货", "缺货", "nein", "non", "não", "いいえ", "なし"})

_NUMBER = re.compile(r"[+-]?\d[\d.,' ’]*")
_CODE = re.compile(r"\b[A-Z]{3}\b")
_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日.]?")
_DAY_FIRST_OR_NOT = re.compile(r"(\d{1,2})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})")
_MOMENT = re.compile(
    r"(?P<day>.*?\d[日.]?)(?:[T\s,]+(?P<half_before>上午|下午)?\s*(?P<hour>\d{1,2}):(?P<minute>\d{2})"
    r"(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,6})\d*)?)?\s*(?P<half_after>[AP]\.?M\.?)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?",
    re.IGNORECASE | re.DOTALL,
)
NOON = time(12)
"""Of a day without a time: it is that day wherever daylight saving moves the clock."""
FIRST_YEAR, LAST_YEAR = 1995, 2199
"""Amazon's first year, and one that is far off: anything else is a slip of the pen."""


class Hand:
    """One way of writing: the language's, in one time zone. ``locale`` is a Babel locale."""

    def __init__(self, locale: str, time_zone: str, *, date_format: str | None = None) -> None:
        self._locale = locale
        self._zone = ZoneInfo(time_zone)
        self._format = date_format
        pattern = re.sub(r"[^yMd./-]", "", get_date_format("short", locale=locale).pattern)
        self._order = re.sub(r"[^yMd]|(?<=(.))\1", "", pattern)
        self._sign = re.sub(r"[yMd]", "", pattern)[:1]

    def number(self, text: str) -> Decimal:
        """A plain number; its separators are the language's."""
        clean = re.sub(r"\s", " ", normalize("NFKC", text)).strip().replace("\u2212", "-")
        if not _NUMBER.fullmatch(clean):
            raise ValueError("no number")
        for spaced in (clean, clean.replace(" ", "\u202f"), clean.replace(" ", "\u00a0")):
            try:
                return parse_decimal(spaced, locale=self._locale, strict=True)
            except NumberFormatError:
                continue
        raise ValueError(f"no number as {self._locale} writes it; --locale says whose hand it is")

    def amount(self, text: str, currency: str) -> Decimal:
        """An amount of ``currency`` of at most two decimals, with or without its sign or code."""
        clean = re.sub(r"\s", " ", normalize("NFKC", text)).strip()
        code = _CODE.search(clean)
        if code and code[0] != currency:
            raise ValueError(f"an amount of {code[0]}, and the currency is {currency}")
        for symbol in signs(currency, self._locale):
            if clean.startswith(symbol) or clean.endswith(symbol):
                clean = clean.removeprefix(symbol).removesuffix(symbol).strip()
                break
        if any(category(sign) == "Sc" for sign in clean):
            raise ValueError(f"an amount of another currency than {currency}")
        amount = self.number(clean)
        if amount < 0 or amount != round(amount, 2) or amount >= 10**16:
            raise ValueError("not an amount of at most two decimals")
        return amount

    def instant(self, text: str, of_day: str | None = None) -> datetime:
        """The instant (UTC) of a day, or of a day with its time: in ``text``, or the time in ``of_day``."""
        if self._format:
            at = datetime.strptime(text.strip(), self._format)  # noqa: DTZ007  it gets its zone below
            timed = re.search(r"%[HIcXTR]", self._format)
            return self._placed(at if timed else datetime.combine(at, NOON), has_zone=at.tzinfo is not None)
        clean = re.sub(r"\s+", " ", normalize("NFKC", text)).strip()
        found = _MOMENT.fullmatch(clean)
        if found and of_day and found["hour"] is None:
            found = _MOMENT.fullmatch(f"{clean} {normalize('NFKC', of_day).strip()}")
        if not found:
            raise ValueError("no day that we can read; 2025-11-03 always is")
        day = self._day(found["day"].strip())
        if found["hour"] is None:
            return self._placed(datetime.combine(day, NOON), has_zone=False)
        hour = int(found["hour"])
        half = (found["half_after"] or found["half_before"] or "").replace(".", "").upper()
        if half:
            if not 1 <= hour <= 12:
                raise ValueError("no time of day")
            hour = hour % 12 + (12 if half in {"PM", "下午"} else 0)
        fraction = int((found["fraction"] or "").ljust(6, "0"))
        try:
            at = datetime.combine(day, time(hour, int(found["minute"]), int(found["second"] or 0), fraction))
        except ValueError:
            raise ValueError("no time of day") from None
        zone = (found["zone"] or "").upper()
        if zone:
            offset = "+00:00" if zone in {"Z", "UTC", "GMT"} else zone
            at = datetime.fromisoformat(at.isoformat() + offset)
        return self._placed(at, has_zone=bool(zone))

    def _day(self, text: str) -> date:
        if found := _YEAR_FIRST.fullmatch(text):
            year, month, day = (int(part) for part in found.groups())
        elif found := _DAY_FIRST_OR_NOT.fullmatch(text):
            if found[2] != self._sign or self._order.startswith("y"):
                raise ValueError(f"no day as {self._locale} writes it; --locale says whose hand it is")
            first, second, year = int(found[1]), int(found[3]), int(found[4])
            day, month = (first, second) if self._order.startswith("d") else (second, first)
            year += 2000 if len(found[4]) == 2 else 0
        else:
            raise ValueError("no day that we can read; 2025-11-03 always is")
        try:
            return date(year, month, day)
        except ValueError:
            raise ValueError("no day of the calendar") from None

    def _placed(self, at: datetime, *, has_zone: bool) -> datetime:
        """In UTC; a time that its zone's clock never shows, or shows twice, is refused."""
        if not FIRST_YEAR <= at.year <= LAST_YEAR:
            raise ValueError(f"the year {at.year}")
        if has_zone:
            return at.astimezone(UTC)
        local = at.replace(tzinfo=self._zone)
        instant = local.astimezone(UTC)
        if instant.astimezone(self._zone).replace(tzinfo=None) != at:
            raise ValueError(f"the clock in {self._zone.key} skips this time; write its offset: 02:30+01:00")
        if local.replace(fold=1).astimezone(UTC) != instant:
            raise ValueError(f"the clock in {self._zone.key} shows this time twice; write its offset: 02:30+01:00")
        return instant


@lru_cache(maxsize=256)
def signs(currency: str, locale: str) -> tuple[str, ...]:
    """How the currency is written: its code and its signs in this language, English, Chinese and its own countries';
    the longest first."""
    own = [market.locales[0] for market in MARKETPLACES.values() if market.currency == currency]
    signs = {currency, *(get_currency_symbol(currency, each) for each in (locale, "en", "zh", *own))}
    signs |= {char for sign in signs for char in sign if category(char) == "Sc"}
    signs |= {"円", "元"} if currency in {"JPY", "CNY"} else set()
    return tuple(sorted({normalize("NFKC", sign) for sign in signs}, key=len, reverse=True))


def said(text: str) -> bool:
    """Yes or no, in the words of :data:`YES` and :data:`NO`."""
    word = normalize("NFKC", text).strip().casefold()
    if word in YES:
        return True
    if word in NO:
        return False
    raise ValueError("neither yes nor no")
