"""Whether the own listing is in order: one point after another, each with the days on which it was.

Rules and worked examples: HEALTH.md. What was not read is not known, which is not wrong.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from reports.actions import EARLY, PATIENCE, Action, What
from reports.flags.flag import instant, literal
from reports.health import offer, page, search
from reports.health.point import NAMES, Day, Point, Rule, State, since
from reports.health.rows import Rows
from reports.period import Days
from reports.sections.quality import unread_on
from reports.sentences import Said
from reports.series import Comparison, KeywordSeries
from reports.watched import midnight
from storage.values import title_query

__all__ = ["NAMES", "Point", "State", "health", "ill"]

COLUMNS: Mapping[str, str] = {
    "buy_box": "seller, seller_id, price, offer_count, in_stock",
    "sellers": "seller, seller_id, offer_count, offer_from",
    "price": "price, currency, is_deal",
    "promotions": "price, coupon_percent, coupon_amount, is_deal, deal, prime_price, subscribe_price",
    "category": "category_path, browse_node",
    "images": "image_count",
    "main_image": "main_image",
    "title": "title",
    "bullets": "bullets",
    "a_plus": "has_a_plus",
    "rating": "rating, review_count",
    "stock": "in_stock, stock_left, availability",
    "delivery": "ships_from, seller",
}
"""Columns of the page that a point rests on."""


def health(comparison: Comparison, rows: Rows, shown: Days, actions: Sequence[Action] = ()) -> tuple[Point, ...]:
    """The points of the own listing on the last of the days shown, in the order of :data:`NAMES`; a point for each
    watched keyword. ``shown``: the days of each point's strip; ``actions``: own ones, as the journal has them."""
    days = list(_days(comparison, rows, shown.last, actions))
    return tuple(_Judge(comparison, days, shown).points())


def ill(points: Sequence[Point]) -> list[Point]:
    """What is wrong, the gravest first."""
    return sorted((p for p in points if p.state is State.WRONG), key=lambda p: (-p.severity, not p.new))


def _days(comparison: Comparison, rows: Rows, last: date, actions: Sequence[Action]) -> Iterator[Day]:
    """Every day from the first that is known of the own listing, or is shown."""
    zone = ZoneInfo(comparison.time_zone)
    noted: dict[date, set[What]] = defaultdict(set)
    for action in actions:
        for about in range(-EARLY.days, PATIENCE.days + 1):
            noted[action.day(zone) + timedelta(days=about)].add(action.what)
    own = comparison.own
    known = [seen.day for seen in own.observations[:1]] + [failure.day for failure in own.failures[:1]]
    day = min([*known, last])
    while day <= last:
        seen = own.daily.get(day)
        gone = own.failure_on(day)
        if seen and gone and gone.outcome == "not_found" and gone.observed_at > seen.observed_at:
            seen = None
        yield Day(
            day=day,
            seen=seen,
            unread="" if seen else unread_on(own, day, comparison.time_zone),
            expected=comparison.expected_on(day),
            extra=rows.extras.get(seen.fetch_id) if seen else None,
            search=rows.searches.get(day),
            reviews=rows.reviews.get(day, ()),
            sellers=rows.sellers.get(day, ()),
            noted=frozenset(noted.get(day, ())),
        )
        day += timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Judge:
    """Judges the points of one listing."""

    comparison: Comparison
    days: list[Day]
    shown: Days

    def points(self) -> Iterator[Point]:
        rules: Mapping[str, Callable[[], Rule]] = {
            "live": lambda: page.live,
            "own_title": lambda: search.own_title,
            "buy_box": lambda: offer.buy_box(self.comparison.marketplace),
            "sellers": offer.sellers,
            "price": lambda: offer.price,
            "promotions": lambda: offer.promotions,
            "category": page.category,
            "images": page.images,
            "main_image": page.main_image,
            "title": page.title,
            "bullets": page.bullets,
            "a_plus": page.a_plus,
            "rating": page.rating,
            "reviews": lambda: page.reviews,
            "stock": lambda: offer.stock,
            "delivery": offer.delivery,
        }
        for key, name in NAMES.items():
            if key == "keyword":
                for series in self.comparison.keywords:
                    yield self._point(key, Said(name, {"keyword": series.keyword}), self._keyword(series), series)
            else:
                yield self._point(key, Said(name), rules[key]())

    def _keyword(self, series: KeywordSeries) -> Rule:
        return search.keyword(series, self.comparison.own.asin)

    def _point(self, key: str, name: Said, rule: Rule, series: KeywordSeries | None = None) -> Point:
        watched = (series or self.comparison.own).watched_on
        verdicts = [rule(day) for day in self.days]
        last, (first, before) = verdicts[-1], since(self.days, verdicts)
        states = {d.day: v.state for d, v in zip(self.days, verdicts, strict=True) if watched(d.day)}
        keyword = series.keyword if series else None
        return Point(
            key=key,
            keyword=keyword,
            name=name,
            state=last.state,
            says=last.says,
            since=first,
            new=last.state is State.WRONG and before is not None and first == self.days[-1].day,
            before=last.before,
            after=last.after,
            last=last.last,
            days=tuple(states.get(day) for day in self.shown),
            sql=_sql(self.comparison, key, keyword, last.last or before or first or self.days[-1].day),
        )


def _sql(comparison: Comparison, key: str, keyword: str | None, begin: date) -> str:
    """The rows since it is so, and of the last day before that is known."""
    asin, where = literal(comparison.own.asin), f"marketplace = {literal(comparison.marketplace)}"
    reach = f"observed_at BETWEEN {instant(midnight(begin, comparison.time_zone))} AND {instant(comparison.until)}"
    if key in COLUMNS:
        return (
            f"SELECT observed_at, {COLUMNS[key]}, elsewhere, fetch_id\nFROM product_observation\n"
            f"WHERE {where} AND asin = {asin}\n  AND {reach}\nORDER BY observed_at"
        )
    if key == "live":
        return (
            "SELECT observed_at, outcome, detail, fetch_id\nFROM page_fetch\n"
            f"WHERE kind = 'product' AND {where} AND asin = {asin}\n  AND {reach}\nORDER BY observed_at"
        )
    if key == "reviews":
        return (
            "SELECT observed_at, stars, title, body, reviewed_on, fetch_id\nFROM review_seen\n"
            f"WHERE {where} AND asin = {asin} AND stars <= 3\n  AND {reach}\nORDER BY observed_at"
        )
    asked = literal(title_query(comparison.own.title or "") if keyword is None else keyword)
    return (
        "SELECT f.observed_at, f.page, f.outcome, s.organic_position, s.sponsored_position, f.fetch_id\n"
        f"FROM page_fetch f LEFT JOIN search_placement s ON s.fetch_id = f.fetch_id AND s.asin = {asin}\n"
        f"WHERE f.kind = 'search' AND f.{where} AND f.keyword = {asked}\n  AND f.{reach}\n"
        "ORDER BY f.observed_at, f.page"
    )
