"""The health of the own listing, ready to print: what is wrong first, what is in order in few words."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from reports.health import Point, State, ill
from reports.page.sparkline import strip
from reports.report import Report
from reports.wording import Wording

LOOKS = {State.OK: "in", State.WRONG: "out", State.UNKNOWN: "unread", None: "unwatched"}
STATES = {State.OK: "in order", State.WRONG: "wrong", State.UNKNOWN: "not known", None: "not watched yet"}
TEXTS = frozenset({"title", "bullets"})
"""Points of which what was and what is stand below each other."""


@dataclass(frozen=True, slots=True)
class PointView:
    """One point."""

    point: Point
    name: str
    trouble: str
    """What is wrong, in few words."""
    says: str
    when: str
    """Of one that is wrong, since when."""
    strip: Markup
    """A picture of its days."""

    @property
    def texts(self) -> bool:
        """Whether what was and what is are texts to be shown."""
        return self.point.key in TEXTS and self.point.before is not None


class HealthView:
    def __init__(self, report: Report, words: Wording) -> None:
        self.report, self.words, say = report, words, words.say
        points = report.health
        self.wrong = [self._view(point) for point in ill(points)]
        self.well = [self._view(point) for point in points if point.state is State.OK]
        lacking = sorted((words.said(p.says), n) for n, p in enumerate(points) if p.state is State.UNKNOWN)
        self.unknown = [
            (why, [words.said(points[n].name) for _, n in group])
            for why, group in groupby(lacking, key=lambda found: found[0])
        ]
        self.count = len(self.wrong)
        self.known = len(self.wrong) + len(self.well)
        self.share = len(self.well) / self.known if self.known else ""
        self.score = say("{well:number}/{of:number}", well=len(self.well), of=self.known) if self.known else ""

    @property
    def points(self) -> Iterable[PointView]:
        """All of them, those that are wrong first."""
        return [*self.wrong, *self.well, *map(self._view, self._lost())]

    def _lost(self) -> list[Point]:
        return [point for point in self.report.health if point.state is State.UNKNOWN]

    def _view(self, point: Point) -> PointView:
        words, say = self.words, self.words.say
        when = ""
        if point.state is State.WRONG and point.since:
            when = say("new") if point.new else say("since {since:day}", since=point.since)
        name = words.said(point.name)
        days = [
            (LOOKS[state], say(STATES[state]), words.day_short(day))
            for state, day in zip(point.days, self.report.shown, strict=True)
        ]
        label = say("{point}: day by day", point=name)
        trouble = words.said(point.trouble)
        return PointView(
            point, name, trouble[:1].upper() + trouble[1:], words.said(point.says), when, strip(days, label=label)
        )
