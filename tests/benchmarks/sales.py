"""How often the intervals of sales estimates are right, how wide they are, and what simpler estimates are worth.

    python -m tests.benchmarks.sales [--seeds 20] [--first 1000]      writes tests/SALES_ACCURACY.md

All is SIMULATED (tests/benchmarks/sales_worlds.py, and the world of `tracker demo`). Worlds before seed 1000 were
looked at while the method was made; those from 1000 on were not.
"""

import argparse
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from time import process_time

import numpy as np

from reports.effects.intervals import Floats
from reports.sales import Evidence, Sightings, Worlds, evidence, fit
from reports.sales.brackets import upper
from reports.sales.market import BRACKETED, OWN_DAYS
from tests.benchmarks.sales_worlds import DAYS, FIRST, LAWS, Law, World, world
from tracker.demo.own import numbers
from tracker.demo.world import World as DemoWorld

DOCUMENT = Path(__file__).parents[1] / "SALES_ACCURACY.md"
LAST = FIRST + timedelta(days=DAYS - 1)
BRACKETS = (0, 5, 20, 60)
NIGHTS = 35
GOALS = "80 % intervals right in 75 to 90 %, 50 % ones in 45 to 65 %, median error below both alternatives"


@dataclass
class Score:
    """Of products of one sort."""

    truth: list[float] = field(default_factory=list)
    bounds: list[tuple[float, ...]] = field(default_factory=list)
    """10, 25, 50, 75 and 90 % of each."""
    others: list[tuple[float, float]] = field(default_factory=list)
    """What the two alternatives say."""
    seconds: list[float] = field(default_factory=list)

    def row(self) -> list[str]:
        truth = np.array(self.truth)
        low, lower, mid, higher, high = np.array(self.bounds).T
        regression, fixed = np.array(self.others).T

        def error(said: Floats) -> str:
            off = np.abs(np.log(np.maximum(said, 0.5) / np.maximum(truth, 0.5)))
            return "" if np.isnan(off).all() else f"{np.nanmedian(off):.2f}"

        return [
            str(len(truth)),
            f"{np.mean((low <= truth) & (truth <= high)):.0%}".replace("%", " %"),
            f"{np.mean((lower <= truth) & (truth <= higher)):.0%}".replace("%", " %"),
            f"{np.median(np.maximum(high, 1) / np.maximum(low, 1)):.1f}",
            error(mid),
            error(regression),
            error(fixed),
        ]


def simple(seen: Sightings, known: Evidence, last: date) -> Floats:
    """What simpler estimates make of a month, by product: a regression of the middle of each bracket on today's rank
    (least squares of logarithms), and a curve for all categories: units a week = exp(10.526) · rank^−0.871
    (Brynjolfsson, Hu & Smith, "Consumer Surplus in the Digital Economy", Management Science 49, 2003)."""
    column = seen.column(last)
    today = np.where(np.isinf(seen.ranks[:, column]), np.nan, seen.ranks[:, column])
    fixed = np.exp(10.526 - 0.871 * today) / 7 * 30
    newest = seen.brackets[:, column]
    usable = ~np.isnan(newest) & ~np.isnan(today)
    if usable.sum() < 2:
        return np.stack([np.full(len(today), np.nan), fixed])
    low = newest[usable]
    above = upper(low)
    middle = np.log(np.sqrt(low * np.where(np.isinf(above), 2 * low, above)))
    slope, level = np.polyfit(today[usable], middle, 1)
    return np.stack([np.exp(level + slope * today), fixed])


def scored(found: World, scores: dict[str, Score], last: date, seed: int) -> bool:
    """Whether there is an estimate; if so, it is added to the scores of products with and without a bracket."""
    started = process_time()
    known = evidence(found.seen, last)
    if known.bracketed < BRACKETED and known.own_days < OWN_DAYS:
        return False
    months = Worlds(fit(known.sums), known, found.seen, seed).month(last)
    spent = process_time() - started
    bounds = np.quantile(months, (0.1, 0.25, 0.5, 0.75, 0.9), axis=1).T
    others, truth = simple(found.seen, known, last).T, found.month()
    for n in range(1, len(truth)):  # the own product's units are known
        if np.isnan(bounds[n]).any():
            continue
        score = scores["own bracket" if n <= found.bracketed else "none"]
        score.truth.append(float(truth[n]))
        score.bounds.append(tuple(bounds[n].tolist()))
        score.others.append((float(others[n, 0]), float(others[n, 1])))
    scores["all"].seconds.append(spent)
    return True


