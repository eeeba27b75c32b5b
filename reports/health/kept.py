"""What is to stay as it was: the state that is accepted, and one that is not yet."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from reports.actions import What
from reports.health.point import Day, Verdict, on_page, wrong
from reports.sentences import Said
from reports.series import Observation

SETTLED = timedelta(days=7)
"""A state that has stood for so long is the one to compare with."""

Shown = Callable[[Day, Observation], tuple[object, Any] | Verdict]
"""What a page shows, and of what kind it is (a language, a seller): only like is compared with like. A verdict where it
shows nothing that could be compared."""


class Kept:
    """A rule: what the page shows is what was accepted. The first state that is known is; another one is wrong, and
    accepted when it has stood for a week (:data:`SETTLED`), as is at once one that is ``better``, or that the journal
    knows as the seller's own change.

    Args:
        told: what is said of a state that is as accepted.
        changed: what is said of another one, from the accepted state and this one.
        better: whether the second is no worse than the first though it is another.
        noted: the kind of own action that changes it.
    """

    def __init__(
        self,
        shown: Shown,
        told: Callable[[Day, Any], Verdict],
        changed: Callable[[Any, Any], tuple[Said, ...]],
        better: Callable[[Any, Any], bool] = lambda was, now: was == now,
        noted: What | None = None,
    ) -> None:
        self._shown, self._told, self._changed, self._better = shown, told, changed, better
        self._accepted: tuple[object, Any] | None = None
        self._last: date | None = None
        """When that was seen last."""
        self._other: tuple[Any, date] | None = None
        self._noted = noted
        self._rule = on_page(self._judge)

    def __call__(self, day: Day) -> Verdict:
        return self._rule(day)

    def _judge(self, day: Day, seen: Observation) -> Verdict:
        found = self._shown(day, seen)
        if isinstance(found, Verdict):
            return found
        kind, now = found
        same = self._accepted is not None and self._accepted[0] == kind
        if self._accepted is None or not same or self._better(self._accepted[1], now):
            return self._accept(day, kind, now)
        if self._other is None or self._other[0] != now:
            self._other = (now, day.day)
        if self._noted in day.noted or day.day - self._other[1] >= SETTLED:
            return self._accept(day, kind, now)
        was = self._accepted[1]
        return wrong(*self._changed(was, now), before=_text(was), after=_text(now), last=self._last)

    def _accept(self, day: Day, kind: object, now: Any) -> Verdict:
        self._accepted, self._last, self._other = (kind, now), day.day, None
        return self._told(day, now)


def _text(value: Any) -> str:
    return "\n".join(value) if isinstance(value, tuple) else str(value)
