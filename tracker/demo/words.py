"""What the site says in words, in the language of each marketplace; numbers and dates are Babel's."""

import tomllib
from datetime import date
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files

import msgspec
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal


class Words(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One language of ``templates/words.toml``; ``{}`` stands for the one thing that varies."""

    locale: str
    """As Babel names it."""
    language: str
    """As HTML names it."""
    in_stock: str
    only_left: str
    unavailable: str
    unavailable_more: str
    deal: str
    stars: str
    ratings: str
    bought: str
    coupon: str
    coupon_label: str
    list_price: str
    per_unit: str
    sold_by: str
    ships_from: str
    merchant: tuple[str, str]
    """The one-line merchant information of 2020, before and after the seller's name."""
    visit_store: str
    brand: str
    rank_label: str
    rank: tuple[str, str, str]
    """A rank line: before the number, between number and category, after the category."""
    see_top: str
    details: str
    first_available: str
    manufacturer: str
    reviews_label: str
    also_viewed: str
    compare: str
    together: str
    used: str
    new_from: str
    sponsored: str
    sponsored_more: str
    results: str
    no_results: tuple[str, str]
    previous: str
    next: str
    add_to_cart: str
    customer_reviews: str
    review_titles: tuple[str, ...]
    about: str
    bullets: tuple[str, ...]
    search: str
    conditions: str
    not_found: str
    not_found_more: str

    def left(self, count: int) -> str:
        """ "Only N left"."""
        return self.only_left.format(count)

    def money(self, amount: Decimal, currency: str) -> str:
        """An amount as the marketplace writes it."""
        return _money(amount, currency, self.locale)

    def number(self, value: Decimal | int) -> str:
        """A number as the marketplace writes it."""
        return _number(value, self.locale)

    def day(self, day: date) -> str:
        """A date in full."""
        return str(format_date(day, "long", locale=self.locale))


@lru_cache(maxsize=20_000)
def _money(amount: Decimal, currency: str, locale: str) -> str:
    return str(format_currency(amount, currency, locale=locale))


@lru_cache(maxsize=20_000)
def _number(value: Decimal | int, locale: str) -> str:
    return str(format_decimal(value, locale=locale))


WORDS: dict[str, Words] = msgspec.convert(
    tomllib.loads(files(__package__).joinpath("templates", "words.toml").read_text("utf-8")), dict[str, Words]
)
"""By marketplace."""
