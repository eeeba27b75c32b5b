"""Reads what the drift alarm judges (see :mod:`reports.drift`) from the database: one row per page of every run."""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

import duckdb

from reports.defect import ADS, KEPT, LACKING, NOT_UNDERSTOOD, PLACEMENTS, WHOLE_PAGE, Defect, Pages, Reading, numbered
from reports.drift import drift

# What the drift alarm asks of a page, by name: of a kept field whether it has a value, and more. An imported row is no
# page of ours. A page for another place may well show no offer, as one of a product that cannot be bought. Bullets that
# are none say that the page shows none, which for a page that had some is as good as not found.
_UNKNOWN = {name: f"a.outcome <> 'ok' AND a.detail = '{name}'" for name in ("main_part_missing", "unknown")}
_FACTS = {
    "product": {name: f"o.{name} IS NOT NULL" for name in sorted(KEPT["product"] - {WHOLE_PAGE})}
    | {"bsr": "r.fetch_id IS NOT NULL", "bullets": "len(o.bullets) > 0", "no bullets": "len(o.bullets) = 0"}
    | {"not to be bought": "NOT (o.in_stock AND o.elsewhere IS NULL)"} | _UNKNOWN,
    "search": dict.fromkeys(sorted(KEPT["search"] - {WHOLE_PAGE}), "cards > 0")
    | {ADS: "ads", f"no {ADS}": "NOT ads AND NOT unsure", f"no {PLACEMENTS}": "cards IS NULL"} | _UNKNOWN,
}  # fmt: skip
_STATE = {
    kind: f"coalesce(l.alike, 0)::BIGINT << {len(facts)} | "
    + " | ".join(f"CASE WHEN {holds} THEN {1 << n} ELSE 0 END" for n, holds in enumerate(facts.values()))
    for kind, facts in _FACTS.items()
}
"""The facts and the number of the set of missing fields, as one number: few pages differ, and each is decoded once."""

# Of what a page or a card lacks, what counts. Sets that are alike in that have one number.
_COUNTING = """
WITH counting AS (
    SELECT lack_id, [l FOR l IN lacks IF list_contains($not_understood, l.reason)
                     OR list_contains($kept, l.field) AND list_contains($lacking, l.reason)] AS counted,
           min(lack_id) OVER (PARTITION BY counted) AS alike
    FROM stored.lack
)
"""

# Of the pages that were not read those that came from the site, whole and no bot check, and yet are nothing we know.
# Each table is bound by time itself: what is older is not read.
_ASKED = f"""
{_COUNTING},
asked AS (
    SELECT fetch_id, run_id, asin, keyword, page, outcome, detail, observed_at
    FROM page_fetch
    WHERE observed_at >= $since AND observed_at <= $until AND marketplace = $marketplace AND kind = $kind
      AND NOT starts_with(task, 'import/')
      AND (outcome = 'ok' OR (outcome, detail) IN (('incomplete', 'main_part_missing'), ('wrong_page', 'unknown')))
)
"""  # noqa: S608 - the only insertions are the constants above

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
       a.fetch_id, {_STATE["product"]} AS state, '' AS of_cards
