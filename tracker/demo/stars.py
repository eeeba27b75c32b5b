"""How many reviews of each number of stars a product has, night by night: its rating follows from them."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import NamedTuple

from tracker.demo.catalogue import Sheet
from tracker.demo.chance import poisson
from tracker.demo.opinions import percents
from tracker.demo.spells import Change, Spell

_BURST = 0.18
"""Of the reviews there are, the most that come in a burst: more would be taken for another listing's."""
_ONE_STAR = 0.8
"""Of the reviews of a bad wave; the others give two."""


class Stars(NamedTuple):
    """The reviews of one night by stars, five first."""

    five: int
    four: int
    three: int
    two: int
    one: int

    @property
    def total(self) -> int:
        return sum(self)

    @property
    def rating(self) -> Decimal:
        """Their average in tenths."""
        given = sum(number * stars for number, stars in zip(self, (5, 4, 3, 2, 1), strict=True))
        return (Decimal(given) / self.total).quantize(Decimal("0.1"), ROUND_HALF_UP)

    @property
    def percents(self) -> tuple[int, ...]:
        """Their shares in whole percent, 100 together: those that lose most by rounding down are rounded up."""
        down = [100 * given // self.total for given in self]
        by_loss = sorted(range(5), key=lambda n: (-(100 * self[n] % self.total), n))
        return tuple(share + (n in by_loss[: 100 - sum(down)]) for n, share in enumerate(down))


def stars(sheet: Sheet, spells: Sequence[Spell], nights: int, rng: Random) -> list[Stars]:
    """The reviews of each night."""
    usual = percents(sheet.rating)
    now = _shared(sheet.reviews, usual)
    found = []
    for night in range(nights):
        arrived = poisson(rng.gammavariate(3.0, sheet.review_pace / 3.0), rng)
        removed = rng.randint(1, 3) if rng.random() < 0.012 else 0
        if night:
            now = _changed(now, rng.choices(range(5), usual, k=arrived), 1)
            now = _changed(now, rng.choices(range(5), now, k=removed), -1)
            now = _planted(now, usual, spells, night, rng)
        found.append(Stars(*now))
    return found


def _planted(now: list[int], usual: Sequence[int], spells: Sequence[Spell], night: int, rng: Random) -> list[int]:
    for spell in spells:
        if not spell.on(night):
            continue
        match spell.change:
            case Change.REVIEWS:
                now = _changed(now, rng.choices(range(5), usual, k=round(min(spell.size, sum(now) * _BURST))), 1)
            case Change.REMOVED:
                now = [
                    given - gone for given, gone in zip(now, _shared(round(sum(now) * spell.size), now), strict=True)
                ]
            case Change.MERGED if spell.start == night:
                now = [
                    given + come for given, come in zip(now, _shared(round(sum(now) * spell.size), now), strict=True)
                ]
            case Change.LOW_STARS:
                angry = (0, 0, 0, 1 - _ONE_STAR, _ONE_STAR)
                now = _changed(now, rng.choices(range(5), angry, k=round(sum(now) * spell.size)), 1)
    return now


def _changed(now: Sequence[int], which: Sequence[int], by: int) -> list[int]:
    return [max(0, given + by * which.count(n)) for n, given in enumerate(now)]


def _shared(count: int, weights: Sequence[int]) -> list[int]:
    """So many in these shares: what rounding leaves over has the largest."""
    total = sum(weights)
    found = [count * weight // total for weight in weights]
    largest = weights.index(max(weights))
    found[largest] += count - sum(found)
    return found
