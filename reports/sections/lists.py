"""The ranked lists of a listing's categories: who entered, who left, who climbed and fell, and which newcomers already
stand among the results of its keywords.

The newest reading is set against the one before it, and against one of a week before. Who is not on a list is not there
as far as it was read: where fewer pages were read than before, who is missing may stand beyond them, and nobody is
called gone; where fewer were read before, nobody is called new. Movers and shakers are ordered by how much a sales rank
has gained within a day, in percent, and are others every day: so their places are compared with no others, nobody
leaves, and only who was never seen there before is new.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from reports.period import Days
from reports.rankings import NO_RANKINGS, Entry, Ranking, Rankings, Reading
from reports.sections.matrix import Moved
from reports.sections.reasons import because
from reports.sentences import Fact, Said
from reports.series import Comparison
from storage import records

NAMES = {
    "best_sellers": "Best sellers",
    "new_releases": "New releases",
    "movers_and_shakers": "Movers & shakers",
    "most_wished_for": "Most wished for",
    "most_gifted": "Most gifted",
}
"""What the rankings are called; in the catalogue."""
GAINS = records.Ranking.MOVERS_AND_SHAKERS
YOUNG = 7
"""Readings that a list must have had before a product that it shows for the first time is called a newcomer."""
MOST, STEP = 5, 3
"""Climbers and fallers named at most, and places that they moved at least (judgement: neighbours swap every day)."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A product on a list, or gone from it."""

    asin: str
    own: bool
    watched: bool
    title: str | None
    rank: int | None
    """None: it left."""
    before: int | None
    """In the reading that it is set against; None: it was not there."""
    last: date | None
    """The last day before the newest reading on which the list showed it; None: it never had."""
    entry: Entry
    """What the list shows of it, or showed."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a watched product stands on a list."""

    rank: int | None
    """None: not among those that were read."""
    moved: tuple[Moved | None, Moved | None]
    """Against the reading before and that of a week before; None where the two cannot be compared."""


@dataclass(frozen=True, slots=True)
class Listed:
    """What one list says at the end of the period."""

    path: str
    ranking: str
    category: str | None
    category_id: str | None
    day: date
    """Of the newest reading."""
    reach: int
    """The last rank that it was read to."""
    ended: bool
    """Whether the list ends there."""
    before: date | None
    """Of the reading before it; None where there is none."""
    week: date | None
    """Of that of a week before."""
    readings: int
    """So many in all, up to this one."""
    standing: dict[str, Standing]
    """By ASIN, the watched products."""
    entrants: tuple[Ranked, ...] | None
    """The best rank first; among movers and shakers, who was never there before. None where it is not known who is
    new: ``unsure`` says why."""
    leavers: tuple[Ranked, ...] | None
    """The same of who is no longer there, by the rank they had."""
    climbers: tuple[Ranked, ...]
    """The furthest first, against the reading of a week before, else the one before."""
    fallers: tuple[Ranked, ...]
    unsure: tuple[Said, ...]
    """Why it is not known who came or went."""
    says: tuple[Said, ...]
    """The list in short: where the own product stands, how many came and went."""


@dataclass(frozen=True, slots=True)
class Entered:
    """A list that shows a newcomer, and since when."""

    ranking: str
    category: str | None
    rank: int
    first: date


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A product new on a list that stands among the results of the listing's keywords already, and is not watched."""

    asin: str
    title: str | None
    entry: Entry
    places: tuple[Entered, ...]
    keywords: tuple[tuple[str, int | None, int | None], ...]
    """Keyword with organic and sponsored place."""
    says: tuple[Said, ...]
    """Why it deserves a look."""


@dataclass(frozen=True, slots=True)
class Lists:
    lists: tuple[Listed, ...] = ()
    unread: tuple[tuple[str, tuple[Said, ...]], ...] = ()
    """Paths of lists that were not read in the period, and why."""
    newcomers: tuple[Newcomer, ...] = ()
    """Those on most keywords first."""


def lists(comparison: Comparison, shown: Days, found: Rankings = NO_RANKINGS) -> Lists:
    """What the lists say. ``shown``: the days in which a newcomer must have come."""
    return Lists(
        lists=tuple(_listed(comparison, each, found.titles or {}) for each in sorted(found.lists, key=_order)),
        unread=tuple((path, tuple(_unread(*why))) for path, why in (found.unread or {}).items()),
        newcomers=tuple(_newcomers(comparison, shown, found)),
    )


def _order(found: Ranking) -> tuple[int, str, str]:
    return list(NAMES).index(found.key.ranking), found.key.category or "", found.path


