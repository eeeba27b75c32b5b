"""Bad reviews that are planted to be found, and what each of them complains about.

In every niche five come, two on the own page and three on those of rivals, and a customer of the own product who was
content comes back and takes stars away. All is drawn from a generator of its own, so that it moves nothing else. A
product that is gone for a while gets none.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from importlib.resources import files

from msgspec.structs import replace

from storage.records import Missing, Reason, Review
from tracker.demo.chance import generator
from tracker.demo.words import WORDS

LATELY = 14
"""Nights of the world's end in which they come."""
WRITTEN = timedelta(days=40)
"""Before the first night, the review whose stars change."""
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Grievance:
    """A planted review."""

    asin: str
    night: int
    """The first that shows it, or shows it changed."""
    review: Review
    topics: tuple[str, ...]
    """Keys of reports/topics; empty for none of them."""
    before: Review | None = None
    """What stood there until then; None for nothing."""


def complaints(planted: Sequence[Grievance], asin: str, night: int) -> tuple[Review, ...]:
    """The planted reviews on the page of a product on a night."""
    on_page = ((each.review if night >= each.night else each.before) for each in planted if each.asin == asin)
    return tuple(review for review in on_page if review)


def grievances(
    niche: str, marketplace: str, own: str, rivals: Sequence[str], *, seed: int, nights: int, start: date
) -> tuple[Grievance, ...]:
    """The planted reviews of a niche. ``rivals``: those with a page on every night."""
    rng = generator(seed, marketplace, niche, "grievances")
    texts, words = _texts()[niche], WORDS[marketplace]
    fresh = rng.sample(texts[:-1], len(texts) - 1)
    who = [own, own, *(rng.choice(rivals) for _ in fresh[2:])] if rivals else [own] * len(fresh)
    found = []
    for asin, (title, body, topics) in [*zip(who, fresh, strict=True), (own, texts[-1])]:
        night = rng.randrange(max(1, nights - LATELY), nights)
        review = Review(
            review_id="R" + "".join(rng.choices(_ALPHABET, k=13)),
            stars=Decimal(rng.choice((1, 1, 2)) if topics else 3),
            reviewed_on=start + timedelta(days=night - 1),
            country=words.reviewed[0][0],
            verified=True,
            title=title,
            body=body,
            missing=(Missing(field="variant", reason=Reason.ABSENT_ON_PAGE),),
        )
        found.append(Grievance(asin, night, review, topics))
    title, body = rng.choice(words.praise)
    changed = replace(found[-1].review, reviewed_on=start - WRITTEN)
    before = replace(changed, stars=Decimal(5), title=title, body=body)
    found[-1] = Grievance(own, found[-1].night, changed, found[-1].topics, before)
    return tuple(found)


@cache
def _texts() -> dict[str, list[tuple[str, str, tuple[str, ...]]]]:
    """By niche: headline, text and topics."""
    told = tomllib.loads(files(__package__).joinpath("templates", "grievances.toml").read_text("utf-8"))
    return {niche: [(title, body, tuple(topics)) for title, body, topics in each] for niche, each in told.items()}
