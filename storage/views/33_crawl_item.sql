-- Each planned page of each run with what came of it in the end: the last outcome that says something of the page itself
-- (a page that failed, and was not asked for again because the budget was used up, has failed).
CREATE OR REPLACE VIEW crawl_item AS
WITH item AS (
    SELECT run_id, task FROM stored.planned
    UNION
    SELECT run_id, task FROM page_fetch
    WHERE kind <> 'place' AND run_id IN (SELECT run_id FROM crawl_run WHERE trigger <> 'import')
),
asked AS (
    SELECT run_id, task, arg_max(fetch_id, (outcome = 'ok', attempts > 0, observed_at)) AS fetch_id,
           sum(attempts)::INTEGER AS attempts, sum(bytes)::BIGINT AS bytes, sum(elapsed_ms)::BIGINT AS elapsed_ms,
           min(observed_at) AS first_at
    FROM page_fetch
    GROUP BY run_id, task
)
SELECT i.run_id, i.task, split_part(i.task, '/', 1) AS kind, split_part(i.task, '/', 2) AS marketplace,
       CASE WHEN i.task LIKE 'product/%' THEN split_part(i.task, '/', 3) END AS asin,
       CASE WHEN i.task LIKE 'search/%' THEN regexp_extract(i.task, '^[^/]*/[^/]*/[^/]*/(.*)$', 1) END AS keyword,
       CASE WHEN i.task LIKE 'bestsellers/%' THEN regexp_extract(i.task, '^[^/]*/[^/]*/[^/]*(/.*)$', 1) END AS path,
       CASE WHEN i.task NOT LIKE 'product/%' THEN TRY_CAST(split_part(i.task, '/', 3) AS INTEGER) END AS page,
       coalesce(f.outcome, 'pending') AS outcome, f.detail,
       -- Results that end before the last page wanted leave nothing unread.
       coalesce(f.outcome, 'pending') <> 'ok' AND NOT (f.outcome IS NOT DISTINCT FROM 'not_found' AND a.attempts = 0) AS unread,
       coalesce(a.attempts, 0) AS attempts,
       coalesce(a.bytes, 0) AS bytes, a.elapsed_ms, a.first_at, f.observed_at, a.fetch_id
FROM item i
LEFT JOIN asked a ON a.run_id = i.run_id AND a.task = i.task
LEFT JOIN page_fetch f ON f.fetch_id = a.fetch_id;

COMMENT ON VIEW crawl_item IS 'Each planned page of each run with what came of it: nothing planned is without a row';
COMMENT ON COLUMN crawl_item.run_id IS 'Crawl run';
COMMENT ON COLUMN crawl_item.task IS 'The page: product/com/B0…, search/com/2/keyword or bestsellers/com/1/path';
COMMENT ON COLUMN crawl_item.kind IS 'Kind of page: product, search, bestsellers (any ranked list)';
COMMENT ON COLUMN crawl_item.marketplace IS 'Marketplace';
COMMENT ON COLUMN crawl_item.asin IS 'Product (product pages)';
COMMENT ON COLUMN crawl_item.keyword IS 'Keyword (results pages)';
COMMENT ON COLUMN crawl_item.path IS 'Address on the marketplace (ranked lists)';
COMMENT ON COLUMN crawl_item.page IS 'Page of the results or of the list, from 1';
COMMENT ON COLUMN crawl_item.outcome IS 'As in page_fetch; pending while nothing has come of it yet';
COMMENT ON COLUMN crawl_item.detail IS 'What exactly, when it is not ok';
COMMENT ON COLUMN crawl_item.unread IS 'Whether the page is there, as far as is known, and was not read';
COMMENT ON COLUMN crawl_item.attempts IS 'Requests made for it in all';
COMMENT ON COLUMN crawl_item.bytes IS 'Size of all pages that came for it, as decoded';
COMMENT ON COLUMN crawl_item.elapsed_ms IS 'Download time of all pages that came for it, milliseconds';
COMMENT ON COLUMN crawl_item.first_at IS 'When something came of it for the first time (UTC)';
COMMENT ON COLUMN crawl_item.observed_at IS 'When the outcome came (UTC)';
COMMENT ON COLUMN crawl_item.fetch_id IS 'Fetch that the outcome is of; NULL while pending';
