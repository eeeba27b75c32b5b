"""Readings of keywords, night by night, as a comparison has them: for the families that judge nothing else.

What a reading shows is a :class:`Place` for each product; None is a night on which the keyword was not read.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from reports.series import Comparison, KeywordRead, KeywordSeries, Place, ProductSeries
from tests.reports.nights import MONDAY, OWN, PAGE, RIVAL

Shown = Mapping[str, Place] | None
Strangers = Sequence[tuple[str, int]]


def organic(place: int, page: int = PAGE) -> Place:
    """0 is beyond the pages read."""
    return Place(place, 1 + (place - 1) // page) if place else Place()


def series(
    shown: Sequence[Shown],
    keyword: str = "tea mug",
    *,
    strangers: Mapping[int, Strangers] | None = None,
    pages: Mapping[int, int] | None = None,
    first_page: Mapping[int, int] | None = None,
) -> KeywordSeries:
    """``pages`` and ``first_page`` name the nights with other than two pages read, or sixteen results on the first."""
    reads = []
    for n, places in enumerate(shown):
        if places is None:
            continue
        at, read = MONDAY + timedelta(days=n), (pages or {}).get(n, 2)
        reads.append(
            KeywordRead(
                run_id=str(n), day=at.date(), began_at=at, observed_at=at + timedelta(minutes=1), closing=True,
                pages_read=read, organic_results=PAGE * read, first_page_results=(first_page or {}).get(n, PAGE),
                fetch_id=n, reason=None if read == 2 else "timeout", places=places,
                strangers=tuple((strangers or {}).get(n, ())),
            )
        )  # fmt: skip
    return KeywordSeries(keyword, 2, MONDAY, tuple(reads), {read.day: read for read in reads})


def compared(*keywords: KeywordSeries, rivals: Sequence[str] = (RIVAL,), days: int = 60) -> Comparison:
    """The last days up to the newest reading."""
    until = max(keyword.reads[-1].observed_at for keyword in keywords)
    window = tuple(until.date() - timedelta(days=n) for n in reversed(range(days)))
    products = tuple(ProductSeries(asin, asin == OWN, MONDAY, ()) for asin in (OWN, *rivals))
    return Comparison("mug", "com", "www.amazon.com", "USD", "UTC", window, until, products, keywords, gaps=())
