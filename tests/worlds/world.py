"""One world from its seed: the comparison that the flags are given, and what a perfect judge would say of it."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from reports.series import Comparison
from tests.worlds import consequences, demand, habits, laws, observing, planting, positions
from tests.worlds.labels import Echo, Label
from tests.worlds.truth import HISTORY, NIGHTS, Flags, Product, Truth

OWN = "B0OWN00000"


@dataclass(frozen=True, slots=True)
class World:
    seed: int
    held_out: bool
    laws: dict[str, str]
    comparison: Comparison
    labels: tuple[Label, ...]
    echoes: tuple[Echo, ...]

    @staticmethod
    def night(day: date) -> int:
        return (day - observing.FIRST.date()).days


def build(seed: int, *, held_out: bool = False) -> World:
    truth = _truth(seed, held_out)
    truth.results = [positions.lay_out(truth, f"travel mug {n}") for n in range(int(truth.chance.integers(3, 8)))]
    habits.assign(truth)
    planting.watch_late(truth)
    planting.plant(truth)
    habits.settle(truth)
    rates, when = demand.rates(truth), observing.moments(truth)
    ranks = demand.ranks(truth, rates, when)
    products, missed = [], observing.lost(truth, when, len(truth.products) + len(truth.results))
    for n, product in enumerate(truth.products):
        first = 1 + n * len(when)
        products.append(observing.product_series(truth, product, when, ranks[n], rates[n], missed[n], first))
    keywords = []
    for n in range(len(truth.results)):
        first = 1 + (len(truth.products) + n) * len(when)
        keywords.append(observing.keyword_series(truth, n, when, missed[len(truth.products) + n], first))
    comparison = Comparison(
        listing="mug",
        marketplace="com",
        host="www.amazon.com",
        currency="USD",
        time_zone="UTC",
        days=tuple(observing.FIRST.date() + timedelta(days=n) for n in range(HISTORY, NIGHTS)),
        until=max(o.observed_at for p in products for o in p.observations),
        products=tuple(products),
        keywords=tuple(keywords),
        gaps=(),
    )
    consequences.note(truth, comparison)
    nights = np.floor(when).astype(int)
    read = {p.asin: ~missed[n] for n, p in enumerate(truth.products)}
    read |= {r.keyword: ~missed[len(truth.products) + n] for n, r in enumerate(truth.results)}
    labels = [seen for label in truth.labels if (seen := _seen(label, nights, read)) is not None]
    return World(seed, held_out, truth.laws, comparison, tuple(labels), tuple(truth.echoes))


def _truth(seed: int, held_out: bool) -> Truth:
    chance = np.random.default_rng([seed, int(held_out)])
    drawn = laws.draw(chance, held_out=held_out)
    low, high = {"fast": (15, 300), "mixed": (0.5, 80), "slow": (0.3, 5)}[drawn["speed"]]
    pace = (0.02, 0.3) if drawn["reviews"] == "trickle" else (0.1, 8)
    theta, scale = float(chance.uniform(0.8, 1.2)), float(chance.uniform(2_000, 20_000))
    if drawn["speed"] == "fast":
        scale *= 8
    products = []
    for number in range(int(chance.integers(11, 22))):
        stars = chance.dirichlet(np.array([60, 18, 9, 5, 8]) * float(chance.uniform(0.4, 2)))
        product = Product(
            asin=OWN if number == 0 else f"B0RIVAL{number:03d}",
            own=number == 0,
            sales=float(np.exp(chance.uniform(np.log(low), np.log(high)))),
            pace=float(np.exp(chance.uniform(np.log(pace[0]), np.log(pace[1])))),
            reviews=int(np.exp(chance.uniform(np.log(60), np.log(20_000)))),
            stars=stars,
            cents=int(chance.integers(900, 6000)),
            narrower=float(np.exp(chance.uniform(np.log(5), np.log(80)))),
            elasticity=float(chance.uniform(0.5, 2.5)),
            weighing=float(chance.uniform(-0.3, 0.1)) if drawn["rating"] == "weighted" else 0.0,
        )
        product.offers[:] = 0 if product.own else int(chance.integers(0, 9))
        product.a_plus[:], product.video[:] = chance.random() < 0.5, chance.random() < 0.5
        product.category[:] = 0 if product.own else int(chance.choice([0, 1, 2], p=[0.75, 0.15, 0.1]))
        products.append(product)
    truth = Truth(chance, drawn, products, [], theta, scale)
    if drawn["season"] == "niche":
        steps, at = chance.normal(0, 0.25 * np.sqrt(1 - 0.95**2), NIGHTS), 0.0
        for night in range(NIGHTS):
            at = 0.95 * at + float(steps[night])
            truth.niche[night] = np.exp(at)
    return truth


def _seen(label: Label, nights: np.ndarray[tuple[int], np.dtype[np.int64]], read: dict[str, Flags]) -> Label | None:
    """The label as far as the crawls could know of it: None where no page was read while it lasted; later by the
    nights that were lost."""
    pages = read.get(label.keyword or label.asin or "")
    if pages is None:
        return label
    after = nights[pages & (nights >= label.first)]
    if not len(after) or (label.ends is not None and after[0] >= label.ends):
        return None
    lost = label.last - label.first - len(np.unique(after[after <= label.last])) + 1
    return replace(label, last=min(NIGHTS, label.last + lost))
