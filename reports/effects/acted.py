"""What own actions did to the own listing: weighed as moves are, each alone, by the pages and by the own numbers.

All that is said of one action is said with 95 % together: its measures share what they may err (Bonferroni), so that an
action that did nothing seems to have done something once in twenty times, not once in twenty times a measure.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from statistics import fmean
from typing import NamedTuple

from reports.effects import effect as words
from reports.effects.answer import answered, solve
from reports.effects.effect import OF_PAGES, Effect, Metric
from reports.effects.intervals import Step
from reports.effects.measure import ALPHA, Measure, Measures, few
from reports.effects.nights import Window, enough
from reports.period import ONE
from reports.series import Comparison


class OwnDay(NamedTuple):
    """What the seller's own numbers say of a local day; None where they do not."""

    day: date
    units: int | None
    sessions: int | None
    ad_spend: Decimal | None = None
    """In the currency of the listing."""


class Acted(NamedTuple):
    """An own action to weigh."""

    name: str
    day: date
    """On which it was done: of the own numbers, a day of both."""
    window: Window


def _half(count: int | None) -> float | None:
    """The logarithm of a count; of half a one more, so that none is no infinity."""
    return None if count is None else math.log(count + 0.5)


def _conversion(day: OwnDay) -> float | None:
    units, sessions = day.units, day.sessions
    return math.log((units + 0.5) / (sessions + 1)) if units is not None and sessions else None


def _share(days: Sequence[OwnDay]) -> float:
    return sum(day.units or 0 for day in days) / sum(day.sessions or 0 for day in days)


OWN: Mapping[Metric, tuple[str, str, Callable[[OwnDay], float | None], Callable[[Sequence[OwnDay]], float]]] = {
    Metric.UNITS: (words.UNITS, words.DAILY, lambda d: _half(d.units), lambda days: fmean(d.units or 0 for d in days)),
    Metric.SESSIONS: (
        words.SESSIONS, words.DAILY, lambda d: _half(d.sessions), lambda days: fmean(d.sessions or 0 for d in days),
    ),
    Metric.CONVERSION: (words.CONVERSION, words.PART, _conversion, _share),
}  # fmt: skip
"""Of each of the own numbers: what it is called, how its ends are told, its level on a day, and its end of several."""


def acted(
    comparison: Comparison,
    actions: Sequence[Acted],
    own: Sequence[OwnDay] = (),
    other_reviews: Sequence[date] = (),
) -> dict[str, list[Effect]]:
    """By name of the action, its effects on BSR, places and review pace, and with ``own`` on units, sessions and
    conversion. ``other_reviews``: see :class:`reports.effects.measure.Measures`."""
    if not actions:
        return {}
    alpha = ALPHA / (len(OF_PAGES) + (len(OWN) if own else 0))
    first, last = min(a.window.first for a in actions), max(a.window.last for a in actions)
    measures = Measures(comparison, first, last, other_reviews, alpha)
    found = {
        each.name: [*measures.of(None, each.window), *(_own(metric, each, own, alpha) for metric in OWN if own)]
        for each in actions
    }
    solve([measure for those in found.values() for measure in those])
    return {name: [answered(measure, name) for measure in those] for name, those in found.items()}


def _own(metric: Metric, action: Acted, own: Sequence[OwnDay], alpha: float) -> Measure:
    subject, form, level, end = OWN[metric]
    window = action.window
    kept = [
        (day, value)
        for day in own
        if window.start <= day.day <= window.last
        and (day.day < action.day or day.day >= max(window.first, action.day + ONE))
        and (value := level(day)) is not None
    ]
    days, values = [day.day.toordinal() for day, _ in kept], [value for _, value in kept]
    step = Step(days, values, window.first.toordinal())
    found = Measure(metric, None, (len(step.before), len(step.after)), alpha=alpha)
    if not enough(step):
        return few(found, subject)
    before = [day for day, _ in kept if day.day < window.first]
    after = [day for day, _ in kept if day.day >= window.first]
    found.ends, found.step = (end(before), end(after)), step
    found.head, found.tail = (subject, form), (words.PAST,)
    found.facts = {"before": found.ends[0], "after": found.ends[1]}
    return found