def _listed(comparison: Comparison, found: Ranking, titles: Mapping[str, str]) -> Listed:
    now, before, week = found.newest, found.before, found.week
    watched = {product.asin: product.own for product in comparison.products}
    gains = found.key.ranking == GAINS

    def ranked(entry: Entry, rank: int | None, was: int | None) -> Ranked:
        _, last = found.past.get(entry.asin, (None, before.day if before else None))
        own = watched.get(entry.asin, False)
        title = entry.title or titles.get(entry.asin)
        return Ranked(entry.asin, own, entry.asin in watched, title, rank, was, last, entry)

    came = went = None
    if before is not None and before.covers(now):
        new = (ranked(e, e.rank, None) for e in now.entries.values() if e.asin not in before.entries)
        came = tuple(each for each in new if not gains or each.last is None)
    if before is not None and now.covers(before) and not gains:
        went = tuple(ranked(e, None, e.rank) for e in before.entries.values() if e.asin not in now.entries)
    since = None if gains else week or before
    moves = [
        ranked(entry, entry.rank, since.entries[asin].rank)
        for asin, entry in now.entries.items()
        if since is not None and asin in since.entries
    ]
    moves = sorted(moves, key=lambda m: (_steps(m), m.rank or 0))
    standing = {
        asin: Standing(
            now.entries[asin].rank if asin in now.entries else None,
            (None, None) if gains else (_moved(now, before, asin), _moved(now, week, asin)),
        )
        for asin in watched
    }
    own = standing[comparison.own.asin]
    return Listed(
        path=found.path,
        ranking=found.key.ranking,
        category=found.key.category,
        category_id=found.key.category_id,
        day=now.day,
        reach=now.reach,
        ended=now.ended,
        before=before.day if before else None,
        week=week.day if week else None,
        readings=len(found.days),
        standing=standing,
        entrants=came,
        leavers=went,
        climbers=tuple(m for m in reversed(moves) if _steps(m) >= STEP)[:MOST],
        fallers=tuple(m for m in moves if _steps(m) <= -STEP)[:MOST],
        unsure=tuple(_unsure(found)),
        says=tuple(_says(found, own, came, went)),
    )


def _steps(moved: Ranked) -> int:
    """Places up; negative: down."""
    return (moved.before or 0) - (moved.rank or 0)


def _moved(now_read: Reading, earlier: Reading | None, asin: str) -> Moved | None:
    """A product's rank against an earlier reading; None where it stands in neither, or one may hide it."""
    if earlier is None:
        return None
    now, was = now_read.entries.get(asin), earlier.entries.get(asin)
    hidden = (now is None and not now_read.covers(earlier)) or (was is None and not earlier.covers(now_read))
    if hidden or (now is None and was is None):
        return None
    return Moved(earlier.day, was.rank if was else None, now.rank if now else None)


def _unsure(found: Ranking) -> Iterator[Said]:
    if found.before is None:
        yield Said("Read for the first time: who came and who went is known from the next reading on.")
    elif not found.newest.covers(found.before):
        facts: dict[str, Fact] = {"now": found.newest.reach, "before": found.before.reach, "day": found.before.day}
        yield Said("Read to place {now:number}, on {day:day} to place {before:number}: who left is not known.", facts)
    elif not found.before.covers(found.newest):
        facts = {"now": found.newest.reach, "before": found.before.reach, "day": found.before.day}
        yield Said("Read to place {now:number}, on {day:day} to place {before:number}: who is new is not known.", facts)


def _says(
    found: Ranking, own: Standing, came: Sequence[Ranked] | None, went: Sequence[Ranked] | None
) -> Iterator[Said]:
    if own.rank is not None:
        yield Said("you stand at {rank:number}", {"rank": own.rank})
    else:
        beyond = Said("you are not among the first {reach:number}", {"reach": found.newest.reach})
        yield Said("you are not on it") if found.newest.ended else beyond
    if came is not None:
        yield Said("{came:number} came", {"came": len(came)})
    if went is not None:
        yield Said("{went:number} went", {"went": len(went)})


def _unread(outcome: str | None, last: date | None) -> Iterator[Said]:
    yield because(outcome) if outcome else Said("not asked for in this period")
    if last:
        yield Said("last read on {day:day}", {"day": last})


def _newcomers(comparison: Comparison, shown: Days, found: Rankings) -> Iterator[Newcomer]:
    watched, places = {product.asin for product in comparison.products}, found.places or {}
    entered: dict[str, list[tuple[Entered, Entry]]] = {}
    for each in found.lists:
        for asin, entry in each.newest.entries.items():
            first, _ = each.past.get(asin, (each.newest.day, None))
            fresh = first == each.newest.day if each.key.ranking == GAINS else first in shown
            if asin in places and asin not in watched and fresh and sum(d < first for d in each.days) >= YOUNG:
                where = Entered(each.key.ranking, each.key.category, entry.rank, first)
                entered.setdefault(asin, []).append((where, entry))
    titles = found.titles or {}
    newcomers = [_newcomer(asin, where, places[asin], titles.get(asin)) for asin, where in entered.items()]
    yield from sorted(newcomers, key=lambda n: (-len(n.keywords), min(p.rank for p in n.places), n.asin))


def _newcomer(
    asin: str,
    where: Sequence[tuple[Entered, Entry]],
    keywords: tuple[tuple[str, int | None, int | None], ...],
    title: str | None,
) -> Newcomer:
    places = tuple(place for place, _ in where)
    entry = next((entry for _, entry in where if entry.title), where[0][1])
    return Newcomer(asin, entry.title or title, entry, places, keywords, (*_new(places), *_found(keywords)))


def _new(places: Iterable[Entered]) -> Iterator[Said]:
    for place in places:
        facts: dict[str, Fact] = {
            "list": NAMES[place.ranking], "category": place.category or "", "rank": place.rank, "day": place.first,
        }  # fmt: skip
        yield Said("{list:said} “{category}” since {day:day}, now at {rank:number}", facts)


def _found(keywords: Iterable[tuple[str, int | None, int | None]]) -> Iterator[Said]:
    for keyword, organic, sponsored in keywords:
        facts: dict[str, Fact] = {"keyword": keyword, "organic": organic, "ad": sponsored}
        if organic and sponsored:
            yield Said("“{keyword}”: place {organic:number}, ad {ad:number}", facts)
        elif organic:
            yield Said("“{keyword}”: place {organic:number}", facts)
        elif sponsored:
            yield Said("“{keyword}”: ad {ad:number}", facts)
        else:
            yield Said("“{keyword}”: on the page, not known whether as an ad", facts)
