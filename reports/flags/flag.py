"""What a flag is: the change, how much it matters, and where to see it with one's own eyes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from reports.flags.kind import Kind, Severity
from reports.sentences import Fact, sentence
from reports.series import Comparison, Failure, KeywordRead, Observation, ProductSeries, RankLine

Value = Decimal | int | str | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Both ends of a change: the fetches, the archived pages, and the SQL that shows the rows between."""

    before_fetch: int | None
    after_fetch: int | None
    sql: str
    before_hash: str | None = None
    """SHA-256 of the archived page, once the flag was stored."""
    after_hash: str | None = None


@dataclass(frozen=True, slots=True)
class Flag:
    kind: Kind
    severity: Severity
    marketplace: str
    asin: str | None
    """None: it is the market's, or about several products."""
    own: bool
    keyword: str | None
    day: date
    """Local day of the observation that shows the change."""
    before_at: datetime | None
    since: datetime
    """First observation of the new state; before :attr:`observed_at` where it took several to be sure."""
    observed_at: datetime
    before: Value
    after: Value
    magnitude: float | None
    """Relative change of a price (-0.2 is 20 % off); factor of a BSR; new reviews over expected; places moved."""
    chance: float | None
    """How probable it is by chance; None of a fact that was read."""
    says: tuple[str, ...]
    """Templates of the sentence (see :mod:`reports.sentences`)."""
    facts: Mapping[str, Fact]
    evidence: Evidence

    @property
    def sentence(self) -> str:
        """In English."""
        return self.said("en")

    def said(self, language: str) -> str:
        return sentence(self.says, self.facts, language)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a family decided about a change: the part of a flag that does not follow from its two ends.

    ``day`` and ``currency`` need not stand among the facts.
    """

    kind: Kind
    severity: Severity
    values: tuple[Value, Value]
    """Before and after."""
    says: tuple[str, ...] | str
    facts: Mapping[str, Fact] = field(default_factory=dict)
    magnitude: float | None = None
    chance: float | None = None
    since: datetime | None = None
    """None: the change is seen at its after end for the first time."""


def product_flag(
    comparison: Comparison,
    product: ProductSeries,
    ends: tuple[Observation, Observation],
    verdict: Verdict,
    *,
    columns: str,
    history: Observation | None = None,
    line: RankLine | None = None,
) -> Flag:
    """A flag between two observations of a product; ``columns`` are those its SQL shows. Those of ranks are of the main
    category, or of that of ``line``.

    ``history`` is the first observation the change was judged against, where that is more than its
    two ends: the SQL then begins there.
    """
    before, after = ends
    first = min(before.observed_at, history.observed_at) if history else before.observed_at
    table, condition = "product_observation", ""
    if columns.startswith("rank,"):
        table, condition = "bsr_observation", " AND line = 1" if line is None else f" AND {_category(line)}"
    else:
        columns = f"{columns}, elsewhere"
    sql = (
        f"SELECT observed_at, {columns}, fetch_id\nFROM {table}\n"
        f"WHERE marketplace = {literal(comparison.marketplace)} AND asin = {literal(product.asin)}{condition}\n"
        f"  AND observed_at BETWEEN {instant(first)} AND {instant(after.observed_at)}\n"
        f"ORDER BY observed_at"
    )
    return _flag(comparison, product, ends, verdict, sql)


def page_flag(
    comparison: Comparison,
    product: ProductSeries,
    ends: tuple[Observation | Failure | None, Observation | Failure],
    verdict: Verdict,
) -> Flag:
    """A flag about whether a product's page is there at all. Before its first page there is none."""
    first, last = (end.observed_at for end in (ends[0] or ends[1], ends[1]))
    sql = (
        "SELECT observed_at, outcome, detail, fetch_id\nFROM page_fetch\n"
        f"WHERE kind = 'product' AND marketplace = {literal(comparison.marketplace)}"
        f" AND asin = {literal(product.asin)}\n"
        f"  AND observed_at BETWEEN {instant(first)} AND {instant(last)}\n"
        "ORDER BY observed_at"
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
        f"  ON s.fetch_id = f.fetch_id AND s.asin = {literal(product.asin)}\n"
        f"WHERE f.kind = 'search' AND f.marketplace = {literal(comparison.marketplace)}"
        f" AND f.keyword = {literal(keyword)}\n"
        f"  AND f.observed_at BETWEEN {instant(before.began_at)} AND {instant(after.observed_at)}\n"
        f"ORDER BY f.observed_at, s.position"
    )
    return _flag(comparison, product, ends, verdict, sql, keyword=keyword)


def listing_flag(
    comparison: Comparison,
    ends: tuple[Observation, Observation] | tuple[KeywordRead, KeywordRead],
    verdict: Verdict,
    sql: str,
    *,
    product: ProductSeries | None = None,
    asin: str | None = None,
    keyword: str | None = None,
) -> Flag:
    """A flag that no one series shows: of the market, of several rivals, of a ``product`` in all keywords together, or
    of the stranger ``asin``."""
    return _flag(comparison, product, ends, verdict, sql, keyword=keyword, asin=asin)


def _flag(
    comparison: Comparison,
    product: ProductSeries | None,
    ends: tuple[Observation | Failure | None, Observation | Failure] | tuple[KeywordRead, KeywordRead],
    verdict: Verdict,
    sql: str,
    *,
    keyword: str | None = None,
    asin: str | None = None,
) -> Flag:
    before, after = ends
    common: dict[str, Fact] = {"day": after.day, "currency": comparison.currency}
    if keyword is not None:
        common["keyword"] = keyword
    return Flag(
        kind=verdict.kind,
        severity=verdict.severity,
        marketplace=comparison.marketplace,
        asin=product.asin if product else asin,
        own=product is not None and product.own,
        keyword=keyword,
        day=after.day,
        before_at=before.observed_at if before else None,
        since=verdict.since or after.observed_at,
        observed_at=after.observed_at,
        before=verdict.values[0],
        after=verdict.values[1],
        magnitude=verdict.magnitude,
        chance=verdict.chance,
        says=(verdict.says,) if isinstance(verdict.says, str) else verdict.says,
        facts=common | dict(verdict.facts) if verdict.facts else {},
        evidence=Evidence(before.fetch_id if before else None, after.fetch_id, sql),
    )


def _category(line: RankLine) -> str:
    if line.category_id:
        return f"category_id = {literal(line.category_id)}"
    return f"category = {literal(line.category)}"


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def instant(moment: datetime) -> str:
    return f"TIMESTAMPTZ '{moment:%Y-%m-%d %H:%M:%S.%f}+00'"
