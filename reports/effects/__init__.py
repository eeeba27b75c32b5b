"""What a move did to the own listing: before against after, and against the category. MOVES.md says how.

Pure: of a day follows only from what was observed up to that day. An effect is an association in time with an interval;
nothing is called one whose interval has "nothing happened" in it.
"""

import math
from collections.abc import Sequence
from datetime import date, timedelta

from reports.effects import effect as words
from reports.effects.effect import Effect, Metric, Verdict
from reports.effects.intervals import Interval, steps
from reports.effects.measure import Measure, Measures
from reports.effects.nights import AFTER, Window
from reports.flags.kind import Kind
from reports.moves import Move, Theme
from reports.moves.themes import CAUSES
from reports.sentences import Fact
from reports.series import Comparison

__all__ = ["Effect", "Metric", "Verdict", "effects"]

WEEK = timedelta(days=7)
NAMED = 3
"""Other products that are named as possible causes, those of the gravest moves."""


def effects(comparison: Comparison, moves: Sequence[Move], among: Sequence[Move] | None = None) -> list[Effect]:
    """The effects on the own listing, as known on the last of the comparison's days, of the ``moves`` that have ended,
    or began at least a week before: on its BSR, its organic place for each keyword, and its review pace.

    Left out are moves of the market, products newly watched, and the own listing's moves in which it only gained or
    lost: they are what would be measured. ``among`` (by default the same) is what other possible causes are found in:
    give those that were alive since the first of ``moves`` began.
    """
    today = comparison.days[-1]
    windows = {move.id: _window(move, today) for move in moves if _weighed(move, today)}
    if not windows:
        return []
    measures = Measures(comparison, min(w.first for w in windows.values()), max(w.last for w in windows.values()))
    weighed = [(move, windows[move.id]) for move in moves if move.id in windows]
    found = [(move, window, measure) for move, window in weighed for measure in measures.of(move, window)]
    _solve([measure for *_, measure in found if measure.step is not None])
    others = moves if among is None else among
    return [_effect(move, window, measure, others) for move, window, measure in found]


def _weighed(move: Move, today: date) -> bool:
    kinds = {kind for kind, *_ in move.keys}
    if move.theme is Theme.MARKET or kinds == {Kind.NEWLY_WATCHED} or (move.own and not kinds & set(CAUSES)):
        return False
    return move.started <= today and (move.ended is not None or today - move.started >= WEEK)


def _window(move: Move, today: date) -> Window:
    return Window(move.started, min(move.ended or today, today, move.started + timedelta(days=AFTER - 1)))


def _solve(measures: Sequence[Measure]) -> None:
    """All at once, and what several moves share once."""
    cases = {_name(measure): measure for measure in measures}
    found = steps([m.step for m in cases.values() if m.step is not None], [m.alpha for m in cases.values()])
    solved = dict(zip(cases, found, strict=True))
    for measure in measures:
        measure.interval = solved[_name(measure)]


def _name(measure: Measure) -> tuple[object, ...]:
    step = measure.step
    return () if step is None else (measure.alpha, step.first, tuple(step.days), tuple(step.values))


def _effect(move: Move, window: Window, of: Measure, moves: Sequence[Move]) -> Effect:
    facts: dict[str, Fact] = {"nights_before": of.nights[0], "nights_after": of.nights[1], **of.facts}
    if of.keyword is not None:
        facts["keyword"] = of.keyword
    verdict, says, others = Verdict.TOO_LITTLE, of.head, []
    known = of.interval
    if known is not None:
        verdict = _verdict(known, of.metric)
        facts |= {"change": _over(known.change), "low": _over(known.low), "high": _over(known.high)}
        says = (*of.head, ANSWERS[verdict], *of.tail, words.NIGHTS)
    if verdict in (Verdict.BETTER, Verdict.WORSE):
        others = [m for m in moves if m.id != move.id and _meanwhile(m, window)]
        grave = sorted(others, key=lambda m: -m.severity)
        rivals = list(dict.fromkeys(m.asin for m in grave if m.asin is not None and not m.own and m.asin != move.asin))
        facts |= {"others": sorted(rivals[:NAMED]), "more": len(rivals) - NAMED}
        says += (words.OTHERS,) if rivals else ()
        says += (words.MORE,) if len(rivals) > NAMED else ()
        says += (words.YOU,) if any(m.own for m in others) and not move.own else ()
        says += (words.MARKET,) if any(m.asin is None for m in others) else ()
    return Effect(
        move=move.id,
        metric=of.metric,
        keyword=of.keyword,
        before=_rounded(of.ends[0]) if of.ends else None,
        after=_rounded(of.ends[1]) if of.ends else None,
        effect=_rounded(math.exp(known.change)) if known else None,
        low=_rounded(math.exp(known.low)) if known else None,
        high=_rounded(math.exp(known.high)) if known else None,
        nights_before=of.nights[0],
        nights_after=of.nights[1],
        verdict=verdict,
        says=tuple(text for text in says if text),
        facts=facts,
        others=tuple(m.id for m in others),
    )


ANSWERS = {Verdict.BETTER: words.BETTER, Verdict.WORSE: words.WORSE, Verdict.NO_EFFECT: words.NO_EFFECT}


def _verdict(known: Interval, metric: Metric) -> Verdict:
    if known.low <= 0 <= known.high:
        return Verdict.NO_EFFECT
    more = known.low > 0
    return Verdict.BETTER if more == (metric is Metric.REVIEWS) else Verdict.WORSE


def _meanwhile(other: Move, window: Window) -> bool:
    """Whether it began or ended on the days of the move."""
    return any(day is not None and window.first <= day <= window.last for day in (other.started, other.ended))


def _over(logarithm: float) -> float:
    """As a share more, or less."""
    return _rounded(math.exp(logarithm) - 1)


def _rounded(value: float) -> float:
    """To four digits, so that the last bits of a sum do not show."""
    return float(f"{value:.4g}")
