"""A realistic database of one listing: 35 nights, 12 rivals, 3 keywords, most kinds of change, and nights lost.

`python -m tests.reports.sample FOLDER [LANGUAGE]` writes it there with its report and overview, to look at.
"""

import math
import random
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from reports.flags import Rules
from reports.judging import judge
from reports.page.checklist import Round, render_checklist
from reports.page.render import OverviewItem, render, render_overview
from reports.page.review import render_review
from reports.period import Asked
from reports.report import report
from storage.judged import keep
from tests.reports import sample_exports
from tests.reports.database import Database

NIGHTS = 35
FIRST = datetime(2026, 2, 9, 10, tzinfo=UTC)
"""02:00 in Los Angeles."""
LISTING, OWN = "stoneware-mugs", "B0MUGOWN01"
KEYWORDS = ("stoneware mug set", "coffee mugs large", "ceramic cup handmade")
ACTIONS = ((20, "coupon", "coupon of 10 %"), (22, "other", "</script><b>search terms</b>"), (33, "title", "new title"))
"""In the journal: the first night that shows it, kind and words."""
WRITTEN = FIRST + timedelta(days=NIGHTS - 1, hours=1)
HOSTILE = '</script><script>alert("mug")</script> \u202e"><img src=x onerror=alert(1)> كوب قهوة من السيراميك'

TITLES = (
    "Hearth & Clay Stoneware Mugs, Set of 4, 14 oz, Handmade Look, Microwave and Dishwasher Safe, Sand",
    "AmberPeak Ceramic Coffee Mug Set of 6, 16 oz Large Tea Cups with Handle for Latte, Cocoa, Gift Box",
    "Kaya Home Reactive Glaze Mugs, 12 fl oz, Set of 4",
    "Northfold Café Cups – Porcelain, Stackable",
    "[Upgraded] BIG MUG CO. Jumbo 24oz Soup & Coffee Mugs, Oversized, Set of 2, Matte Black/White",
    "マグカップ 美濃焼 大きめ 400ml 電子レンジ対応 食洗機対応 おしゃれ 北欧",
    "Terra Nova Hand-Thrown Mug, 15 oz",
    "Delmont Everyday White Mugs, Bulk Set of 12 for Restaurants, Offices and Catering, 11 Ounces",
    "Wren & Ash Speckled Camping Mug, Enamel, 350 ml",
    HOSTILE,
    "Luma Glass Double Wall Cups 2-Pack",
    "Old Mill Pottery Farmhouse Mug Set of 4, Blue Rim",
    "Pfoten-Tasse Keramik mit Spruch, 330 ml, Geschenk für Hundebesitzer",
)


@dataclass
class Plan:
    """What is planted for one product: per field, the nights from which a value holds."""

    price: Decimal
    rank: int
    reviews: int
    pace: float
    rating: float
    changes: dict[int, dict[str, Any]] = field(default_factory=dict)
    lost: dict[int, str | None] = field(default_factory=dict)
    """Night -> outcome of the failed page; None: not asked for."""
    lacks: dict[int, dict[str, str]] = field(default_factory=dict)
    """Night -> field -> reason."""
    bursts: dict[int, int] = field(default_factory=dict)
    factors: dict[int, float] = field(default_factory=dict)
    """Night -> factor on the rank from then on."""


