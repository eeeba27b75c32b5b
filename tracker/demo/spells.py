"""The changes of a product that are planted, and which of them cannot stand side by side.

Two changes of one product blur each other when they are of one aspect: two prices at once, or new reviews while others
are removed, could not be told from each other by anyone. Changes of different aspects can.
"""

from dataclasses import dataclass
from enum import Enum, StrEnum, auto

APART = 3
"""Nights between two changes of one product that a buyer would notice at once."""

RETURNS = 12
"""The same between two prices: one that comes back sooner is a see-saw."""


class Change(StrEnum):
    """What of a product changes, and what the size of a spell then means."""

    PRICE = "price"
    """Relative change: -0.2 is 20 % off."""
    SEE_SAW = "see_saw"
    """A repricer goes to and fro, two nights each, between the price and one that is so much lower (relative)."""
    COUPON = "coupon"
    """Percent off when 1 or more, else share of the price taken off as an amount."""
    DEAL = "deal"
    """Relative change of the price while the badge shows."""
    STOCK = "stock"
    """Out of stock, after nights in which the page counts what is left; no size."""
    SELLER = "seller"
    HIJACK = "hijack"
    """A seller nobody knows has the Buy Box, at a price that is so much lower (relative)."""
    OFFERS = "offers"
    """Other offers that come on top."""
    SALES = "sales"
    """Factor of the units sold."""
    REVIEWS = "reviews"
    """Reviews that come on top in one night."""
    REMOVED = "removed"
    """Share of the reviews that go in one night."""
    MERGED = "merged"
    """Reviews of another family that come in one night, as a share of those there are; the family is that one's."""
    LOW_STARS = "low_stars"
    """Reviews of one and two stars that come every night, as a share of those there are."""
    TITLE = "title"
    BULLETS = "bullets"
    IMAGE = "image"
    """The main one."""
    A_PLUS = "a_plus"
    """It is there where it was not, or the other way round."""
    GONE = "gone"
    """There is no such page, nor is it found."""
    PLACE = "place"
    """Change of organic places for one keyword: negative moves up."""
    NEWCOMER = "newcomer"
    """The same of a product that nobody watches."""
    ADS = "ads"
    """1: ads begin for one keyword; -1: they stop."""
    CHOICE = "choice"
    """It becomes Amazon's Choice for one keyword, instead of another."""


class _Aspect(Enum):
    OFFER = auto()
    REVIEWS = auto()
    PAGE = auto()
    SEARCH = auto()


_ASPECTS = {
    **dict.fromkeys(
        (
            Change.PRICE, Change.SEE_SAW, Change.COUPON, Change.DEAL, Change.STOCK, Change.SELLER, Change.HIJACK,
            Change.OFFERS, Change.SALES,
        ),
        _Aspect.OFFER,
    ),
    **dict.fromkeys((Change.REVIEWS, Change.REMOVED, Change.MERGED, Change.LOW_STARS), _Aspect.REVIEWS),
    **dict.fromkeys((Change.TITLE, Change.BULLETS, Change.IMAGE, Change.A_PLUS), _Aspect.PAGE),
    **dict.fromkeys((Change.PLACE, Change.NEWCOMER, Change.ADS, Change.CHOICE), _Aspect.SEARCH),
}  # fmt: skip

_ONCE = frozenset({Change.STOCK, Change.SELLER, Change.HIJACK, Change.OFFERS, Change.SALES, Change.SEE_SAW})
"""Of the offer, what a product does once in a world."""
_SHELF = frozenset({Change.SALES, Change.STOCK})
"""An empty shelf ruins the rank by itself."""
_PRICED = frozenset({Change.PRICE, Change.DEAL, Change.SEE_SAW})
_HELD_BY_ONE = frozenset({Change.CHOICE, Change.NEWCOMER})
"""Of a keyword, what happens once in a world."""
BY_KEYWORD = frozenset(change for change, aspect in _ASPECTS.items() if aspect is _Aspect.SEARCH)


@dataclass(frozen=True, slots=True)
class Spell:
    """One change of one product. Nights count from 0."""

    change: Change
    asin: str
    start: int
    """The first night that shows it."""
    end: int | None
    """The first night that no longer shows it, be it after the world's last; None when it stays."""
    size: float = 0.0
    keyword: str | None = None

    def on(self, night: int) -> bool:
        return self.start <= night and (self.end is None or night < self.end)

    @property
    def last(self) -> int:
        """The last night on which something of it is new."""
        return self.start if self.end is None else self.end


def collide(one: Spell, other: Spell) -> bool:
    """Whether two spells would blur each other."""
    changes = {one.change, other.change}
    if one.change is other.change and one.change in _HELD_BY_ONE and one.keyword == other.keyword:
        return True
    if one.asin != other.asin:
        return False
    if Change.GONE in changes:
        return len(changes) == 1 or _near(one, other)
    return _ASPECTS[one.change] is _ASPECTS[other.change] and _blur(one, other, changes)


def _blur(one: Spell, other: Spell, changes: set[Change]) -> bool:
    """The same of two changes of one aspect of one product."""
    match _ASPECTS[one.change]:
        case _Aspect.OFFER if changes == _SHELF or (len(changes) == 1 and one.change in _ONCE):
            return True
        case _Aspect.OFFER if changes <= _PRICED:
            return Change.SEE_SAW in changes or _near(one, other, RETURNS)
        case _Aspect.OFFER:
            return _near(one, other)
        case _Aspect.SEARCH:
            return len(changes) == 1 and (one.keyword == other.keyword or one.change is Change.CHOICE)
        case _Aspect.PAGE:
            return len(changes) == 1
    return True


def _near(one: Spell, other: Spell, apart: int = APART) -> bool:
    return one.start - apart <= other.last and other.start - apart <= one.last
