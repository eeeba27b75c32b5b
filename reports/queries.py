"""The queries of a comparison: one per family of series, parameters by name.

Instants come out as microseconds since 1970 UTC; ``$time_zone`` is the listing's, ``$since`` and
``$until`` bound ``observed_at``.
"""

VALID = "valid_from <= $until AND (valid_to IS NULL OR valid_to > $until)"

# An imported row is no page asked for: the report ends with the newest crawl.
UNTIL = """
WITH watched AS (
    SELECT marketplace, asin, NULL AS keyword FROM listing WHERE listing = $listing
    UNION SELECT marketplace, asin, NULL FROM rival WHERE listing = $listing
    UNION SELECT marketplace, NULL, keyword FROM keyword WHERE listing = $listing
)
SELECT epoch_us(max(f.observed_at))
FROM page_fetch f JOIN watched w
  ON f.marketplace = w.marketplace AND (f.asin = w.asin OR f.keyword = w.keyword)
WHERE NOT starts_with(f.task, 'import/')
"""

LISTING = f"""
SELECT marketplace, asin, time_zone,
       (SELECT epoch_us(min(valid_from)) FROM listing w
        WHERE (w.listing, w.marketplace, w.asin) = (listing.listing, listing.marketplace, listing.asin))
FROM listing WHERE listing = $listing AND {VALID}
ORDER BY valid_from DESC LIMIT 1
"""  # noqa: S608 - the only insertion is the constant above

RIVALS = f"""
SELECT asin, epoch_us(min(valid_from))
FROM rival WHERE listing = $listing AND marketplace = $marketplace AND asin <> $own AND {VALID}
GROUP BY asin ORDER BY min(valid_from), asin
"""  # noqa: S608

# Asking for more pages of a keyword begins a new row, not a new keyword: watched since its first.
KEYWORDS = f"""
SELECT keyword, max(pages) FILTER ({VALID}), epoch_us(min(valid_from)) FROM keyword
WHERE listing = $listing AND marketplace = $marketplace AND valid_from <= $until
GROUP BY keyword HAVING bool_or({VALID}) ORDER BY min(valid_from), keyword
"""  # noqa: S608

# What the marketplace was last asked for; nothing before that was noted.
ASKED = """
SELECT wanted_postal_code, wanted_currency
FROM page_fetch
WHERE marketplace = $marketplace AND observed_at >= $since AND observed_at <= $until AND wanted_currency IS NOT NULL
ORDER BY observed_at DESC, fetch_id DESC LIMIT 1
"""

# Joined tables are bound themselves: DuckDB does not pass on the bounds of the one they are joined to.
PRODUCTS = """
SELECT
    o.asin, epoch_us(o.observed_at), CAST(timezone($time_zone, o.observed_at) AS DATE) AS day,
    row_number() OVER (PARTITION BY o.asin, CAST(timezone($time_zone, o.observed_at) AS DATE)
                       ORDER BY o.observed_at DESC, o.fetch_id DESC) = 1 AS closing,
    o.fetch_id, f.page_hash, f.language, o.title, o.brand, o.price, o.list_price, o.currency,
    o.coupon_percent, o.coupon_amount, o.deal, o.is_deal, o.availability, o.in_stock, o.stock_left,
    o.seller, o.seller_id, o.rating, o.review_count, b.rank, b.category, b.category_id,
    coalesce(o.elsewhere, CASE WHEN f.wanted_currency IS NOT NULL AND f.wanted_postal_code IS DISTINCT FROM $postal_code
                               THEN 'asked for ' || coalesce(f.wanted_postal_code, 'no postal code') || ' then, not '
                                    || coalesce($postal_code, 'any') END)
FROM product_observation o
LEFT JOIN bsr_observation b
  ON b.fetch_id = o.fetch_id AND b.marketplace = o.marketplace AND b.asin = o.asin AND b.line = 1
 AND list_contains($asins, b.asin) AND b.observed_at >= $since AND b.observed_at <= $until
LEFT JOIN page_fetch f
  ON f.fetch_id = o.fetch_id AND list_contains($asins, f.asin) AND f.observed_at >= $since AND f.observed_at <= $until
WHERE o.marketplace = $marketplace AND list_contains($asins, o.asin)
  AND o.observed_at >= $since AND o.observed_at <= $until
ORDER BY o.asin, o.observed_at, o.fetch_id
"""

