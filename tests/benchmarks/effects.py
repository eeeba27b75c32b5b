"""How often the intervals of effects are right, and how large an effect must be to be seen.

    python -m tests.benchmarks.effects [--seeds 1000] [--laws "ar 0.6"]

Worlds are SIMULATED: an own listing, eight peers and a keyword over 60 nights, in which a rival's move begins on the
45th and does nothing, or changes the own BSR, place and review pace by a factor. Noise hangs together from night to
night by several laws, the category moves, weeks have their shape, and nights are missing.

- ``ar R``: first-order autoregressive, R from one night to the next.
- ``ar R + white``: half of its variance is new each night.
- ``sales R``: the rank follows a memory of Poisson sales, R of which is left after a night: it jumps with each sale.

Told are the share of intervals that have the truth in them, and the share of worlds in which an effect was told (with
a factor of one: falsely).
"""

import argparse
import math
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from time import process_time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reports.effects import Effect, Metric, Verdict, effects
from reports.effects.effect import OF_PAGES
from reports.flags import Evidence, Flag, Kind, Severity
from reports.moves import Move, moves
from reports.series import Comparison, KeywordRead, KeywordSeries, Observation, Place, ProductSeries

NIGHTS, START = 60, 45
PEERS = 8
MONDAY = date(2026, 3, 2)
OWN, RIVAL = "B0OWN00001", "B0RIVAL001"
RESULTS = 48
SPREAD = 0.25
"""Standard deviation of the logarithm of rank and place."""

Noise = Callable[[np.random.Generator, int], NDArray[np.float64]]


def autoregressive(rho: float) -> Noise:
    def made(chance: np.random.Generator, nights: int) -> NDArray[np.float64]:
        noise = chance.normal(size=nights)
        for n in range(1, nights):
            noise[n] = rho * noise[n - 1] + math.sqrt(1 - rho * rho) * noise[n]
        return SPREAD * noise

    return made


def with_white(rho: float) -> Noise:
    def made(chance: np.random.Generator, nights: int) -> NDArray[np.float64]:
        return (autoregressive(rho)(chance, nights) + SPREAD * chance.normal(size=nights)) / math.sqrt(2)

    return made


def of_sales(kept: float) -> Noise:
    """Three sales a night on average."""

    def made(chance: np.random.Generator, nights: int) -> NDArray[np.float64]:
        memory, found = 3.0 / (1 - kept), []
        for sold in chance.poisson(3.0, size=nights + 30):
            memory = kept * memory + float(sold)
            found.append(-math.log(memory * (1 - kept) / 3.0))
        return np.array(found[30:])

    return made


LAWS: dict[str, Noise] = {
    **{f"ar {rho}": autoregressive(rho) for rho in (0.0, 0.3, 0.6, 0.8, 0.9)},
    **{f"ar {rho} + white": with_white(rho) for rho in (0.6, 0.9)},
    **{f"sales {kept}": of_sales(kept) for kept in (0.5, 0.8)},
}


@dataclass(frozen=True, slots=True)
class World:
    seed: int
    noise: Noise
    factor: float = 1.0
    """Of rank and place, and of the review pace the inverse: above one it does harm."""
    nights: int = 14
    """That the move lasts."""
    missing: float = 0.1
    peers: int = PEERS

    def made(self) -> tuple[Comparison, list[Move]]:
        chance = np.random.default_rng(self.seed)
        night = np.arange(NIGHTS)
        during = (night >= START) & (night < START + self.nights)
        week = 0.15 * np.sin(2 * np.pi * (night + chance.integers(7)) / 7)
        category = 0.15 * np.cumsum(chance.normal(size=NIGHTS)) / math.sqrt(7) + week
        asins = [OWN, RIVAL, *(f"B0PEER{n:04d}" for n in range(self.peers))]
        products = []
        for n, asin in enumerate(asins):
            shift = math.log(self.factor) * during if asin == OWN else 0 * night
            level = chance.uniform(5, 9) + category + 0.5 * week * chance.normal() + self.noise(chance, NIGHTS) + shift
            pace = chance.uniform(2, 8) * np.exp(0.5 * week - shift)
            counts = 500 + np.cumsum(chance.negative_binomial(pace, 0.5))  # the variance is twice the mean
            seen = chance.random(NIGHTS) >= self.missing
            products.append(_product(asin, n == 0, np.exp(level), counts, seen))
        place = np.exp(chance.uniform(1.5, 2.5) + self.noise(chance, NIGHTS) + math.log(self.factor) * during)
        series = _keyword(np.round(place), chance.random(NIGHTS) >= self.missing)
        last = MONDAY + timedelta(days=NIGHTS - 1)
        comparison = Comparison(
            listing="mug", marketplace="com", host="", currency="USD", time_zone="UTC", days=(last,), until=at(last),
            products=tuple(products), keywords=(series,), gaps=(),
        )  # fmt: skip
        told = [_flag(Kind.COUPON_STARTED, START)]
        if START + self.nights < NIGHTS:
            told.append(_flag(Kind.COUPON_ENDED, START + self.nights - 1))
        return comparison, moves(told, last, listing="mug", time_zone="UTC", currency="USD")


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 3, tzinfo=UTC)