def plans() -> list[Plan]:
    made = [
        Plan(Decimal("34.95") + n * Decimal("1.50"), 1800 + 2600 * n, 640 + 911 * n % 3700, 1 + n % 4, 4.1 + n % 7 / 10)
        for n in range(len(TITLES))
    ]
    own, cutter, bursting, away, jumping = made[0], made[1], made[2], made[3], made[4]
    own.changes = {20: {"coupon_percent": Decimal(10)}, 27: {"coupon_percent": None}}
    cutter.changes = {NIGHTS - 1: {"price": Decimal("28.99"), "deal": "Limited time deal", "is_deal": True}}
    bursting.bursts = {NIGHTS - 2: 41, NIGHTS - 1: 38}
    away.changes = {
        NIGHTS - 3: {"in_stock": False, "availability": "Currently unavailable.", "price": None, "seller": None},
    }
    jumping.factors = {NIGHTS - 2: 0.3}
    made[5].changes = {12: {"title": TITLES[5] + " 2個セット"}, 30: {"seller": "BargainBin LLC", "seller_id": "A9BIN"}}
    made[6].lost = {NIGHTS - 1: "blocked", 8: "timeout", 9: "timeout"}
    made[7].lacks = {NIGHTS - 1: {"price": "unparseable"}, 15: {"bsr": "layout_unknown", "rating": "layout_unknown"}}
    made[8].changes = {n: {"price": Decimal("45.00") - n // 3} for n in range(18, 35, 3)}
    made[9].changes = {NIGHTS - 1: {"currency": "EUR"}, 10: {"price": Decimal("55.00")}}
    made[10].lost = dict.fromkeys(range(22))
    made[11].changes = {n: {"price": Decimal("49.95") + n % 2 * 3} for n in range(5, 30)}
    made[12].changes = {25: {"price": Decimal("42.00")}, NIGHTS - 1: {"coupon_amount": Decimal("4.00")}}
    for plan in made:
        plan.lost.setdefault(17, "blocked")
    return made


REVIEWS = (
    (0, 0, "R0CONTENT", 5, "Lovely", "We use them every day."),
    (0, 24, "R0CONTENT", 2, "Lovely at first", "Two of them cracked, and the glaze is peeling. " * 8),
    (0, 30, "R0SMALL", 1, "Too small", "Much smaller than in the picture, and one arrived with a dent."),
    (2, 31, "R2BURST", 1, "Leaks", "Leaks through the bottom. No smell, though."),
    (3, 33, "R3HOSTILE", 1, HOSTILE, '=HYPERLINK("http://evil.example","leaks")' + HOSTILE),
    (8, 33, "R8FINE", 3, "Fine", "My cat ignores it."),
)
"""Of product, first seen on night: stars, headline, text. One of them is changed."""


def asin(n: int) -> str:
    return OWN if n == 0 else f"B0MUGRIV{n:02d}"


def fill(database: Database) -> None:
    """Everything of 35 nights, seeded."""
    chance = random.Random(2)
    rivals = [asin(n) for n in range(1, len(TITLES))]
    late = rivals.pop(9)
    database.listing(LISTING, "com", OWN, rivals, list(KEYWORDS), time_zone="America/Los_Angeles")
    database.insert("rival", listing=LISTING, marketplace="com", asin=late, valid_from=FIRST + timedelta(days=22))
    database.expect(
        LISTING, "com", seller_ids=("A0SHOP",), rating=Decimal("4.2"),
        price_from=Decimal("29.95"), price_to=Decimal("36.95"),
    )  # fmt: skip
    for n, plan in enumerate(plans()):
        _product(database, chance, n, plan)
    for n, night, name, stars, title, body in REVIEWS:
        at = FIRST + timedelta(days=night, seconds=9 * n)
        database.review(0, at, asin(n), name, stars, title=title, body=body)
    for n, keyword in enumerate(KEYWORDS):
        for night in range(NIGHTS):
            _keyword(database, chance, n, keyword, night)
    for n, (night, kind, what) in enumerate(ACTIONS, 1):
        at = FIRST + timedelta(days=night, hours=-12)
        database.insert(
            "stored.journal", entry=n, listing=LISTING, marketplace="com", asin=OWN, time_zone="America/Los_Angeles",
            acted_at=at, kind=kind, guessed=False, what=what, nights=7, said_at=at,
        )  # fmt: skip
    sample_exports.fill(database.con, OWN, FIRST.date(), NIGHTS, KEYWORDS)


def _product(database: Database, chance: random.Random, n: int, plan: Plan) -> None:
    state: dict[str, Any] = {
        "title": TITLES[n], "brand": TITLES[n].split()[0], "price": plan.price, "list_price": plan.price + 5,
        "currency": "USD", "is_deal": False, "in_stock": True, "availability": "In Stock",
        "seller": f"Shop {n}", "seller_id": f"A{n}SHOP", "rating": Decimal(str(round(plan.rating, 1))),
        "badges": [{"kind": "best_seller", "text": "Coffee Cups & Mugs"}] if n == 4 else [],
    }  # fmt: skip
    reviews, factor = plan.reviews, 1.0
    for night in range(NIGHTS):
        at = FIRST + timedelta(days=night, seconds=9 * n)
        state |= plan.changes.get(night, {})
        factor *= plan.factors.get(night, 1.0)
        reviews += round(chance.gammavariate(2, plan.pace / 2)) + plan.bursts.get(night, 0)
        weekend = 0.85 if at.weekday() >= 5 else 1.0
        bsr = max(1, round(plan.rank * factor * weekend * math.exp(chance.gauss(0, 0.1))))
        if night in plan.lost:
            if outcome := plan.lost[night]:
                database.fetch(at, "product", "com", asin=asin(n), outcome=outcome)
            continue
        seen: dict[str, Any] = state | {"bsr": bsr, "review_count": reviews}
        lacks = plan.lacks.get(night, {})
        seen = {name: value for name, value in seen.items() if value is not None and name not in lacks}
        optional = ("coupon_percent", "coupon_amount", "prime_price", "deal", "price", "seller", "seller_id")
        missing = {name: "absent_on_page" for name in optional if name not in seen} | lacks
        database.product(at, "com", asin(n), missing=missing, **seen)


def _keyword(database: Database, chance: random.Random, n: int, keyword: str, night: int) -> None:
    at = FIRST + timedelta(days=night, minutes=10 + n)
    if night == 17 or (n == 2 and night == NIGHTS - 1):
        database.search(at, "com", keyword, ["blocked", "skipped"])
        return
    order: list[tuple[float, str]] = [(place + 0.5, f"B0OTHER{place:03d}") for place in range(1, 45)]
    for k in range(len(TITLES)):
        if (k + n) % 4 == 3:
            continue
        usual = 3 + (k * 7 + n * 5) % 36
        if k == 0 and n == 0 and night >= NIGHTS - 1:
            usual = 29
        if k == 5 and n == 1 and night >= NIGHTS - 4:
            usual = 2
        order.append((usual + chance.gauss(0, 0.9), asin(k)))
    grid: list[tuple[str, bool | None]] = [(product, False) for _, product in sorted(order)]
    grid.insert(0, (asin(1), True))
    if night >= NIGHTS - 5:
        grid.insert(1, (asin(2), True))
    database.search(at, "com", keyword, [grid[:18], grid[18:36]])


def write(folder: Path, *languages: str) -> tuple[Path, Path]:
    """The report, the overview, the check-list and a review of a fresh sample database in ``folder``: of its 35 nights,
    and of the last one. In English, or in each of these languages, in a folder of its own where there are several."""
    database = Database(folder / "sample.duckdb")
    fill(database)
    keep(database.con, judge(database.con, Rules(), {LISTING: FIRST.date()}))
    whole, night = (report(database.con, LISTING, Asked(count=days)) for days in (NIGHTS, 1))
    items = [OverviewItem(night, "report.html"), OverviewItem(whole, "report.html")]
    for language in languages or ("en",):
        place = folder / language if len(languages) > 1 else folder
        place.mkdir(exist_ok=True)
        text = render(whole, language=language, generated_at=WRITTEN)
        (place / "report.html").write_text(text, encoding="utf-8")
        text = render_overview(items, language=language, generated_at=WRITTEN)
        (place / "index.html").write_text(text, encoding="utf-8")
        text = render_checklist([Round(night, language)], ["tracker job backup: x"], language=language)
        (place / "checklist.html").write_text(text, encoding="utf-8")
        (place / "review.html").write_text(render_review([whole], language=language), encoding="utf-8")
    database.publish()
    return folder / "report.html", folder / "index.html"


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    print(*write(target, *sys.argv[2:]))
