"""Reviews of one to three stars that came up on the pages of a listing and its rivals, and what they complain about.

Only the few reviews that stand on product pages can be seen. One that is first seen in the period is new in it; on the
first page ever read of a product every review is first seen, and there the day it was written decides: within the
period it is new, before it is of the past. One that was written over a month before it first stood there is no new
complaint, and told apart. A change of the stars is told on the day that shows it. A review that stands on the pages of
several variations is one review, of the own product where that is one of them.

Counted by topic (:mod:`reports.topics`) are the new ones, and those whose customer came down from four or five stars.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import chain
from zoneinfo import ZoneInfo

import duckdb

from reports.gather import rows
from reports.period import Days
from reports.sentences import Said
from reports.series import NOT_THERE, Comparison, ProductSeries
from reports.topics import TOPICS, Topic, language_of, topics

LOW = 3
"""Stars of a bad review, at most."""
OLD = timedelta(days=30)
"""Between being written and being seen first: older reviews came to the front, and are no news (judgement)."""
OTHER = "other"
"""The topic of a review that says nothing of any."""


class Came(StrEnum):
    """What makes a review one of the period."""

    NEW = "new"
    CHANGED = "changed"
    """The customer changed the stars."""
    SURFACED = "surfaced"
    """Written long ago, and only now on the page."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A row of the view ``reviews``, as of the report's end."""

    review_id: str
    asin: str
    asins: Sequence[str]
    stars: int | None
    stars_before: int | None
    regraded_at: datetime | None
    reviewed_on: date | None
    country: str | None
    verified: bool
    title: str | None
    body: str | None
    variant: str | None
    first_seen_at: datetime
    there_before: bool
    state: str | None
    note: str | None
    said_at: datetime | None

    @property
    def text(self) -> str:
        return "\n".join(filter(None, (self.title, self.body)))

    def about(self, marketplace: str) -> tuple[str | None, tuple[Topic, ...] | None]:
        """Its language and its topics; of a language without a list, topics are not known."""
        language = language_of(self.text, self.country, marketplace)
        return language, topics(self.text, language) if language else None


@dataclass(frozen=True, slots=True)
class Opinion:
    """A review of the period."""

    kept: Kept
    asin: str
    """The report's product that it is counted for."""
    own: bool
    came: Came
    day: date
    """Local day of that."""
    language: str | None
    topics: tuple[Topic, ...] | None
    """None where its language has no list."""

    @property
    def before(self) -> int | None:
        """Stars before the customer changed them."""
        return self.kept.stars_before

    @property
    def complains(self) -> bool:
        """Whether it is a bad review that was not there before."""
        if self.kept.stars is None or self.kept.stars > LOW or self.came is Came.SURFACED:
            return False
        return self.came is Came.NEW or (self.before or 0) > LOW

    @property
    def open(self) -> bool:
        """Whether it is one of the own product that nobody has seen to."""
        return self.own and self.kept.state == "new" and self.kept.stars is not None and self.kept.stars <= LOW


@dataclass(frozen=True, slots=True)
class TopicCount:
    """How many bad reviews complain of something."""

    topic: str
    """One of TOPICS, or OTHER."""
    own: int
    rivals: int
    products: Mapping[str, int]
    """By ASIN, those with any."""
    words: tuple[str, ...]
    """What was found in the texts, the most frequent first."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """The reviews of a period."""

    opinions: tuple[Opinion, ...] = ()
    """Bad ones, and changed ones that are or were bad: the own product's first, then the newest."""
    topics: tuple[TopicCount, ...] = ()
    """The most frequent first; a review may have several."""
    own: int = 0
    """Bad reviews that are counted by topic: those whose language has a list."""
    rivals: int = 0
    unlisted: int = 0
    """Bad reviews in a language without a list."""
    open: int = 0
    """Bad reviews on the own page, whenever they came, that nobody has seen to."""
    unknown: tuple[str, ...] = ()
    """ASINs of products none of whose pages told its reviews in the period."""
    says: tuple[Said, ...] = ()


def reviews_of(con: duckdb.DuckDBPyConnection, comparison: Comparison) -> list[Kept]:
    """The bad reviews of the comparison's products, as of its end."""
    return kept(con, comparison.marketplace, [product.asin for product in comparison.products], comparison.until)


def kept(
    con: duckdb.DuckDBPyConnection,
    marketplace: str,
    asins: Sequence[str],
    until: datetime | None = None,
    *,
    most: int = LOW,
) -> list[Kept]:
    """The reviews that stood on pages of these products by an instant (by default, ever), the newest first: those that
    give so many stars at most, or gave."""
    bounds = {"marketplace": marketplace, "asins": list(asins), "until": until or "infinity", "most": most}
    return [Kept(*row) for row in rows(con, _KEPT, bounds)]


