"""The rating rose or fell, and whether the reviews that came or went can explain it.

Model of the rating: a mean that the page rounds to tenths, so that one lying near an edge flickers between two values.
A step of 0.1 is told when five observed days in a row show it, fourteen where the same rating had been shown within the
four weeks before, and a larger one at once (judgement).
A rival's step of 0.1 that the reviews between can explain, or may where they were not counted, is not told: a rating at
the edge needs no more than one review for it. It counts towards a larger step for four weeks.

Whether the count explains it follows from the rounding alone, taking the rating for the simple mean of all reviews:
``n`` reviews with a rating of ``r`` have between ``n(r − 0.05)`` and ``n(r + 0.05)`` stars in all, and each new or
removed review 1 to 5. A rating outside what that allows cannot come from so many reviews, whatever their stars: others
were removed or merged in, or the site weighs them anew (its rating is not quite the simple mean).

Products that show one rating and count (variations of one parent) are told once.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from reports.flags.flag import Flag, Verdict, product_flag
from reports.flags.kind import Kind, Severity
from reports.flags.reviews import is_first_of_family
from reports.flags.rules import Rules
from reports.sentences import Fact
from reports.series import Comparison, Observation, ProductSeries

STEP, WIDE, HALF = Decimal("0.1"), Decimal("0.2"), Decimal("0.05")
NIGHTS, AGAIN = 5, 14
MEMORY = timedelta(days=28)
TELLING = 3
"""Stars between the bounds of what new reviews gave on average, up to which these are worth saying."""
COLUMNS = "rating, review_count, rating_percents"


def flags(comparison: Comparison, rules: Rules) -> Iterator[Flag]:
    for product in comparison.products:
        for flag in _of(comparison, product, rules):
            if is_first_of_family(comparison, product, flag.day):
                yield flag


def _of(comparison: Comparison, product: ProductSeries, rules: Rules) -> Iterator[Flag]:
    level: Observation | None = None
    away: list[Observation] = []
    shown: dict[Decimal | None, date] = {}
    nights = NIGHTS
    least = {kind: rules.size(kind, STEP) for kind in (Kind.RATING_ROSE, Kind.RATING_FELL)}
    for now in (o for _, o in sorted(product.daily.items()) if o.rating is not None):
        step = _step(level, now)
        if level is None or not step or now.day - level.day > MEMORY:
            level, away = now, []
        elif away and away[-1].rating == now.rating:
            away.append(now)
        else:
            before = shown.get(now.rating)
            nights = AGAIN if before and now.day - before <= MEMORY else NIGHTS
            away = [now]
        shown[now.rating] = now.day
        kind = Kind.RATING_ROSE if step > 0 else Kind.RATING_FELL
        if away and abs(step) >= least[kind] and (abs(step) >= WIDE or len(away) >= nights):
            why = explained(level, now)
            if product.own or abs(step) >= WIDE or why.possible is False:
                yield _moved(comparison, product, (level, now), why, away[0])
                level, away = now, []


def _step(level: Observation | None, now: Observation) -> Decimal:
    if level is None or level.rating is None or now.rating is None:
        return Decimal(0)
    return now.rating - level.rating


@dataclass(frozen=True, slots=True)
class Why:
    """Whether the reviews between two ratings can explain the step, and how that is said."""

    possible: bool | None
    """None where they were not counted."""
    says: tuple[str, ...] = ()
    facts: dict[str, Fact] = field(default_factory=dict)


def explained(before: Observation, after: Observation) -> Why:
    had, has, was, now = before.review_count, after.review_count, before.rating, after.rating
    if not had or not has or was is None or now is None:
        return Why(None)
    more = has - had
    lowest, highest = had * (was - HALF), had * (was + HALF)
    least, most = has * (now - HALF), has * (now + HALF)
    one, five = (1, 5) if more > 0 else (5, 1)
    facts: dict[str, Fact] = {"more": more, "fewer": -more}
    if not (lowest + one * more < most and highest + five * more > least):
        says = "; no review came or went (simple mean): some were exchanged or weighted anew"
        if more > 0:
            says = (
                "; the {more:count new review|new reviews} cannot explain it, whatever their stars (simple mean): "
                "others were removed, merged in or weighted anew"
            )
        elif more < 0:
            says = (
                "; the {fewer:count review|reviews} that went cannot explain it, whatever their stars (simple mean): "
                "others were merged in or weighted anew"
            )
        return Why(False, (says,), facts)
    if more < 0:
        return Why(True, ("; the {fewer:count review|reviews} that went can explain it",), facts)
    lower, upper = max(Decimal(1), (least - highest) / more), min(Decimal(5), (most - lowest) / more)
    if upper - lower > TELLING:
        return Why(True, ("; the {more:count new review|new reviews} can explain it",), facts)
    facts |= {"lower": lower.quantize(STEP, ROUND_FLOOR), "upper": upper.quantize(STEP, ROUND_CEILING)}
    says = (
        "; the {more:count new review explains|new reviews explain} it with {lower:fixed} to {upper:fixed} stars "
        "on average"
    )
    return Why(True, (says,), facts)


def _moved(
    comparison: Comparison, product: ProductSeries, ends: tuple[Observation, Observation], why: Why, first: Observation
) -> Flag:
    before, after = ends
    step = _step(before, after)
    rose, matters = step > 0, abs(step) >= WIDE or why.possible is False
    moved = "Rating fell {before:fixed} → {after:fixed} on {day:day}"
    if rose:
        moved = "Rating rose {before:fixed} → {after:fixed} on {day:day}"
    verdict = Verdict(
        Kind.RATING_ROSE if rose else Kind.RATING_FELL,
        Severity.HIGH if product.own and not rose else Severity.MEDIUM if matters else Severity.LOW,
        (before.rating, after.rating),
        (moved, *why.says),
        why.facts | {"before": before.rating, "after": after.rating},
        magnitude=float(step),
        since=first.observed_at,
    )
    return product_flag(comparison, product, ends, verdict, columns=COLUMNS)
