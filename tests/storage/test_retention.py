"""What is to go: properties of the plan on random archives, and the plain cases by name."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from storage.retention import Kept, orphans, plan

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def kept(days: float, size: int = 100, base: str | None = None) -> Kept:
    """A page last touched so many days ago."""
    return Kept(size=size, base=base, touched_ns=int((NOW - timedelta(days=days)).timestamp() * 1e9))


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


@st.composite
def archives(draw: st.DrawFn) -> tuple[dict[str, Kept], dict[str, datetime]]:
    """Pages, each resting on an earlier one, on one that is lost, or on none; some of them named by fetches."""
    pages: dict[str, Kept] = {}
    named: dict[str, datetime] = {}
    for number in range(draw(st.integers(0, 25))):
        base = draw(st.sampled_from([*pages, None, "lost"]))
        pages[str(number)] = kept(draw(st.floats(0, 60)), draw(st.integers(1, 500)), base)
        if draw(st.booleans()):
            named[str(number)] = ago(draw(st.floats(0, 60)))
    named["pruned long ago"] = ago(300)
    return pages, named


limits = st.tuples(st.none() | st.integers(1, 60), st.none() | st.integers(1, 5_000))


@given(archives(), limits)
def test_what_a_page_that_stays_rests_on_stays(
    archive: tuple[dict[str, Kept], dict[str, datetime]], limit: tuple[int | None, int | None]
) -> None:
    pages, named = archive
    order = plan(pages, named, NOW, keep_days=limit[0], keep_bytes=limit[1])
    assert len(set(order)) == len(order)
    gone: set[str] = set()
    for page_hash in order:  # at every moment, so that a kill in the middle harms nothing
        gone.add(page_hash)
        assert all(other.base not in gone for name, other in pages.items() if name not in gone)


@given(archives(), limits)
def test_nothing_goes_that_is_young_or_within_the_limits(
    archive: tuple[dict[str, Kept], dict[str, datetime]], limit: tuple[int | None, int | None]
) -> None:
    pages, named = archive
    keep_days, keep_bytes = limit
    for page_hash in plan(pages, named, NOW, keep_days=keep_days, keep_bytes=keep_bytes):
        if page_hash not in named:
            assert pages[page_hash].touched < ago(7)
            continue
        assert pages[page_hash].touched < ago(1)
        too_old = keep_days is not None and named[page_hash] < ago(keep_days)
        assert too_old or (keep_bytes is not None and sum(page.size for page in pages.values()) > keep_bytes)


@given(archives(), st.integers(1, 60))
def test_whatever_is_beyond_the_limits_and_free_goes(
    archive: tuple[dict[str, Kept], dict[str, datetime]], keep_days: int
) -> None:
    pages, named = archive
    left = pages.keys() - set(plan(pages, named, NOW, keep_days=keep_days))
    for page_hash in left:
        old = named[page_hash] < ago(keep_days) if page_hash in named else True
        settled = pages[page_hash].touched < (ago(1) if page_hash in named else ago(7))
        assert not (old and settled) or any(pages[other].base == page_hash for other in left)


@given(archives(), st.integers(1, 5_000))
def test_by_size_the_oldest_go_until_it_fits(
    archive: tuple[dict[str, Kept], dict[str, datetime]], keep_bytes: int
) -> None:
    pages, named = archive
    gone = set(plan(pages, named, NOW, keep_bytes=keep_bytes))
    left = pages.keys() - gone
    if sum(pages[page_hash].size for page_hash in left) > keep_bytes:  # nothing more can go
        settled = {page_hash for page_hash in left & named.keys() if pages[page_hash].touched < ago(1)}
        assert all(any(pages[other].base == page_hash for other in left) for page_hash in settled)
    newest = max((named[page_hash] for page_hash in gone & named.keys()), default=ago(999))
    for page_hash in left & named.keys():
        if named[page_hash] < newest and pages[page_hash].touched < ago(1):
            assert any(pages[other].base == page_hash for other in left)


def test_without_limits_only_old_orphans_go() -> None:
    pages = {"old": kept(8), "young": kept(6), "named": kept(800)}
    named = {"named": ago(800)}
    assert orphans(pages, named, NOW) == plan(pages, named, NOW) == ["old"]


def test_a_keyframe_stays_until_the_last_page_that_rests_on_it_goes() -> None:
    pages = {"key": kept(40), "delta": kept(20, base="key"), "late": kept(2, base="delta")}
    named = {"key": ago(40), "delta": ago(20), "late": ago(2)}
    assert plan(pages, named, NOW, keep_days=10) == []
    assert plan(pages, named, NOW + timedelta(days=15), keep_days=10) == ["late", "delta", "key"]


def test_a_page_that_came_again_is_as_old_as_its_newest_fetch() -> None:
    pages = {"same": kept(300)}
    assert plan(pages, {"same": ago(3)}, NOW, keep_days=10) == []


def test_by_size_no_more_goes_than_must() -> None:
    pages = {name: kept(10, size=100) for name in "abcde"}
    named = {name: ago(20 - number) for number, name in enumerate("abcde")}
    assert plan(pages, named, NOW, keep_bytes=300) == ["a", "b"]
    assert plan(pages, named, NOW, keep_bytes=500) == []
