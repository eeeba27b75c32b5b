"""What is planted in a niche: which product changes what, from which night to which.

Stories are spread over the nights of the last month, and every niche has a finale on the last two
nights, so that a report has something to say. Changes of one product keep some nights apart, since
two at once could not be told from each other by anyone.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random

MONTH = 30
_APART = 3
"""Nights between two changes of one product."""


class Change(StrEnum):
    """What of a product changes, and what the size of a spell then means."""

    PRICE = "price"
    """Relative change: -0.2 is 20 % off."""
    COUPON = "coupon"
    """Percent off when 1 or more, else share of the price taken off as an amount."""
    DEAL = "deal"
    """Relative change of the price while the badge shows."""
    STOCK = "stock"
    """Out of stock; no size."""
    REVIEWS = "reviews"
    """Reviews that come on top in one night."""
    SALES = "sales"
    """Factor of the units sold."""
    TITLE = "title"
    SELLER = "seller"
    PLACE = "place"
    """Change of organic places for one keyword: negative moves up."""
    ADS = "ads"
    """1: ads begin for one keyword; -1: they stop."""


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


@dataclass(frozen=True, slots=True)
class Story:
    """A kind of change with how often it is planted and between which bounds."""

    change: Change
    times: int
    history: int
    """Nights before it, without which nobody could know that it is unusual."""
    sizes: tuple[float, float] = (0.0, 0.0)
    lasts: tuple[int, int] | None = None
    """Nights until it ends; None when it stays."""
    after: int = 0
    """Nights that must follow it, for what one night cannot show."""


CUT = (-0.35, -0.17)
BURST = (45.0, 95.0)
"""Of cuts and bursts that nobody may miss; smaller ones are planted too."""

STORIES = (
    Story(Change.PRICE, 3, 2, CUT, lasts=(4, 9)),
    Story(Change.PRICE, 2, 2, CUT),
    Story(Change.PRICE, 2, 2, (0.09, 0.22)),
    Story(Change.PRICE, 1, 2, (-0.13, -0.06)),
    Story(Change.DEAL, 2, 2, CUT, lasts=(2, 5)),
    Story(Change.COUPON, 2, 2, (5.0, 20.0), lasts=(5, 11)),
    Story(Change.COUPON, 1, 2, (0.08, 0.15), lasts=(5, 11)),
    Story(Change.STOCK, 3, 2, lasts=(2, 6)),
    Story(Change.REVIEWS, 2, 11, BURST, lasts=(1, 1)),
    Story(Change.REVIEWS, 1, 11, (12.0, 24.0), lasts=(1, 1)),
    Story(Change.SALES, 1, 13, (4.0, 6.0), lasts=(5, 9), after=1),
    Story(Change.SALES, 1, 13, (0.14, 0.24), lasts=(5, 9), after=1),
    Story(Change.TITLE, 2, 2),
    Story(Change.SELLER, 2, 2),
    Story(Change.PLACE, 2, 6, (-25.0, -19.0)),
    Story(Change.PLACE, 2, 6, (19.0, 25.0)),
    Story(Change.ADS, 1, 8, (1.0, 1.0), after=3),
    Story(Change.ADS, 1, 8, (-1.0, -1.0), after=3),
)

_CUT, _STOCK = Story(Change.PRICE, 1, 1, CUT), Story(Change.STOCK, 1, 1, lasts=(3, 6))
_DEAL, _COUPON = Story(Change.DEAL, 1, 1, CUT, lasts=(3, 5)), Story(Change.COUPON, 1, 1, (10.0, 20.0), lasts=(5, 11))
_BURST, _JUMP = Story(Change.REVIEWS, 1, 11, BURST, lasts=(1, 1)), Story(Change.SALES, 1, 13, (5.0, 7.0), lasts=(5, 9))
FINALES = (
    (_CUT, _STOCK, _BURST, _COUPON),
    (_DEAL, _BURST, Story(Change.PLACE, 1, 6, (19.0, 25.0)), _STOCK),
    (_CUT, _JUMP, _STOCK, Story(Change.TITLE, 1, 1)),
    (_CUT, _CUT, _BURST, Story(Change.SELLER, 1, 1), Story(Change.PLACE, 1, 6, (-25.0, -19.0))),
)
"""What happens on the last two nights, by niche in turn."""

_BY_KEYWORD = frozenset({Change.PLACE, Change.ADS})


def plant(number: int, asins: tuple[str, ...], keywords: tuple[str, ...], nights: int, rng: Random) -> list[Spell]:
    """The spells of niche ``number``, whose watched products are ``asins`` (the own one first)."""
    planted: list[Spell] = []

    def tell(story: Story, days: range) -> None:
        """Plant one spell of the story where there is room for it, or none."""
        for _ in range(60 if days else 0):
            spell = _draw(story, rng.choice(days), rng)
            spell = replace(
                spell, asin=rng.choice(asins), keyword=rng.choice(keywords) if story.change in _BY_KEYWORD else None
            )
            if not any(_collide(spell, other) for other in planted):
                planted.append(spell)
                return

    for place, story in enumerate(FINALES[number % len(FINALES)]):
        tell(story, range(max(nights - 1 - place % 2, story.history), nights))
    for story in STORIES:
        for _ in range(round(story.times * min(1.0, nights / MONTH))):
            tell(story, range(max(story.history, nights - MONTH), nights - story.after))
    return sorted(planted, key=lambda s: (s.start, s.asin, s.change, s.keyword or ""))


def _draw(story: Story, start: int, rng: Random) -> Spell:
    """A spell of the story that begins on night ``start``, of no product yet."""
    end = start + rng.randint(*story.lasts) if story.lasts else None
    size = rng.uniform(*story.sizes)
    if story.change is Change.COUPON and size >= 1:
        size = round(size / 5) * 5.0
    return Spell(change=story.change, asin="", start=start, end=end, size=size)


def _collide(one: Spell, other: Spell) -> bool:
    """Whether two spells would blur each other."""
    if one.asin != other.asin:
        return False
    if one.change in _BY_KEYWORD or other.change in _BY_KEYWORD:
        return one.change is other.change and one.keyword == other.keyword
    changes = {one.change, other.change}
    if one.change is other.change and one.change in {Change.REVIEWS, Change.SALES, Change.TITLE, Change.SELLER}:
        return True
    if changes == {Change.SALES, Change.STOCK}:  # an empty shelf ruins the rank by itself
        return True
    return one.start - _APART < _last(other) and other.start - _APART < _last(one)


def _last(spell: Spell) -> int:
    return (spell.start if spell.end is None else spell.end) + 1
