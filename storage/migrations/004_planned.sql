-- A run is a durable list of work: what it covers, until when it may take, and each page that it is to read.

ALTER TABLE crawl_run ADD COLUMN scope VARCHAR;
ALTER TABLE crawl_run ADD COLUMN deadline TIMESTAMPTZ;

CREATE TABLE stored.planned (
    run_id VARCHAR NOT NULL,
    place  INTEGER NOT NULL,
    task   VARCHAR NOT NULL
);

COMMENT ON TABLE stored.planned IS 'The pages that each run is to read';
COMMENT ON COLUMN crawl_run.scope IS 'What it covers: an interrupted run is gone on with by one of the same scope. NULL: made by an older tracker, or an import';
COMMENT ON COLUMN crawl_run.deadline IS 'When its time is up (UTC); what is not read by then gets the outcome window';
COMMENT ON COLUMN page_fetch.task IS 'What was asked for: product/com/B0…, search/com/2/keyword or bestsellers/com/1/path';
COMMENT ON COLUMN page_fetch.kind IS 'Kind of page asked for: product, search, bestsellers (any ranked list)';
COMMENT ON COLUMN page_fetch.page IS 'Page of the results or of the list asked for, from 1';
COMMENT ON COLUMN page_fetch.outcome IS 'ok, blocked, not_found, error_page, wrong_page, wrong_product, incomplete, http_error, timeout, network, redirected, robots, budget, window, skipped';
COMMENT ON COLUMN stored.planned.run_id IS 'Crawl run';
COMMENT ON COLUMN stored.planned.place IS 'Order of the pages, from 1';
COMMENT ON COLUMN stored.planned.task IS 'The page, as in page_fetch';
