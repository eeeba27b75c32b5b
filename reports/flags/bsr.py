"""BSR jumps and slumps: the rank in the main category left its own level, against what its category did.

Model: a level shift in the logarithm of the rank, one value a day (its last); :mod:`reports.flags.level` says what is
usual and how rare the last nights are, :mod:`reports.flags.shift` what is told, and when no more. Told is what chance
brings less often than the share of a test among all of the night (:mod:`reports.flags.rules`), by a factor of at least
1.5 and five ranks. Every main category that a product was in has a history of its own.

A slump while the product was out of stock is the echo of that, and a jump after it the way back: both are said to be so
and are of low severity. Where the movement of the category, the median of five products or more, itself leaves its
level, that is told once, as the market's; it is taken out of the products' own ranks.
"""

import math
import statistics
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate, chain

import numpy as np

from reports.flags.flag import Flag, Verdict, instant, listing_flag, literal, product_flag
from reports.flags.kind import Kind, Severity
from reports.flags.level import Bits, Floats, judge, movement, tables
from reports.flags.rules import Rules
from reports.flags.shift import Bar, Series, Shift, shifts
from reports.sentences import Fact
from reports.series import Comparison, Observation, ProductSeries

EFFECT = 1.5
LEAST_RANKS = 5
GRAVE = 3.0
"""A factor that is of high severity."""
STOCK_BEFORE = timedelta(days=3)
STOCK_AFTER = timedelta(days=14)
"""How long before a shift an empty shelf explains a slump, and how long the way back takes (judgement)."""


@dataclass(frozen=True, slots=True)
class Board:
    """The watched products of one main category, each with its observations by night of the comparison."""

    rows: tuple[tuple[ProductSeries, dict[int, Observation]], ...]
    levels: Floats
    """Logarithms of ranks, products by nights."""
    watched: Bits


def flags(comparison: Comparison, rules: Rules) -> Iterator[Flag]:
    days = sorted({day for product in comparison.products for day in product.daily})
    if not days:
        return
    first, count = days[0], (days[-1] - days[0]).days + 1
    nights = [first + timedelta(days=n) for n in range(count)]
    tests = _tests(comparison, nights)
    jump, slump, market = (
        Bar(math.log(rules.factor(kind, EFFECT)), np.array([rules.limit(kind, n) for n in tests]))
        for kind in (Kind.BSR_JUMP, Kind.BSR_SLUMP, Kind.MARKET_BSR)
    )
    window = frozenset(comparison.days)
    boards = list(_boards(comparison, nights))
    if not boards:
        return
    ranked = [tables(board.levels) for board in boards]
    moved = [movement(table, tables(board.watched)) for table, board in zip(ranked, boards, strict=True)]
    # All are judged at once: what they moved by is one more row of each category.
    rows = np.concatenate(
        [
            np.concatenate([r - np.where(np.isnan(m[:, -1:]), 0.0, m), m[None]])
            for r, m in zip(ranked, moved, strict=True)
        ]
    )
    judged = judge(rows, min(jump.effect, slump.effect, market.effect))
    row = 0
    for board, as_ranked, move in zip(boards, ranked, moved, strict=True):
        for n in range(len(board.rows)):
            for shift in shifts(Series(rows[row], as_ranked[n], judged.row(row)), (jump, slump)):
                if nights[shift.night] in window and (flag := _flag(comparison, board, n, shift, move[shift.night])):
                    yield flag
            row += 1
        for shift in shifts(Series(move, move, judged.row(row)), (market, market)):
            if nights[shift.night] in window and (flag := _market(comparison, board, shift, as_ranked[:, shift.night])):
                yield flag
        row += 1


def _tests(comparison: Comparison, nights: list[date]) -> list[int]:
    """The tests of each night, which change where something begins or ends to be watched."""
    spells = chain(*(p.watched for p in comparison.products), *(k.watched for k in comparison.keywords))
    turns = {nights[0], *chain.from_iterable(spells)}
    return list(
        accumulate(nights, lambda tests, night: comparison.tests(night) if night in turns else tests, initial=0)
    )[1:]


def _boards(comparison: Comparison, nights: list[date]) -> Iterator[Board]:
    origin = nights[0].toordinal()
    seen: dict[str, dict[int, dict[int, Observation]]] = defaultdict(lambda: defaultdict(dict))
    for n, product in enumerate(comparison.products):
        for day, observation in product.daily.items():
            if observation.bsr:
                seen[observation.main_category][n][day.toordinal() - origin] = observation
    for products in seen.values():
        levels = np.full((len(products), len(nights)), np.nan)
        watched = np.zeros(levels.shape, bool)
        for row, (n, found) in enumerate(products.items()):
            levels[row, list(found)] = np.log([o.bsr or 1 for o in found.values()])
            for first, last in comparison.products[n].watched:
                end = len(nights) if last is None else max(0, last.toordinal() - origin)
                watched[row, max(0, first.toordinal() - origin) : end] = True
        yield Board(tuple((comparison.products[n], found) for n, found in products.items()), levels, watched)


