"""What the crawls of a world read: series as ``reports.compare`` gives them, with all that was missed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np

from reports.series import Failure, KeywordRead, KeywordSeries, Observation, Place, ProductSeries, RankLine
from tests.worlds import positions, reviews
from tests.worlds.truth import NIGHTS, Counts, Flags, Numbers, Product, Truth

FIRST = datetime(2026, 1, 5, tzinfo=UTC)
"""Midnight of night 0: a Monday, so that night n is the weekday n % 7."""
CATEGORIES = ("Kitchen & Dining", "Home & Garden", "Sports & Outdoors")
UNREAD = (
    "price",
    "coupon_percent",
    "is_deal",
    "in_stock",
    "seller",
    "rating",
    "review_count",
    "bsr",
    "title",
    "offer_count",
)
TITLES = {
    0: "red",
    1: "scarlet",
    2: "scarlet with lid",
    3: "thermo flask of steel, one litre, in blue",
    50: "red, dishwasher safe",
}
SELLERS = {0: "House", 1: "Second Hand", 2: "Third Shop", 7: "BargainBin", 9: "Grab & Go"}


def moments(truth: Truth) -> Numbers:
    """When the crawls begin, in days since the first midnight."""
    chance, nights = truth.chance, np.arange(NIGHTS, dtype=float)
    if truth.law("hours", "irregular"):
        return nights + chance.uniform(0.02, 0.9, NIGHTS)
    if truth.law("hours", "twice"):
        return np.sort(np.concatenate([nights + 0.125, nights[::3] + 0.66]))
    return nights + 0.125


def lost(truth: Truth, when: Numbers, series: int) -> Flags:
    """Which pages (by series and crawl) are not read."""
    chance, shape = truth.chance, (series, len(when))
    law = truth.laws["nights"]
    gone = chance.random(shape) < {"single": 0.05, "whole": 0.02, "fortnight": 0.02}.get(law, 0.0)
    night = np.floor(when).astype(int)
    if law == "whole":
        gone |= (chance.random(NIGHTS) < 0.05)[night]
    if law == "bursts":
        bad = np.convolve(chance.random(NIGHTS) < 0.03, np.ones(int(chance.integers(1, 4))))[:NIGHTS] > 0
        gone |= bad[night] & (chance.random(shape) < 0.5)
    if law == "fortnight":
        for first in chance.integers(30, NIGHTS - 20, 2):
            gone |= (night >= first) & (night < first + int(chance.integers(5, 10)))
    return gone


def product_series(
    truth: Truth, product: Product, when: Numbers, ranks: Counts, sales: Numbers, missed: Flags, fetch: int
) -> ProductSeries:
    """The series of one product; its fetches are numbered from ``fetch``."""
    came = reviews.arrivals(truth, product, sales)
    stars = reviews.histograms(truth, product, came)
    since = FIRST + timedelta(days=product.watched_from)
    closing = _closing(when, missed | product.gone[np.floor(when).astype(int)])
    seen: list[Observation] = []
    failures: list[Failure] = []
    for n, moment in enumerate(when):
        night, at = int(moment), FIRST + timedelta(days=float(moment), seconds=fetch % 900)
        if night < product.watched_from:
            continue
        if missed[n] or product.gone[night]:
            outcome = "blocked" if missed[n] else "not_found"
            failures.append(Failure(observed_at=at, day=at.date(), outcome=outcome, fetch_id=fetch + n))
            continue
        # The count of the page: what came by last midnight (the site counts once a day).
        page = _page(product, night, stars[night], int(ranks[n]))
        unread = {name for name in UNREAD if truth.law("nights", "fields") and truth.chance.random() < 0.03}
        if "bsr" in unread:
            page |= {"ranks": (), "bsr_category": None, "bsr_category_id": None}
        page |= dict.fromkeys(unread)
        missing = {name: "absent_on_page" for name, value in page.items() if value is None} | dict.fromkeys(
            unread, "unparseable"
        )
        number = fetch + n
        seen.append(
            Observation(
                observed_at=at, day=at.date(), closing=bool(closing[n]), fetch_id=number,
                missing=missing, **page,
            )
        )  # fmt: skip
    return ProductSeries(
        asin=product.asin,
        own=product.own,
        watched_from=since,
        observations=tuple(seen),
        failures=tuple(failures),
        daily={o.day: o for o in seen if o.closing},
        watched=((since.date(), None),),
    )


def _page(product: Product, night: int, stars: Counts, rank: int) -> dict[str, Any]:
    """Field -> value as the page shows it; None where it shows none."""
    total, out = int(stars.sum()), bool(product.out[night])
    category = int(product.category[night])
    factor = (1.0, 1.7, 0.4)[category]
    main = max(1, round(rank * factor))
    badges: list[tuple[str, str | None]] = [("best_seller", "Mugs")] if product.best_seller[night] else []
    badges += [("amazons_choice", None)] if product.choice[night] else []
    left = int(product.left[night])
    price = Decimal(round(product.cents * product.price[night])).scaleb(-2)
    offer: dict[str, Any] = {
        "price": price,
        "coupon_percent": Decimal(int(product.coupon[night])) if product.coupon[night] else None,
        "deal": "Limited time deal" if product.deal[night] else None,
        "stock_left": left or None,
        "seller": SELLERS[int(product.seller[night])] + (f" {product.asin[-2:]}" if not product.seller[night] else ""),
        "seller_id": f"A{product.asin[-3:]}{product.seller[night]}",
        "offer_count": int(product.offers[night]) or None,
    }
    shown = reviews.rating(stars, product.weighing + float(product.shift[night]))
    percents = tuple(int(p) for p in np.rint(stars / max(total, 1) * 100))
    return {
        "title": f"Acme {product.asin[-3:]} travel mug, {TITLES[int(product.title[night])]}",
        "brand": "Acme",
        "list_price": None,
        "coupon_amount": None,
        **(dict.fromkeys(offer) if out else offer),
        "is_deal": bool(product.deal[night]) and not out,
        "availability": "Currently unavailable." if out else f"Only {left} left in stock" if left else "In Stock",
        "in_stock": not out,
        "rating": None if shown is None else Decimal(str(shown)),
        "review_count": total,
        "rating_percents": percents if total else None,
        "bsr": main,
        "bsr_category": CATEGORIES[category],
        "bsr_category_id": None,
        "ranks": (
            RankLine(main, CATEGORIES[category]),
            RankLine(max(1, round(rank / product.narrower)), "Travel Mugs" if category != 2 else "Flasks"),
        ),
        "prime_price": None,
        "variation_count": int(product.variations[night]),
        "parent_asin": f"B0PARENT{product.asin[-2:]}",
        "offer_from": price + 1 if product.offers[night] and not out else None,
        "bought_past_month_min": None,
        "badges": tuple(badges),
        "bullets": (f"Keeps warm for {6 + int(product.bullets[night])} hours", "Leak-proof", "Fits every cup holder"),
        "image_count": int(product.images[night]),
        "main_image": f"IMG{product.asin[-3:]}{product.image[night]}",
        "has_a_plus": bool(product.a_plus[night]),
        "has_video": bool(product.video[night]),
    }


def keyword_series(truth: Truth, number: int, when: Numbers, missed: Flags, fetch: int) -> KeywordSeries:
    results = truth.results[number]
    nights = np.floor(when).astype(np.int64)
    organic, ads = positions.organic(truth, results, nights), positions.sponsored(truth, results, nights)
    closing = _closing(when, missed)
    blocked = truth.law("nights", "bursts", "single")
    reads: list[KeywordRead] = []
    for n, moment in enumerate(when):
        # Its two pages come in the first two seconds of a minute of its own.
        asked = (FIRST + timedelta(days=float(moment), minutes=20 + number)).replace(second=0, microsecond=0)
        began, ended = asked + timedelta(seconds=1), asked + timedelta(seconds=positions.PAGES)
        night, run, length = int(moment), f"{asked:%Y%m%dT%H}-run", int(results.page[int(moment)])
        failed = KeywordRead(
            run_id=run, day=ended.date(), began_at=began, observed_at=ended, closing=bool(closing[n]), pages_read=0,
            organic_results=0, first_page_results=0, fetch_id=None, reason="blocked", places={},
        )  # fmt: skip
        if missed[n]:
            reads.append(failed)
            continue
        read = 1 if blocked and truth.chance.random() < 0.02 else positions.PAGES
        places = {}
        for product in truth.products:
            place, ad = int(organic[product.asin][n]), int(ads[product.asin][n])
            place = place if place <= read * length else 0
            ad = ad if ad <= read * positions.ADS_ON_A_PAGE else 0
            if place or ad:
                places[product.asin] = Place(
                    place or None, (place - 1) // length + 1 if place else None,
                    ad or None, (ad - 1) // positions.ADS_ON_A_PAGE + 1 if ad else None,
                )  # fmt: skip
        reads.append(
            replace(
                failed, pages_read=read, organic_results=read * length, first_page_results=length, fetch_id=fetch + n,
                reason=None if read == positions.PAGES else "blocked", places=places,
                strangers=_strangers(truth, results.keyword, night, length, places),
            )
        )  # fmt: skip
    daily: dict[date, KeywordRead] = {r.day: r for r in reads if r.closing}
    return KeywordSeries(results.keyword, positions.PAGES, FIRST, tuple(reads), daily)


def _strangers(
    truth: Truth, keyword: str, night: int, length: int, places: Mapping[str, Place]
) -> tuple[tuple[str, int], ...]:
    """Unwatched products that came up on page one within four weeks: planted ones rise, others look in and go."""
    told: dict[int, str] = {}
    wanted = {
        a: max(3, p - (night - first)) for k, a, first, p in truth.strangers if k == keyword and 0 <= night - first < 28
    }
    if night >= 14 and truth.chance.random() < 0.08:
        wanted[f"B0ONCE{night:03d}{keyword[-1]}"] = int(truth.chance.integers(length * 2 // 3, length + 1))
    taken = {place.organic for place in places.values()}
    for asin, place in wanted.items():
        free = next((at for at in range(place, length + 1) if at not in taken and at not in told), None)
        if free is not None:
            told[free] = asin
    return tuple((asin, place) for place, asin in sorted(told.items()))


def _closing(when: Numbers, missed: Flags) -> Flags:
    """Which crawl stands for its day: the last that was read, else the last."""
    night = np.floor(when).astype(int)
    closing = np.zeros(len(when), dtype=np.bool_)
    for day in np.unique(night):
        of_day = np.flatnonzero(night == day)
        read = of_day[~missed[of_day]]
        closing[read[-1] if len(read) else of_day[-1]] = True
    return closing
