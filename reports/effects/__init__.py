"""What a move did to the own listing: before against after, and against the category. MOVES.md says how.

Pure: of a day follows only from what was observed up to that day. An effect is an association in time with an interval;
nothing is called one whose interval has "nothing happened" in it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from reports.effects import effect as words
from reports.effects.answer import answered, solve
from reports.effects.effect import Effect, Metric, Verdict
from reports.effects.measure import Measure, Measures
from reports.effects.nights import AFTER, Window
from reports.flags.kind import Kind, Severity
from reports.moves import Move, Theme
from reports.moves.themes import CAUSES
from reports.series import Comparison

__all__ = ["Effect", "Metric", "Verdict", "due", "effects"]

WEEK, FULL = timedelta(days=7), timedelta(days=AFTER - 1)
"""After its start a move that goes on is weighed; in between nothing is told anew."""
WHOLE = timedelta(days=28)
"""After its start nothing is weighed any more: what else happened at that time need not be remembered for longer."""
OTHER_REVIEWS = {Kind.LOW_STAR_WAVE, Kind.RATING_FELL, Kind.REVIEWS_MERGED, Kind.REVIEWS_REMOVED}
"""After these, more or fewer reviews are no measure of what a move did."""
NAMED = 3
"""Other products that are named as possible causes, those that did the most."""


@dataclass(frozen=True, slots=True)
class Acts:
    """The local days on which something was done in a move, rather than came of it; of the own listing those on which
    it gained or lost, too, which is what would be taken for an effect."""

    move: Move
    days: tuple[date, ...]
    other_reviews: tuple[date, ...]

    @classmethod
    def of(cls, move: Move, zone: ZoneInfo) -> "Acts":
        days = [(kind, at.astimezone(zone).date()) for kind, _, _, at in move.keys if kind is not Kind.NEWLY_WATCHED]
        return cls(
            move,
            tuple(day for kind, day in days if move.own or kind in CAUSES),
            tuple(day for kind, day in days if move.own and kind in OTHER_REVIEWS),
        )

    def within(self, window: Window) -> int:
        """How many of them."""
        return sum(window.first <= day <= window.last for day in self.days)


def effects(comparison: Comparison, moves: Sequence[Move], among: Sequence[Move] | None = None) -> list[Effect]:
    """The effects on the own listing, as known on the last of the comparison's days, of the ``moves`` that have ended,
    or began at least a week before: on its BSR, its organic place for each keyword, and its review pace. They change
    only on days on which :func:`due` is true.

    Left out are moves of low severity, of the market, products newly watched, and the own listing's moves in which it
    only gained or lost: they are what would be measured. ``among`` (by default the same) is what other possible causes
    are found in.
    """
    today = comparison.days[-1]
    windows = {move.id: window for move in moves if (window := _window(move, today)) is not None}
    if not windows:
        return []
    zone = ZoneInfo(comparison.time_zone)
    acts = [Acts.of(move, zone) for move in (moves if among is None else among)]
    first, last = min(w.first for w in windows.values()), max(w.last for w in windows.values())
    measures = Measures(comparison, first, last, [day for act in acts for day in act.other_reviews])
    weighed = [(move, windows[move.id]) for move in moves if move.id in windows]
    found = [(move, window, measure) for move, window in weighed for measure in measures.of(move.asin, window)]
    solve([measure for *_, measure in found])
    return [_effect(move, window, measure, acts) for move, window, measure in found]


def due(move: Move, first: date, last: date) -> bool:
    """Whether an effect of ``move``, as known on ``last``, came to be known or may have changed between these local
    days, both included: it ended then, a week or two were full, or a flag came to it. Not later than
    four weeks after its start."""
    full = [day for day in (move.started + WEEK, move.started + FULL) if move.ended is None or day < move.ended]
    days = [move.last_day, *full, *([move.ended] if move.ended else [])]
    return _measured(move) and any(first <= day <= min(last, move.started + WHOLE) for day in days)


def _measured(move: Move) -> bool:
    kinds = {kind for kind, *_ in move.keys}
    if move.theme is Theme.MARKET or kinds == {Kind.NEWLY_WATCHED}:
        return False
    return not move.own or not kinds.isdisjoint(CAUSES)


def _window(move: Move, today: date) -> Window | None:
    """From the start to the end, or to the last of the days on which a move that goes on is weighed."""
    if not _measured(move) or move.severity_on(min(today, move.started + WHOLE)) is Severity.LOW:
        return None
    ends = [day for day in (move.started + WEEK, move.started + FULL) if day <= today]
    if move.ended is not None and move.ended <= min(today, move.started + FULL):
        ends = [move.ended]
    return Window(move.started, ends[-1]) if ends else None


def _effect(move: Move, window: Window, of: Measure, acts: Sequence[Acts]) -> Effect:
    found = answered(of, move.id)
    if found.verdict not in (Verdict.BETTER, Verdict.WORSE):
        return found
    also = [act for act in acts if act.move.id != move.id and act.within(window)]
    times: Counter[str] = Counter()
    for act in also:
        if act.move.asin is not None and not act.move.own and act.move.asin != move.asin:
            times[act.move.asin] += act.within(window)
    rivals = sorted(times, key=lambda asin: (-times[asin], asin))
    says = found.says
    says += (words.OTHERS,) if rivals else ()
    says += (words.MORE,) if len(rivals) > NAMED else ()
    says += (words.YOU,) if not move.own and any(act.move.own for act in also) else ()
    says += (words.MARKET,) if any(act.move.asin is None for act in also) else ()
    facts = {**found.facts, "others": sorted(rivals[:NAMED]), "more": len(rivals) - NAMED}
    return replace(found, says=says, facts=facts, others=tuple(act.move.id for act in also))
