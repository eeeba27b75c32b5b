"""From a measure to an answer: its interval, the verdict on it, and how that is said."""

import math
from collections.abc import Sequence

from reports.effects import effect as words
from reports.effects.effect import MORE_IS_BETTER, Effect, Metric, Verdict
from reports.effects.intervals import Interval, steps
from reports.effects.measure import Measure
from reports.sentences import Fact

ANSWERS = {Verdict.BETTER: words.BETTER, Verdict.WORSE: words.WORSE, Verdict.NO_EFFECT: words.NO_EFFECT}


def solve(measures: Sequence[Measure]) -> None:
    """All that are still to be solved at once, and what several share once."""
    measures = [measure for measure in measures if measure.step is not None]
    cases = {_name(measure): measure for measure in measures}
    found = steps([m.step for m in cases.values() if m.step is not None], [m.alpha for m in cases.values()])
    solved = dict(zip(cases, found, strict=True))
    for measure in measures:
        measure.interval = solved[_name(measure)]


def answered(of: Measure, name: str) -> Effect:
    """What a measure says, once it is solved. ``name``: of what moved."""
    facts: dict[str, Fact] = {"nights_before": of.nights[0], "nights_after": of.nights[1], **of.facts}
    if of.keyword is not None:
        facts["keyword"] = of.keyword
    verdict, says = Verdict.TOO_LITTLE, of.head
    known = of.interval
    if known is not None:
        verdict = _verdict(known, of.metric)
        facts |= {"change": _over(known.change), "low": _over(known.low), "high": _over(known.high)}
        says = (*of.head, ANSWERS[verdict], *of.tail, words.NIGHTS)
    return Effect(
        move=name,
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
    )


def _name(measure: Measure) -> tuple[object, ...]:
    step = measure.step
    return () if step is None else (measure.alpha, step.first, tuple(step.days), tuple(step.values))


def _verdict(known: Interval, metric: Metric) -> Verdict:
    if known.low <= 0 <= known.high:
        return Verdict.NO_EFFECT
    more = known.low > 0
    return Verdict.BETTER if more == (metric in MORE_IS_BETTER) else Verdict.WORSE


def _over(logarithm: float) -> float:
    """As a share more, or less."""
    return _rounded(math.exp(logarithm) - 1)


def _rounded(value: float) -> float:
    """To four digits, so that the last bits of a sum do not show."""
    return float(f"{value:.4g}")
