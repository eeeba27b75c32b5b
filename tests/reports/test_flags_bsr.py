"""BSR jumps and slumps: what leaves its own level and stays away, and nothing that does not."""

import math
import random
from typing import Any

import pytest

from reports.flags import Kind
from tests.reports.database import Database
from tests.reports.nights import ABSENT, BLOCKED, OWN, RIVAL, judged, listing, tell, told

JUMP, SLUMP = "bsr_jump", "bsr_slump"
KINDS = (Kind.BSR_JUMP, Kind.BSR_SLUMP, Kind.MARKET_BSR)
FAMILY = [f"B0RIVAL{n:03d}" for n in range(1, 8)]


def around(level: float, count: int, *, seed: int = 1, spread: float = 0.08) -> list[Any]:
    """Ranks scattered about a level; ``spread`` in logs."""
    chance = random.Random(seed)
    return [round(level * math.exp(chance.gauss(0, spread))) for _ in range(count)]


CASES: dict[str, tuple[list[Any], list[tuple[int, str, str]]]] = {
    "calm": (around(1000, 40), []),
    "a shift to half the rank, told on its second night": (
        [*around(1000, 20), *around(480, 4)],
        [(21, JUMP, "medium")],
    ),
    "a slide over a week, as a rank that remembers makes of a step": (
        [*around(1000, 60, spread=0.15), 1300, 1500, 1900, 2400, 3000, 3300, 3500, 3600],
        [(63, SLUMP, "medium")],
    ),
    "a slump": ([*around(1000, 20), *around(2100, 4)], [(21, SLUMP, "medium")]),
    "one wild night": ([*around(1000, 20), 400, *around(1000, 10)], []),
    "a factor of four, on its second night: one night may be wild": (
        [*around(1000, 20), 250, 240],
        [(21, JUMP, "high")],
    ),
    "a factor of ten, at once": ([*around(1000, 20, spread=0.02), 100], [(20, JUMP, "high")]),
    "two wild nights that are no neighbours": ([*around(1000, 20), 250, 1000, 1000, 260, *around(1000, 5)], []),
    "small and lasting, in time": ([*around(1000, 40), *around(570, 8)], [(41, JUMP, "medium")]),
    "drifting, no shift": ([round(1000 * 1.015**n * f / 1000) for n, f in enumerate(around(1000, 90))], []),
    "a factor of 1.4 stays within": ([*around(1000, 20), *around(710, 4, spread=0.02)], []),
    "noisy by nature": (around(1000, 40, spread=0.5, seed=3), []),
    "the first nights": ([1000, 100, 1000, 100, 100, 100, 100], []),
    "seven nights are too few": ([*around(1000, 6), 100, 100], []),
    "missing ranks between": (
        [*around(1000, 20), ABSENT, BLOCKED, None, 480, BLOCKED, 490],
        [(25, JUMP, "medium")],
    ),
    "missing for good": ([*around(1000, 20), *[ABSENT] * 10], []),
    "not told again while it stays": ([*around(1000, 20), *around(400, 12)], [(21, JUMP, "medium")]),
    "the way back is not news": ([*around(1000, 20), *around(400, 5), *around(1000, 10)], [(21, JUMP, "medium")]),
    "after two weeks the new level is normal, and leaving it is news": (
        [*around(1000, 20), *around(400, 20), *around(1000, 4)],
        [(21, JUMP, "medium"), (41, SLUMP, "medium")],
    ),
    "few ranks at the top": ([4, 3, 4, 4, 3, 4, 3, 4, 4, 3, 4, 4, 1, 1, 1], []),
    "weekends that are always better": ([*[1000, 1010, 990, 1000, 1005, 500, 505] * 6], []),
}


@pytest.mark.parametrize(("ranks", "expected"), CASES.values(), ids=CASES)
def test_ranks(database: Database, ranks: list[Any], expected: list[tuple[int, str, str]]) -> None:
    listing(database)
    tell(database, bsr=ranks)
    assert told(database, kinds=KINDS) == expected


def category(database: Database, levels: list[float], *, but: dict[str, list[Any]] | None = None) -> None:
    """Seven rivals whose category moves through ``levels`` (factors of each one's own rank)."""
    listing(database, rivals=FAMILY)
    for n, asin in enumerate(FAMILY):
        noise = around(1000 * (n + 1), len(levels), seed=n)
        told_apart = (but or {}).get(asin)
        tell(database, asin, bsr=told_apart or [round(r * f) for r, f in zip(noise, levels, strict=True)])


