"""Who stands where in the search results of one keyword, night by night.

Every product of the niche has an organic slot for the keyword; noise makes neighbours swap, a planted
change moves a product to another slot. Ads go to those who always advertise and to a rotating rest,
in an order that is drawn anew each night: a product may well stand there twice, as ad and as result.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from random import Random

from tracker.demo.chance import generator
from tracker.demo.spells import Change, Spell

ORGANIC = 16
"""Organic results of a page."""
PAGES = 2
"""Results pages that the demo reads of a keyword: the first page of results and the one behind it."""
_SLOTS = ((0, 1, 8, 15), (0, 9, 18), (0, 9))
"""Where the ads of each page stand among its results."""

_MOVES = frozenset({Change.PLACE, Change.NEWCOMER})


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

    def usual(self, night: int) -> list[str]:
        """The organic order without the noise of the night."""
        return self._ranked(self._where(night), night)

    def advertises(self, asin: str, night: int) -> bool:
        """Whether its ads are always there."""
        return asin in self._sure(night)

    def night(self, night: int) -> list[list[tuple[str, bool]]]:
        """The pages of one night: (ASIN, sponsored) in page order."""
        rng = generator(self.name, self.keyword, night)
        organic = self._ranked({asin: slot + rng.gauss(0, 0.7) for asin, slot in self._where(night).items()}, night)
        ads = [asin for asin in self._ads(night, rng) if asin in organic]
        pages = []
        for page in range(self.pages):
            cards = [(asin, False) for asin in organic[page * ORGANIC : (page + 1) * ORGANIC]]
            for place in _SLOTS[min(page, len(_SLOTS) - 1)]:
                if ads:
                    cards.insert(place, (ads.pop(0), True))
            pages.append(cards)
        return pages

    def _where(self, night: int) -> dict[str, float]:
        """The usual slots, planted changes taken in."""
        moves = {spell.asin: spell.size for spell in self._on(_MOVES, night)}
        return {asin: slot + moves.get(asin, 0.0) for asin, slot in self.slots.items()}

    def _ranked(self, where: dict[str, float], night: int) -> list[str]:
        gone = {spell.asin for spell in self._on({Change.GONE}, night)}
        return sorted(where.keys() - gone, key=lambda asin: (where[asin], asin))

    def _ads(self, night: int, rng: Random) -> list[str]:
        """Whose ads show, best placed first. Who always advertises is on one of the first two pages."""
        room = len(_SLOTS[0]) + len(_SLOTS[1])
        sure = self._sure(night)
        rest = [asin for asin, often in self.rotating.items() if rng.random() < often]
        rng.shuffle(rest)
        shown = sure + rest[: room - len(sure)]
        rng.shuffle(shown)
        return shown + rest[room - len(sure) :]

    def _sure(self, night: int) -> list[str]:
        ads = self._on({Change.ADS}, night)
        stopped = {spell.asin for spell in ads if spell.size < 0}
        return [asin for asin in (*self.steady, *(s.asin for s in ads if s.size > 0)) if asin not in stopped]

    def _on(self, changes: AbstractSet[Change], night: int) -> list[Spell]:
        return [spell for spell in self.spells if spell.change in changes and spell.on(night)]


def _from(spell: Spell) -> range:
    """The slots that a planted move can begin at, for what is planted to show."""
    if spell.change is Change.NEWCOMER:
        return range(38, 42)  # from behind the pages read to the top of the first
    if abs(spell.size) < ORGANIC - 1:
        return range(9, 13)  # up within page one
    return range(8) if spell.size > 0 else range(22, 30)  # from the top of page one, or from page two


def shelf(name: str, keyword: str, watched: Sequence[str], fillers: Sequence[str], spells: Sequence[Spell]) -> Shelf:
    """Draw the usual slots of a keyword, with room for its planted changes to show."""
    rng = generator(name, keyword, "slots")
    here = tuple(s for s in spells if s.keyword == keyword or s.change is Change.GONE)
    slots: dict[str, int] = {}
    free = list(range(len(watched) + len(fillers)))
    for spell in here:
        if spell.change in _MOVES:
            slots[spell.asin] = rng.choice([n for n in free if n in _from(spell)])
            free.remove(slots[spell.asin])
    for asin in watched:
        if asin not in slots:
            slots[asin] = min(rng.sample(free, 2))  # what is watched sells well
            free.remove(slots[asin])
    rng.shuffle(free)
    slots |= dict(zip((asin for asin in fillers if asin not in slots), free, strict=True))
    moved = {s.asin for s in here if s.change in _MOVES}
    planned = {s.asin for s in here if s.change is Change.ADS}
    others = [asin for asin in watched if asin not in planned]
    often = rng.sample(others, 3)
    steady = [s.asin for s in here if s.change is Change.ADS and s.size < 0] + often[:1]
    rotating = dict.fromkeys(often[1:], 0.45) | dict.fromkeys(
        rng.sample([asin for asin in fillers if asin not in moved], 14), 0.5
    )
    return Shelf(keyword, slots, tuple(steady), rotating, here, name)
