"""What is planted in a niche: which product changes what, from which night to which.

Stories are spread over the nights of the last month, and every niche has a finale on the last two nights, so that a
report has something to say. A plot is several changes that belong together: what a seller would call one move.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from tracker.demo.spells import BY_KEYWORD, Change, Spell, collide

MONTH = 30
_TRIES = 80


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


@dataclass(frozen=True, slots=True)
class Part:
    """One change of a plot: how many nights after its beginning, of which of its products, for which keyword."""

    night: int
    change: Change
    sizes: tuple[float, float] = (0.0, 0.0)
    lasts: tuple[int, int] | None = None
    actor: int = 0
    keyword: int = 0


@dataclass(frozen=True, slots=True)
class Plot:
    """Changes that belong together."""

    parts: tuple[Part, ...]
    history: int
    after: int
    """Nights after its beginning, the last of them at least."""
    own: bool = False
    """Whether it is of the own listing; else it is of rivals."""
    most_reviews: int | None = None
    """Of products that have so many at most."""


CUT = (-0.35, -0.17)
BURST = (45.0, 95.0)
CLIMB, RISE = (-9.5, -8.0), (-25.0, -19.0)
"""Within page one, and onto it."""

STORIES = (
    Story(Change.PRICE, 2, 2, CUT, lasts=(4, 9)),
    Story(Change.PRICE, 1, 2, CUT),
    Story(Change.PRICE, 2, 2, (0.09, 0.22)),
    Story(Change.PRICE, 1, 2, (-0.13, -0.06)),
    Story(Change.DEAL, 2, 2, CUT, lasts=(2, 5)),
    Story(Change.COUPON, 1, 2, (5.0, 20.0), lasts=(5, 11)),
    Story(Change.COUPON, 1, 2, (0.08, 0.15), lasts=(5, 11)),
    Story(Change.STOCK, 2, 8, lasts=(2, 6)),
    Story(Change.REVIEWS, 1, 14, BURST, lasts=(1, 1)),
    Story(Change.REVIEWS, 1, 14, (22.0, 36.0), lasts=(1, 1)),
    Story(Change.REMOVED, 1, 10, (0.05, 0.1), lasts=(1, 1)),
    Story(Change.SALES, 1, 17, (4.0, 6.0), lasts=(5, 9), after=1),
    Story(Change.SALES, 1, 17, (0.14, 0.24), lasts=(5, 9), after=1),
    Story(Change.TITLE, 1, 2),
    Story(Change.BULLETS, 1, 2),
    Story(Change.IMAGE, 1, 2),
    Story(Change.A_PLUS, 1, 2, after=1),
    Story(Change.SELLER, 1, 2),
    Story(Change.OFFERS, 1, 9, (12.0, 16.0)),
    Story(Change.PLACE, 1, 10, RISE, after=2),
    Story(Change.PLACE, 1, 10, (19.0, 25.0), after=2),
    Story(Change.PLACE, 1, 15, CLIMB, after=2),
    Story(Change.ADS, 1, 20, (1.0, 1.0), after=5),
    Story(Change.ADS, 1, 20, (-1.0, -1.0), after=5),
    Story(Change.CHOICE, 1, 15, after=6),
    Story(Change.NEWCOMER, 1, 17, (-36.0, -36.0), after=3),
)

PUSH = Plot(
    (
        Part(0, Change.COUPON, (15.0, 20.0), (9, 12)),
        Part(1, Change.PRICE, (-0.22, -0.13), (7, 9)),
        Part(1, Change.ADS, (1.0, 1.0), keyword=0),
        Part(1, Change.ADS, (1.0, 1.0), keyword=1),
        Part(2, Change.SALES, (3.0, 4.0), (8, 10)),
        Part(3, Change.PLACE, CLIMB, keyword=0),
    ),
    history=19,
    after=7,
)
"""A rival pays for sales: coupon, price and ads, and they come."""
WAR = Plot(
    tuple(Part(night, Change.PRICE, (-0.2, -0.11), (6, 14), actor) for actor, night in enumerate((0, 1, 3))),
    history=12,
    after=4,
)
"""Three rivals cut their prices within four nights."""
SEE_SAW = Plot((Part(0, Change.SEE_SAW, (-0.14, -0.08), (9, 14)),), history=9, after=5)
HIJACK = Plot((Part(0, Change.HIJACK, (-0.04, -0.025), (4, 7)), Part(0, Change.OFFERS, (2, 2), (4, 7))), 9, 1, own=True)
GONE = Plot((Part(0, Change.GONE, lasts=(3, 5)),), history=16, after=6)
MERGED = Plot((Part(0, Change.MERGED, (0.45, 0.9)),), history=10, after=1)
_WAVE = Part(0, Change.LOW_STARS, (0.03, 0.04), (4, 5))
WAVE, OWN_WAVE = Plot((_WAVE,), 8, 6, most_reviews=1000), Plot((_WAVE,), 8, 6, own=True, most_reviews=1000)
"""Of products with more reviews it would have to be a flood."""
PLOTS = ((PUSH, SEE_SAW, GONE, WAVE), (WAR, MERGED, HIJACK), (PUSH, OWN_WAVE, GONE), (WAR, SEE_SAW, HIJACK, MERGED))
"""By niche in turn."""

_CUT, _STOCK = Story(Change.PRICE, 1, 1, CUT), Story(Change.STOCK, 1, 8, lasts=(3, 6))
_DEAL, _COUPON = Story(Change.DEAL, 1, 1, CUT, lasts=(3, 5)), Story(Change.COUPON, 1, 1, (10.0, 20.0), lasts=(5, 11))
_BURST, _JUMP = (
    Story(Change.REVIEWS, 1, 14, BURST, lasts=(1, 1)),
    Story(Change.SALES, 1, 13, (5.0, 7.0), lasts=(5, 9), after=1),
)
_LEAVES, _ENTERS = Story(Change.PLACE, 1, 10, (19.0, 25.0), after=1), Story(Change.PLACE, 1, 10, RISE, after=1)
FINALES = (
    (_CUT, _STOCK, _BURST, _COUPON),
    (_DEAL, _BURST, _LEAVES, _STOCK),
    (_CUT, _JUMP, _STOCK, Story(Change.TITLE, 1, 1), Story(Change.IMAGE, 1, 1)),
    (_CUT, _BURST, Story(Change.BULLETS, 1, 1), Story(Change.SELLER, 1, 1), _ENTERS),
)
"""What happens on the last nights, by niche in turn."""
_FINALE = 2
"""Nights that are left to it."""

_OF_RIVALS = frozenset({Change.SELLER, Change.OFFERS})
"""Of the own listing they are another story: a hijacker."""


def plant(
    number: int,
    reviews: Mapping[str, int],
    fillers: Sequence[str],
    keywords: Sequence[str],
    *,
    nights: int,
    rng: Random,
) -> list[Spell]:
    """The spells of niche ``number``.

    Args:
        reviews: the watched products, the own one first, with the number of their reviews on the first night.
        fillers: products that nobody watches.
    """
    own, *rivals = reviews
    planted: list[Spell] = []

    def actors(change: Change) -> Sequence[str]:
        if change is Change.NEWCOMER:
            return fillers
        return rivals if change in _OF_RIVALS else [own, *rivals]

    def tell(story: Story, days: range) -> None:
        """Plant one spell of the story where there is room for it, or none."""
        for _ in range(_TRIES if days else 0):
            keyword = rng.choice(keywords) if story.change in BY_KEYWORD else None
            asin = rng.choice(actors(story.change))
            if add([_draw(story, asin, keyword, rng.choice(days), rng)]):
                return

    def play(plot: Plot, days: range) -> None:
        """The same of a plot: all of it, or nothing."""
        most = plot.most_reviews
        free = [asin for asin in ([own] if plot.own else rivals) if most is None or reviews[asin] <= most]
        needed = 1 + max(part.actor for part in plot.parts)
        for _ in range(_TRIES if days and len(free) >= needed else 0):
            start, names, who = rng.choice(days), rng.sample(keywords, len(keywords)), rng.sample(free, needed)
            spells = [
                _draw(
                    part,
                    who[part.actor],
                    names[part.keyword] if part.change in BY_KEYWORD else None,
                    start + part.night,
                    rng,
                )
                for part in plot.parts
            ]
            if add(spells):
                return

    def add(spells: list[Spell]) -> bool:
        blurred = any(collide(spell, other) for spell in spells for other in planted)
        planted.extend([] if blurred else spells)
        return not blurred

    for place, story in enumerate(FINALES[number % len(FINALES)]):
        tell(story, range(max(nights - 1 - place % 2 - story.after, story.history), nights - story.after))
    for plot in PLOTS[number % len(PLOTS)]:
        play(plot, range(max(plot.history, nights - MONTH), nights - plot.after))
    for story in STORIES:
        for _ in range(round(story.times * min(1.0, nights / MONTH))):
            tell(story, range(max(story.history, nights - MONTH), nights - max(_FINALE, story.after)))
    return sorted(planted, key=lambda s: (s.start, s.asin, s.change, s.keyword or ""))


def _draw(what: Story | Part, asin: str, keyword: str | None, start: int, rng: Random) -> Spell:
    """A spell that begins on night ``start``, of a size and length between the bounds of what is told."""
    end = start + rng.randint(*what.lasts) if what.lasts else None
    size = rng.uniform(*what.sizes)
    if what.change is Change.COUPON and size >= 1:
        size = round(size / 5) * 5.0
    return Spell(what.change, asin, start, end, size, keyword)
