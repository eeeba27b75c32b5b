-- Which pages of the segment are new, and which are read again by a better parser and replace what was read before.

-- A run's pages all came after its start, so no older fetch has to be looked at: DuckDB then skips what is older.
SET VARIABLE oldest = (
    SELECT coalesce(least(min(i.fetched.observed_at), min(r.started_at)), now())
    FROM incoming i LEFT JOIN crawl_run r ON r.run_id = i.fetched.run_id
    WHERE i.fetched IS NOT NULL
);

CREATE OR REPLACE TEMP TABLE known AS
SELECT fetch_id, run_id, task, observed_at, outcome, read_at
FROM page_fetch
WHERE observed_at >= getvariable('oldest') AND run_id IN (SELECT fetched.run_id FROM incoming WHERE fetched IS NOT NULL);

-- Lines are chosen and numbered by what names them alone: windows over whole records would copy these again and again.
CREATE OR REPLACE TEMP TABLE fresh AS
WITH news AS (
    SELECT i.rowid AS line, i.fetched.run_id AS run_id, i.fetched.task AS task, i.fetched.observed_at AS observed_at,
           k.fetch_id AS again
    FROM incoming i
    LEFT JOIN known k ON k.run_id = i.fetched.run_id AND k.task = i.fetched.task AND k.observed_at = i.fetched.observed_at
    WHERE i.fetched IS NOT NULL AND (k.fetch_id IS NULL OR i.fetched.read_at > k.read_at)
    QUALIFY row_number() OVER (PARTITION BY i.fetched.run_id, i.fetched.task, i.fetched.observed_at
                               ORDER BY coalesce(i.fetched.read_at, i.fetched.observed_at) DESC) = 1
),
numbered AS (
    SELECT line, again,
           coalesce(again, (SELECT coalesce(max(fetch_id), 0) FROM page_fetch)
                           + row_number() OVER (PARTITION BY again IS NULL ORDER BY observed_at, run_id, task)) AS fetch_id
    FROM news
)
SELECT n.fetch_id, n.line, n.again, i.fetched
FROM numbered n JOIN incoming i ON i.rowid = n.line;

INSERT INTO stored.reread
SELECT k.fetch_id, i.reread.parser_version, i.reread.reread_at
FROM incoming i
JOIN page_fetch k ON k.run_id = i.reread.run_id AND k.task = i.reread.task AND k.observed_at = i.reread.observed_at
WHERE i.reread IS NOT NULL
  AND (k.fetch_id, i.reread.parser_version) NOT IN (SELECT (fetch_id, parser_version) FROM stored.reread);

-- A run resumed after its page was read (but before that was merged) could read it twice: the first stays.
CREATE OR REPLACE TEMP TABLE observed AS
WITH chosen AS (
    SELECT fetch_id, line
    FROM fresh
    WHERE fetched.outcome = 'ok'
      AND NOT EXISTS (FROM known k WHERE k.outcome = 'ok' AND k.run_id = fetched.run_id AND k.task = fetched.task
                                     AND k.fetch_id IS DISTINCT FROM fresh.again)
    QUALIFY row_number() OVER (PARTITION BY fetched.run_id, fetched.task ORDER BY fetched.observed_at) = 1
)
SELECT c.fetch_id, i.fetched, i.product, i.search, i.lists, i.offers,
       coalesce(i."offset", {'overall': 0, 'organic': 0, 'sponsored': 0}) AS before
FROM chosen c JOIN incoming i ON i.rowid = c.line;
