"""Reviews: more than usual came, many went, or those of another listing were merged in.

Model of what comes: counts with exposure against the product's own pace, see :mod:`reports.flags.pace`. The last one,
two and three observed nights are tested against the four weeks before them, and the smallest of their probabilities
counts threefold (Bonferroni). A flag needs one that chance brings rarely enough for all tests of the night together
(:meth:`reports.flags.rules.Rules.limit`), at least five new reviews and twice the expected (judgement). A burst is told
once, until two nights in a row are usual again, and its nights are never the usual.

How a count is read is said in :mod:`reports.flags.counted`, the model of what goes in :mod:`reports.flags.losses`.

Merged are at least 50 reviews and a fifth of all between two observations, when the family of variations changed
between them too, or when they are as many as usually come in two months (judgement). What stars they gave is no sign:
new reviews could have given the same. The pace begins anew then, for it is that of another family.

Products that show one count (variations of one parent) are told once. Less than a week of history gives no flag.
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

from reports.flags.counted import DAY, Nights, nights
from reports.flags.flag import Flag, Verdict, product_flag
from reports.flags.kind import Kind, Severity
from reports.flags.losses import Limit, Removal, removals
from reports.flags.pace import LONGEST, MEMORY, Mask, Pace, candidates, pace
from reports.flags.rules import Rules
from reports.sentences import Fact
from reports.series import Comparison, Observation, ProductSeries

GROWN = 1.25
USUAL, CALM = 1e-2, 2
LEAST_NEW, LEAST_RATIO = 5, 2.0
MERGED, MERGED_SHARE, MERGED_DAYS, YEAR = 50, Decimal("0.2"), 60, 365
COLUMNS = "review_count, rating, parent_asin, variation_count"


@dataclass(frozen=True, slots=True)
class Burst:
    """Nights that brought more than usual, from ``first`` to ``last``, with the probability that chance did it."""

    first: int
    last: int
    new: int
    days: float
    pace: Pace
    chance: float


def flags(comparison: Comparison, rules: Rules) -> Iterator[Flag]:
    tests = cache(comparison.tests)

    def limit(kind: Kind, day: date) -> float:
        return rules.limit(kind, tests(day))

    for product in comparison.products:
        for flag in _of(comparison, product, rules, limit):
            if is_first_of_family(comparison, product, flag.day):
                yield flag


def is_first_of_family(comparison: Comparison, product: ProductSeries, day: date) -> bool:
    """Whether no product before this one, watched on that day, is of one family with it and shows the same reviews."""
    seen = product.daily[day]
    for other in comparison.products if seen.parent_asin else ():
        if other is product:
            break
        shown = other.daily.get(day) if other.watched_on(day) else None
        if shown and (shown.parent_asin, shown.review_count) == (seen.parent_asin, seen.review_count):
            return False
    return True


def _of(comparison: Comparison, product: ProductSeries, rules: Rules, limit: Limit) -> Iterator[Flag]:
    seen = nights(product)
    first = max(0, bisect_left(seen.seen, comparison.days[0], key=lambda o: o.day) - 1)
    if (seen.rise[first:] < 0).any():
        for removal in removals(seen, rules, limit):
            yield _removed(comparison, product, seen, removal)
    if seen.new[max(0, first + 1 - LONGEST) :].sum() < LEAST_NEW:
        return
    usual = ~seen.hidden
    ratio = rules.factor(Kind.REVIEW_BURST, LEAST_RATIO)
    waiting = candidates(seen, usual, LEAST_NEW, ratio)
    while waiting:
        night = waiting.pop(0)
        found = _least_probable(seen, usual, night, ratio)
        day = seen.seen[night + 1].day
        if found is None:
            continue
        if found.chance <= limit(Kind.REVIEWS_MERGED, day) and _is_merged(seen, found, rules):
            yield _merged(comparison, product, seen, found)
            usual[: night + 1] = False
        elif found.chance <= limit(Kind.REVIEW_BURST, day):
            yield _burst(comparison, product, seen, found)
            usual[found.first : night + 1] = False
            calm, later = 0, night + 1
            while later < len(usual) and calm < CALM:
                calm = 0 if _lasts(seen, usual, later, rules) else calm + 1
                if not calm:
                    night = later
                    usual[night] = False
                later += 1
        else:
            continue
        waiting = [later for later in candidates(seen, usual, LEAST_NEW, ratio) if later > night]


def _least_probable(seen: Nights, usual: Mask, night: int, ratio: float) -> Burst | None:
    """The last one, two or three nights up to ``night``, of those that are many enough; None when none are."""
    usually = pace(seen, usual, night)
    best: Burst | None = None
    for first in range(night, max(-1, night - LONGEST), -1):
        if usually is None or not usual[first]:
            break
        new, days = int(seen.new[first : night + 1].sum()), int(seen.exposure[first : night + 1].sum()) / DAY
        if new >= LEAST_NEW and new >= ratio * usually.per_day * days:
            chance = min(1.0, LONGEST * usually.chance(new, days, night + 1 - first))
            if best is None or chance < best.chance:
                best = Burst(first, night, new, days, usually, chance)
    return best


def _lasts(seen: Nights, usual: Mask, night: int, rules: Rules) -> bool:
    """Whether a burst goes on, and no merge begins."""
    usually, new, days = pace(seen, usual, night), int(seen.new[night]), int(seen.exposure[night]) / DAY
    if usually is None or (chance := usually.chance(new, days, 1)) >= USUAL:
        return False
    return not _is_merged(seen, Burst(night, night, new, days, usually, chance), rules)


def _is_merged(seen: Nights, burst: Burst, rules: Rules) -> bool:
    new, had = int(seen.new[burst.last]), int(seen.count[burst.last])
    if new < MERGED or new < rules.size(Kind.REVIEWS_MERGED, MERGED_SHARE) * had:
        return False
    return seen.family_changed(burst.last) or new >= burst.pace.per_day * MERGED_DAYS


def _burst(comparison: Comparison, product: ProductSeries, seen: Nights, burst: Burst) -> Flag:
    had, has = int(seen.count[burst.first]), int(seen.count[burst.last + 1])
    times = burst.new / (burst.pace.per_day * burst.days)
    says, facts = _usually(burst.pace)
    facts |= {"new": burst.new, "elapsed": burst.days, "before": had, "after": has, "chance": burst.chance}
    verdict = Verdict(
        Kind.REVIEW_BURST,
        Severity.HIGH if burst.new >= 20 and times >= 4 else Severity.MEDIUM,
        (had, has),
        (
            "{new:number} new reviews in {elapsed:days} up to {day:day} ({before:number} → {after:number})",
            says,
            ". At that pace it would come by chance {chance:rarity}",
        ),
        facts,
        magnitude=times,
        chance=burst.chance,
        since=seen.seen[burst.first + 1].observed_at,
    )
    return _flag(comparison, product, seen.ends(burst.first, burst.last), verdict)


def _usually(pace: Pace) -> tuple[str, dict[str, Fact]]:
    """The pace in words, made of counted reviews only."""
    if not pace.counted:
        return "; usually none, as in the {quiet:number} days before", {"quiet": round(pace.days)}
    if pace.per_day >= GROWN * pace.counted / pace.days and pace.per_day >= 1.5:
        return "; lately {pace:number} a day", {"pace": round(pace.per_day)}
    if pace.counted >= 1.5 * pace.days:
        return "; usually {pace:number} a day", {"pace": round(pace.counted / pace.days)}
    return "; usually {counted:number} in {quiet:number} days", {"counted": pace.counted, "quiet": round(pace.days)}


def _merged(comparison: Comparison, product: ProductSeries, seen: Nights, burst: Burst) -> Flag:
    had, has, new = int(seen.count[burst.last]), int(seen.count[burst.last + 1]), int(seen.new[burst.last])
    worth = new / burst.pace.per_day
    says = ["{new:number} more reviews at once on {day:day} ({before:number} → {after:number})"]
    says.append(
        ", far more than usually come in a year" if worth > YEAR else ", as many as usually come in {worth:days}"
    )
    if seen.family_changed(burst.last):
        says.append("; its variations changed too")
    says.append(": those of another listing were merged in")
    verdict = Verdict(
        Kind.REVIEWS_MERGED,
        Severity.HIGH,
        (had, has),
        tuple(says),
        {"new": new, "before": had, "after": has, "worth": worth},
        magnitude=worth / (int(seen.exposure[burst.last]) / DAY),
        chance=burst.chance,
    )
    return _flag(comparison, product, seen.ends(burst.last, burst.last), verdict)


def _removed(comparison: Comparison, product: ProductSeries, seen: Nights, removal: Removal) -> Flag:
    night = removal.night
    had, has = int(seen.count[night]), int(seen.count[night + 1])
    share = (had - has) / had
    says = ["{lost:number} reviews gone on {day:day} ({before:number} → {after:number}, {share:share} of them)"]
    says.append("; usually at most {largest:number} at once" if removal.largest else "; usually none go")
    if seen.family_changed(night):
        says.append("; its variations changed too")
    verdict = Verdict(
        Kind.REVIEWS_REMOVED,
        Severity.HIGH if product.own else Severity.MEDIUM,
        (had, has),
        tuple(says),
        {"lost": had - has, "share": share, "before": had, "after": has, "largest": removal.largest},
        magnitude=-share,
        chance=removal.chance,
    )
    return _flag(comparison, product, seen.ends(night, night), verdict)


def _flag(
    comparison: Comparison, product: ProductSeries, ends: tuple[Observation, Observation], verdict: Verdict
) -> Flag:
    seen = product.observations
    first = seen[bisect_left(seen, ends[0].observed_at - timedelta(seconds=MEMORY), key=lambda o: o.observed_at)]
    return product_flag(comparison, product, ends, verdict, columns=COLUMNS, history=first)
