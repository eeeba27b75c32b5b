"""Numbers, money and ratings as Amazon writes them, read by locale through Babel.

A marketplace shows its pages in several languages, and an English page on a German marketplace writes ``117,767``. So a
number is read in the marketplace's own locales first, then in a few that stand for the other ways of writing; the
first reading that is well-formed *and* fits what is asked for counts: money has no decimals or exactly its currency's,
a count is whole. ``1.299 €`` is therefore 1299, whatever the locale, and never 1.299.

Separators, symbols and decimals: Unicode CLDR as Babel ships it.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache, lru_cache

from babel import Locale
from babel.numbers import (
    NumberFormatError,
    get_currency_precision,
    get_currency_symbol,
    list_currencies,
    parse_decimal,
)

from spiders.pages import signs
from storage.marketplaces import MARKETPLACES, Marketplace
from storage.records import Money

_MOST = 2**31 - 1
_DEAREST = 10**12
"""No count, rank or price is larger; what seems so is another text, and no column would hold it."""
_NUMBER = re.compile(r"\d(?:[\d.,'’]*\d)?")
_PERCENT = re.compile(r"(?<![\d.,])(\d{1,2}(?:[.,]\d{1,2})?)\s?%|%\s?(\d{1,2})(?![\d.,])")
_GROUP_SPACE = re.compile(r"(?<=\d)[\s\u00a0\u202f\u2009](?=\d{3}(?!\d))")
_OTHER_WAYS = ("en_US", "de_DE", "en_IN", "fr_FR")
"""1,234.5 and 1.234,5 and 1,23,456.7 and 1 234,5: every way of writing that some marketplace has."""
_ALIASES = {
    "TL": "TRY", "kr": "SEK", "kr.": "SEK", "Rs": "INR", "Rs.": "INR", "S$": "SGD", "C$": "CAD", "CDN$": "CAD",
    "AU$": "AUD", "MX$": "MXN", "US$": "USD", "U$S": "USD", "E£": "EGP", "LE": "EGP", "zł": "PLN", "د.إ": "AED",
    "ر.س": "SAR", "ريال": "SAR", "درهم": "AED", "جنيه": "EGP", "円": "JPY", "元": "CNY", "￥": "JPY",
}  # fmt: skip
"""How pages write a currency where CLDR has another symbol."""


def plain(text: str) -> str:
    """``text`` with ASCII digits and separators, no space between groups of digits, and no direction marks."""
    return _GROUP_SPACE.sub("", text.translate(_PLAIN)).strip()


class _Plain(dict[int, str]):
    """What each character becomes, found out once."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if char.isascii():
            self[code] = char
        elif char.isdecimal():
            self[code] = str(unicodedata.digit(char))
        elif unicodedata.category(char) == "Zs":
            self[code] = " "
        else:
            self[code] = "" if char in _MARKS else _SEPARATORS.get(char, char)
        return self[code]


_PLAIN = _Plain()
_MARKS = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u2066\u2067\u2068\u2069\ufeff")
_SEPARATORS = {"٪": "%", "٫": ".", "٬": ",", "，": ",", "．": ".", "％": "%", "－": "-"}


def money(text: str, marketplace: Marketplace) -> Money | None:
    """The one amount in ``text`` with its currency; None when there is none, more than one, or any doubt.

    A bare ``$`` is the marketplace's own dollar; no symbol at all is no money.
    """
    clean = plain(text)
    found = _NUMBER.findall(clean)
    if len(found) != 1:
        return None
    currency = _currency(clean.replace(found[0], " ").strip(" :()-–"), marketplace)
    return _amount(found[0], currency, marketplace) if currency else None


def moneys(text: str, marketplace: Marketplace) -> Iterator[Money]:
    """Every amount with a currency symbol beside it in running text ("Save $5.00 with coupon")."""
    clean = plain(text)
    for match in _NUMBER.finditer(clean):
        before, after = clean[: match.start()].rstrip(), clean[match.end() :].lstrip()
        symbols = [before[-n:] for n in (4, 3, 2, 1) if not _runs_on(before[-n - 1 : -n or None], before[-n:][:1])]
        symbols += [after[:n] for n in (4, 3, 2, 1) if not _runs_on(after[n - 1 : n], after[n : n + 1])]
        currency = next((code for symbol in symbols if (code := _currency(symbol, marketplace))), None)
        if currency and (amount := _amount(match[0], currency, marketplace)):
            yield amount


def _runs_on(left: str, right: str) -> bool:
    """Whether two characters belong to one word: the R of "Rabatt" is no rand."""
    return left.isascii() and right.isascii() and left.isalpha() and right.isalpha()


def money_of(amount: str, currency: str) -> Money | None:
    """Money from a machine's form: ``159.0`` and ``USD``, as hidden inputs carry it."""
    if currency not in list_currencies() or not re.fullmatch(r"\d{1,12}(\.\d{1,4})?", amount):
        return None
    value = Decimal(amount)
    exact = value.quantize(Decimal(1).scaleb(-get_currency_precision(currency)))
    return Money(exact, currency) if value == exact and value > 0 and _is_kept(exact) else None


