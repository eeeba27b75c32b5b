"""What customers of the simulated world say: how their stars are spread, and the reviews that stand on a page.

A page shows a few reviews that stay, and behind them the newest, which give way as reviews come in. A review is
numbered by the count of ratings it came with, so it is the same one, of the same day, on every night it shows.
"""

import math
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from storage.records import Missing, Reason, Review
from tracker.demo.catalogue import Sheet
from tracker.demo.chance import generator
from tracker.demo.listing import Listing, size_and_colour
from tracker.demo.spells import Spell
from tracker.demo.words import WORDS

STAYING, NEWEST = 3, 4
"""Reviews on a page: those voted up, and the last ones."""
_WRITTEN = 6
"""One in so many who rate also writes."""
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@lru_cache(maxsize=256)
def percents(rating: Decimal) -> tuple[int, ...]:
    """Percent of the ratings that gave 5, 4, 3, 2 and 1 stars: 100 together, with this average."""
    low, high = -2.0, 4.0  # the more, the more fives
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if _average(_spread(middle)) < rating else (low, middle)
    shares = _spread(low)
    floors = [math.floor(share) for share in shares]
    rest = sorted(range(5), key=lambda n: (floors[n] - shares[n], n))[: 100 - sum(floors)]
    return tuple(floor + (n in rest) for n, floor in enumerate(floors))


def _spread(tilt: float) -> list[float]:
    """Percentages for 5 to 1 stars. Who is angry gives one star, not two."""
    weights = [math.exp(tilt * stars) * angry for stars, angry in zip((4, 3, 2, 1, 0), (1, 1, 1, 1, 2.5), strict=True)]
    return [100 * weight / sum(weights) for weight in weights]


def _average(shares: Sequence[float]) -> float:
    return sum(share * stars for share, stars in zip(shares, (5, 4, 3, 2, 1), strict=True)) / 100


def reviews(
    sheet: Sheet, shown: Listing, counts: Sequence[int], day: int, *, seed: int, start: date, wave: Spell | None = None
) -> tuple[Review, ...]:
    """The reviews on the page of night ``day``. ``counts`` are the numbers of ratings on every night of the world;
    who rates during the ``wave`` complains."""
    home: list[Review] = []
    abroad: list[Review] = []
    age = (start - shown.first_available).days
    for number in range(min(STAYING, counts[0] // _WRITTEN)):
        rng = generator(seed, sheet.niche.marketplace, sheet.asin, "voted up", number)
        foreign = number == STAYING - 1 and rng.random() < 0.4
        day_of_it = start - timedelta(days=rng.randint(20, max(20, age - 10)))
        (abroad if foreign else home).append(
            _review(sheet, shown, f"voted up/{number}", day_of_it, seed=seed, foreign=foreign)
        )
    last = counts[day] // _WRITTEN
    for number in range(last, max(0, last - NEWEST), -1):
        came = _came(number * _WRITTEN, sheet, counts, start)
        bad = wave is not None and wave.on((came - start).days + 1)
        day_of_it = max(shown.first_available, came)
        home.append(_review(sheet, shown, f"newest/{number}", day_of_it, seed=seed, foreign=False, bad=bad))
    return (*home, *abroad)


def _came(count: int, sheet: Sheet, counts: Sequence[int], start: date) -> date:
    """The day on which the number of ratings became ``count``: the one before the first night that shows so many."""
    night = next(night for night, reached in enumerate(counts) if reached >= count)
    if night == 0:
        return start - timedelta(days=1 + int((counts[0] - count) / sheet.review_pace))
    return start + timedelta(days=night - 1)


def _review(
    sheet: Sheet, shown: Listing, name: str, reviewed_on: date, *, seed: int, foreign: bool, bad: bool = False
) -> Review:
    rng = generator(seed, sheet.niche.marketplace, sheet.asin, "review", name)
    words = WORDS[sheet.niche.marketplace]
    (stars,) = rng.choices((5, 4, 3, 2, 1), (0, 0, 0, 1, 4) if bad else percents(sheet.rating))
    told = words.praise if stars > 3 else words.doubts if stars == 3 else words.complaints
    title, body = rng.choice(told)
    bought = None
    if shown.variation is not None:
        parts = zip(words.dimensions, size_and_colour(rng.choice(sheet.niche.variants)), strict=True)
        bought = " | ".join(f"{dimension}: {value}" for dimension, value in parts)
    return Review(
        review_id="R" + "".join(rng.choices(_ALPHABET, k=13)),
        stars=Decimal(stars),
        reviewed_on=reviewed_on,
        country=words.reviewed[foreign][0],
        verified=rng.random() < 0.85,
        title=title,
        body=body,
        variant=bought,
        missing=() if bought else (Missing(field="variant", reason=Reason.ABSENT_ON_PAGE),),
    )