def test_a_category_that_moves_for_a_while_is_no_shift_of_its_products(database: Database) -> None:
    category(database, [1.0] * 20 + [2.5] * 5 + [1.0] * 10)
    assert told(database, kinds=KINDS) == [(21, "market_bsr", "medium")]


def test_a_category_that_moved_for_good_is_none_either_when_the_medians_catch_up(database: Database) -> None:
    category(database, [1.0] * 25 + [2.2] * 40)
    assert told(database, days=70, kinds=KINDS) == [(26, "market_bsr", "medium")]


def test_a_product_that_moves_against_its_category_is_told(database: Database) -> None:
    moving = [*around(1000, 25), *around(300, 5)]
    category(database, [1.0] * 25 + [2.2] * 5, but={RIVAL: moving})
    assert [(f.asin, f.kind) for f in judged(database, kinds=KINDS)] == [
        (None, Kind.MARKET_BSR),
        (RIVAL, Kind.BSR_JUMP),
    ]


def test_a_product_that_stands_still_while_its_category_moves_did_not_jump(database: Database) -> None:
    category(database, [1.0] * 25 + [3.5] * 5, but={RIVAL: around(1000, 30)})
    assert told(database, kinds=KINDS) == [(26, "market_bsr", "medium")]


def test_a_night_with_few_products_read_is_not_corrected_by_halves(database: Database) -> None:
    """The category moved for good; on one night only two of its products were read."""
    listing(database, rivals=FAMILY)
    for n, asin in enumerate(FAMILY):
        ranks: list[Any] = [*around(1000 * (n + 1), 20, seed=n), *around(1300 * (n + 1), 20, seed=n + 50)]
        if n >= 2:
            ranks[30] = BLOCKED
        tell(database, asin, bsr=ranks)
    assert told(database, kinds=KINDS) == []


def test_another_main_category_starts_anew(database: Database) -> None:
    listing(database)
    tell(database, bsr=[*around(1000, 20), *around(90, 5)], category=["Kitchen"] * 20 + ["Tea Mugs"] * 5)
    assert told(database, kinds=KINDS) == []


def test_a_wild_last_night_of_one_category_is_no_first_night_of_a_shift_in_another(database: Database) -> None:
    listing(database)
    ranks = [*around(1000, 20), 400, *around(90, 9), 30]
    tell(database, bsr=ranks, category=["Kitchen"] * 21 + ["Tea Mugs"] * 10)
    tell(database, first=31, bsr=[90], category=["Tea Mugs"])
    assert told(database, kinds=KINDS) == []


def test_the_sentence_gives_the_usual_range_and_the_evidence_shows_it(database: Database) -> None:
    listing(database)
    tell(database, OWN, bsr=[*[1000, 1100, 900] * 7, 400, 410])
    (jump,) = judged(database, kinds=KINDS)
    assert jump.sentence == (
        "BSR jump 1,000 → 410 in Kitchen on Tue 24 Mar (2.4 times better); usually 900 to 1,100, "
        "but not since Mon 23 Mar (2 crawled nights in a row); it would come by chance less than once in 100 years"
    )
    assert (jump.before, jump.after, jump.magnitude) == ("1000", "410", 0.41)
    rows = database.con.execute(jump.evidence.sql).fetchall()
    assert len(rows) == 23, "all nights it was judged against, the narrower category left out"


@pytest.mark.parametrize("seed", range(8))
def test_two_months_of_noise_stay_quiet(database: Database, seed: int) -> None:
    """False alarms: seven products with a weekly rhythm, ordinary scatter and some nights lost."""
    chance = random.Random(seed)
    listing(database, rivals=FAMILY)
    for n, asin in enumerate(FAMILY):
        ranks: list[Any] = around(800 * (n + 1), 60, seed=100 * seed + n, spread=0.15)
        ranks = [round(r * (0.85 if day % 7 > 4 else 1)) for day, r in enumerate(ranks)]
        tell(database, asin, bsr=[BLOCKED if chance.random() < 0.05 else r for r in ranks])
    assert len(judged(database, kinds=KINDS)) <= 1
