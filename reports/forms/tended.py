"""What a seller looks after, in the workbook: the health of the listing, own actions, and the ranked lists."""

from collections.abc import Iterable, Iterator

from reports.forms.sheet import Cell, Head, Line
from reports.forms.sheets import Sheets
from reports.health import State
from reports.page.health import STATES
from reports.sections.journal import LABELS
from reports.sections.lists import NAMES, Listed, Ranked
from reports.sentences import Said

HAPPENED = {"entrants": Said("Came"), "leavers": Said("Went"), "climbers": Said("Climbed"), "fallers": Said("Fell")}
"""What is told of the products of a list, as a row says it."""


class Tended(Sheets):
    """A point, an action, or what a product did on a list, one a row."""

    def health_heads(self) -> list[Head]:
        return [*self.heads("Point", "State", "Since"), self.prose("What there is"), *self.heads("Before", "After")]

    def health(self) -> Iterator[Line]:
        for point in self.report.health:
            cells = [
                Cell(self.words.said(point.name)),
                Cell(self.say(STATES[point.state])),
                Cell(point.since if point.state is State.WRONG else None, "day"),
                Cell(self.words.said(point.says) or None, "prose"),
                Cell(point.before),
                Cell(point.after),
            ]
            yield Line(cells, point.state is State.WRONG)

    def action_heads(self) -> list[Head]:
        heads = self.heads("Day", "Entry", "Kind", "Watched from", "Watched until")
        return [*heads, self.prose("What was done"), self.prose("What came of it"), self.prose("What else there was")]

    def actions(self) -> Iterator[Line]:
        for found in self.report.journal.actions:
            effects = [effect.said(self.telling.language) for effect in found.effects]
            notes = found.notes(lambda asin: self.telling.whose(asin).chip)
            cells = [
                Cell(found.day, "day"),
                Cell(found.action.entry, "number"),
                Cell(self.say(LABELS[found.action.what])),
                Cell(found.window.first, "day"),
                Cell(found.window.last, "day"),
                Cell(found.action.text, "prose"),
                Cell("\n".join([self.words.said(found.says), *effects]), "prose"),
                Cell("\n".join(self.words.said(note) for note in notes) or None, "prose"),
            ]
            yield Line(cells)

    def list_heads(self) -> list[Head]:
        return self.heads("Day", "List", "Category", "Product", "ASIN", "What happened", "Rank", "Rank before")

    def lists(self) -> Iterator[Line]:
        """Where the watched products stand, and who else came, went, climbed or fell."""
        for each in self.report.lists.lists:
            told = {ranked.asin: what for name, what in HAPPENED.items() for ranked in self._those(each, name)}
            for asin, standing in each.standing.items():
                moved = standing.moved[0]
                own = asin == self.report.comparison.own.asin
                before = moved.before if moved else None
                yield self._line(each, self.named(asin), told.get(asin), standing.rank, before, own=own)
            for name, what in HAPPENED.items():
                for ranked in self._those(each, name):
                    if ranked.asin not in each.standing:
                        named = self.named(ranked.asin, ranked.title or ranked.asin)
                        yield self._line(each, named, what, ranked.rank, ranked.before)

    def _those(self, each: Listed, name: str) -> Iterable[Ranked]:
        return getattr(each, name) or ()

    def _line(
        self,
        each: Listed,
        named: list[Cell],
        what: Said | None,
        rank: int | None,
        before: int | None,
        *,
        own: bool = False,
    ) -> Line:
        head = [Cell(each.day, "day"), Cell(self.say(NAMES[each.ranking])), Cell(each.category)]
        happened = Cell(self.words.said(what) or None)
        return Line([*head, *named, happened, Cell(rank, "number"), Cell(before, "number")], own)
