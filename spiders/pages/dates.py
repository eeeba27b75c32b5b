"""Days as pages write them, in every language of a marketplace: "March 22, 2026", "17. Mai 2019", "2024年1月5日".

Names of months: Unicode CLDR as Babel ships it. A date in figures counts only where it begins with the year, or where
the day cannot be taken for the month: "05/01/2024" is another day in every second country.
"""

import re
from datetime import date
from functools import cache, lru_cache

from babel import Locale

from spiders.pages.numbers import plain
from storage.marketplaces import MARKETPLACES

_BY_YEAR = re.compile(r"(?<!\d)(\d{4})\s?[-/.年년]\s?(\d{1,2})\s?[-/.月월]\s?(\d{1,2})(?!\d)")
_IN_FIGURES = re.compile(r"(?<!\d)(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?!\d)")
_YEAR = re.compile(r"(?<!\d)(\d{4})(?!\d)")
_BETWEEN_WORDS = re.compile(r"[\s\d.,،:()]+")
_DAY = re.compile(r"(?<!\d)(\d{1,2})(?!\d)")


@lru_cache(maxsize=4096)  # the same reviews stand on the pages of a whole family, night after night
def day(text: str) -> date | None:
    """The one day that ``text`` names; None when there is none, or any doubt."""
    clean = plain(text)
    if (found := _BY_YEAR.search(clean)) is not None:
        return _date(found[1], int(found[2]), found[3])
    if (found := _IN_FIGURES.search(clean)) is not None:
        first, second = int(found[1]), int(found[2])
        if first > 12:
            return _date(found[3], second, found[1])
        return _date(found[3], first, found[2]) if second > 12 or first == second else None
    months = {_months()[word] for word in _BETWEEN_WORDS.split(clean.casefold()) if word in _months()}
    years, days = _YEAR.findall(clean), _DAY.findall(clean)
    return _date(years[0], months.pop(), days[0]) if (len(months), len(years), len(days)) == (1, 1, 1) else None


def _date(year: str, month: int, day: str) -> date | None:
    try:
        return date(int(year), month, int(day))
    except ValueError:  # a thirteenth month, a thirtieth of February
        return None


@cache
def _months() -> dict[str, int]:
    """The number of every name of a month, full or short."""
    names: dict[str, int] = {}
    codes = {locale for market in MARKETPLACES.values() for locale in market.locales} | {"cs", "da"}
    for locale in map(Locale.parse, sorted(codes)):
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in locale.months[context][width].items():
                    word = plain(str(name)).casefold().rstrip(".")
                    if not any(map(str.isdecimal, word)):
                        names.setdefault(word, number)
    return names
