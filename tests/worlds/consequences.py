"""What follows from the truth without having been planted for itself: crossings, lows, and what chance made lasting.

A step counts as lasting when the five readings before it lie on one side, and the five from it on the other; the way
over the edge of page one when ten readings in a row lie on a side on which most of the twenty before did not. What a
page says (a rating, a top rank, a low) is news once when none of the fourteen readings before said so.
"""

from collections.abc import Callable, Sequence

import numpy as np

from reports.flags.kind import Kind
from reports.series import Comparison, Observation
from tests.worlds.labels import Label
from tests.worlds.observing import FIRST
from tests.worlds.plants import FACT_WITHIN, PLACES
from tests.worlds.truth import HISTORY, NIGHTS, Counts, Product, Truth

LOWS = (Kind.LOWEST_IN_90_DAYS, Kind.LOWEST_EVER)


def note(truth: Truth, comparison: Comparison) -> None:
    for product in truth.products:
        _prices(truth, product)
    for series in comparison.products:
        by_night = [((o.day - FIRST.date()).days, o) for o in series.daily.values()]
        for night in _lasting(by_night, lambda o: None if o.rating is None else float(o.rating)):
            truth.echo({Kind.RATING_ROSE, Kind.RATING_FELL}, series.asin, night, 14)
        for limit in (10, 100):
            inside = _within(limit)
            for night in _lasting(by_night, inside):
                truth.echo({Kind.TOP_RANK_ENTERED, Kind.TOP_RANK_LEFT}, series.asin, night, 10)
        if truth.law("reviews", "clustered", "trickle", "after sales"):
            _clusters(truth, by_night, series.asin)
    for keyword in comparison.keywords:
        for product in truth.products:
            reads = [((r.day - FIRST.date()).days, r) for r in keyword.daily.values() if r.pages_read]
            places = [
                (n, r.place(product.asin).organic or r.organic_results * 1.3, r.first_page_results) for n, r in reads
            ]
            for k in range(5, len(places) - 5):
                before, after = [p for _, p, _ in places[k - 5 : k]], [p for _, p, _ in places[k : k + 5]]
                on_page = [p <= edge for _, p, edge in places[max(0, k - 20) : k + 10]]
                run, past = on_page[-10:], on_page[:-10]
                crossed = len(set(run)) == 1 and past.count(run[0]) < len(past) / 2 and past[-1] != run[0]
                if crossed or max(after) * 1.6 < min(before) or max(before) * 1.6 < min(after):
                    truth.echo(PLACES, product.asin, places[k][0], 14, keyword=keyword.keyword)
    if truth.law("season", "niche"):
        log = np.log(truth.niche)
        for night in range(HISTORY, NIGHTS):
            if abs(log[night] - np.median(log[night - 28 : night])) > np.log(1.4):
                truth.echo({Kind.MARKET_BSR}, None, night, 5)


def _prices(truth: Truth, product: Product) -> None:
    """Undercutting and new lows, of what is to be paid. Planted cuts that do either clearly are labels."""
    paid, own = product.paid.astype(float), truth.own.paid.astype(float)
    planted = {
        label.first: label.size
        for label in truth.labels
        if label.asin == product.asin and label.kind is Kind.PRICE_CUT and label.last - label.first <= FACT_WITHIN
    }
    told, lowest_told = {Kind.UNDERCUT: -99, LOWS[0]: -99}, np.inf
    for night in range(HISTORY, NIGHTS):
        since, until = slice(max(0, night - 90), night), slice(night, night + 6)
        crosses = not product.own and paid[night] < own[night] and paid[night - 1] >= own[night - 1]
        lowest = paid[night] < paid[since].min()
        much_lower = lowest and paid[night] < 0.98 * lowest_told
        above = night in planted and paid[night - 10 : night].min() > (own[night - 10 : night] * 1.01).max()
        if above and not product.own and (paid[until] < own[until] * 0.99).all():
            truth.label(Kind.UNDERCUT, product.asin, night, FACT_WITHIN, planted[night])
            crosses = False
        if night in planted and paid[night] < 0.98 * paid[since].min() and night >= 90:
            truth.labels.append(
                Label(LOWS[0], product.asin, night, night + FACT_WITHIN, planted[night], alike={LOWS[1]})
            )
            lowest = False
        for kinds, happened in (({Kind.UNDERCUT}, crosses), (set(LOWS), lowest)):
            kind = LOWS[0] if LOWS[0] in kinds else Kind.UNDERCUT
            if happened and (night - told[kind] > 14 or (much_lower and kind == LOWS[0])):
                told[kind] = night
                lowest_told = paid[night] if kind == LOWS[0] else lowest_told
                truth.echo(kinds, product.asin, night, FACT_WITHIN, times=1)


def _within(limit: int) -> Callable[[Observation], float | None]:
    return lambda o: float(min(line.rank for line in o.ranks) <= limit) if o.ranks else None


def _lasting(series: Sequence[tuple[int, Observation]], value: Callable[[Observation], float | None]) -> list[int]:
    known = [(night, v) for night, o in series if (v := value(o)) is not None]
    values = np.array([v for _, v in known])
    lasting = [
        known[k][0]
        for k in range(5, len(known) - 4)
        if values[k : k + 5].min() > values[k - 5 : k].max() or values[k : k + 5].max() < values[k - 5 : k].min()
    ]
    new = [
        known[k][0]
        for k in range(14, len(known))
        if values[k] > values[k - 14 : k].max() or values[k] < values[k - 14 : k].min()
    ]
    return sorted({*lasting, *new})


def _clusters(truth: Truth, series: Sequence[tuple[int, Observation]], asin: str) -> None:
    """Reviews that the law itself heaped up as high as a medium burst: who tells them is not wrong."""
    known = [(night, o.review_count) for night, o in series if o.review_count is not None]
    nights: Counts = np.array([n for n, _ in known])
    counts: Counts = np.array([c for _, c in known])
    for k in range(31, len(known)):
        new, usual = (
            counts[k] - counts[k - 3],
            (counts[k - 3] - counts[k - 31]) / max(1, nights[k - 3] - nights[k - 31]),
        )
        if new >= 8 and new >= 4 * usual * (nights[k] - nights[k - 3]):
            truth.echo({Kind.REVIEW_BURST}, asin, int(nights[k]), 2)
