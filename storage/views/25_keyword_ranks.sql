CREATE OR REPLACE VIEW keyword_ranks AS
WITH read AS (
    SELECT marketplace, keyword, day, run_id, max(observed_at) AS observed_at, count(DISTINCT page) AS pages_read
    FROM stored.results_page
    GROUP BY marketplace, keyword, day, run_id
    QUALIFY row_number() OVER (PARTITION BY marketplace, keyword, day ORDER BY max(observed_at) DESC) = 1
),
place AS (
    SELECT marketplace, keyword, day, run_id, asin, min(organic_position) AS organic_position,
           min(sponsored_position) AS sponsored_position, min(page) FILTER (sponsored = false) AS organic_page
    FROM stored.placement
    GROUP BY ALL
),
depth AS (
    SELECT marketplace, keyword, day, run_id, max(organic_position) AS organic_results
    FROM stored.placement
    GROUP BY ALL
),
watched AS (
    SELECT listing, marketplace, asin, true AS own, valid_from, valid_to FROM listing
    UNION ALL
    SELECT listing, marketplace, asin, false, valid_from, valid_to FROM rival
)
SELECT DISTINCT k.listing, k.marketplace, k.keyword, r.day, w.asin, w.own, r.observed_at,
       p.organic_position, p.organic_page, p.sponsored_position, r.pages_read, d.organic_results
FROM read r
JOIN keyword k ON k.marketplace = r.marketplace AND k.keyword = r.keyword
              AND r.observed_at >= k.valid_from AND (k.valid_to IS NULL OR r.observed_at < k.valid_to)
JOIN watched w ON w.listing = k.listing AND w.marketplace = k.marketplace
              AND r.observed_at >= w.valid_from AND (w.valid_to IS NULL OR r.observed_at < w.valid_to)
LEFT JOIN place p ON p.marketplace = r.marketplace AND p.keyword = r.keyword AND p.day = r.day AND p.run_id = r.run_id
                 AND p.asin = w.asin
LEFT JOIN depth d ON d.marketplace = r.marketplace AND d.keyword = r.keyword AND d.day = r.day AND d.run_id = r.run_id;

COMMENT ON VIEW keyword_ranks IS 'Where the own product and each rival stood for each keyword, by local day: the last crawl of the day. No position means that it is not among the first organic_results';
COMMENT ON COLUMN keyword_ranks.listing IS 'Listing';
COMMENT ON COLUMN keyword_ranks.marketplace IS 'Marketplace';
COMMENT ON COLUMN keyword_ranks.keyword IS 'Keyword';
COMMENT ON COLUMN keyword_ranks.day IS 'Local day';
COMMENT ON COLUMN keyword_ranks.asin IS 'Product';
COMMENT ON COLUMN keyword_ranks.own IS 'Whether it is the own product';
COMMENT ON COLUMN keyword_ranks.observed_at IS 'When the last of its results pages was read (UTC)';
COMMENT ON COLUMN keyword_ranks.organic_position IS 'Best place among organic results; NULL when it is not among those read';
COMMENT ON COLUMN keyword_ranks.organic_page IS 'Results page of that place';
COMMENT ON COLUMN keyword_ranks.sponsored_position IS 'Best place among sponsored results; NULL when it showed no ad';
COMMENT ON COLUMN keyword_ranks.pages_read IS 'How many results pages were read';
COMMENT ON COLUMN keyword_ranks.organic_results IS 'How many organic results these held';