def _flag(comparison: Comparison, board: Board, n: int, shift: Shift, moved: Floats) -> Flag | None:
    product, seen = board.rows[n]
    before, after = seen[max(night for night in seen if night < shift.since)], seen[shift.night]
    ranks = sorted(seen[night].bsr or 0 for night in shift.usual)
    usual, rank = round(statistics.median(ranks)), after.bsr or 0
    if abs(rank - usual) < LEAST_RANKS:
        return None
    jump, factor = shift.side < 0, rank / usual
    facts: dict[str, Fact] = {
        "usual": usual,
        "rank": rank,
        "times": max(factor, 1 / factor),
        "low": ranks[len(ranks) // 10],
        "high": ranks[-1 - len(ranks) // 10],
        "chance": shift.chance,
    }
    says = ["BSR jump {usual:number} → {rank:number}" if jump else "BSR slump {usual:number} → {rank:number}"]
    if after.bsr_category:
        facts["category"] = after.bsr_category
        says.append(" in {category}")
    says.append(" on {day:day} ({times:fixed} times better)" if jump else " on {day:day} ({times:fixed} times worse)")
    says.append("; usually {low:number} to {high:number}")
    since = seen[shift.since]
    if since is not after:
        facts |= {"since": since.day, "nights": sum(shift.since <= night <= shift.night for night in seen)}
        says.append(", but not since {since:day} ({nights:count crawled night|crawled nights} in a row)")
    says.append("; it would come by chance {chance:rarity}")
    if not np.isnan(moved[-1]):
        past = moved[[night - shift.night - 1 for night in shift.usual]]
        facts["moved"] = math.exp(moved[-1] - np.nanmedian(past)) - 1
        says.append("; the ranks of its category moved {moved:percent} meanwhile")
    empty = _empty(product, since, after, jump)
    if empty is not None:
        facts["empty"] = empty.day
        says.append("; it was out of stock on {empty:day}, which moves a rank by itself")
        severity = Severity.LOW
    elif product.own:
        severity = Severity.MEDIUM if jump else Severity.HIGH
    else:
        severity = Severity.HIGH if max(factor, 1 / factor) >= GRAVE else Severity.MEDIUM
    return product_flag(
        comparison,
        product,
        (before, after),
        Verdict(
            Kind.BSR_JUMP if jump else Kind.BSR_SLUMP,
            severity,
            (usual, rank),
            tuple(says),
            facts,
            magnitude=factor,
            chance=shift.chance,
            since=since.observed_at,
        ),
        columns="rank, category",
        history=seen[shift.usual[0]],
    )


def _empty(product: ProductSeries, since: Observation, after: Observation, jump: bool) -> Observation | None:
    """The last page without stock that explains a slump, or from which a jump is the way back."""
    first = since.observed_at - (STOCK_AFTER if jump else STOCK_BEFORE)
    last = since if jump else after
    return next(
        (
            o
            for o in reversed(product.observations)
            if first <= o.observed_at <= last.observed_at and o.in_stock is False
        ),
        None,
    )


def _market(comparison: Comparison, board: Board, shift: Shift, ranked: Floats) -> Flag | None:
    """The flag of a whole category; its two ends are of a product that moved about as far as it did."""
    past = [night - shift.night - 1 for night in shift.usual]
    apart = {
        n: float(table[-1] - np.nanmedian(table[past]))
        for n, table in enumerate(ranked)
        if board.watched[n, shift.night] and not (np.isnan(table[-1]) or np.isnan(table[past]).all())
    }
    followed = [n for n, distance in apart.items() if distance * shift.side >= abs(shift.distance) / 2]
    shown = [board.rows[n][1] for n in sorted(followed, key=lambda n: abs(apart[n] - shift.distance))]
    seen = next((seen for seen in shown if min(seen) < shift.since), None)
    if seen is None:
        return None
    before, after = seen[max(night for night in seen if night < shift.since)], seen[shift.night]
    better = shift.side < 0
    facts: dict[str, Fact] = {
        "followed": len(followed),
        "of": len(apart),
        "times": math.exp(abs(shift.distance)),
        "chance": shift.chance,
    }
    says = [
        "{followed:number} of {of:number} watched products rank better"
        if better
        else "{followed:number} of {of:number} watched products rank worse"
    ]
    if after.bsr_category:
        facts["category"] = after.bsr_category
        says.append(" in {category}")
    says.append(" on {day:day}, by {times:fixed} times in the median; it would come by chance {chance:rarity}")
    asins = ", ".join(literal(board.rows[n][0].asin) for n in followed)
    sql = (
        "SELECT observed_at, asin, rank, category, fetch_id\nFROM bsr_observation\n"
        f"WHERE marketplace = {literal(comparison.marketplace)} AND asin IN ({asins}) AND line = 1\n"
        f"  AND observed_at BETWEEN {instant(before.observed_at)} AND {instant(after.observed_at)}\n"
        "ORDER BY observed_at, asin"
    )
    verdict = Verdict(
        Kind.MARKET_BSR,
        Severity.MEDIUM,
        (None, None),
        tuple(says),
        facts,
        magnitude=math.exp(shift.distance),
        chance=shift.chance,
    )
    return listing_flag(comparison, (before, after), verdict, sql)
