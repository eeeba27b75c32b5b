"""What was planted in a world, how large it is in words a seller accepts, and what follows from it."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from reports.flags.kind import Kind


class Size(StrEnum):
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"
    FACT = "fact"
    """There is no more or less of it."""


SIZED = (Size.SMALL, Size.MEDIUM, Size.LARGE)


@dataclass(frozen=True, slots=True)
class Scale:
    """Ranges of a size: uniform between both ends, with at least so many of the units counted."""

    unit: str
    small: tuple[float, float]
    medium: tuple[float, float]
    large: tuple[float, float]
    least: tuple[int, int, int] = (0, 0, 0)
    of: str = ""
    """What ``least`` counts."""

    def range(self, size: Size) -> tuple[float, float]:
        return {Size.SMALL: self.small, Size.MEDIUM: self.medium, Size.LARGE: self.large}[size]

    def floor(self, size: Size) -> int:
        return self.least[SIZED.index(size)]


SCALES: dict[str, Scale] = {
    "price": Scale("% of the price", (5.5, 8), (10, 15), (20, 35)),
    "war": Scale("% that each of three to five rivals cuts, within five nights", (4, 5), (6, 8), (12, 20)),
    "market price": Scale("% that four in five products cut, within three nights", (5.5, 8), (10, 15), (20, 30)),
    "see-saw": Scale("% up and down, every one to three nights for 30", (5.5, 7), (8, 11), (14, 20)),
    "coupon": Scale("% off", (5, 8), (10, 15), (20, 40)),
    "stock-out": Scale("nights", (1, 2), (4, 7), (9, 16)),
    "running low": Scale('"only N left"', (8, 10), (4, 6), (1, 3)),
    "offers": Scale("times the usual other offers", (1.6, 2), (2.5, 3.5), (4, 8), (3, 5, 10), "more offers"),
    "hijacker": Scale("nights in ten on which the newcomer has the Buy Box", (0, 0), (4, 6), (10, 10)),
    "rank": Scale("times the BSR, in the long run", (1.6, 2), (2.2, 3), (4, 8)),
    "top rank": Scale("times the rank, over the 10th or 100th place", (1.6, 2), (2.2, 3), (4, 8)),
    "market rank": Scale("times the BSR of every watched product", (1.6, 2), (2.2, 3), (4, 6)),
    "burst": Scale("times the usual reviews of three nights", (2, 3), (4, 6), (10, 16), (8, 15, 30), "new reviews"),
    "market reviews": Scale("times everybody's pace for six nights", (2, 2.5), (3, 4), (6, 10), (2, 4, 8), "new each"),
    "removed": Scale("% of the reviews", (1, 2), (4, 8), (15, 40), (10, 20, 40), "reviews"),
    "merged": Scale("% more reviews in one night", (30, 60), (80, 150), (300, 900), (60, 120, 300), "reviews"),
    "rating": Scale("stars", (0.1, 0.1), (0.2, 0.3), (0.4, 0.8)),
    "low stars": Scale(
        "percentage points more of one to three stars, within six nights",
        (2, 3),
        (4, 6),
        (8, 14),
        (5, 10, 20),
        "of them",
    ),
    "place": Scale("times the organic place, on page one", (1.7, 2), (2.5, 3.5), (5, 9), (3, 5, 8), "places"),
    "page one": Scale("pages that it moves, over the edge of page one", (0.25, 0.35), (0.5, 0.8), (1.1, 1.6)),
    "ads": Scale("% of the readings show the ad", (35, 45), (65, 75), (92, 100)),
    "share": Scale("% of the keywords on which it moves between beyond and top five", (40, 55), (60, 75), (90, 100)),
    "title": Scale("words that change", (1, 1), (2, 3), (6, 8)),
}


@dataclass(frozen=True, slots=True)
class Label:
    """A planted move. It is found when a flag of its kind comes in the nights ``first`` to ``last``."""

    kind: Kind
    asin: str | None
    """None: the listing's or the market's."""
    first: int
    """Night on which the world moves."""
    last: int
    size: Size = Size.FACT
    keyword: str | None = None
    """None: any."""
    alike: Collection[Kind] = ()
    """Kinds that say the same."""
    ends: int | None = None
    """First night on which it is over: who never reads a page before cannot know of it."""


@dataclass(frozen=True, slots=True)
class Echo:
    """Flags that follow from what was planted, or from a fact nobody planted: neither found nor false."""

    kinds: Collection[Kind]
    asin: str | None
    """None: any product."""
    first: int
    last: int
    keyword: str | None = None
    times: int | None = None
    """How many of each kind are borne; None: any number."""
