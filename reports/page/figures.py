"""The section of charts, ready to print: pictures by topic, who is who, and the data for the script."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from markupsafe import Markup

from reports.actions import Action
from reports.flags import Severity
from reports.page.chart import Chart, charts, rating_map, topic
from reports.page.payload import Named, about, payload
from reports.page.plot import Setting, acts, look, plot, plot_map
from reports.period import Days
from reports.report import Report
from reports.wording import Wording

SPANS = (7, 14, 28, 90, 182)
"""Days that a button shows, where there are more."""


@dataclass(frozen=True, slots=True)
class Figure:
    chart: Chart
    title: str
    note: str
    picture: Markup


@dataclass(frozen=True, slots=True)
class Key:
    """A product in the legend."""

    chip: str
    name: str
    title: str
    look: str


class Figures:
    """The context of ``charts.html``. ``names``: chip, name and whole title of each product, in the report's order."""

    def __init__(self, report: Report, names: Sequence[tuple[str, str, str]], words: Wording) -> None:
        products, shown = report.comparison.products, report.shown
        out = tuple(frozenset(o.day for o in p.daily.values() if o.in_stock is False) for p in products)
        done = marked(report)
        at = tuple((place / max(1, len(shown) - 1), name) for place, name, _ in done)
        setting = Setting(shown, report.period.days, tuple(chip for chip, *_ in names), out, words, at)
        drawn, found = [*charts(report)], rating_map(report.rows)
        order = {p.asin: n for n, p in enumerate(products)}
        grave = [f for f in report.marks if f.asin in order and (f.own or f.severity is not Severity.LOW)]
        lasting = [m for m in report.moves if m.asin in order and (m.own or m.severity is not Severity.LOW)]

        def marks(chart: Chart) -> dict[int, set[date]]:
            here = [f for f in grave if topic(f.kind) == chart.topic and chart.keyword in {None, f.keyword}]
            return _by_product((order[f.asin or ""], [f.day]) for f in here)

        def spells(chart: Chart) -> dict[int, set[date]]:
            here = [m for m in lasting if about(m) == chart.topic]
            return _by_product((order[m.asin or ""], Days(m.started, m.ended or shown.last)) for m in here)

        pictures = [plot(chart, setting, marks(chart), spells(chart)) for chart in drawn]
        figures = [
            Figure(chart, words.said((chart.title,)), words.said((chart.note,)), picture)
            for chart, picture in zip(drawn, pictures, strict=True)
        ]
        self.days = tuple(words.day(day) for day in shown)
        self.before = report.period.days.first > shown.first
        self.spans = [span for span in SPANS if span < len(shown)]
        self.keys = [Key(*name, look(n)) for n, name in enumerate(names)]
        self.topics = [(name, [*group]) for name, group in groupby(figures, lambda figure: figure.chart.topic)]
        self.acts = acts(setting)
        self.map = plot_map(found, setting.chips, words)
        self.unmapped = [(self.keys[n], words.said(why)) for n, why in found.absent]
        categories = [words.said(row.values["bsr"].note) for row in report.rows]
        self.elsewhere = [(key, category) for key, category in zip(self.keys, categories, strict=True) if category]
        named = [Named(p.asin, key.chip, key.name) for p, key in zip(products, self.keys, strict=True)]
        self.data: dict[str, Any] = payload(
            drawn, found, setting, named, flags=report.marks, moves=report.moves, acts=done
        )


def marked(report: Report) -> list[tuple[int, str, str]]:
    """Own actions that the charts show: the first day that shows each (of what no page shows yet, the last), counted
    from the first day shown; the numbers of those of a day; and their texts."""
    found: dict[int, list[Action]] = defaultdict(list)
    for logged in reversed(report.journal.actions):
        place = (logged.window.first - report.shown.first).days
        if place >= 0:
            found[min(place, len(report.shown) - 1)].append(logged.action)
    return [
        (place, "·".join(str(a.entry) for a in those), "; ".join(a.text for a in those))
        for place, those in found.items()
    ]


def _by_product(told: Iterable[tuple[int, Iterable[date]]]) -> dict[int, set[date]]:
    found: dict[int, set[date]] = defaultdict(set)
    for n, days in told:
        found[n].update(days)
    return found
