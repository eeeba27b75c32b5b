"""What rivals do on promotion: coupons, deals, prices for Prime members and struck-through prices, from day to day.

A day is told by its last page. A promotion is there or not only where the page says so: a day that was not read, on
which the field was not understood, or on which the product could not be bought (such a page shows no promotion) is
unknown, and is never taken for a day without one. A spell is a promotion on the same terms from the first day that
shows it to the last, over unknown days if need be, which are counted. So its ends are known to lie between two days.

Depth is a part of the price on the page: of a coupon, of a Prime price, and of a struck-through price what the price is
below that. A deal is measured by the price on the last known day before it. A struck-through price stands for most of
the time with many sellers, and is no promotion by itself: it does not count among the days on promotion.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import groupby
from operator import attrgetter, itemgetter

from reports.flags.paid import coupon, to_pay
from reports.period import ONE, Days
from reports.series import Comparison, Observation, ProductSeries

Terms = tuple[Decimal | str | bool | None, ...]
"""What a promotion offers: as long as that is the same, it is one spell. Empty where there is none."""


class Sort(StrEnum):
    COUPON = "coupon"
    DEAL = "deal"
    PRIME = "prime"
    STRUCK = "struck"
    """A struck-through list, typical or recommended price above the price."""


PROMOTIONS = (Sort.COUPON, Sort.DEAL, Sort.PRIME)


@dataclass(frozen=True, slots=True)
class Spell:
    """One promotion of a product, on the same terms throughout."""

    sort: Sort
    percent: Decimal | None
    """Of a coupon that takes off a percentage."""
    amount: Decimal | None
    """Of a coupon that takes off an amount."""
    badge: str | None
    """Of a deal, its text on the page."""
    first: date
    """The first day that shows it; it may be before the period."""
    last: date
    """The last day that shows it, in the period."""
    after: date | None
    """The last day known before it, which was without it; None where nothing is known before, so that it stood at
    least since ``first``."""
    before: date | None
    """The first day known after it, which is without it; None where none is in the period: it is open."""
    nights: int
    """Days of the period that show it."""
    unknown: int
    """Days between the first and the last on which it is not known."""
    depth: Decimal | None
    """The most that it takes off, as a part of the price; None where the price to compare with is not known."""

    @property
    def begun(self) -> bool:
        """Whether the day on which it began is known."""
        return self.after is not None and self.first - self.after == ONE

    @property
    def open(self) -> bool:
        return self.before is None


@dataclass(frozen=True, slots=True)
class Promoted:
    """What one product did on promotion in the period."""

    asin: str
    own: bool
    spells: tuple[Spell, ...]
    """The newest first."""
    nights: int
    """Days on promotion (coupon, deal or Prime price) ..."""
    known: int
    """... of the days on which it is known whether it was."""
    days: int
    """Days of the period on which the product was watched."""
    lowest: tuple[Decimal, date] | None
    """The lowest price to pay of the period, with coupon and Prime price, and its first day; None where none is
    known."""


def promotions(comparison: Comparison, days: Days) -> tuple[Promoted, ...]:
    """What each product did, the own one first, then those that did most."""
    found = [_promoted(product, days) for product in comparison.products]
    return tuple(sorted(found, key=lambda p: (not p.own, -p.nights, -len(p.spells), p.asin)))


def _promoted(product: ProductSeries, days: Days) -> Promoted:
    seen = [product.daily[day] for day in sorted(product.daily) if day <= days.last]
    start = bisect_left(seen, days.first, key=attrgetter("day"))
    shown = {sort: [tells(o) for o in seen] for sort, tells in SHOWN.items()}
    nights = known = 0
    for told in zip(*(shown[sort][start:] for sort in PROMOTIONS), strict=True):
        nights += any(told)
        known += any(told) or None not in told
    spells = [spell for sort in Sort for spell in _spells(sort, seen, shown[sort], days)]
    return Promoted(
        asin=product.asin,
        own=product.own,
        spells=tuple(sorted(spells, key=lambda s: (s.last, s.first), reverse=True)),
        nights=nights,
        known=known,
        days=sum(map(product.watched_on, days)),
        lowest=min(((price, o.day) for o in seen[start:] if (price := to_pay(o)) is not None), default=None),
    )


def _spells(sort: Sort, seen: Sequence[Observation], shown: Sequence[Terms | None], days: Days) -> Iterator[Spell]:
    """Those that the period shows, of a product's days in order."""
    known = [(o, terms) for o, terms in zip(seen, shown, strict=True) if terms is not None]
    runs = [(terms, [o for o, _ in group]) for terms, group in groupby(known, key=itemgetter(1))]
    for n, (terms, run) in enumerate(runs):
        if terms and run[-1].day >= days.first:
            before = runs[n - 1][1][-1] if n else None
            yield Spell(
                sort=sort,
                percent=run[0].coupon_percent or None if sort is Sort.COUPON else None,
                amount=run[0].coupon_amount or None if sort is Sort.COUPON else None,
                badge=next((o.deal for o in run if o.deal), None) if sort is Sort.DEAL else None,
                first=run[0].day,
                last=run[-1].day,
                after=before.day if before else None,
                before=runs[n + 1][1][0].day if n + 1 < len(runs) else None,
                nights=sum(o.day >= days.first for o in run),
                unknown=(run[-1].day - run[0].day).days + 1 - len(run),
                depth=max(_known(_depth(sort, o, before) for o in run), default=None),
            )


