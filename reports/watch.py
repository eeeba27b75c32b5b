"""Reads what the drift alarm judges (see :mod:`reports.drift`) from the database: one row per page of every run."""

import json
from datetime import datetime, timedelta
from typing import Any

import duckdb

from reports.defect import ADS, KEPT, LACKING, NOT_UNDERSTOOD, PLACEMENTS, WHOLE_PAGE, Defect, Pages, Reading, numbered
from reports.drift import drift

LOOK_BACK = timedelta(days=182)
"""How far back runs are read: as far as the reports do, so that both judge a night alike."""

# A page asked for twice in a run counts as its last answer, a good one first. Of those that were not read, the ones
# that came from the site, whole and no bot check, and yet are nothing we know. An imported row is no page of ours.
# Of what a page or a card lacks, what counts: few differ in that.
_ASKED = """
WITH asked AS (
    SELECT fetch_id, run_id, asin, keyword, page, outcome, detail, page_hash, observed_at
    FROM page_fetch
    WHERE observed_at >= $since AND observed_at <= $until AND marketplace = $marketplace AND kind = $kind
      AND NOT starts_with(task, 'import/')
      AND (outcome = 'ok' OR (outcome, detail) IN (('incomplete', 'main_part_missing'), ('wrong_page', 'unknown')))
    QUALIFY row_number() OVER (PARTITION BY run_id, asin, keyword, page
                               ORDER BY outcome = 'ok' DESC, observed_at DESC, fetch_id DESC) = 1
),
counting AS (
    SELECT lack_id, [l FOR l IN lacks IF list_contains($not_understood, l.reason)
                     OR list_contains($kept, l.field) AND list_contains($lacking, l.reason)] AS counted,
           to_json(counted)::VARCHAR AS missing
    FROM stored.lack
)
"""

# By kind of page and kept field: what is not NULL where the page shows it.
_VALUES = {
    "product": {name: f"o.{name}" for name in sorted(KEPT["product"] - {WHOLE_PAGE})}
    | {"bsr": "ranked.fetch_id", "bullets": "nullif(len(o.bullets), 0)"},
    "search": dict.fromkeys(sorted(KEPT["search"] - {WHOLE_PAGE}), "cards") | {ADS: "nullif(ads, false)"},
}
_READ = {
    kind: " + ".join(f"CASE WHEN {value} IS NOT NULL THEN {1 << n} ELSE 0 END" for n, value in enumerate(of.values()))
    for kind, of in _VALUES.items()
}
_STATE = ("unknown", "missing", "of_cards", "absent", "read", "buyable")
"""Columns that tell what a page gave. Few pages differ in them, so they are looked into once (see _reading)."""

# Each table is bound by time itself: what is older is not read. Which fields have a value comes as one number.
# A page for another place may well show no offer, as one of a product that cannot be bought.
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
SELECT a.run_id, epoch_us(a.observed_at) AS observed_at, a.asin AS subject, coalesce(o.layout, '') AS layout,
       a.fetch_id, coalesce(a.page_hash, '') AS page_hash,
       CASE WHEN a.outcome = 'ok' THEN '' ELSE a.detail END AS unknown, coalesce(l.missing, '[]') AS missing,
       '[]' AS of_cards, CASE WHEN len(o.bullets) = 0 THEN 'bullets' ELSE '' END AS absent, {_READ["product"]} AS read,
       coalesce(o.in_stock AND o.elsewhere IS NULL, true) AS buyable
