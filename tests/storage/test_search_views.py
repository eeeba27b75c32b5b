"""Views over search results, and flags, each on a worked example with rows computed by hand."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from storage.model import Keyword, Offset, Result, Run
from storage.records import Missing, Placement, Reason, SearchPage
from storage.store import Store
from tests.conftest import Fresh
from tests.storage.test_store import LISTING, fetch, spooled

OWN, RIVAL, OTHER = "B0OWN00001", "B0RIVAL001", "B0RIVAL002"
WATCHED = replace(LISTING, keywords=(Keyword(keyword="steel mug", pages=2), Keyword(keyword="cup", pages=1)))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path, fresh: Fresh) -> Store:
    """A store in which the listing is watched since the beginning of 2026."""
    store = fresh(tmp_path / "t.duckdb")
    started = Run(run_id="w", started_at=utc("2026-01-01 00:00"), trigger="manual", planned=0, listings=(WATCHED,))
    spooled(store, start=started)
    return store


def results(
    when: str, grid: str, *, run_id: str, page: int = 1, before: str = "", keyword: str = "steel mug"
) -> Result:
    """A results page, a product per word: ``OWN``, ``RIVAL`` …; ``OWN*`` is an ad, ``OWN?`` nobody knows. ``before``:
    the grid of the pages before it."""
    return Result(
        fetch=fetch(
            "s",
            run_id,
            kind="search",
            asin=None,
            keyword=keyword,
            page=page,
            task=f"search/com/{page}/{keyword}",
            observed_at=utc(when),
        ),
        search=SearchPage(marketplace="com", page=page, placements=_placements(grid)),
        offset=Offset().after(_placements(before)),
    )


def _placements(grid: str) -> tuple[Placement, ...]:
    made: list[Placement] = []
    counts = Offset()
    for position, word in enumerate(grid.split(), 1):
        name = word.rstrip("*?")
        ad = {"*": True, "?": None}.get(word[-1], False)
        counts = Offset(organic=counts.organic + (ad is False), sponsored=counts.sponsored + (ad is True))
        made.append(
            Placement(
                position=position,
                asin={"OWN": OWN, "RIVAL": RIVAL, "OTHER": OTHER}.get(name, f"B0{name:0>8}"),
                sponsored=ad,
                organic_position=counts.organic if ad is False else None,
                sponsored_position=counts.sponsored if ad else None,
                missing=(Missing(field="price", reason=Reason.UNPARSEABLE),) if name == "X" else (),
            )
        )
    return tuple(made)


def merged(store: Store, *pages: Result) -> None:
    spooled(store, *pages)
    store.merge()


def ask(store: Store, question: str) -> list[tuple[Any, ...]]:
    with store.reading() as db:
        return db.execute(question).fetchall()


RANKS = (
    "SELECT keyword, day, asin, own, organic_position, organic_page, sponsored_position, pages_read, organic_results "
    "FROM keyword_ranks ORDER BY keyword, day, asin"
)


def test_keyword_ranks_are_those_of_the_last_crawl_of_the_day(store: Store) -> None:
    merged(
        store,
        results("2026-03-02 10:00", "X OWN", run_id="a"),
        results("2026-03-02 20:00", "RIVAL* X OWN? X RIVAL", run_id="b"),
        results("2026-03-02 20:01", "OWN X OWN", run_id="b", page=2, before="RIVAL* X OWN? X RIVAL"),
        results("2026-03-04 10:00", "X OWN", run_id="c"),
        results("2026-03-04 10:01", "RIVAL", run_id="c", keyword="unwatched"),
    )
    second, fourth = date(2026, 3, 2), date(2026, 3, 4)
    assert ask(store, RANKS) == [
        ("steel mug", second, OWN, True, 4, 2, None, 2, 6),
        ("steel mug", second, RIVAL, False, 3, 1, 1, 2, 6),
        ("steel mug", second, OTHER, False, None, None, None, 2, 6),  # not among the first six
        ("steel mug", fourth, OWN, True, 2, 1, None, 1, 2),
        ("steel mug", fourth, RIVAL, False, None, None, None, 1, 2),
        ("steel mug", fourth, OTHER, False, None, None, None, 1, 2),
    ]  # "cup" was not crawled: no row


def test_a_keyword_read_across_midnight_belongs_to_the_day_it_was_begun(store: Store) -> None:
    first = results("2026-03-02 07:59", "OWN X", run_id="a")  # 23:59 in Los Angeles
    second = results("2026-03-02 08:00", "RIVAL", run_id="a", page=2, before="OWN X")
    began = Run(run_id="a", started_at=utc("2026-03-02 07:50"), trigger="manual", planned=2, listings=(WATCHED,))
    spooled(store, first, start=began)
    store.merge()
    merged(store, second)  # in a segment of its own
    day = date(2026, 3, 1)
    assert ask(store, RANKS) == [
        ("steel mug", day, OWN, True, 1, 1, None, 2, 3),
        ("steel mug", day, RIVAL, False, 3, 2, None, 2, 3),
        ("steel mug", day, OTHER, False, None, None, None, 2, 3),
    ]
    assert ask(store, "SELECT DISTINCT day FROM search_placement") == [(day,)]


def test_ranks_are_of_what_was_watched_then(store: Store) -> None:
    later = Run(
        run_id="w2",
        started_at=utc("2026-03-03 00:00"),
        trigger="manual",
        planned=0,
        listings=(replace(WATCHED, rivals=(OTHER,)),),
    )
    spooled(store, start=later)
    merged(store, results("2026-03-02 10:00", "OWN", run_id="a"), results("2026-03-04 10:00", "OWN", run_id="b"))
    assert ask(store, "SELECT day, asin FROM keyword_ranks WHERE NOT own ORDER BY ALL") == [
        (date(2026, 3, 2), RIVAL),
        (date(2026, 3, 2), OTHER),
        (date(2026, 3, 4), OTHER),
    ]


def test_shares_of_page_one_add_up(store: Store) -> None:
    merged(
        store,
        results("2026-03-02 09:00", "OWN", run_id="a"),
        results("2026-03-02 20:00", "RIVAL* RIVAL OWN OTHER?", run_id="b"),
        results("2026-03-02 20:01", "OWN OWN", run_id="b", page=2, before="RIVAL* RIVAL OWN OTHER?"),
        results("2026-03-03 20:00", "OWN* RIVAL*", run_id="c"),
    )
    assert ask(store, "SELECT * EXCLUDE (marketplace, keyword) FROM share_of_search ORDER BY day, asin") == [
        (date(2026, 3, 2), OWN, 1, 1, 0, 0.25, 0.5, 0.0),
        (date(2026, 3, 2), RIVAL, 2, 1, 1, 0.5, 0.5, 1.0),
        (date(2026, 3, 2), OTHER, 1, 0, 0, 0.25, 0.0, 0.0),  # an ad or not: counts as a place only
        (date(2026, 3, 3), OWN, 1, 0, 1, 0.5, None, 0.5),
        (date(2026, 3, 3), RIVAL, 1, 0, 1, 0.5, None, 0.5),
    ]
    assert ask(store, "SELECT DISTINCT sum(share), sum(sponsored_share) FROM share_of_search GROUP BY day") == [(1, 1)]


def test_data_quality_counts_cards_too(store: Store) -> None:
    merged(store, results("2026-03-02 10:00", "X OWN X RIVAL", run_id="a"))
    assert ask(store, "FROM data_quality") == [
        ("com", date(2026, 3, 2), "placement", "price", "unparseable", 2, 4, 0.5)
    ]