def _depth(sort: Sort, seen: Observation, before: Observation | None) -> Decimal | None:
    """What a promotion takes off on one day, as a part of the price."""
    if sort is Sort.COUPON and seen.coupon_percent:
        return seen.coupon_percent / 100
    whole, off = {
        Sort.COUPON: (seen.price, seen.coupon_amount),
        Sort.DEAL: (before.price if before else None, _less(before.price if before else None, seen.price)),
        Sort.PRIME: (seen.price, _less(seen.price, seen.prime_price)),
        Sort.STRUCK: (seen.list_price, _less(seen.list_price, seen.price)),
    }[sort]
    return off / whole if whole and off is not None else None


def _less(a: Decimal | None, b: Decimal | None) -> Decimal | None:
    return None if a is None or b is None else a - b


def _known(values: Iterable[Decimal | None]) -> Iterator[Decimal]:
    return (value for value in values if value is not None)


def _coupon(seen: Observation) -> Terms | None:
    if any(worth := coupon(seen)):
        return worth
    return None if _says_nothing(seen, "coupon_percent") or _says_nothing(seen, "coupon_amount") else ()


def _deal(seen: Observation) -> Terms | None:
    if seen.is_deal:
        return (_FIGURES.sub(" ", seen.deal or "").casefold(), True)
    return None if _says_nothing(seen, "is_deal") else ()


def _prime(seen: Observation) -> Terms | None:
    if seen.prime_price is not None:
        return (True,)
    return None if _says_nothing(seen, "prime_price") else ()


def _struck(seen: Observation) -> Terms | None:
    if seen.price is None or seen.list_price is None:
        return None if seen.price is None or _says_nothing(seen, "list_price") else ()
    return (True,) if seen.list_price > seen.price else ()


def _says_nothing(seen: Observation, name: str) -> bool:
    """Whether a page without the promotion does not tell that there is none."""
    return seen.in_stock is False or seen.unread(name)


_FIGURES = re.compile(r"[\s\d.,:%-]+")
"""What changes in a badge from day to day: percentages and countdowns."""
SHOWN: Mapping[Sort, Callable[[Observation], Terms | None]] = {
    Sort.COUPON: _coupon, Sort.DEAL: _deal, Sort.PRIME: _prime, Sort.STRUCK: _struck,
}  # fmt: skip
"""By sort, what a page shows of it: None where it does not say."""
