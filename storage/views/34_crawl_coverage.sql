CREATE OR REPLACE VIEW crawl_coverage AS
WITH counted AS (
    SELECT run_id, marketplace, outcome, count(*) AS pages, sum(attempts)::BIGINT AS attempts, sum(bytes)::BIGINT AS bytes,
           count(*) FILTER (unread) AS unread,
           min(first_at) AS first_at, max(observed_at) AS last_at
    FROM crawl_item
    GROUP BY ALL
)
SELECT c.run_id, c.marketplace, r.trigger, r.scope, r.state, r.started_at, r.finished_at,
       sum(c.pages)::BIGINT AS planned, coalesce(sum(c.pages) FILTER (c.outcome = 'ok'), 0)::BIGINT AS read,
       sum(c.unread)::BIGINT AS unread, 1 - sum(c.unread) / sum(c.pages) AS coverage,
       map_from_entries(list((c.outcome, c.pages) ORDER BY c.outcome)) AS outcomes,
       sum(c.attempts)::BIGINT AS attempts, sum(c.bytes)::BIGINT AS bytes,
       min(c.first_at) AS first_at, max(c.last_at) AS last_at
FROM counted c JOIN crawl_run r USING (run_id)
GROUP BY ALL;

COMMENT ON VIEW crawl_coverage IS 'What each run read of each marketplace, and what came of the rest';
COMMENT ON COLUMN crawl_coverage.run_id IS 'Crawl run';
COMMENT ON COLUMN crawl_coverage.marketplace IS 'Marketplace';
COMMENT ON COLUMN crawl_coverage.trigger IS 'What started the run: manual, schedule, demo, import';
COMMENT ON COLUMN crawl_coverage.scope IS 'What it covers';
COMMENT ON COLUMN crawl_coverage.state IS 'running (or interrupted), complete (every page has an outcome)';
COMMENT ON COLUMN crawl_coverage.started_at IS 'When the run was planned (UTC)';
COMMENT ON COLUMN crawl_coverage.finished_at IS 'When its last page was done (UTC); NULL while unfinished';
COMMENT ON COLUMN crawl_coverage.planned IS 'Pages planned';
COMMENT ON COLUMN crawl_coverage.read IS 'Pages read';
COMMENT ON COLUMN crawl_coverage.unread IS 'Pages that are there, as far as is known, and were not read';
COMMENT ON COLUMN crawl_coverage.coverage IS 'Share of the planned pages that left nothing unread, 0 to 1';
COMMENT ON COLUMN crawl_coverage.outcomes IS 'Pages by outcome';
COMMENT ON COLUMN crawl_coverage.attempts IS 'Requests made for them';
COMMENT ON COLUMN crawl_coverage.bytes IS 'Size of all pages that came, as decoded';
COMMENT ON COLUMN crawl_coverage.first_at IS 'When the first page came of them (UTC)';
COMMENT ON COLUMN crawl_coverage.last_at IS 'When the last page came of them (UTC)';
