-- A reading is one list in one crawl, known as far as its pages were read from the first one on without a gap; to its end
-- where the list said that it ends there. Who is in one reading and not in the one beside it came, or went, only where
-- that one was read as far; else it is not known.
CREATE OR REPLACE VIEW list_changes AS
WITH asked AS (
    SELECT marketplace, regexp_extract(task, '^[^/]*/[^/]*/[^/]*(/.*)$', 1) AS list, run_id, page, fetch_id, observed_at,
           outcome = 'ok' AS ok, outcome = 'not_found' AND attempts = 0 AS beyond
    FROM page_fetch
    WHERE kind = 'bestsellers'
    QUALIFY row_number() OVER (PARTITION BY marketplace, task, run_id ORDER BY outcome = 'ok' DESC, observed_at DESC) = 1
),
counted AS (
    SELECT *, ok AND count(*) FILTER (ok) OVER so_far = page AS counts,
           beyond AND count(*) FILTER (ok) OVER so_far = page - 1 AS ends
    FROM asked
    WINDOW so_far AS (PARTITION BY marketplace, list, run_id ORDER BY page)
),
reading AS (
    SELECT marketplace, list, run_id, max(observed_at) FILTER (counts) AS observed_at, bool_or(ends) AS ended,
           count(*) FILTER (counts) AS pages
    FROM counted GROUP BY ALL HAVING count(*) FILTER (counts) > 0
),
pair AS (
    SELECT r.*, CAST(timezone(m.time_zone, r.observed_at) AS DATE) AS day, lag(run_id) OVER earlier AS run_before,
           lag(r.observed_at) OVER earlier AS previous_at, lag(pages) OVER earlier AS pages_before,
           lag(ended) OVER earlier AS ended_before
    FROM reading r JOIN marketplace m USING (marketplace)
    WINDOW earlier AS (PARTITION BY r.marketplace, list ORDER BY r.observed_at)
),
entry AS (
    SELECT c.marketplace, c.list, c.run_id, l.ranking, coalesce(l.category_id, l.category, '') AS which, l.asin,
           min(l.rank) AS rank, any_value(l.category) AS category, any_value(l.category_id) AS category_id
    FROM counted c JOIN stored.list_place l USING (fetch_id)
    WHERE c.counts
    GROUP BY ALL
),
now AS (SELECT * FROM pair JOIN entry USING (marketplace, list, run_id)),
before AS (
    SELECT p.*, e.ranking, e.which, e.asin, e.rank, e.category, e.category_id
    FROM pair p JOIN entry e ON e.marketplace = p.marketplace AND e.list = p.list AND e.run_id = p.run_before
),
paired AS (
    SELECT marketplace, list, run_id, ranking, which, asin, n.rank, b.rank AS rank_before,
           coalesce(n.category, b.category) AS category, coalesce(n.category_id, b.category_id) AS category_id
    FROM now n FULL JOIN before b USING (marketplace, list, run_id, ranking, which, asin)
)
SELECT marketplace, list, b.ranking, b.category, b.category_id, p.day, p.observed_at, p.previous_at, b.asin, b.rank,
       b.rank_before,
       CASE WHEN p.previous_at IS NULL THEN NULL
            WHEN b.rank_before IS NULL AND (p.ended_before OR p.pages_before >= p.pages) THEN 'entered'
            WHEN b.rank IS NULL AND (p.ended OR p.pages >= p.pages_before) THEN 'left'
            WHEN b.rank < b.rank_before THEN 'climbed'
            WHEN b.rank > b.rank_before THEN 'fell'
            WHEN b.rank = b.rank_before THEN 'same'
       END AS event
FROM paired b JOIN pair p USING (marketplace, list, run_id);

COMMENT ON VIEW list_changes IS 'Each reading of each ranked list against the one before it: who entered, left, climbed and fell. Movers and shakers are ordered by what a rank gained within a day: who is there says more than the place';
COMMENT ON COLUMN list_changes.marketplace IS 'Marketplace';
COMMENT ON COLUMN list_changes.list IS 'Address of the list on the marketplace, as in watched_list';
COMMENT ON COLUMN list_changes.ranking IS 'Which list: best_sellers, new_releases, movers_and_shakers, most_wished_for, most_gifted';
COMMENT ON COLUMN list_changes.category IS 'Category of the list, as shown';
COMMENT ON COLUMN list_changes.category_id IS 'Its browse node; a whole department has none';
COMMENT ON COLUMN list_changes.day IS 'Day of the reading, in the time zone of the marketplace';
COMMENT ON COLUMN list_changes.observed_at IS 'When the last of its pages came (UTC)';
COMMENT ON COLUMN list_changes.previous_at IS 'The same of the reading before; NULL for the first';
COMMENT ON COLUMN list_changes.asin IS 'Product';
COMMENT ON COLUMN list_changes.rank IS 'Its rank; NULL when it is not among those read';
COMMENT ON COLUMN list_changes.rank_before IS 'Its rank in the reading before; NULL when it was not among those read';
COMMENT ON COLUMN list_changes.event IS 'entered, left, climbed, fell, same; NULL when it is not known, because one of the two was read less far';
