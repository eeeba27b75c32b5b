"""Reads what the drift alarm judges (see :mod:`reports.drift`) from the database: one row per page of every run."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb

from reports.defect import ADS, KEPT, PLACEMENTS, WHOLE_PAGE, Defect, Page
from reports.drift import drift

LOOK_BACK = timedelta(days=182)
"""How far back runs are read: as far as the reports do, so that both judge a night alike."""

# A page asked for twice in a run counts as its last answer, a good one first. Of those that were not read, the ones
# that came from the site, whole and no bot check, and yet are nothing we know. An imported row is no page of ours.
_ASKED = """
WITH asked AS (
    SELECT fetch_id, run_id, kind, marketplace, asin, keyword, page, outcome, detail, page_hash, observed_at
    FROM page_fetch
    WHERE observed_at >= $since AND observed_at <= $until AND list_contains($marketplaces, marketplace)
      AND NOT starts_with(task, 'import/')
      AND (outcome = 'ok' OR (outcome, detail) IN (('incomplete', 'main_part_missing'), ('wrong_page', 'unknown')))
    QUALIFY row_number() OVER (PARTITION BY run_id, kind, marketplace, asin, keyword, page
                               ORDER BY outcome = 'ok' DESC, observed_at DESC, fetch_id DESC) = 1
)
"""

_COLUMNS = sorted(KEPT["product"] - {WHOLE_PAGE, "bsr", "bullets"})
_READ = ", ".join(f"CASE WHEN o.{name} IS NOT NULL THEN '{name}' END" for name in _COLUMNS)

# Bullets that are none say that the page shows none, which for a page that had some is as good as not found.
PRODUCT_PAGES = f"""
{_ASKED},
lacks AS (
    SELECT fetch_id, list({{'field': field, 'reason': reason, 'text': text}}) AS missing
    FROM missing_value
    WHERE position IS NULL AND observed_at >= $since AND observed_at <= $until
    GROUP BY fetch_id
),
ranked AS (SELECT DISTINCT fetch_id FROM bsr_observation)
SELECT a.run_id, epoch_us(a.observed_at), a.marketplace, a.fetch_id, a.page_hash,
       CASE WHEN a.outcome <> 'ok' THEN a.detail END, o.layout, a.asin,
       [{_READ}, CASE WHEN ranked.fetch_id IS NOT NULL THEN 'bsr' END,
       CASE WHEN len(o.bullets) > 0 THEN 'bullets' END], len(o.bullets) = 0, o.in_stock, lacks.missing
FROM asked a
LEFT JOIN product_observation o USING (fetch_id)
LEFT JOIN lacks USING (fetch_id)
LEFT JOIN ranked USING (fetch_id)
WHERE a.kind = 'product'
"""  # noqa: S608 - the only insertions are the constants above

# Cards of one page share its markup, so a page is one case: it lacks a field that half of its cards lack.
SEARCH_PAGES = f"""
{_ASKED},
cards AS (
    SELECT fetch_id, count(*) AS cards, bool_or(coalesce(sponsored, false)) AS ads, bool_or(sponsored IS NULL) AS unsure
    FROM search_placement WHERE observed_at >= $since AND observed_at <= $until GROUP BY fetch_id
),
counted AS (
    SELECT fetch_id, field, position IS NULL AS whole, count(*) AS times, mode(reason) AS reason,
           any_value(text) AS text
    FROM missing_value
    WHERE observed_at >= $since AND observed_at <= $until AND reason <> 'not_applicable' AND NOT contains(field, '.')
    GROUP BY ALL
),
lacks AS (
    SELECT fetch_id, list({{'field': field, 'reason': reason, 'text': text}}) AS missing
    FROM counted LEFT JOIN cards USING (fetch_id)
    WHERE whole OR 2 * times >= cards
    GROUP BY fetch_id
)
SELECT a.run_id, epoch_us(a.observed_at), a.marketplace, a.fetch_id, a.page_hash,
       CASE WHEN a.outcome <> 'ok' THEN a.detail END, s.layout, a.keyword || ' ' || a.page,
       coalesce(cards, 0), ads, unsure, lacks.missing
FROM asked a
LEFT JOIN search_page s USING (fetch_id)
LEFT JOIN cards USING (fetch_id)
LEFT JOIN lacks USING (fetch_id)
WHERE a.kind = 'search'
"""  # noqa: S608


def defects(
    con: duckdb.DuckDBPyConnection, marketplaces: list[str], *, until: datetime, since: datetime | None = None
) -> list[Defect]:
    """The defects of every run on these marketplaces up to ``until`` (UTC), in order of runs.

    ``since`` bounds the runs that are read, history included; by default :data:`LOOK_BACK` before ``until``.
    """
    span = {"marketplaces": marketplaces, "since": since or until - LOOK_BACK, "until": until}
    return drift([*_products(con, span), *_searches(con, span)])


def _products(con: duckdb.DuckDBPyConnection, span: dict[str, Any]) -> Iterator[Page]:
    for *head, names, bare, in_stock, lacks in con.execute(PRODUCT_PAGES, span).fetchall():
        missing = _by_field(lacks)
        if bare:
            missing["bullets"] = ("absent_on_page", None)
        yield _page("product", head, {name for name in names if name}, missing, buyable=in_stock is not False)


def _searches(con: duckdb.DuckDBPyConnection, span: dict[str, Any]) -> Iterator[Page]:
    for *head, cards, ads, unsure, lacks in con.execute(SEARCH_PAGES, span).fetchall():
        missing = _by_field(lacks)
        read: set[str] = set()
        if not cards:
            missing[PLACEMENTS] = ("absent_on_page", None)
        else:
            read |= KEPT["search"] - {ADS} if not ads else KEPT["search"]
            if not ads and not unsure:
                missing[ADS] = ("absent_on_page", None)
        yield _page("search", head, read, missing)


def _by_field(lacks: list[dict[str, str | None]] | None) -> dict[str, tuple[str, str | None]]:
    return {str(lack["field"]): (str(lack["reason"]), lack["text"]) for lack in lacks or ()}


def _page(
    kind: str, head: list[Any], read: set[str], missing: dict[str, tuple[str, str | None]], *, buyable: bool = True
) -> Page:
    """``head``: the first columns of both queries."""
    run_id, microseconds, marketplace, fetch_id, page_hash, unknown, layout, subject = head
    return Page(
        run_id=run_id,
        observed_at=datetime.fromtimestamp(0, UTC) + timedelta(microseconds=microseconds),
        marketplace=marketplace,
        kind=kind,
        subject=subject,
        layout=layout,
        fetch_id=fetch_id,
        page_hash=page_hash,
        read=frozenset() if unknown else frozenset(read - missing.keys() | {WHOLE_PAGE}),
        missing={WHOLE_PAGE: (unknown, None)} if unknown else missing,
        buyable=buyable,
    )