def demo(seed: int) -> Iterator[tuple[World, date]]:
    """Each category of the world of `tracker demo` after so many nights, every page read; own units as exported."""
    start = date(2026, 1, 5)
    made = DemoWorld(seed=seed, days=NIGHTS, start=start)
    categories: dict[tuple[str, str], list[tuple[str, bool]]] = defaultdict(list)
    for each in made.listings:
        for asin in (each.asin, *each.rivals):
            first = made.corner(each.marketplace, asin).product(asin, 0).bsr[0]
            categories[each.marketplace, first.category].append((asin, asin == each.asin))
    for (marketplace, _), members in categories.items():
        members.sort(key=lambda member: not member[1])
        shape = (len(members), NIGHTS)
        ranks, brackets, known, units = (np.full(shape, np.nan) for _ in range(4))
        for n, (asin, own) in enumerate(members):
            corner = made.corner(marketplace, asin)
            for night, sold in enumerate(corner.sold(asin)):
                page = corner.product(asin, night)
                ranks[n, night] = np.inf if page.in_stock is False else np.log(page.bsr[0].rank)
                brackets[n, night] = page.bought_past_month_min or np.nan
                units[n, night] = sold.units
            if own:
                watched = next(w for w in made.listings if (w.marketplace, w.asin) == (marketplace, asin))
                known[n] = [night.units for night in numbers(made, watched)]
        seen = Sightings(tuple(asin for asin, _ in members), start, ranks, brackets, known)
        yield World(seen, units, len(members)), start + timedelta(days=NIGHTS - 1)


def table(seeds: range) -> Iterator[list[str]]:
    for law in LAWS:
        for brackets in BRACKETS:
            for own in (False, True):
                yield from _cell(law, brackets, own, seeds)
    scores: dict[str, Score] = defaultdict(Score)
    for seed in seeds:
        for found, last in demo(seed):
            scored(found, scores, last, seed)
    yield ["`tracker demo`", "about 12", "yes", "yes", *scores["own bracket"].row()]


def _cell(law: Law, brackets: int, own: bool, seeds: range) -> Iterator[list[str]]:
    scores: dict[str, Score] = defaultdict(Score)
    told = [scored(world(law, brackets, own, seed), scores, LAST, seed) for seed in seeds]
    for name in ("none", "own bracket"):
        if scores[name].truth:
            yield [
                law.name,
                str(brackets),
                "yes" if own else "no",
                "yes" if name != "none" else "no",
                *scores[name].row(),
            ]
    if not any(told):
        yield [law.name, str(brackets), "no", "no", "none: too few brackets", *[""] * 6]


HEAD = """# How good the sales estimates are

Made by `python -m tests.benchmarks.sales` on SIMULATED categories; the method is told in
[reports/SALES.md](../reports/SALES.md). What is estimated is the units of 30 days. In each world, so many products show
a bracket, and 40 others none; where there are own units, they are those of 28 days of one more product.

- **Right**: how often the truth was in the 80 % and in the 50 % interval. **Width**: median of upper over lower end.
- **Error**: median of the distance of the logarithms of truth and middle of the interval (0.10 is about 10 %), beside
  that of two alternatives, which have no interval: a *regression* of the middle of each bracket on today's rank, and a
  *fixed* curve for all categories, published for books (units a week = exp(10.526) · rank^−0.871). Its level is that of
  no world here, nor of any other category: that is what its error says.
- Seeds {first} to {last}, which were not looked at while the method was made.

Goals: {goals}.

## The laws

{laws}

## Results

| law | brackets | own units | own bracket | products | 80 % right | 50 % right | width | error | regression | fixed |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first", type=int, default=1000)
    asked = parser.parse_args()
    seeds = range(asked.first, asked.first + asked.seeds)
    laws = "\n".join(f"- **{law.name}**: {law.told}" for law in LAWS)
    text = HEAD.format(first=seeds[0], last=seeds[-1], goals=GOALS, laws=laws)
    for row in table(seeds):
        print(*row, sep=" | ", flush=True)
        text += f"| {' | '.join(row)} |\n"
    _, found, kept = DOCUMENT.read_text("utf-8").partition("## What was missed") if DOCUMENT.exists() else ("",) * 3
    DOCUMENT.write_text(f"{text}\n{found}{kept}".rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
