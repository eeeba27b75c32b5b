"""What is true of a product on each night of a world, before any page is read: its own level, habits and plants.

Arrays run over the nights 0 to ``NIGHTS`` - 1. A planted move changes the truth from midnight (UTC) of its night on.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from reports.flags.kind import Kind
from tests.worlds.labels import SCALES, Echo, Label, Size

NIGHTS = 150
HISTORY = 50
"""Nights before the window of the comparison: nothing is planted in them."""

Numbers = NDArray[np.float64]
Counts = NDArray[np.int64]
Flags = NDArray[np.bool_]


def level(value: float = 1.0) -> Numbers:
    return np.full(NIGHTS, value)


def count(value: int = 0) -> Counts:
    return np.full(NIGHTS, value, dtype=np.int64)


def never() -> Flags:
    return np.zeros(NIGHTS, dtype=np.bool_)


@dataclass(slots=True)
class Product:
    asin: str
    own: bool
    sales: float
    """A day, in the long run."""
    pace: float
    """New reviews a day, in the long run."""
    reviews: int
    """At the beginning."""
    stars: Numbers
    """Shares of 5, 4, 3, 2 and 1 stars."""
    cents: int
    """Price at the beginning."""
    narrower: float
    """How many times its rank in the main category is that in the narrower one."""
    elasticity: float
    habit: str = "calm"
    """Of its price."""
    weighing: float = 0.0
    """What the site adds to the mean of the stars."""
    watched_from: int = 0
    demand: Numbers = field(default_factory=level)
    price: Numbers = field(default_factory=level)
    coupon: Counts = field(default_factory=count)
    """Percent; 0 is none."""
    deal: Flags = field(default_factory=never)
    out: Flags = field(default_factory=never)
    left: Counts = field(default_factory=count)
    """N of "only N left"; 0 is not shown."""
    seller: Counts = field(default_factory=count)
    offers: Counts = field(default_factory=count)
    """Other offers."""
    rush: Numbers = field(default_factory=level)
    """Times the pace of reviews."""
    extra: Counts = field(default_factory=count)
    """Reviews that come in that night beside the pace."""
    poor: Counts = field(default_factory=count)
    """Of these, ones of one to three stars."""
    removed: Counts = field(default_factory=count)
    shift: Numbers = field(default_factory=lambda: level(0.0))
    """What the site adds to the rating from then on."""
    title: Counts = field(default_factory=count)
    bullets: Counts = field(default_factory=count)
    image: Counts = field(default_factory=count)
    images: Counts = field(default_factory=lambda: count(6))
    variations: Counts = field(default_factory=lambda: count(4))
    a_plus: Flags = field(default_factory=never)
    video: Flags = field(default_factory=never)
    category: Counts = field(default_factory=count)
    best_seller: Flags = field(default_factory=never)
    choice: Flags = field(default_factory=never)
    gone: Flags = field(default_factory=never)
    paid: Counts = field(default_factory=count)
    """Cents to pay after the coupon: follows from the rest."""


@dataclass(slots=True)
class Results:
    """One keyword: places in logarithms, and how often an ad shows, by product."""

    keyword: str
    page: Counts
    """Organic results on page one, by night."""
    place: dict[str, Numbers]
    ads: dict[str, Numbers]


@dataclass(slots=True)
class Truth:
    chance: Generator
    laws: dict[str, str]
    products: list[Product]
    results: list[Results]
    theta: float = 1.0
    """Exponent of the rank's power law."""
    scale: float = 5000.0
    """Rank in the main category of who sells one a day."""
    niche: Numbers = field(default_factory=level)
    """Times everybody's sales."""
    strangers: list[tuple[str, str, int, int]] = field(default_factory=list)
    """Keyword, ASIN, night and place of unwatched products that came up."""
    labels: list[Label] = field(default_factory=list)
    echoes: list[Echo] = field(default_factory=list)

    @property
    def own(self) -> Product:
        return self.products[0]

    def rank(self, product: Product) -> float:
        """Its rank in the main category in the long run, before anything is planted."""
        return self.scale * float(product.sales ** (-1 / self.theta))

    def label(self, kind: Kind, asin: str | None, night: int, within: int, size: Size = Size.FACT, **more: Any) -> None:
        self.labels.append(Label(kind, asin, night, night + within, size, **more))

    def echo(self, kinds: Collection[Kind], asin: str | None, night: int, within: int, **more: Any) -> None:
        self.echoes.append(Echo(kinds, asin, night, night + within, **more))

    def drawn(self, scale: str, size: Size) -> float:
        """A size of the class, in the unit of its scale."""
        return float(self.chance.uniform(*SCALES[scale].range(size)))

    def law(self, group: str, *names: str) -> bool:
        return self.laws[group] in names
