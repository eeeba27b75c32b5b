"""What product pages show changed in the period: title, bullets, images, A+ content, video, variations, category.

What a page shows, and what counts as the same, is decided as the flags do (:mod:`reports.flags.content`): compared are
two pages that both state it, in one language; that something is gone counts from the second page in a row. Told here is
every such change, also those that are no news to the flags: of versions that come and go (a seller, or Amazon, tests
two on part of the visitors) once, with how often.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter, eq
from typing import Any

import duckdb

from reports.flags.content import PARTS
from reports.flags.kind import Kind
from reports.gather import rows
from reports.period import Days
from reports.sections.rewritten import Line, rewritten
from reports.series import Comparison, Observation, ProductSeries

TEXTS = frozenset({"title", "bullets"})

Shows = Callable[[Observation], Any]
Same = Callable[[Any, Any], bool]
Turn = tuple[tuple[Observation, Any], tuple[Observation, Any]]
"""The last page that shows one version, and the first that shows the next, each with what it shows."""


@dataclass(frozen=True, slots=True)
class ContentChange:
    """A change of one part of a product's page."""

    asin: str
    own: bool
    part: str
    """One of SHOWN."""
    before: Any
    """What was shown; empty where the page showed none. Of variations: parent and number."""
    after: Any
    last: date
    """The last day that showed it as before."""
    first: date
    """The first day that shows it as it is."""
    fetches: tuple[int, int]
    """Of the pages that showed it so."""
    lines: tuple[Line, ...]
    """Of bullets each line, of another text the whole; empty of what is no text."""
    times: int
    """How often both versions took turns in the period, of which this is the last; 1 for a change that stayed."""
    began: date
    """The day of the first of these turns."""

    @property
    def unread(self) -> int:
        """Days between both: it changed on one of them, or on the last."""
        return (self.first - self.last).days - 1


@dataclass(frozen=True, slots=True)
class Contents:
    changes: tuple[ContentChange, ...]
    """The own product first, then the newest first."""
    hashes: Mapping[int, str]
    """Fetch id -> hash of its archived page."""


def contents(con: duckdb.DuckDBPyConnection, comparison: Comparison, days: Days) -> Contents:
    """The changes of the days, with where the pages that show them are archived."""
    found = changes(comparison, days)
    bounds = {"marketplace": comparison.marketplace, "fetches": [fetch for c in found for fetch in c.fetches]}
    return Contents(found, dict(rows(con, _HASHES, bounds)) if found else {})


_HASHES = """
SELECT fetch_id, page_hash FROM page_fetch SEMI JOIN (SELECT unnest($fetches) AS fetch_id) USING (fetch_id)
WHERE marketplace = $marketplace AND page_hash IS NOT NULL
"""


def changes(comparison: Comparison, days: Days) -> tuple[ContentChange, ...]:
    """What changed on the products' pages, the own one first, then the newest first."""
    found = [change for product in comparison.products for change in _of_product(product, days)]
    return tuple(sorted(found, key=lambda c: (not c.own, -c.first.toordinal(), c.asin)))


def _of_product(product: ProductSeries, days: Days) -> Iterator[ContentChange]:
    seen = product.observations[: bisect_right(product.observations, days.last, key=attrgetter("day"))]
    runs = [list(alike) for _, alike in groupby(seen, key=_ALL)]
    for part, (shows, same) in SHOWN.items() if len(runs) > 1 else ():
        told: dict[frozenset[str], list[Turn]] = defaultdict(list)
        for turn in _turns(shows, same, runs):
            if turn[1][0].day >= days.first:
                told[frozenset(repr(version) for _, version in turn)].append(turn)
        for taken in told.values():
            (last, before), (first, after) = taken[-1]
            yield ContentChange(
                asin=product.asin,
                own=product.own,
                part=part,
                before=before,
                after=after,
                last=last.day,
                first=first.day,
                fetches=(last.fetch_id, first.fetch_id),
                lines=rewritten(before, after) if part in TEXTS else (),
                times=len(taken),
                began=taken[0][1][0].day,
            )


def _turns(shows: Shows, same: Same, runs: Sequence[Sequence[Observation]]) -> Iterator[Turn]:
    """Each change of a part. ``runs`` are pages in a row that are alike, in order."""
    told = [(run, shown) for run in runs if (shown := shows(run[0])) is not None]
    lately: dict[str | None, tuple[Observation, Any]] = {}
    for n, (run, shown) in enumerate(told):
        if not shown and len(run) == 1 and all(other for _, other in told[max(n - 1, 0) : n] + told[n + 1 : n + 2]):
            continue
        language = run[0].language
        before = lately.get(language) or lately.pop(None, None)
        if before and not same(before[1], shown):
            yield before, (run[0], shown)
        lately[language] = run[-1], shown


_NAMES = {
    Kind.TITLE_CHANGED: "title",
    Kind.BULLETS_CHANGED: "bullets",
    Kind.IMAGE_CHANGED: "main_image",
    Kind.VARIATIONS_CHANGED: "variations",
    Kind.A_PLUS_CHANGED: "has_a_plus",
    Kind.VIDEO_CHANGED: "has_video",
    Kind.CATEGORY_CHANGED: "category",
}
SHOWN: Mapping[str, tuple[Shows, Same]] = {
    **{_NAMES[part.kind]: (part.shown, part.same) for part in PARTS},
    "image_count": (attrgetter("image_count"), eq),
}
"""By part of a page, what it shows of it (None where it does not say), and what is the same."""
_ALL = attrgetter(
    "title", "bullets", "main_image", "image_count", "parent_asin", "variation_count", "has_a_plus", "has_video",
    "bsr_category_id", "bsr_category", "language", "missing",
)  # fmt: skip
