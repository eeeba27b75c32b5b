"""What the site says in words, in the language of each marketplace; numbers and dates are Babel's."""

import tomllib
from datetime import date
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files

import msgspec
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, format_percent


class Words(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One language of ``templates/words.toml``; ``{}`` stands for what varies."""

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
    """Heading of an advertisement."""
    viewed: str
    compare: str
    together: str
    used: str
    new_from: str
    sponsored: str
    sponsored_more: str
    results: str
    related_searches: str
    no_results: tuple[str, str]
    previous: str
    next: str
    add_to_cart: str
    customer_reviews: str
    about: str
    bullets: tuple[str, ...]
    search: str
    conditions: str
    not_found: str
    not_found_more: str
    deal_ends: str
    """Hours and minutes."""
    coupon_card: str
    """A coupon as a card of search results tells it."""
    fulfilled: tuple[str, str]
    """The merchant line of 2020 where Amazon ships for the seller, before and after the seller's name."""
    deliver_to: tuple[str, str]
    dimensions: tuple[str, str]
    """What the two parts of a variant are: size, colour."""
    star_row: str
    best_seller: tuple[str, str]
    """The badge, and the category it is for; on cards."""
    new_release: tuple[str, str]
    choice: tuple[str, str, str]
    """Amazon's Choice in its two colours, and the keyword it is for."""
    choice_card: str
    small_business: str
    renewed: str
    subscribe: str
    prime: str
    from_the_maker: str
    highly_rated: str
    brand_headline: str
    reviewed: tuple[tuple[str, str], tuple[str, str]]
    """A country and the line above a review from there: the marketplace's own, and another."""
    verified: str
    praise: tuple[tuple[str, str], ...]
    """Titles and bodies of reviews of 4 and 5 stars."""
    doubts: tuple[tuple[str, str], ...]
    """… of 3."""
    complaints: tuple[tuple[str, str], ...]
    """… of 1 and 2."""

    def left(self, count: int) -> str:
        """ "Only N left"."""
        return self.only_left.format(count)

    def money(self, amount: Decimal, currency: str) -> str:
        """An amount as the marketplace writes it."""
        return _money(amount, currency, self.locale)

    def number(self, value: Decimal | int) -> str:
        """A number as the marketplace writes it."""
        return _number(value, self.locale)

    def percent(self, value: Decimal | int) -> str:
        """A percentage of whole percents as the marketplace writes it."""
        return _percent(int(value), self.locale)

    def given(self, stars: Decimal) -> str:
        """The stars of one review."""
        return self.stars.format(_one_decimal(stars, self.locale))

    def reviewed_in(self, country: str, day: date) -> str:
        """The line above a review."""
        return dict(self.reviewed)[country].format(self.day(day))

    def day(self, day: date) -> str:
        """A date in full."""
        return _day(day, self.locale)


@lru_cache(maxsize=20_000)
def _money(amount: Decimal, currency: str, locale: str) -> str:
    return str(format_currency(amount, currency, locale=locale))


@lru_cache(maxsize=20_000)
def _number(value: Decimal | int, locale: str) -> str:
    return str(format_decimal(value, locale=locale))


@lru_cache(maxsize=1000)
def _percent(value: int, locale: str) -> str:
    return str(format_percent(value / 100, locale=locale))


@lru_cache(maxsize=100)
def _one_decimal(value: Decimal, locale: str) -> str:
    return str(format_decimal(value, "0.0", locale=locale))


@lru_cache(maxsize=20_000)
def _day(day: date, locale: str) -> str:
    return str(format_date(day, "long", locale=locale))


WORDS: dict[str, Words] = msgspec.convert(
    tomllib.loads(files(__package__).joinpath("templates", "words.toml").read_text("utf-8")), dict[str, Words]
)
"""By marketplace."""