_KEPT = """
SELECT review_id, asin, asins, stars::INTEGER, stars_before::INTEGER, regraded_at, reviewed_on, country, verified,
       title, body, variant, first_seen_at, there_before, state, note, said_at
FROM reviews_at($until, of_asins := $asins) WHERE marketplace = $marketplace AND least(stars, stars_before) <= $most
ORDER BY first_seen_at DESC, review_id
"""


def counted(reviews: Sequence[Kept], comparison: Comparison, days: Days) -> Ledger:
    """What these reviews say of the days."""
    opinions = sorted(_opinions(reviews, comparison, days), key=lambda o: (not o.own, -o.day.toordinal()))
    bad = [o for o in opinions if o.complains]
    listed = [o for o in bad if o.topics is not None]
    own = sum(o.own for o in bad)
    unknown = tuple(p.asin for p in comparison.products if not any(_told(p, day) for day in days))
    still = sum(r.state == "new" and (r.stars or LOW + 1) <= LOW for r in reviews if comparison.own.asin in r.asins)
    return Ledger(
        opinions=tuple(opinions),
        topics=tuple(_by_topic(listed)),
        own=sum(o.own for o in listed),
        rivals=sum(not o.own for o in listed),
        unlisted=len(bad) - len(listed),
        open=still,
        unknown=unknown,
        says=tuple(_says(own, len(bad) - own, still, unknown, comparison)),
    )


def _opinions(reviews: Sequence[Kept], comparison: Comparison, days: Days) -> Iterator[Opinion]:
    zone, own = ZoneInfo(comparison.time_zone), comparison.own.asin
    order = [product.asin for product in comparison.products]
    for review in reviews:
        found = came(review, days, zone)
        if found is None:
            continue
        where = (
            own if own in review.asins else next(a for a in (review.asin, *order) if a in review.asins and a in order)
        )
        yield Opinion(review, where, where == own, *found, *review.about(comparison.marketplace))


def appeared(review: Kept, zone: ZoneInfo) -> tuple[Came, date | None]:
    """What a review was when it was first seen, new or long written, and the local day that counts for it."""
    if review.there_before:
        return Came.NEW, review.reviewed_on
    first = review.first_seen_at.astimezone(zone).date()
    old = review.reviewed_on is not None and first - review.reviewed_on > OLD
    return Came.SURFACED if old else Came.NEW, first


def came(review: Kept, days: Days, zone: ZoneInfo) -> tuple[Came, date] | None:
    """What makes a review one of these days (local), and on which of them; None when nothing does."""
    fresh, seen = appeared(review, zone)
    regraded = review.regraded_at.astimezone(zone).date() if review.regraded_at else None
    new = seen is not None and seen in days
    if regraded is not None and regraded in days and not (new and (review.stars_before or 0) <= LOW):
        return Came.CHANGED, regraded
    return (fresh, seen) if new and seen else None


def _told(product: ProductSeries, day: date) -> bool:
    """Whether the product's page of a day was read, its reviews with it."""
    seen = product.daily.get(day)
    return seen is not None and seen.missing.get("reviews", "absent_on_page") in NOT_THERE


def _by_topic(opinions: Sequence[Opinion]) -> Iterator[TopicCount]:
    found = {key: [o for o in opinions if any(t.key == key for t in o.topics or ())] for key in TOPICS} | {
        OTHER: [o for o in opinions if not o.topics]
    }
    for key in sorted(found, key=lambda key: (key == OTHER, -len(found[key]))):
        if about := found[key]:
            said = chain.from_iterable(t.words for o in about for t in o.topics or () if t.key == key)
            words = Counter(word.casefold() for word in said)
            yield TopicCount(
                topic=key,
                own=sum(o.own for o in about),
                rivals=sum(not o.own for o in about),
                products=dict(Counter(o.asin for o in about)),
                words=tuple(word for word, _ in words.most_common()),
            )


def _says(own: int, rivals: int, still: int, unknown: Sequence[str], comparison: Comparison) -> Iterator[Said]:
    if own or rivals:
        text = "New reviews of 1 to 3 stars: {own:number} on your page, {rivals:number} on rivals' pages"
        yield Said(text, {"own": own, "rivals": rivals})
    elif len(unknown) < len(comparison.products):
        yield Said("No new review of 1 to 3 stars was seen")
    if still:
        yield Said("{open:count bad review|bad reviews} on your page not marked as handled", {"open": still})
    if unknown:
        text = "not known of {products:count product|products}, of which no page told its reviews in these days"
        yield Said(text, {"products": len(unknown)})
