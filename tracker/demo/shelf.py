"""Who stands where in the search results of one keyword, night by night.

Every product of the niche has an organic slot for the keyword; noise makes neighbours swap, a planted
change moves a product to another slot. Ads go to those who always advertise and to a rotating rest,
in an order that is drawn anew each night: a product may well stand there twice, as ad and as result.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from tracker.demo.chance import generator
from tracker.demo.planting import Change, Spell

ORGANIC = 16
"""Organic results of a page."""
_SLOTS = ((0, 1, 8, 15), (0, 9, 18), (0, 9))
"""Where the ads of each page stand among its results."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The slots of one keyword."""

    keyword: str
    slots: dict[str, int]
    """ASIN -> usual organic slot, from 0."""
    steady: tuple[str, ...]
    """Watched products that always advertise here."""
    rotating: dict[str, float]
    """Others that advertise -> how often."""
    spells: tuple[Spell, ...]
    name: str
    """Of the niche's generators."""

    @property
    def pages(self) -> int:
        return -(-len(self.slots) // ORGANIC)

    def night(self, night: int) -> list[list[tuple[str, bool]]]:
        """The pages of one night: (ASIN, sponsored) in page order."""
        rng = generator(self.name, self.keyword, night)
        where = {
            asin: slot + rng.gauss(0, 0.7) + sum(s.size for s in self._on(asin, Change.PLACE, night))
            for asin, slot in self.slots.items()
        }
        organic = sorted(where, key=lambda asin: (where[asin], asin))
        ads = self._ads(night, rng)
        pages = []
        for page in range(self.pages):
            cards = [(asin, False) for asin in organic[page * ORGANIC : (page + 1) * ORGANIC]]
            for place in _SLOTS[min(page, len(_SLOTS) - 1)]:
                if ads:
                    cards.insert(place, (ads.pop(0), True))
            pages.append(cards)
        return pages

    def _ads(self, night: int, rng: Random) -> list[str]:
        """Whose ads show, best placed first. Who always advertises is on one of the first two pages."""
        room = len(_SLOTS[0]) + len(_SLOTS[1])
        stopped = {s.asin for s in self.spells if s.change is Change.ADS and s.size < 0 and s.on(night)}
        begun = [s.asin for s in self.spells if s.change is Change.ADS and s.size > 0 and s.on(night)]
        sure = [asin for asin in (*self.steady, *begun) if asin not in stopped]
        rest = [asin for asin, often in self.rotating.items() if rng.random() < often]
        rng.shuffle(rest)
        shown = sure + rest[: room - len(sure)]
        rng.shuffle(shown)
        return shown + rest[room - len(sure) :]

    def _on(self, asin: str, change: Change, night: int) -> list[Spell]:
        return [s for s in self.spells if s.change is change and s.asin == asin and s.on(night)]


def shelf(name: str, keyword: str, watched: Sequence[str], fillers: Sequence[str], spells: Sequence[Spell]) -> Shelf:
    """Draw the usual slots of a keyword, with room for its planted changes to show."""
    rng = generator(name, keyword, "slots")
    here = tuple(s for s in spells if s.keyword == keyword)
    slots: dict[str, int] = {}
    free = list(range(len(watched) + len(fillers)))
    for spell in here:
        if spell.change is Change.PLACE:  # one who leaves page one comes from its top, one who enters from page two
            slots[spell.asin] = rng.choice([n for n in free if (n < 8 if spell.size > 0 else 22 <= n < 30)])
            free.remove(slots[spell.asin])
    for asin in watched:
        if asin not in slots:
            slots[asin] = min(rng.sample(free, 2))  # what is watched sells well
            free.remove(slots[asin])
    rng.shuffle(free)
    slots |= dict(zip(fillers, free, strict=True))
    planned = {s.asin for s in here if s.change is Change.ADS}
    others = [asin for asin in watched if asin not in planned]
    often = rng.sample(others, 3)
    steady = [s.asin for s in here if s.change is Change.ADS and s.size < 0] + often[:1]
    rotating = dict.fromkeys(often[1:], 0.45) | dict.fromkeys(rng.sample(list(fillers), 14), 0.5)
    return Shelf(keyword, slots, tuple(steady), rotating, here, name)
