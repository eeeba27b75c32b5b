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
_FIELDS = [*_COLUMNS, "bsr", "bullets"]
_VALUES = [*(f"o.{name}" for name in _COLUMNS), "ranked.fetch_id", "nullif(len(o.bullets), 0)"]
_READ = " + ".join(f"CASE WHEN {value} IS NOT NULL THEN {1 << n} ELSE 0 END" for n, value in enumerate(_VALUES))

# Half a year of all pages is read, a million where a thousand products are watched four times a day. So a page comes as
# the number of its set of missing fields (few differ) and a number that tells which fields have a value; both are
# looked up once (see _products). Each table is bound by time itself: what is older is not read.
# One for another place may well show no offer, as one of a product that cannot be bought.
# Bullets that are none say that the page shows none, which for a page that had some is as good as not found.
PRODUCT_PAGES = f"""
{_ASKED},
seen AS (
    SELECT p.*, c.* EXCLUDE (content_id) FROM stored.product p JOIN stored.content c USING (content_id)
    WHERE p.observed_at >= $since AND p.observed_at <= $until
),
ranked AS (
    SELECT DISTINCT fetch_id FROM bsr_observation WHERE observed_at >= $since AND observed_at <= $until
)
SELECT a.run_id, epoch_us(a.observed_at), a.marketplace, a.fetch_id, a.page_hash,
       CASE WHEN a.outcome <> 'ok' THEN a.detail END, o.layout, a.asin,
       {_READ}, len(o.bullets) = 0, o.in_stock AND o.elsewhere IS NULL, o.lack_id
FROM asked a
LEFT JOIN seen o USING (fetch_id)
LEFT JOIN ranked USING (fetch_id)
WHERE a.kind = 'product'
"""  # noqa: S608 - the only insertions are the constants above

# Cards of one page share its markup, so a page is one case: it lacks a field that half of its cards lack. Cards are
# counted by their sets of missing fields before these are taken apart.
SEARCH_PAGES = f"""
{_ASKED},
sets AS (
    SELECT fetch_id, lack_id, count(*) AS times, bool_or(coalesce(sponsored, false)) AS ads,
           bool_or(sponsored IS NULL) AS unsure
    FROM stored.placement WHERE observed_at >= $since AND observed_at <= $until
    GROUP BY fetch_id, lack_id
),
cards AS (
    SELECT fetch_id, sum(times) AS cards, bool_or(ads) AS ads, bool_or(unsure) AS unsure FROM sets GROUP BY fetch_id
),
told AS (
    SELECT lack_id, l.field, l.reason, l.text FROM (SELECT lack_id, unnest(lacks) AS l FROM stored.lack)
    WHERE l.reason <> 'not_applicable'
),
reasoned AS (
    SELECT fetch_id, field, reason, sum(times) AS times, any_value(text) AS text
    FROM sets JOIN told USING (lack_id)
    GROUP BY fetch_id, field, reason
),
lacks AS (
    SELECT fetch_id, list({{'field': field, 'reason': reason, 'text': text}}) AS missing
    FROM (
        SELECT fetch_id, field, sum(times) AS times, arg_max(reason, times) AS reason, any_value(text) AS text
        FROM reasoned GROUP BY fetch_id, field
    ) JOIN cards USING (fetch_id)
    WHERE 2 * times >= cards
    GROUP BY fetch_id
),
searched AS (
    SELECT fetch_id, layout, lack_id FROM stored.results_page WHERE observed_at >= $since AND observed_at <= $until
)
SELECT a.run_id, epoch_us(a.observed_at), a.marketplace, a.fetch_id, a.page_hash,
       CASE WHEN a.outcome <> 'ok' THEN a.detail END, s.layout, a.keyword || ' ' || a.page,
       coalesce(cards, 0), ads, unsure, s.lack_id, lacks.missing
FROM asked a
LEFT JOIN searched s USING (fetch_id)
LEFT JOIN cards USING (fetch_id)
LEFT JOIN lacks USING (fetch_id)
WHERE a.kind = 'search'
"""  # noqa: S608

Missing = dict[str, tuple[str, str | None]]
"""Field -> reason and text."""


def defects(
    con: duckdb.DuckDBPyConnection, marketplaces: list[str], *, until: datetime, since: datetime | None = None
) -> list[Defect]:
    """The defects of every run on these marketplaces up to ``until`` (UTC), in order of runs.

    ``since`` bounds the runs that are read, history included; by default :data:`LOOK_BACK` before ``until``.
    """
    span = {"marketplaces": marketplaces, "since": since or until - LOOK_BACK, "until": until}
    return drift([*_products(con, span), *_searches(con, span)])


def _products(con: duckdb.DuckDBPyConnection, span: dict[str, Any]) -> Iterator[Page]:
    sets = _sets(con)
    shared: dict[tuple[int, bool | None, int | None], tuple[set[str], Missing]] = {}
    for *head, values, bare, in_stock, lack in con.execute(PRODUCT_PAGES, span).fetchall():
        if (values, bare, lack) not in shared:
            missing = dict(sets[lack]) if lack else {}
            if bare:
                missing["bullets"] = ("absent_on_page", None)
            shared[values, bare, lack] = ({name for n, name in enumerate(_FIELDS) if values >> n & 1}, missing)
        yield _page("product", head, *shared[values, bare, lack], buyable=in_stock is not False)


def _searches(con: duckdb.DuckDBPyConnection, span: dict[str, Any]) -> Iterator[Page]:
    sets = _sets(con)
    for *head, cards, ads, unsure, lack, lacks in con.execute(SEARCH_PAGES, span).fetchall():
        missing = _by_field(lacks)
        of_page = sets[lack] if lack else {}
        missing |= {name: why for name, why in of_page.items() if why[0] != "not_applicable"}
        read: set[str] = set()
        if not cards:
            missing[PLACEMENTS] = ("absent_on_page", None)
        else:
            read |= KEPT["search"] - {ADS} if not ads else KEPT["search"]
            if not ads and not unsure:
                missing[ADS] = ("absent_on_page", None)
        yield _page("search", head, read, missing)


def _sets(con: duckdb.DuckDBPyConnection) -> dict[int, Missing]:
    """The sets of missing fields by their numbers."""
    return {
        number: _by_field(lacks) for number, lacks in con.execute("SELECT lack_id, lacks FROM stored.lack").fetchall()
    }


def _by_field(lacks: list[dict[str, str | None]] | None) -> Missing:
    return {str(lack["field"]): (str(lack["reason"]), lack["text"]) for lack in lacks or ()}


def _page(kind: str, head: list[Any], read: set[str], missing: Missing, *, buyable: bool = True) -> Page:
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