FROM asked a
LEFT JOIN seen o USING (fetch_id)
LEFT JOIN ranked USING (fetch_id)
LEFT JOIN counting l USING (lack_id)
"""  # noqa: S608 - the only insertions are the constants above

# Cards of one page share its markup, so a page is one case: it lacks a field that half of its cards lack, for the most
# frequent reason. Cards are counted by their sets of missing fields before these are taken apart.
SEARCH_PAGES = f"""
{_ASKED},
sets AS (
    SELECT fetch_id, lack_id, count(*) AS times, coalesce(bool_or(sponsored), false) AS ads,
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
found AS (
    SELECT DISTINCT fetch_id, l.field
    FROM sets JOIN (SELECT lack_id, unnest(counted) AS l FROM counting) USING (lack_id)
),
reasoned AS (
    SELECT fetch_id, field, reason, sum(times) AS times, min(text) AS text
    FROM sets JOIN told USING (lack_id) SEMI JOIN found USING (fetch_id, field)
    GROUP BY fetch_id, field, reason
),
lacks AS (
    SELECT fetch_id,
           to_json(list({{'field': field, 'reason': reason, 'text': text}} ORDER BY field))::VARCHAR AS missing
    FROM (
        SELECT fetch_id, field, sum(times) AS times, arg_max(reason, (times, reason)) AS reason, min(text) AS text
        FROM reasoned GROUP BY fetch_id, field
    ) JOIN cards USING (fetch_id)
    WHERE 2 * times >= cards
    GROUP BY fetch_id
),
searched AS (
    SELECT fetch_id, layout, lack_id FROM stored.results_page WHERE observed_at >= $since AND observed_at <= $until
)
SELECT a.run_id, epoch_us(a.observed_at) AS observed_at, a.keyword || ' ' || a.page AS subject,
       coalesce(s.layout, '') AS layout, a.fetch_id, coalesce(a.page_hash, '') AS page_hash,
       CASE WHEN a.outcome = 'ok' THEN '' ELSE a.detail END AS unknown,
       coalesce(l.missing, '[]') AS missing, coalesce(c.missing, '[]') AS of_cards,
       CASE WHEN cards IS NULL THEN '{PLACEMENTS}' WHEN ads OR unsure THEN '' ELSE '{ADS}' END AS absent,
       {_READ["search"]} AS read, true AS buyable
FROM asked a
LEFT JOIN searched s USING (fetch_id)
LEFT JOIN cards USING (fetch_id)
LEFT JOIN lacks c USING (fetch_id)
LEFT JOIN counting l USING (lack_id)
"""  # noqa: S608


def defects(
    con: duckdb.DuckDBPyConnection, marketplaces: list[str], *, until: datetime, since: datetime | None = None
) -> list[Defect]:
    """The defects of every run on these marketplaces up to ``until`` (UTC), in order of runs.

    ``since`` bounds the runs that are read, history included; by default :data:`LOOK_BACK` before ``until``.
    """
    span = {"since": since or until - LOOK_BACK, "until": until}
    return drift(_pages(con, kind, span | {"marketplace": code}) for code in marketplaces for kind in KEPT)


def _pages(con: duckdb.DuckDBPyConnection, kind: str, span: dict[str, Any]) -> Pages:
    reasons = {"kept": list(KEPT[kind]), "lacking": list(LACKING), "not_understood": list(NOT_UNDERSTOOD)}
    query = PRODUCT_PAGES if kind == "product" else SEARCH_PAGES
    columns: dict[str, Any] = con.execute(query, span | reasons | {"kind": kind}).fetchnumpy()
    states, state = numbered(zip(*(columns.pop(name).tolist() for name in _STATE), strict=True))
    readings = [_reading(kind, of) for of in states]
    return Pages(marketplace=span["marketplace"], kind=kind, **columns, reading=state, readings=readings)


def _reading(kind: str, state: tuple[Any, ...]) -> Reading:
    """What the columns of :data:`_STATE` tell of a page."""
    unknown, missing, of_cards, absent, read, buyable = state
    if unknown:
        return Reading(missing={WHOLE_PAGE: (unknown, None)})
    lacks = {lack["field"]: (lack["reason"], lack["text"]) for lack in json.loads(of_cards) + json.loads(missing)}
    if absent:
        lacks[absent] = ("absent_on_page", None)
    names = {name for n, name in enumerate(_VALUES[kind]) if read >> n & 1}
    return Reading(frozenset(names - lacks.keys() | {WHOLE_PAGE}), lacks, buyable)