def count(text: str, marketplace: Marketplace) -> int | None:
    """The one whole number in ``text``; None for none, several, or an abbreviated one ("1.5K", "8,9 mil")."""
    clean = plain(text)
    found = list(_NUMBER.finditer(clean))
    if len(found) != 1 or signs.multiplier(clean[found[0].end() :]) != 1:
        return None
    return whole(found[0][0], marketplace)


def whole(number: str, marketplace: Marketplace) -> int | None:
    """The whole number written as ``number``, which may have groups but no decimals."""
    value = _read(number, marketplace, lambda exponent: exponent == 0)
    return int(value) if value is not None and value <= _MOST else None


def at_least(text: str, marketplace: Marketplace) -> int | None:
    """The lower bound a bracket names: 6000 of "6K+ bought in past month", 5000 of "Mais de 5 mil compras".

    Of several numbers the one before a plus sign or a word for "or more" counts ("過去1か月で100点以上購入").
    """
    clean = plain(text)
    found = list(_NUMBER.finditer(clean))
    if len(found) > 1:
        found = [match for match in found if signs.says_or_more(clean[match.end() : match.end() + 8])]
    if len(found) != 1:
        return None
    factor = signs.multiplier(clean[found[0].end() :])
    if factor == 1:
        return whole(found[0][0], marketplace)
    value = _read(found[0][0], marketplace, lambda exponent: -2 <= exponent <= 0)
    bound = value * factor if value is not None else None
    return int(bound) if bound is not None and bound == int(bound) and bound <= _MOST else None


def percent(text: str) -> Decimal | None:
    """The first percentage in ``text``, of 1 to 99; None when there is none."""
    found = _PERCENT.search(plain(text))
    value = Decimal((found[1] or found[2]).replace(",", ".")) if found else None
    return value if value else None


def percents(text: str) -> set[Decimal]:
    """Every percentage in ``text``, of 1 to 99."""
    found = (Decimal((match[1] or match[2]).replace(",", ".")) for match in _PERCENT.finditer(plain(text)))
    return {value for value in found if value}


@lru_cache(maxsize=1024)
def rating(text: str) -> Decimal | None:
    """The stars given, 1 to 5, of "4.3 out of 5 stars", "5つ星のうち4.3" or "4,3 von 5 Sternen"; None in any doubt."""
    numbers = [n.replace(",", ".") for n in re.findall(r"\d+(?:[.,]\d+)?", plain(text))]
    if len(numbers) == 2:
        # One of the two is the scale: a bare 5. Where both are, either is the rating.
        scale = next((n for n in reversed(numbers) if n == "5"), None)
        if scale is None:
            return None
        numbers.remove(scale)
    if len(numbers) != 1:
        return None
    value = Decimal(numbers[0])
    return value if 1 <= value <= 5 and len(numbers[0]) <= 4 else None


def _amount(number: str, currency: str, marketplace: Marketplace) -> Money | None:
    digits = get_currency_precision(currency)
    value = _read(number, marketplace, lambda exponent: exponent in {0, -digits})
    if value is None or not _is_kept(value):
        return None
    return Money(value.quantize(Decimal(1).scaleb(-digits)), currency)


def _is_kept(amount: Decimal) -> bool:
    """Whether an amount is stored as it is: not rounded (the fils of a dinar would be), not too large."""
    return amount < _DEAREST and amount == round(amount, 2)


def _read(number: str, marketplace: Marketplace, fits: Callable[[int], bool]) -> Decimal | None:
    """``number`` in the first locale that reads it with a number of decimals that ``fits``."""
    if len(number) > 24:
        return None
    for locale in dict.fromkeys((*marketplace.locales, *_OTHER_WAYS)):
        value = _parsed(number.replace("’", "'"), locale)
        if value is not None and fits(int(value.as_tuple().exponent)):
            return value
    return None


@lru_cache(maxsize=4096)
def _parsed(number: str, locale: str) -> Decimal | None:
    try:
        return parse_decimal(number, locale=_locale(locale), strict=True)
    except NumberFormatError:
        return None


@cache
def _locale(name: str) -> Locale:
    """Babel's locale, which it would find anew for each number by its name: nine tenths of the time that takes."""
    return Locale.parse(name)


def _currency(symbol: str, marketplace: Marketplace) -> str | None:
    """The ISO 4217 code of a symbol as it stands on a page of this marketplace; None where it is not certain."""
    codes = _symbols().get(symbol) or _symbols().get(symbol.rstrip(".")) or frozenset()
    if marketplace.currency in codes:
        return marketplace.currency
    return next(iter(codes)) if len(codes) == 1 else None


@cache
def _symbols() -> dict[str, frozenset[str]]:
    """Every symbol or code a page may show, and the currencies it may mean."""
    found: dict[str, set[str]] = {}
    locales = [_locale(name) for name in {name for market in MARKETPLACES.values() for name in market.locales}]
    for code in list_currencies():
        found.setdefault(code, set()).add(code)
        for locale in locales:
            found.setdefault(plain(get_currency_symbol(code, locale)), set()).add(code)
    for symbol, code in _ALIASES.items():
        found.setdefault(plain(symbol), set()).add(code)
    return {symbol: frozenset(codes) for symbol, codes in found.items()}
