"""What a flag is: the change, how much it matters, and where to see it with one's own eyes."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import IntEnum, StrEnum

from babel.dates import format_date
from babel.numbers import format_decimal, get_currency_precision

from reports.series import Comparison, KeywordRead, Observation, ProductSeries


class Kind(StrEnum):
    PRICE_CUT = "price_cut"
    PRICE_RISE = "price_rise"
    COUPON_STARTED = "coupon_started"
    COUPON_CHANGED = "coupon_changed"
    COUPON_ENDED = "coupon_ended"
    DEAL_STARTED = "deal_started"
    DEAL_ENDED = "deal_ended"
    OUT_OF_STOCK = "out_of_stock"
    BACK_IN_STOCK = "back_in_stock"
    REVIEW_BURST = "review_burst"
    BSR_JUMP = "bsr_jump"
    """The rank number fell: it sells better."""
    BSR_SLUMP = "bsr_slump"
    KEYWORD_GAINED = "keyword_gained"
    """Entered the first page of organic results."""
    KEYWORD_LOST = "keyword_lost"
    SPONSORED_GAINED = "sponsored_gained"
    """Ads of the product began to show for a keyword."""
    SPONSORED_LOST = "sponsored_lost"
    TITLE_CHANGED = "title_changed"
    BUY_BOX_CHANGED = "buy_box_changed"


class Severity(IntEnum):
    LOW = 1
    MEDIUM = 2
    HIGH = 3

    @property
    def word(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Evidence:
    """Both ends of a change: the fetches, the archived pages, and the SQL that shows the rows between."""

    before_fetch: int | None
    after_fetch: int | None
    before_hash: str | None
    """SHA-256 of the archived page."""
    after_hash: str | None
    sql: str


@dataclass(frozen=True, slots=True)
class Flag:
    kind: Kind
    severity: Severity
    marketplace: str
    asin: str
    own: bool
    keyword: str | None
    day: date
    """Local day of the observation that shows the change."""
    before_at: datetime | None
    observed_at: datetime
    before: Decimal | int | str | None
    after: Decimal | int | str | None
    magnitude: float | None
    """Relative change of a price (-0.2 is 20 % off); factor of a BSR; new reviews over expected; places moved."""
    sentence: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a family decided about a change: the part of a flag that does not follow from its two ends."""

    kind: Kind
    severity: Severity
    values: tuple[Decimal | int | str | None, Decimal | int | str | None]
    """Before and after."""
    sentence: str
    magnitude: float | None = None


def product_flag(
    comparison: Comparison,
    product: ProductSeries,
    ends: tuple[Observation, Observation],
    verdict: Verdict,
    *,
    columns: str,
    history: Observation | None = None,
) -> Flag:
    """A flag between two observations of a product; ``columns`` are those its SQL shows.

    ``history`` is the first observation the change was judged against, where that is more than its
    two ends: the SQL then begins there.
    """
    before, after = ends
    first = min(before.observed_at, history.observed_at) if history else before.observed_at
    table, condition = "product_observation", ""
    if verdict.kind in {Kind.BSR_JUMP, Kind.BSR_SLUMP}:
        table, condition = "bsr_observation", " AND line = 1"
    else:
        columns = f"{columns}, elsewhere"
    sql = (
        f"SELECT observed_at, {columns}, fetch_id\nFROM {table}\n"
        f"WHERE marketplace = {_literal(comparison.marketplace)} AND asin = {_literal(product.asin)}{condition}\n"
        f"  AND observed_at BETWEEN {_instant(first)} AND {_instant(after.observed_at)}\n"
        f"ORDER BY observed_at"
    )
    return _flag(comparison, product, ends, verdict, sql)


def keyword_flag(
    comparison: Comparison,
    product: ProductSeries,
    keyword: str,
    ends: tuple[KeywordRead, KeywordRead],
    verdict: Verdict,
) -> Flag:
    """A flag between two readings of a keyword, for one product."""
    before, after = ends
    sql = (
        "SELECT f.observed_at, f.page, s.organic_position, s.sponsored_position, f.fetch_id\n"
        "FROM page_fetch f LEFT JOIN search_placement s\n"
        f"  ON s.fetch_id = f.fetch_id AND s.asin = {_literal(product.asin)}\n"
        f"WHERE f.kind = 'search' AND f.marketplace = {_literal(comparison.marketplace)}"
        f" AND f.keyword = {_literal(keyword)}\n"
        f"  AND f.observed_at BETWEEN {_instant(before.began_at)} AND {_instant(after.observed_at)}\n"
        f"ORDER BY f.observed_at, s.position"
    )
    return _flag(comparison, product, ends, verdict, sql, keyword=keyword)


def _flag(
    comparison: Comparison,
    product: ProductSeries,
    ends: tuple[Observation, Observation] | tuple[KeywordRead, KeywordRead],
    verdict: Verdict,
    sql: str,
    *,
    keyword: str | None = None,
) -> Flag:
    before, after = ends
    return Flag(
        kind=verdict.kind,
        severity=verdict.severity,
        marketplace=comparison.marketplace,
        asin=product.asin,
        own=product.own,
        keyword=keyword,
        day=after.day,
        before_at=before.observed_at,
        observed_at=after.observed_at,
        before=verdict.values[0],
        after=verdict.values[1],
        magnitude=verdict.magnitude,
        sentence=verdict.sentence,
        evidence=Evidence(before.fetch_id, after.fetch_id, before.page_hash, after.page_hash, sql),
    )


def amount(value: Decimal, currency: str) -> str:
    """``24.99`` or ``2,480``: an amount with the digits its currency has, without the currency."""
    digits = get_currency_precision(currency)
    return str(format_decimal(value, format="#,##0" + ("." + "0" * digits if digits else ""), locale="en"))


def number(value: Decimal | int) -> str:
    return str(format_decimal(value, locale="en"))


def percent(share: float | Decimal) -> str:
    """``−20.0 %`` from -0.2, with a true minus sign; a share of zero carries none."""
    return f"{float(share) * 100:+.1f} %".replace("-", "−")


def day_name(day: date) -> str:
    """``Tue 3 Nov``."""
    return format_date(day, "EEE d MMM", locale="en")


def days_long(elapsed: timedelta) -> str:
    """``1 day``, ``12 days``: whole nights, at least one."""
    count = max(1, round(elapsed / timedelta(days=1)))
    return "1 day" if count == 1 else f"{count} days"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _instant(moment: datetime) -> str:
    return f"TIMESTAMPTZ '{moment:%Y-%m-%d %H:%M:%S.%f}+00'"