def _product(
    asin: str, own: bool, ranks: NDArray[np.float64], counts: NDArray[np.int64], seen: NDArray[np.bool_]
) -> ProductSeries:
    days = [MONDAY + timedelta(days=n) for n in range(NIGHTS) if seen[n]]
    read = [
        Observation(at(d), d, True, 0, bsr=max(1, round(r)), bsr_category="Kitchen", in_stock=True, review_count=int(c))
        for d, r, c in zip(days, ranks[seen], counts[seen], strict=True)
    ]
    return ProductSeries(asin, own, at(MONDAY), tuple(read), daily={o.day: o for o in read})


def _keyword(places: NDArray[Any], seen: NDArray[np.bool_]) -> KeywordSeries:
    reads = []
    for n in np.flatnonzero(seen):
        day, place = MONDAY + timedelta(days=int(n)), max(1, int(places[n]))
        found = {OWN: Place(organic=place, organic_page=1)} if place <= RESULTS else {}
        reads.append(KeywordRead("", day, at(day), at(day), True, 3, RESULTS, 16, None, None, found))
    return KeywordSeries("tea mug", 3, at(MONDAY), tuple(reads), {read.day: read for read in reads})


def reading(day: date, places: dict[str, Place], results: int = RESULTS, pages: int = 3) -> KeywordRead:
    return KeywordRead(
        run_id="", day=day, began_at=at(day), observed_at=at(day), closing=True, pages_read=pages,
        organic_results=results, first_page_results=16, fetch_id=None, reason=None, places=places,
    )  # fmt: skip


def _flag(kind: Kind, night: int) -> Flag:
    day = MONDAY + timedelta(days=night)
    return Flag(
        kind, Severity.MEDIUM, "com", RIVAL, False, None, day, at(day) - timedelta(days=1), at(day), at(day), None,
        "10 %", None, None, ("x",), {}, Evidence(None, None, ""),
    )  # fmt: skip


def run(worlds: Iterable[World]) -> dict[Metric, list[tuple[World, Effect]]]:
    """The effects in these worlds, those left out of which too little was known."""
    found: dict[Metric, list[tuple[World, Effect]]] = defaultdict(list)
    for world in worlds:
        for effect in effects(*world.made()):
            if effect.verdict is not Verdict.TOO_LITTLE:
                found[effect.metric].append((world, effect))
    return found


def covered(found: list[tuple[World, Effect]]) -> float:
    """Share of the intervals with the truth in them."""
    true = [1 / w.factor if e.metric is Metric.REVIEWS else w.factor for w, e in found]
    return sum(e.low <= t <= e.high for t, (_, e) in zip(true, found, strict=True) if e.low and e.high) / len(found)


def told(found: list[tuple[World, Effect]]) -> float:
    """Share of which an effect was told."""
    return sum(e.verdict is not Verdict.NO_EFFECT for _, e in found) / len(found)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=1000)
    parser.add_argument("--laws", nargs="*", choices=LAWS, default=[*LAWS])
    options = parser.parse_args(arguments)
    seeds = options.seeds
    began, weighed = process_time(), 0
    print("Nothing happened: share of 95 % intervals with 1 in them")
    print(f"{'noise':16}{'nights':>8}" + "".join(f"{metric:>10}" for metric in OF_PAGES))
    for law in options.laws:
        for nights in (4, 8, 14):
            found = run(World(seed, LAWS[law], nights=nights) for seed in range(seeds))
            weighed += sum(map(len, found.values()))
            print(f"{law:16}{nights:>8}" + "".join(f"{covered(found[metric]):>10.1%}" for metric in OF_PAGES))
    print("\nSomething happened: share of worlds in which it is told, and of intervals with the truth in them")
    print(f"{'noise':16}{'nights':>8}{'factor':>8}" + "".join(f"{metric:>18}" for metric in OF_PAGES))
    for law in [law for law in ("ar 0.6", "sales 0.8") if law in options.laws]:
        for nights in (8, 14):
            for factor in (1.25, 1.5, 2.0, 3.0):
                found = run(World(seed, LAWS[law], factor, nights) for seed in range(seeds))
                weighed += sum(map(len, found.values()))
                shares = "".join(f"{told(found[m]):>10.1%}{covered(found[m]):>8.1%}" for m in OF_PAGES)
                print(f"{law:16}{nights:>8}{factor:>8}{shares}")
    print(
        f"\n{weighed} effects, {(process_time() - began) / max(1, weighed) * 1e3:.2f} ms each with making their world"
    )


if __name__ == "__main__":
    main()
