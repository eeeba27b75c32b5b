"""The data of the charts, as plain lists by day: null where nothing is known."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from reports.flags import Flag, Kind
from reports.page.view import View
from reports.series import Comparison, KeywordRead, ProductSeries

CHART_OF = {
    Kind.PRICE_CUT: "price",
    Kind.PRICE_RISE: "price",
    Kind.UNDERCUT: "price",
    Kind.LOWEST_IN_90_DAYS: "price",
    Kind.LOWEST_EVER: "price",
    Kind.PRICE_WAR: "price",
    Kind.SEE_SAW: "price",
    Kind.COUPON_STARTED: "price",
    Kind.COUPON_CHANGED: "price",
    Kind.COUPON_ENDED: "price",
    Kind.DEAL_STARTED: "price",
    Kind.DEAL_ENDED: "price",
    Kind.PROMOTIONS_STACKED: "price",
    Kind.BSR_JUMP: "bsr",
    Kind.BSR_SLUMP: "bsr",
    Kind.TOP_RANK_ENTERED: "bsr",
    Kind.TOP_RANK_LEFT: "bsr",
    Kind.BADGE_GAINED: "bsr",
    Kind.BADGE_LOST: "bsr",
    Kind.REVIEW_BURST: "review_count",
    Kind.REVIEWS_REMOVED: "review_count",
    Kind.REVIEWS_MERGED: "review_count",
    Kind.RATING_ROSE: "rating",
    Kind.RATING_FELL: "rating",
    Kind.LOW_STAR_WAVE: "rating",
    Kind.OUT_OF_STOCK: "price",
    Kind.BACK_IN_STOCK: "price",
    Kind.RUNNING_LOW: "price",
    Kind.BUY_BOX_CHANGED: "price",
    Kind.BUY_BOX_LOST: "price",
    Kind.OFFERS_MULTIPLYING: "price",
    Kind.HIJACKER: "price",
    Kind.KEYWORD_GAINED: "organic",
    Kind.KEYWORD_LOST: "organic",
    Kind.PLACE_CLIMBED: "organic",
    Kind.PLACE_FELL: "organic",
    Kind.PASSED_OWN: "organic",
    Kind.SPONSORED_GAINED: "sponsored",
    Kind.SPONSORED_LOST: "sponsored",
    Kind.SHARE_GAINED: "bsr",
    Kind.SHARE_LOST: "bsr",
    Kind.TITLE_CHANGED: "bsr",
    Kind.BULLETS_CHANGED: "bsr",
    Kind.IMAGE_CHANGED: "bsr",
    Kind.VARIATIONS_CHANGED: "bsr",
    Kind.A_PLUS_CHANGED: "bsr",
    Kind.VIDEO_CHANGED: "bsr",
    Kind.CATEGORY_CHANGED: "bsr",
    Kind.LISTING_GONE: "price",
    Kind.LISTING_BACK: "price",
    Kind.NEWCOMER: "organic",
    Kind.NEWLY_WATCHED: "bsr",
    Kind.MARKET_BSR: "bsr",
    Kind.MARKET_PRICE: "price",
    Kind.MARKET_REVIEWS: "review_count",
}


def payload(view: View, flags: Sequence[Flag]) -> dict[str, Any]:
    """What ``charts.js`` reads. Series are [product][day]; a flag names its chart, product and day by index.

    ``beyond`` of a keyword is [product][day] too: how many pages were read where the product was not among
    their results; null where it was, or where nothing is known.
    """
    comparison = view.comparison
    days = comparison.days
    order = {p.asin: n for n, p in enumerate(comparison.products)}
    day_of = {day: n for n, day in enumerate(days)}
    return {
        "days": [view.words.day(day) for day in days],
        "language": str(view.words.locale).replace("_", "-"),
        "currency": comparison.currency,
        "products": [{"chip": label.chip, "name": label.name, "own": label.own} for label in view.labels.values()],
        "metrics": {
            name: [_series(p, comparison, name) for p in comparison.products]
            for name in ("price", "bsr", "review_count", "rating")
        },
        "out": [
            [n for n, day in enumerate(days) if (o := p.daily.get(day)) and o.in_stock is False]
            for p in comparison.products
        ],
        "keywords": [
            {
                "keyword": series.keyword,
                "first_page": max((r.first_page_results for r in series.reads), default=0),
                "beyond": [[_beyond(series.daily.get(d), p.asin) for d in days] for p in comparison.products],
                "organic": [
                    [_place(series.daily.get(d), p.asin, "organic") for d in days] for p in comparison.products
                ],
                "sponsored": [
                    [_place(series.daily.get(d), p.asin, "sponsored") for d in days] for p in comparison.products
                ],
            }
            for series in comparison.keywords
        ],
        "flags": [
            {
                "chart": CHART_OF[f.kind],
                "keyword": f.keyword,
                "product": order[f.asin],
                "day": day_of[f.day],
                "severity": f.severity.word,
                "text": f.sentence,
            }
            for f in flags
            if f.asin in order
        ],
    }


def _series(product: ProductSeries, comparison: Comparison, name: str) -> list[float | int | None]:
    values = [getattr(o, name) if (o := product.daily.get(day)) else None for day in comparison.days]
    return [float(v) if isinstance(v, Decimal) else v for v in values]


def _beyond(read: KeywordRead | None, asin: str) -> int | None:
    known = read is not None and read.known(asin) and read.place(asin).organic is None
    return read.pages_read if read is not None and known else None


def _place(read: KeywordRead | None, asin: str, kind: str) -> int | None:
    return getattr(read.place(asin), kind) if read is not None else None
