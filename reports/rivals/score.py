"""How much a product competes with a listing: a sum of parts that can be checked by hand. See reports/RIVALS.md.

Each part is a number from 0 to 1 with a weight; the score is their weighted mean. What is not known is left out, and
the weights of the rest count for more: it is never 0 for want of looking. A product of which less than half of the
weight is known is not ranked at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import log
from statistics import fmean

from reports.rivals.evidence import Beside, Evidence, Known, Spot
from reports.sentences import Fact, Said

WEIGHTS = {"keywords": 0.25, "nearness": 0.2, "beside": 0.2, "price": 0.15, "rank": 0.1, "reviews": 0.1}
"""Judgement: whom the site sets beside you for the same words and buyers comes before what resembles you in figures."""
LEAST_KNOWN = 0.5
OWN_PAGE_ONE = 2
"""A keyword counts twice where the own product stands on page one: these are the words that it lives on."""
AD = 0.5
"""An ad stands where it is paid for: it counts half of a result."""
HALF_AWAY = 8
"""Places apart at which nearness is a half: about two rows of a page of results."""
PRICE_REACH, RANK_REACH, REVIEWS_REACH = log(2), log(10), log(10)
"""Half or double the price, ten times the rank or the reviews: then the part is 0."""
NAMED = 3


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a score."""

    key: str
    weight: float
    value: float | None
    """From 0 to 1; None where it is not known."""
    says: tuple[Said, ...]
    """What it rests on, in words; empty where there is nothing to say."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A product with how much it competes."""

    product: Known
    parts: tuple[Part, ...]
    known: float
    """The weight of the parts that are known, of 1."""
    score: float
    """From 0 to 1; 0 where nothing is known."""

    @property
    def reasons(self) -> tuple[Said, ...]:
        """What speaks for it, and against it, the weightiest first."""
        told = sorted((part for part in self.parts if part.value), key=lambda part: -part.weight * (part.value or 0))
        rest = [part for part in self.parts if part.value == 0]
        return tuple(said for part in (*told, *rest) for said in part.says)


def scored(found: Evidence, asin: str) -> Scored:
    """How much a product competes with the own one."""
    own, other = found.own, found.products.get(asin) or Known(asin)
    judged = {
        **_searches(found, asin),
        "beside": _beside(found, asin),
        "price": _price(own, other, found.subject.currency),
        "rank": _rank(own, other),
        "reviews": _reviews(own, other),
    }
    parts = tuple(Part(key, weight, *judged[key]) for key, weight in WEIGHTS.items())
    weighted = [(part.weight, part.value) for part in parts if part.value is not None]
    known = sum(weight for weight, _ in weighted)
    return Scored(other, parts, known, sum(weight * value for weight, value in weighted) / known if known else 0.0)


def candidates(found: Evidence) -> list[Scored]:
    """The products that could be watched, best first: not the own ones, their variations or others of the own brand,
    nor a variation of a rival, nor what was declined."""
    subject, own = found.subject, found.own
    families = {found.products[a].parent for a in (subject.asin, *subject.rivals) if a in found.products} - {None}
    out = {subject.asin, *subject.rivals, *found.declined}
    asins = (found.stands.keys() | set(found.beside or ()) | _neighbours(found)) - out
    judged = [
        scored(found, asin)
        for asin in sorted(asins)
        if not (known := found.products.get(asin)) or (known.parent not in families and not _of_brand(known, own.brand))
    ]
    return sorted((s for s in judged if s.known >= LEAST_KNOWN), key=lambda s: (-s.score, s.product.asin))


def _neighbours(found: Evidence) -> set[str]:
    """Products with a rank in one of the own categories that is not out of reach."""
    own = found.own.ranks
    return {
        asin
        for asin, known in found.products.items()
        if any(_alike(own[key].rank, known.ranks[key].rank, RANK_REACH) for key in own.keys() & known.ranks.keys())
    }


def _of_brand(known: Known, brand: str | None) -> bool:
    """Whether a product is of a brand; of one whose page was not read, whether its title begins with it."""
    if not brand:
        return False
    named = known.brand or ""
    title = (known.title or "").casefold()
    return named.casefold() == brand.casefold() or f"{title} ".startswith(f"{brand.casefold()} ")


Judged = tuple[float | None, tuple[Said, ...]]
UNKNOWN: Judged = (None, ())


