"""The drift alarm: fields that go missing because a page's layout has changed. Our defect, never a rival's move.

Values in, defects out; :mod:`reports.watch` reads the pages. Runs are walked in order, and in each every field of a
marketplace's product or results pages is judged over all pages, and by layout:

- A field that a page keeps from night to night (price, rating, …) is lost where the same product had it on most of its
  last readings. That a product never shows it is no drift. A field that comes and goes with what the seller does
  (coupon, deal, …) counts only where it is there and not understood: an ended coupon is no defect.
- An offer's fields are not asked of a product that is out of stock; what does not apply is never counted.
- A rise is told when it would come by chance (see :mod:`reports.rise`) less than once in 100 runs, all tests of the run
  taken together (Bonferroni), on at least three pages and by at least 20 percentage points (judgement).
- With fewer than three runs before there is nothing to compare with: told is only what cannot be a product's own
  quirk, a core field that is not understood on more than half of the pages, and at least three.
- While a defect lasts, its runs never enter what is usual: it is compared with the time before it and does not become
  normal. It ends when less than half of the rise is left; after 90 days it is how the site is (judgement).
- A layout with fewer than three runs of its own, a new one above all, is judged by the history of all layouts.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import groupby

from reports.defect import CORE, KEPT, OTHERS, WHOLE_PAGE, Defect, Page
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

OUR_FAULT = frozenset({"unparseable", "layout_unknown", "main_part_missing", "unknown"})
NOT_UNDERSTOOD = OUR_FAULT | {"ambiguous"}
"""Reasons that tell of our reading, whatever the field."""
LACKING = NOT_UNDERSTOOD | {"absent_on_page"}
"""Reasons that count for a field which the page usually has."""


@dataclass(slots=True)
class Episode:
    """A defect that lasts."""

    since: datetime
    share: float
    usual: float | None
    subjects: set[str] = field(default_factory=set)
    """Of the pages that lost the field."""

    def lasts(self, share: float) -> bool:
        """Whether at least half of the rise is left."""
        return share >= (self.share + (self.usual or 0.0)) / 2


@dataclass(slots=True)
class Memory:
    """What is known of one field on one kind of page of a marketplace. Scopes: a layout, None for all."""

    runs: int = 0
    had: dict[str, deque[bool]] = field(default_factory=lambda: defaultdict(lambda: deque(maxlen=MEMORY)))
    """By subject: whether its last readings had the field."""
    counts: dict[str | None, deque[tuple[int, int]]] = field(
        default_factory=lambda: defaultdict(lambda: deque(maxlen=MEMORY + GUARD))
    )
    """By scope: the last runs, each as (pages without the field, pages that should have it)."""
    episodes: dict[str | None, Episode] = field(default_factory=dict)

    def before(self, scope: str | None) -> list[tuple[int, int]]:
        """The counts that make up what is usual in a scope."""
        own = list(self.counts.get(scope, ()))
        counts = own if len(own) >= LEAST_RUNS else list(self.counts[None])
        return counts[:-GUARD] if len(counts) >= MEMORY // 2 + GUARD else counts

    def usually(self, page: Page) -> bool:
        """Whether at least half of the last readings of what the page shows had the field."""
        past = self.had.get(page.subject)
        return past is not None and 2 * sum(past) >= len(past)


@dataclass(frozen=True, slots=True)
class Count:
    """One test: how many pages of a scope should have a field, and those of them that do not."""

    name: str
    scope: str | None
    of: int
    lacking: tuple[Page, ...]

    @property
    def share(self) -> float:
        return len(self.lacking) / self.of


Tests = Mapping[str, Sequence[Count]]
"""By field."""


def drift(pages: Iterable[Page]) -> list[Defect]:
    """Every defect of every run, in order of runs: one that lasts comes again with each run that shows it."""
    memories: dict[tuple[str, str], dict[str, Memory]] = {}
    layouts: dict[tuple[str, str], dict[str | None, datetime]] = defaultdict(dict)
    found: list[Defect] = []
    in_order = sorted(pages, key=lambda p: (p.run_id, p.marketplace, p.kind))
    for _, run in groupby(in_order, key=lambda p: p.run_id):
        judged: list[tuple[tuple[str, str], list[Page], Tests]] = []
        for place, several in groupby(run, key=lambda p: (p.marketplace, p.kind)):
            group = list(several)
            known = memories.setdefault(place, {name: Memory() for name in sorted(KEPT[place[1]] | OTHERS[place[1]])})
            _forget(known, group[0].observed_at)
            judged.append((place, group, {**_kept(known, group), **_others(group)}))
        tests = sum(len(_testable(counts)) for *_, by_field in judged for counts in by_field.values())
        for place, group, by_field in judged:
            for page in group:
                layouts[place].setdefault(page.layout, page.observed_at)
            for name, memory in memories[place].items():
                counts = by_field.get(name, ())
                cold = memory.runs < LEAST_RUNS
                asked = _cold(name, group) if cold else counts
                shown = [count for count in _testable(asked) if _is_defect(memory, count, group, tests, cold=cold)]
                for count in shown:
                    memory.episodes[count.scope].subjects.update(p.subject for p in count.lacking)
                _end_unseen(memory, name, {count.scope for count in asked}, group)
                found += _told(memory, shown, layouts[place])
                _learn(memory, name, counts, group)
    lasting = {
        (*place, name, episode.since)
        for place, known in memories.items()
        for name, memory in known.items()
        for episode in memory.episodes.values()
    }
    return [replace(d, lasting=(d.marketplace, d.kind, d.field, d.since) in lasting) for d in found]


def _forget(known: dict[str, Memory], now: datetime) -> None:
    """Start anew with a field that has been lost for so long that this is how the site is."""
    for name, memory in known.items():
        if any(now - episode.since > FORGET for episode in memory.episodes.values()):
            known[name] = Memory()


def _kept(known: Mapping[str, Memory], group: Sequence[Page]) -> Tests:
    """The tests of the fields that pages keep, each over the pages that usually have it."""
    return {
        name: _scopes(name, [p for p in group if _says(p, name) and known[name].usually(p)], LACKING)
        for name in KEPT[group[0].kind]
    }


def _others(group: Sequence[Page]) -> Tests:
    """The tests of the fields that come and go, each over all pages that could show it."""
    lacking: dict[str, list[Page]] = defaultdict(list)
    for page in group:
        for name, (reason, _) in page.missing.items():
            if name in OTHERS[page.kind] and reason in NOT_UNDERSTOOD and page.applies(name):
                lacking[name].append(page)
    return {
        name: [
            Count(name, scope, of, tuple(p for p in lacking[name] if scope in {None, p.layout or "?"}))
            for scope, of in Counter(
                scope for page in group if page.applies(name) for scope in (None, page.layout or "?")
            ).items()
        ]
        for name in OTHERS[group[0].kind]
    }


def _cold(name: str, group: Sequence[Page]) -> Sequence[Count]:
    """What can be said without a history: of the core fields, over all pages that say whether they have it."""
    if name not in CORE[group[0].kind]:
        return ()
    return _scopes(name, [page for page in group if _says(page, name)], OUR_FAULT)[:1]


def _says(page: Page, name: str) -> bool:
    """Whether the page should have the field, and it is known whether it does."""
    return page.applies(name) and (name in page.read or _reason(page, name) in LACKING)


def _reason(page: Page, name: str) -> str | None:
    found = page.missing.get(name)
    return found[0] if found else None


def _scopes(name: str, asked: Sequence[Page], reasons: frozenset[str]) -> list[Count]:
    """One count over all these pages, then one for each layout."""
    scopes: dict[str | None, list[Page]] = defaultdict(list)
    for page in asked:
        scopes[None].append(page)
        scopes[page.layout or "?"].append(page)
    return [
        Count(name, scope, len(pages), tuple(p for p in pages if _reason(p, name) in reasons))
        for scope, pages in scopes.items()
    ]


def _testable(counts: Sequence[Count]) -> list[Count]:
    """Those that are tests of their own: a layout that all pages are of is no second one."""
    return [c for c in counts if c.scope is None or c.of < counts[0].of]


def _is_defect(memory: Memory, count: Count, group: Sequence[Page], tests: int, *, cold: bool) -> bool:
    """Whether the run shows a defect: one that lasts, or one that begins (and is noted)."""
    missing, scope, expected = len(count.lacking), count.scope, None
    episode = memory.episodes.get(scope)
    if episode is not None and (count.of < LEAST_PAGES or episode.lasts(count.share)):
        return missing > 0
    memory.episodes.pop(scope, None)
    if missing < LEAST_PAGES:
        return False
    if cold:
        if 2 * missing <= count.of:
            return False
    else:
        before = usual(memory.before(scope))
        expected = before.share
        if count.share - expected < LEAST_RISE or before.chance(missing, count.of) * tests >= CHANCE:
            return False
    memory.episodes[scope] = Episode(min(p.observed_at for p in group), count.share, expected)
    return True


def _end_unseen(memory: Memory, name: str, scopes: set[str | None], group: Sequence[Page]) -> None:
    """End what lasted in a layout that the run did not show, where most of what had lost the field has it again."""
    for scope in memory.episodes.keys() - scopes:
        pages = [p for p in group if p.subject in memory.episodes[scope].subjects and _says(p, name)]
        again = sum(name in page.read for page in pages)
        if again >= LEAST_PAGES and 2 * again > len(pages):
            del memory.episodes[scope]


def _told(memory: Memory, shown: Sequence[Count], layouts: Mapping[str | None, datetime]) -> Iterator[Defect]:
    """The defects of a field: over all pages where that is one, else by layout."""
    for count in [c for c in shown if c.scope is None] or shown:
        pages, episode = count.lacking, memory.episodes[count.scope]
        seen = {p.layout for p in pages}
        layout = next(iter(seen)) if len(seen) == 1 else None
        yield Defect(
            run_id=pages[0].run_id,
            observed_at=max(p.observed_at for p in pages),
            marketplace=pages[0].marketplace,
            kind=pages[0].kind,
            field=count.name,
            layout=layout,
            # A name where there was none before (pages were read before layouts had names) is no new layout.
            new_layout=layout is not None
            and layouts[layout] >= episode.since
            and any(name is not None and at < episode.since for name, at in layouts.items()),
            missing=len(pages),
            of=count.of,
            usual=episode.usual,
            since=episode.since,
            reasons=tuple(r for r, _ in Counter(p.missing[count.name][0] for p in pages).most_common()),
            text=next((text for p in pages if (text := p.missing[count.name][1])), None),
            pages=tuple((p.fetch_id, p.page_hash) for p in pages),
            sql=_sql(pages[0], count.name),
        )


def _learn(memory: Memory, name: str, counts: Sequence[Count], group: Sequence[Page]) -> None:
    """Take the run into what is usual; of one with a defect only what was read all the same."""
    kept = name in KEPT[group[0].kind]
    said = [page for page in group if _says(page, name)] if kept else group
    for page in said if kept else ():
        if name in page.read or not memory.episodes:
            memory.had[page.subject].append(name in page.read)
    if said and not memory.episodes:
        memory.runs += 1
        for count in counts:
            memory.counts[count.scope].append((len(count.lacking), count.of))


def _sql(page: Page, name: str) -> str:
    run, marketplace, quoted = (text.replace("'", "''") for text in (page.run_id, page.marketplace, name))
    about = "f.asin" if page.kind == "product" else "f.keyword, f.page"
    where = f"WHERE f.run_id = '{run}' AND f.marketplace = '{marketplace}' AND f.kind = '{page.kind}'"
    if name == WHOLE_PAGE:
        return (
            f"SELECT f.observed_at, {about}, f.outcome, f.detail, f.page_hash, f.fetch_id\nFROM page_fetch f\n{where}\n"
            "ORDER BY f.outcome = 'ok', f.observed_at"
        )
    return (
        f"SELECT f.observed_at, {about}, count(m.field) AS missing, mode(m.reason) AS reason,\n"
        "       any_value(m.text) AS text, f.page_hash, f.fetch_id\n"
        f"FROM page_fetch f LEFT JOIN missing_value m ON m.fetch_id = f.fetch_id AND m.field = '{quoted}'\n"
        f"{where} AND f.outcome = 'ok'\n"
        "GROUP BY ALL\nORDER BY missing DESC, f.observed_at"
    )