# Observations lack the same fields over and over: a set of these comes once, with all fetches that share it.
MISSING = """
SELECT any_value(k.lacks), list(p.fetch_id)
FROM stored.product p JOIN stored.lack k USING (lack_id)
WHERE p.marketplace = $marketplace AND list_contains($asins, p.asin)
  AND p.observed_at >= $since AND p.observed_at <= $until
GROUP BY lack_id
"""

FAILURES = """
SELECT asin, epoch_us(observed_at), CAST(timezone($time_zone, observed_at) AS DATE), outcome, detail
FROM page_fetch
WHERE kind = 'product' AND marketplace = $marketplace AND list_contains($asins, asin) AND outcome <> 'ok'
  AND observed_at >= $since AND observed_at <= $until
ORDER BY asin, observed_at
"""

# Pages of one keyword in one run; a page asked for twice counts as its last answer, a good one first. A page noted as
# not found without having been asked for is none: the page before it showed that the results end there. One of
# ``$misread`` (its layout has changed: what is not on it may be there all the same) counts as not read.
PAGES = """
page_asked AS (
    SELECT keyword, run_id, page, fetch_id, page_hash, observed_at,
           CASE WHEN list_contains($misread::BIGINT[], fetch_id) THEN 'layout_changed' ELSE outcome END AS outcome
    FROM page_fetch
    WHERE kind = 'search' AND marketplace = $marketplace AND list_contains($keywords, keyword)
      AND observed_at >= $since AND observed_at <= $until AND NOT (outcome = 'not_found' AND attempts = 0)
    QUALIFY row_number() OVER (PARTITION BY keyword, run_id, page
                               ORDER BY outcome = 'ok' DESC, observed_at DESC, fetch_id DESC) = 1
),
page_read AS (
    SELECT *, row_number() OVER (PARTITION BY keyword, run_id ORDER BY page) = page AS counted
    FROM page_asked WHERE outcome = 'ok'
)
"""

READS = f"""
WITH {PAGES},
results AS (
    SELECT fetch_id, max(organic_position) AS last_organic
    FROM search_placement
    WHERE marketplace = $marketplace AND list_contains($keywords, keyword)
      AND observed_at >= $since AND observed_at <= $until
    GROUP BY fetch_id
),
run_read AS (
    SELECT keyword, run_id, count(*) AS pages_read, max(last_organic) AS organic_results,
           max(last_organic) FILTER (page = 1) AS first_page_results,
           max(fetch_id) FILTER (page = 1) AS fetch_id, max(page_hash) FILTER (page = 1) AS page_hash
    FROM page_read LEFT JOIN results USING (fetch_id) WHERE counted
    GROUP BY keyword, run_id
),
run_asked AS (
    SELECT keyword, run_id, min(observed_at) AS began_at, max(observed_at) AS observed_at,
           CAST(timezone($time_zone, max(observed_at)) AS DATE) AS day,
           arg_min(outcome, page) FILTER (outcome <> 'ok') AS reason
    FROM page_asked GROUP BY keyword, run_id
)
SELECT keyword, run_id, epoch_us(began_at), epoch_us(observed_at), day,
       row_number() OVER (PARTITION BY keyword, day
                          ORDER BY pages_read IS NULL, observed_at DESC, run_id DESC) = 1 AS closing,
       coalesce(pages_read, 0), coalesce(organic_results, 0), coalesce(first_page_results, 0),
       fetch_id, page_hash, reason
FROM run_asked LEFT JOIN run_read USING (keyword, run_id)
ORDER BY keyword, observed_at, run_id
"""  # noqa: S608

PLACES = f"""
WITH {PAGES}
SELECT s.keyword, s.run_id, s.asin,
       min(s.organic_position), arg_min(s.page, s.organic_position),
       min(s.sponsored_position), arg_min(s.page, s.sponsored_position),
       bool_or(s.sponsored IS NULL)
FROM search_placement s JOIN page_read USING (fetch_id)
WHERE page_read.counted AND list_contains($asins, s.asin) AND s.marketplace = $marketplace
  AND list_contains($keywords, s.keyword) AND s.observed_at >= $since AND s.observed_at <= $until
GROUP BY ALL
"""  # noqa: S608