FROM asked a
LEFT JOIN seen o USING (fetch_id)
LEFT JOIN ranked r USING (fetch_id)
LEFT JOIN counting l USING (lack_id)
"""  # noqa: S608

# Cards of one page share its markup, so a page is one case: it lacks a field that half of its cards lack, for the most
# frequent reason. If that reason counts, then a quarter of the cards lack something that counts: few pages.
SEARCH_PAGES = f"""
{_ASKED},
placed AS NOT MATERIALIZED (
    SELECT fetch_id, lack_id, sponsored FROM stored.placement
    WHERE observed_at >= $since AND observed_at <= $until AND marketplace = $marketplace
),
cards AS (
    SELECT fetch_id, count(*) AS cards, count(c.lack_id) AS lacking,
           coalesce(bool_or(sponsored), false) AS ads, bool_or(sponsored IS NULL) AS unsure
    FROM placed LEFT JOIN (SELECT lack_id FROM counting WHERE len(counted) > 0) c USING (lack_id)
    GROUP BY fetch_id
),
told AS (
    SELECT lack_id, l.field, l.reason, l.text FROM (SELECT lack_id, unnest(lacks) AS l FROM stored.lack)
    WHERE l.reason <> 'not_applicable'
),
reasoned AS (
    SELECT fetch_id, field, reason, count(*) AS times, min(text) AS text
    FROM placed SEMI JOIN (SELECT fetch_id FROM cards WHERE 4 * lacking >= cards) USING (fetch_id)
    JOIN told USING (lack_id)
    GROUP BY fetch_id, field, reason
),
broken AS (
    SELECT fetch_id, to_json(list({{'field': field, 'reason': reason, 'text': text}} ORDER BY field))::VARCHAR AS lacks
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
       coalesce(s.layout, '') AS layout, a.fetch_id, {_STATE["search"]} AS state, coalesce(b.lacks, '') AS of_cards
FROM asked a
LEFT JOIN searched s USING (fetch_id)
LEFT JOIN cards USING (fetch_id)
LEFT JOIN broken b USING (fetch_id)
LEFT JOIN counting l USING (lack_id)
"""  # noqa: S608

Missing = dict[str, tuple[str, str | None]]
"""Field -> reason and text."""


def defects(con: duckdb.DuckDBPyConnection, marketplace: str, *, since: datetime, until: datetime) -> list[Defect]:
    """The defects of every run on a marketplace between two instants (UTC), in order of runs.

    What is told of a run rests on the runs since ``since``: who wants it told alike must ask from the same instant.
    """
    span = {"marketplace": marketplace, "since": since, "until": until}
    found = drift([_pages(con, kind, span) for kind in KEPT])
    archived: dict[int, str | None] = dict(
        con.execute(
            "SELECT fetch_id, page_hash FROM page_fetch WHERE fetch_id IN (SELECT unnest($pages))",
            {"pages": [fetch_id for defect in found for fetch_id, _ in defect.pages]},
        ).fetchall()
    )
    return [replace(d, pages=tuple((fetch_id, archived[fetch_id]) for fetch_id, _ in d.pages)) for d in found]


def _pages(con: duckdb.DuckDBPyConnection, kind: str, span: dict[str, Any]) -> Pages:
    """Those of one kind."""
    reasons = {"kept": list(KEPT[kind]), "lacking": list(LACKING), "not_understood": list(NOT_UNDERSTOOD)}
    query = PRODUCT_PAGES if kind == "product" else SEARCH_PAGES
    columns: dict[str, Any] = con.execute(query, span | reasons | {"kind": kind}).fetchnumpy()
    sets = con.execute(f"{_COUNTING} SELECT lack_id, counted FROM counting", reasons).fetchall()  # noqa: S608
    lacks: dict[int, Missing] = {0: {}} | {number: _by_field(counted) for number, counted in sets}
    states, reading = numbered(zip(columns.pop("state").tolist(), columns.pop("of_cards").tolist(), strict=True))
    readings = [_reading(kind, state, of_cards, lacks) for state, of_cards in states]
    return Pages(marketplace=span["marketplace"], kind=kind, **columns, reading=reading, readings=readings)


def _reading(kind: str, state: int, of_cards: str, lacks: dict[int, Missing]) -> Reading:
    lack, bits = divmod(state, 1 << len(_FACTS[kind]))
    true = {fact for n, fact in enumerate(_FACTS[kind]) if bits >> n & 1}
    for reason in true & _UNKNOWN.keys():
        return Reading(missing={WHOLE_PAGE: (reason, None)})
    missing = _by_field(json.loads(of_cards or "[]")) | lacks[lack]
    missing |= {name: ("absent_on_page", None) for name in KEPT[kind] if f"no {name}" in true}
    read = true & KEPT[kind] - missing.keys() | {WHOLE_PAGE}
    return Reading(frozenset(read), missing, buyable="not to be bought" not in true)


def _by_field(lacks: list[dict[str, str | None]]) -> Missing:
    return {str(lack["field"]): (str(lack["reason"]), lack["text"]) for lack in lacks}
