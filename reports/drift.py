"""The drift alarm: fields that go missing because a page's layout has changed. Our defect, never a rival's move.

Values in, defects out; :mod:`reports.watch` reads the pages. Runs are walked in order, and in each every field of a
marketplace's product or results pages is judged over all pages, and by layout:

- A field that a page keeps from night to night (price, rating, …) is lost where the same product had it on most of its
  last readings. That a product never shows it is no drift. A field that comes and goes with what the seller does
  (coupon, deal, …) counts only where it is there and not understood: an ended coupon is no defect.
- An offer's fields are not asked of a product that is out of stock; what does not apply is never counted.
- A rise is told when it would come by chance (see :mod:`reports.rise`) less than once in 100 runs, all tests of a run
  taken together (Bonferroni), on at least three pages and by at least 20 percentage points (judgement).
- With fewer than three runs before there is nothing to compare with: told is only what cannot be a product's own
  quirk, a core field that is not understood on more than half of the pages, and at least three.
- While a defect lasts, its runs never enter what is usual: it is compared with the time before it and does not become
  normal. It ends when less than half of the rise is left; after 90 days it is how the site is (judgement).
- A layout with fewer than three runs of its own, a new one above all, is judged by the history of all layouts.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from reports.defect import (
    CORE,
    KEPT,
    LACKING,
    NOT_UNDERSTOOD,
    OTHERS,
    OUR_FAULT,
    WHOLE_PAGE,
    Defect,
    Numbers,
    Pages,
    Reading,
    numbered,
)
from reports.rise import usual

CHANCE = 0.01
LEAST_PAGES = 3
LEAST_RISE = 0.2
LEAST_RUNS = 3
MEMORY = 14
"""Runs that make up what is usual, and readings of a page that show what it usually has."""
GUARD = 3
"""Newest runs left out of what is usual where there are enough: a layout rolled out product by product must not hide
itself (as in outbreak detection; Noufaily et al. 2013)."""
FORGET = timedelta(days=90)

Bits = NDArray[np.bool_]
"""One row per reading or page, one column per field."""


@dataclass(slots=True)
class Episode:
    """A defect that lasts."""

    since: datetime
    share: float
    usual: float | None
    subjects: set[int] = field(default_factory=set)
    """Of the pages that lost the field."""

    def lasts(self, share: float) -> bool:
        """Whether at least half of the rise is left."""
        return share >= (self.share + (self.usual or 0.0)) / 2


@dataclass(frozen=True, slots=True)
class Count:
    """One test: how many pages of a scope (a layout, None for all) should have a field, and how many do not."""

    scope: str | None
    missing: int
    of: int


@dataclass(slots=True)
class Memory:
    """What is known of one field on one kind of page of a marketplace, by scope."""

    runs: int = 0
    counts: dict[str | None, deque[tuple[int, int]]] = field(
        default_factory=lambda: defaultdict(lambda: deque(maxlen=MEMORY + GUARD))
    )
    """The last runs, each as (pages without the field, pages that should have it)."""
    episodes: dict[str | None, Episode] = field(default_factory=dict)

    def before(self, scope: str | None) -> list[tuple[int, int]]:
        """The counts that make up what is usual in a scope."""
        own = list(self.counts.get(scope, ()))
        counts = own if len(own) >= LEAST_RUNS else list(self.counts[None])
        return counts[:-GUARD] if len(counts) >= MEMORY // 2 + GUARD else counts

    def is_defect(self, count: Count, since: datetime, tests: int, *, cold: bool) -> bool:
        """Whether the run shows a defect: one that lasts, or one that begins (and is noted)."""
        share, expected = count.missing / count.of, None
        episode = self.episodes.get(count.scope)
        if episode is not None and (count.of < LEAST_PAGES or episode.lasts(share)):
            return count.missing > 0
        self.episodes.pop(count.scope, None)
        if count.missing < LEAST_PAGES:
            return False
        if cold:
            if 2 * count.missing <= count.of:
                return False
        else:
            before = usual(self.before(count.scope))
            expected = before.share
            if share - expected < LEAST_RISE or before.chance(count.missing, count.of) * tests >= CHANCE:
                return False
        self.episodes[count.scope] = Episode(since, share, expected)
        return True

    def learn(self, counts: Sequence[Count]) -> None:
        """Take a run without a defect into what is usual."""
        self.runs += 1
        for count in counts:
            self.counts[count.scope].append((count.missing, count.of))


@dataclass(frozen=True, slots=True)
class Run:
    """The pages that one run has of a kind, in order of time, and which of their fields count."""

    run_id: str
    began: datetime
    rows: Numbers
    """Of :class:`Pages`."""
    scopes: dict[str | None, Bits]
    lost: Bits
    """Whether the page should have the field, and does not."""
    counts: list[list[Count]]
    """By field: over all pages, then one for each layout; none where no page should have it."""

    def tests(self) -> int:
        return sum(len(_testable(counts)) for counts in self.counts)


class Place:
    """One kind of page of a marketplace, and what is known of it from run to run."""

    def __init__(self, pages: Pages) -> None:
        self.pages = pages
        kept = KEPT[pages.kind]
        self.fields = sorted(kept | OTHERS[pages.kind])
        self.is_kept = np.array([name in kept for name in self.fields])
        self.had = self._table(lambda reading, name: name in reading.read and reading.applies(name))
        self.lacks = self._table(lambda r, name: r.lacks(name, LACKING if name in kept else NOT_UNDERSTOOD))
        self.faulty = self._table(lambda reading, name: reading.lacks(name, OUR_FAULT))
        # Whether the page should have the field, and it is known whether it does.
        self.says = np.where(self.is_kept, self.had | self.lacks, self._table(Reading.applies))
        subjects, self.subject = numbered(pages.subject)
        self.layouts, self.layout = numbered(pages.layout)
        self.first_seen: dict[str, datetime] = {}
        self.memories = [Memory() for _ in self.fields]
        self.last = np.zeros((len(subjects), len(self.fields)), np.uint16)
        """By subject and kept field: the last readings as bits, the newest lowest, set where it had the field."""
        self.known = np.zeros_like(self.last)
        """How many readings these are."""
        self.runs = self._by_run()

    def _table(self, holds: Callable[[Reading, str], bool]) -> Bits:
        rows = [[holds(reading, name) for name in self.fields] for reading in self.pages.readings]
        return np.array(rows, np.bool_).reshape(-1, len(self.fields))

    def _by_run(self) -> dict[str, Numbers]:
        """The rows of every run, in order of time. Of a page asked for twice its last answer, a good one first."""
        pages, (runs, run) = self.pages, numbered(self.pages.run_id)
        good = np.array([WHOLE_PAGE not in reading.missing for reading in pages.readings], np.bool_)[pages.reading]
        rows = np.lexsort((pages.fetch_id, pages.observed_at, good, self.subject, run))
        is_last = np.ones(len(rows), np.bool_)
        is_last[:-1] = (np.diff(run[rows]) != 0) | (np.diff(self.subject[rows]) != 0)
        rows = rows[is_last]
        rows = rows[np.lexsort((pages.fetch_id[rows], pages.observed_at[rows], run[rows]))]
        ends = np.searchsorted(run[rows], np.arange(len(runs)), "right")
        return dict(zip(runs, np.split(rows, ends), strict=False))

    def _at(self, row: np.int64) -> datetime:
        return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=int(self.pages.observed_at[row]))

    def read(self, run_id: str) -> Run:
        """What a run asks, given the runs before it."""
        rows = self.runs[run_id]
        began = self._at(rows[0])
        for n, memory in enumerate(self.memories):
            # Start anew with a field that has been lost for so long that this is how the site is.
            if any(began - episode.since > FORGET for episode in memory.episodes.values()):
                self.memories[n] = Memory()
                self.last[:, n] = self.known[:, n] = 0
        reading, subject = self.pages.reading[rows], self.subject[rows]
        last, known = self.last[subject], self.known[subject]
        usually = (known > 0) & (2 * np.bitwise_count(last) >= known)
        asked = self.says[reading] & (usually | ~self.is_kept)
        lost = asked & self.lacks[reading]
        scopes: dict[str | None, Bits] = {None: np.ones(len(rows), np.bool_)}
        for number in np.unique(self.layout[rows]):
            layout = self.layouts[number]
            scopes[layout] = self.layout[rows] == number
            self.first_seen.setdefault(layout, self._at(rows[scopes[layout]][0]))
        sums = [(scope, lost[of].sum(0).tolist(), asked[of].sum(0).tolist()) for scope, of in scopes.items()]
        counts = [
            [Count(scope, missing[n], of[n]) for scope, missing, of in sums if of[n]] for n in range(len(self.fields))
        ]
        return Run(run_id, began, rows, scopes, lost, counts)

    def judge(self, run: Run, tests: int) -> Iterator[Defect]:
        """The defects that a run shows, ``tests`` being made of all of its pages; and learn from it."""
        reading = self.pages.reading[run.rows]
        is_said = self.says[reading].any(0) | ~self.is_kept
        for n, (name, memory, counts) in enumerate(zip(self.fields, self.memories, run.counts, strict=True)):
            lost, asked = run.lost[:, n], counts
            if cold := memory.runs < LEAST_RUNS:
                # Without a history: of the core fields, over all pages that say whether they have it.
                lost = self.faulty[reading, n]
                of = int(self.says[reading, n].sum()) if name in CORE[self.pages.kind] else 0
                asked = [Count(None, int(lost.sum()), of)] if of else []
            shown = [c for c in _testable(asked) if memory.is_defect(c, run.began, tests, cold=cold)]
            rows = {count.scope: run.rows[lost & run.scopes[count.scope]] for count in shown}
            for scope, lacking in rows.items():
                memory.episodes[scope].subjects.update(self.subject[lacking].tolist())
            self._end_unseen(memory, n, {count.scope for count in asked}, run)
            for count in [c for c in shown if c.scope is None] or shown:
                yield self._defect(name, memory.episodes[count.scope], count, run, rows[count.scope])
            if is_said[n] and not memory.episodes:
                memory.learn(counts)
        self._remember(run)

    def _end_unseen(self, memory: Memory, n: int, scopes: set[str | None], run: Run) -> None:
        """End what lasted in a layout that the run did not show, where most of what had lost the field has it again."""
        for scope in memory.episodes.keys() - scopes:
            of = np.isin(self.subject[run.rows], list(memory.episodes[scope].subjects))
            reading = self.pages.reading[run.rows[of]]
            again, said = self.had[reading, n].sum(), self.says[reading, n].sum()
            if again >= LEAST_PAGES and 2 * again > said:
                del memory.episodes[scope]

    def _remember(self, run: Run) -> None:
        """Note which kept fields each page had; of a field with a defect only what was read all the same."""
        subject, reading = self.subject[run.rows], self.pages.reading[run.rows]
        calm = np.array([not memory.episodes for memory in self.memories])
        noted = self.is_kept & (self.had[reading] | (self.says[reading] & calm))
        last, known = self.last[subject], self.known[subject]
        self.last[subject] = np.where(noted, (last << 1 | self.had[reading]) & ((1 << MEMORY) - 1), last)
        self.known[subject] = np.minimum(known + noted, MEMORY)

    def _defect(self, name: str, episode: Episode, count: Count, run: Run, rows: Numbers) -> Defect:
        pages = self.pages
        of = np.unique(self.layout[rows])
        layout, seen = self.layouts[of[0]] if len(of) == 1 else "", self.first_seen
        missing = [pages.readings[n].missing[name] for n in pages.reading[rows]]
        return Defect(
            run_id=run.run_id,
            observed_at=self._at(rows[-1]),
            marketplace=pages.marketplace,
            kind=pages.kind,
            field=name,
            layout=layout or None,
            # A name where there was none before (pages were read before layouts had names) is no new layout.
            new_layout=layout != ""
            and seen[layout] >= episode.since
            and any(other != "" and at < episode.since for other, at in seen.items()),
            missing=count.missing,
            of=count.of,
            usual=episode.usual,
            since=episode.since,
            reasons=tuple(reason for reason, _ in Counter(reason for reason, _ in missing).most_common()),
            text=next((text for _, text in missing if text), None),
            pages=tuple((fetch_id, None) for fetch_id in pages.fetch_id[rows].tolist()),
        )


def drift(pages: Iterable[Pages]) -> list[Defect]:
    """Every defect of every run, in order of runs: one that lasts comes again with each run that shows it.

    What is told of a run depends on the runs before it alone; only ``lasting`` tells how it went on. Which archived
    pages its pages are is not looked up.
    """
    places = [Place(of) for of in sorted(pages, key=lambda of: (of.marketplace, of.kind))]
    found: list[Defect] = []
    for run_id in sorted({run_id for place in places for run_id in place.runs}):
        runs = [(place, place.read(run_id)) for place in places if run_id in place.runs]
        tests = sum(run.tests() for _, run in runs)
        for place, run in runs:
            found += place.judge(run, tests)
    lasting = {
        (place.pages.marketplace, place.pages.kind, name, episode.since)
        for place in places
        for name, memory in zip(place.fields, place.memories, strict=True)
        for episode in memory.episodes.values()
    }
    return [replace(d, lasting=(d.marketplace, d.kind, d.field, d.since) in lasting) for d in found]


def _testable(counts: Sequence[Count]) -> list[Count]:
    """Those that are tests of their own: a layout that all pages are of is no second one."""
    return [c for c in counts if c.scope is None or c.of < counts[0].of]