def _searches(found: Evidence, asin: str) -> Mapping[str, Judged]:
    """Presence on the keywords, and nearness to the own places there."""
    present: list[tuple[int, float]] = []
    near: list[tuple[int, float]] = []
    apart: list[int] = []
    stands: list[tuple[str, int | None]] = []
    standing = found.stands.get(asin, {})
    for keyword, days in found.readings.items():
        here = standing.get(keyword, ())
        weight = OWN_PAGE_ONE if keyword in found.on_page_one else 1
        present.append((weight, sum([1 if spot.organic else AD for spot, _ in here]) / len(days)))
        if here:
            stands.append((keyword, next((s.organic for s, _ in reversed(here) if s.organic), None)))
            near.append((weight, sum([_near(*both) for both in here]) / len(here)))
            apart += [abs(s.organic - mine.organic) for s, mine in here if s.organic and mine and mine.organic]
    if not present:
        return {"keywords": UNKNOWN, "nearness": UNKNOWN}
    return {
        "keywords": (_mean(present), (_stands(stands, len(present)),)),
        "nearness": (
            (_mean(near) if near else None),
            (Said("on average {places:fixed} places from yours", {"places": Decimal(str(fmean(apart)))}),)
            if apart
            else (),
        ),
    }


def _near(spot: Spot, own: Spot | None) -> float:
    """How near a product stood to the own one in one reading: to its result, else to its ad; to the top of the page
    where the own one is not there, for that is whom it would have to displace."""
    organic, ad = (own.organic, own.ad) if own else (None, None)
    return max(_closeness(spot.organic, organic or 1), AD * _closeness(spot.ad, ad or 1))


def _closeness(place: int | None, own: int) -> float:
    return 1 / (1 + abs(place - own) / HALF_AWAY) if place else 0.0


def _stands(stands: list[tuple[str, int | None]], of: int) -> Said:
    if not stands:
        return Said("on none of {of:count keyword|keywords}", {"of": of})
    stands = sorted(stands, key=lambda each: each[1] or 999)
    named = [
        Said("“{keyword}” at place {place}", {"keyword": keyword, "place": place})
        if place
        else Said("“{keyword}” as an ad", {"keyword": keyword})
        for keyword, place in stands[:NAMED]
    ]
    facts: dict[str, Fact] = {"on": len(stands), "of": of, "where": named}
    return Said("on {on:number} of {of:count keyword|keywords}: {where:clauses}", facts)


def _beside(found: Evidence, asin: str) -> Judged:
    """Where the site itself sets it: beside the own product, on rivals' pages; or the own product on its page."""
    if found.beside is None:
        return UNKNOWN
    shown = found.beside.get(asin, Beside())
    rivals = shown.rivals / shown.of if shown.of else 0.0
    value = max(shown.own, AD * shown.ad, shown.back, rivals)
    says: list[Said] = []
    if shown.own or shown.ad:
        says.append(Said("shown on {share:share} of your pages", {"share": max(shown.own, shown.ad)}))
    if shown.back:
        says.append(Said("its page shows yours", {}))
    if shown.rivals:
        says.append(
            Said("shown on the pages of {pages:number} of {of:number} rivals", {"pages": shown.rivals, "of": shown.of})
        )
    return value, tuple(says)


def _price(own: Known, other: Known, currency: str) -> Judged:
    if not own.price or not other.price:
        return UNKNOWN
    says = Said(
        "to pay {price:money}, {change:percent} against yours",
        {"price": other.price, "currency": currency, "change": float(other.price / own.price) - 1},
    )
    return _alike(float(own.price), float(other.price), PRICE_REACH), (says,)


def _rank(own: Known, other: Known) -> Judged:
    """In the category in which they are closest."""
    both = [(own.ranks[key], other.ranks[key]) for key in own.ranks.keys() & other.ranks.keys()]
    if not both:
        return UNKNOWN
    mine, theirs = min(both, key=lambda pair: (abs(log(pair[0].rank / pair[1].rank)), pair[0].key))
    says = Said(
        "rank {rank:number} in {category}, yours {own:number}",
        {"rank": theirs.rank, "category": mine.category, "own": mine.rank},
    )
    return _alike(mine.rank, theirs.rank, RANK_REACH), (says,)


def _reviews(own: Known, other: Known) -> Judged:
    if own.reviews is None or other.reviews is None:
        return UNKNOWN
    says = Said("{reviews:count review|reviews}, yours {own:number}", {"reviews": other.reviews, "own": own.reviews})
    return _alike(own.reviews + 1, other.reviews + 1, REVIEWS_REACH), (says,)


def _alike(one: float, other: float, reach: float) -> float:
    """1 of the same, falling with the logarithm of their ratio to 0 at ``reach``."""
    return max(0.0, 1 - abs(log(one / other)) / reach)


def _mean(weighted: list[tuple[int, float]]) -> float:
    return sum(weight * value for weight, value in weighted) / sum(weight for weight, _ in weighted)
