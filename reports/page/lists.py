"""The section on ranked lists, ready to print."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from reports.page.cells import Cell, Cells, Delta, Head
from reports.page.told import Label, Telling
from reports.rankings import Entry
from reports.report import Report
from reports.sections.lists import NAMES, Listed, Ranked, Standing
from reports.sections.matrix import Moved
from reports.sentences import Fact, Said
from reports.wording import NOTHING

NAMED = 10
"""Entrants, and leavers, of a list that are named; the others are counted."""


@dataclass(frozen=True, slots=True)
class Group:
    """Who came to a list, left it, climbed or fell."""

    name: str
    products: tuple[tuple[Label, str], ...]
    more: str
    """How many of them are not named."""


@dataclass(frozen=True, slots=True)
class ListView:
    name: str
    says: str
    groups: tuple[Group, ...]
    """Those of which there is anybody."""
    unsure: str


@dataclass(frozen=True, slots=True)
class NewcomerView:
    mark: str
    """On how many keywords it stands."""
    label: Label
    shown: str
    """What the list shows of it."""
    says: str


class ListsView:
    """Where the watched products stand, then what happened on each list."""

    def __init__(self, report: Report, cells: Cells, telling: Telling) -> None:
        found, self.cells, self.words, self.telling = report.lists, cells, cells.words, telling
        self.count = len(found.newcomers)
        self.heads = [Head(self._name(each), numbers=True, why=self._read(each)) for each in found.lists]
        there = {asin for each in found.lists for asin, at in each.standing.items() if at.rank or any(at.moved)}
        labels = telling.labels
        self.rows = [
            (labels[p.asin], tuple(self._cell(each, each.standing[p.asin]) for each in found.lists))
            for p in report.comparison.products
            if p.own or p.asin in there
        ]
        self.absent = [labels[p.asin] for p in report.comparison.products if not p.own and p.asin not in there]
        self.lists = [self._list(each) for each in found.lists]
        self.unread = [(path, self.words.said(why)) for path, why in found.unread]
        self.newcomers = [
            NewcomerView(
                mark=self.words.say(
                    "{on:number} of {of:count keyword|keywords}",
                    on=len(n.keywords),
                    of=len(report.comparison.keywords),
                ),
                label=telling.stranger(n.asin, n.title),
                shown=self._shown(n.entry),
                says=self.words.said(n.says),
            )
            for n in found.newcomers
        ]
        self.any = bool(found.lists or found.unread)

    def _name(self, each: Listed) -> str:
        name = self.words.say(NAMES[each.ranking])
        return self.words.say("{list}: {category}", list=name, category=each.category) if each.category else name

    def _read(self, each: Listed) -> str:
        return self.words.say("to place {reach:number} on {day:day}", reach=each.reach, day=each.day)

    def _cell(self, each: Listed, standing: Standing) -> Cell:
        head = self._name(each)
        deltas = tuple(self._delta(each, moved) for moved in standing.moved if moved)
        if standing.rank is None:
            text = NOTHING if each.ended else self.words.say("> {reach:number}", reach=each.reach)
            return Cell(head, text, "beyond", deltas=deltas)
        return Cell(head, self.words.number(standing.rank), order=str(standing.rank), deltas=deltas)

    def _delta(self, each: Listed, moved: Moved) -> Delta:
        say, back = self.words.say, (each.day - moved.day).days
        sense = {1: "good", 0: "flat", -1: "bad"}[moved.better]
        if moved.before is None:
            text, note = say("new"), say("not on the list on {day:day}", day=moved.day)
        elif moved.after is None:
            text = say("from {place:number}", place=moved.before)
            note = say("{place:number} on {day:day}", place=moved.before, day=moved.day)
        else:
            text = steps(moved.before - moved.after, self.words.number(abs(moved.before - moved.after)))
            note = say("{place:number} on {day:day}", place=moved.before, day=moved.day)
        return Delta(say("{spans} d {change}", spans=self.words.number(back), change=text), sense, note)

    def _list(self, each: Listed) -> ListView:
        say, since = self.words.say, each.week or each.before
        groups = [self._group(say("Came"), each.entrants or (), self._came)]
        groups.append(self._group(say("Went"), each.leavers or (), self._went))
        if since is not None:
            climbed = say("Climbed since {day:day}", day=since)
            groups.append(self._group(climbed, each.climbers, self._climbed))
            groups.append(self._group(say("Fell since {day:day}", day=since), each.fallers, self._climbed))
        says = self.words.said(each.says)
        return ListView(self._name(each), says, tuple(g for g in groups if g.products), self.words.said(each.unsure))

    def _group(self, name: str, found: Sequence[Ranked], tell: Callable[[Ranked], str]) -> Group:
        named = tuple((self._label(each), tell(each)) for each in found[:NAMED])
        more = self.words.say("and {more:number} more", more=len(found) - NAMED) if len(found) > NAMED else ""
        return Group(name, named, more)

    def _label(self, each: Ranked) -> Label:
        return self.telling.labels.get(each.asin) or replace(self.telling.stranger(each.asin, each.title), chip="")

    def _came(self, each: Ranked) -> str:
        seen = Said("for the first time") if each.last is None else Said("last there on {day:day}", {"day": each.last})
        facts: dict[str, Fact] = {"rank": each.rank}
        return self._joined((Said("now at {rank:number}", facts), seen), self._shown(each.entry))

    def _went(self, each: Ranked) -> str:
        return self._joined((Said("was at {rank:number}", {"rank": each.before}),))

    def _climbed(self, each: Ranked) -> str:
        facts: dict[str, Fact] = {"before": each.before, "now": each.rank}
        return self._joined((Said("{before:number} → {now:number}", facts),))

    def _joined(self, phrases: Iterable[Said], *more: str) -> str:
        return self.words.joined((self.words.said(phrases), *more))

    def _shown(self, entry: Entry) -> str:
        """Price and ratings, as far as the list shows them."""
        parts = []
        if entry.price is not None and entry.currency:
            parts.append(self.words.money(entry.price, entry.currency))
        if entry.review_count is not None:
            parts.append(self.words.say("{reviews:count rating|ratings}", reviews=entry.review_count))
        return self.words.joined(parts)


def steps(up: int, text: str) -> str:
    """So many places up, or down."""
    return "=" if not up else f"{'▲' if up > 0 else '▼'} {text}"
