-- Merges one sealed spool segment (JSON lines, see spool.py) into the tables, inside the caller's transaction; the files of
-- this folder run one after the other. $segment is its path. Idempotent: what is there already is left alone, so a
-- segment merged twice, or merged and not yet removed when the power went, adds nothing the second time.
--
-- This file: the lines as they came, the runs, and what is watched.

CREATE OR REPLACE TEMP TABLE incoming AS
SELECT *
FROM read_json(
    $segment,
    format = 'newline_delimited',
    maximum_object_size = 268435456,
    columns = {
        run: 'STRUCT(run_id VARCHAR, started_at TIMESTAMPTZ, trigger VARCHAR, planned INTEGER, scope VARCHAR,
              "until" TIMESTAMPTZ, tasks VARCHAR[],
              listings STRUCT("name" VARCHAR, marketplace VARCHAR, asin VARCHAR, time_zone VARCHAR,
                              rivals VARCHAR[], keywords STRUCT(keyword VARCHAR, pages INTEGER)[], lists VARCHAR[],
                              expected STRUCT(seller_ids VARCHAR[], price_from DECIMAL(18,2), price_to DECIMAL(18,2),
                                              images INTEGER, bullets INTEGER, a_plus BOOLEAN, rating DECIMAL(3,2),
                                              title VARCHAR, other_offers INTEGER, browse_node VARCHAR))[])',
        finish: 'STRUCT(run_id VARCHAR, finished_at TIMESTAMPTZ)',
        fetched: 'STRUCT(run_id VARCHAR, task VARCHAR, kind VARCHAR, marketplace VARCHAR,
                asin VARCHAR, keyword VARCHAR, page INTEGER, url VARCHAR, observed_at TIMESTAMPTZ,
                outcome VARCHAR, detail VARCHAR, http_status INTEGER, attempts INTEGER, bytes BIGINT,
                elapsed_ms INTEGER, page_hash VARCHAR, parser_version INTEGER, read_at TIMESTAMPTZ,
                wanted_postal_code VARCHAR, wanted_language VARCHAR, wanted_currency VARCHAR, delivery_location VARCHAR,
                language VARCHAR, currency VARCHAR, elsewhere VARCHAR, via VARCHAR)',
        product: 'STRUCT(asin VARCHAR, title VARCHAR, brand VARCHAR, price DECIMAL(18,2),
                  list_price DECIMAL(18,2), currency VARCHAR, coupon_percent DECIMAL(5,2),
                  coupon_amount DECIMAL(18,2), deal VARCHAR, is_deal BOOLEAN, availability VARCHAR,
                  in_stock BOOLEAN, stock_left INTEGER, seller VARCHAR, seller_id VARCHAR,
                  rating DECIMAL(3,2), review_count INTEGER, bought_past_month_min INTEGER,
                  layout VARCHAR, parent_asin VARCHAR, variation MAP(VARCHAR, VARCHAR), variation_count INTEGER,
                  unit_price DECIMAL(18,2), unit VARCHAR, subscribe_price DECIMAL(18,2), subscribe_percent
                  DECIMAL(5,2), used_price DECIMAL(18,2), renewed_price DECIMAL(18,2), prime_price DECIMAL(18,2),
                  deal_ends VARCHAR, ships_from VARCHAR, offer_count INTEGER, offer_from DECIMAL(18,2),
                  rating_percents INTEGER[], bought_past_month VARCHAR, badges STRUCT(kind VARCHAR, "text" VARCHAR)[],
                  bullets VARCHAR[], image_count INTEGER, main_image VARCHAR, has_a_plus BOOLEAN, has_video BOOLEAN,
                  first_available DATE, delivery_location VARCHAR,
                  categories STRUCT("name" VARCHAR, node VARCHAR)[], browse_node VARCHAR,
                  bsr STRUCT(rank INTEGER, category VARCHAR, category_id VARCHAR, department VARCHAR)[],
                  related STRUCT("row" INTEGER, kind VARCHAR, heading VARCHAR, sponsored BOOLEAN, place INTEGER,
                                 asin VARCHAR, title VARCHAR, price DECIMAL(18,2), currency VARCHAR,
                                 rating DECIMAL(3,2), review_count INTEGER,
                                 missing STRUCT(field VARCHAR, reason VARCHAR, "text" VARCHAR)[])[],
                  reviews STRUCT(review_id VARCHAR, stars DECIMAL(3,2), reviewed_on DATE, country VARCHAR,
                                 verified BOOLEAN, title VARCHAR, body VARCHAR, variant VARCHAR,
                                 missing STRUCT(field VARCHAR, reason VARCHAR, "text" VARCHAR)[])[],
                  missing STRUCT(field VARCHAR, reason VARCHAR, "text" VARCHAR)[])',
        search: 'STRUCT(last_page INTEGER, results INTEGER, results_text VARCHAR, layout VARCHAR,
                 related_searches VARCHAR[],
                 widgets STRUCT(widget INTEGER, kind VARCHAR, heading VARCHAR, sponsored BOOLEAN,
                 after_position INTEGER, place INTEGER, asin VARCHAR, title VARCHAR, price DECIMAL(18,2),
                 currency VARCHAR, rating DECIMAL(3,2), review_count INTEGER,
                 missing STRUCT(field VARCHAR, reason VARCHAR, "text" VARCHAR)[])[],
                 placements STRUCT("position" INTEGER, asin VARCHAR, sponsored BOOLEAN,
                 organic_position INTEGER, sponsored_position INTEGER, title VARCHAR,
                 price DECIMAL(18,2), currency VARCHAR, price_text VARCHAR, rating DECIMAL(3,2),
                 rating_text VARCHAR, review_count INTEGER, list_price DECIMAL(18,2), coupon VARCHAR,
                 bought_past_month_min INTEGER, badges STRUCT(kind VARCHAR, "text" VARCHAR)[],
                 missing STRUCT(field VARCHAR, reason VARCHAR, "text" VARCHAR)[])[],
                 missing STRUCT(field VARCHAR, reason VARCHAR, "text" VARCHAR)[])',
        "offset": 'STRUCT(overall INTEGER, organic INTEGER, sponsored INTEGER)',
        lists: 'STRUCT(ranking VARCHAR, category VARCHAR, category_id VARCHAR, page INTEGER,
                places STRUCT(rank INTEGER, asin VARCHAR, title VARCHAR, price DECIMAL(18,2), currency VARCHAR,
                              rating DECIMAL(3,2), review_count INTEGER,
                              missing STRUCT(field VARCHAR, reason VARCHAR, "text" VARCHAR)[])[])[]',
        offers: 'STRUCT(asin VARCHAR, offers STRUCT("position" INTEGER, pinned BOOLEAN, condition VARCHAR,
                 condition_text VARCHAR, price DECIMAL(18,2), currency VARCHAR, delivery DECIMAL(18,2),
                 seller VARCHAR, seller_id VARCHAR, ships_from VARCHAR,
                 missing STRUCT(field VARCHAR, reason VARCHAR, "text" VARCHAR)[])[])',
        reread: 'STRUCT(run_id VARCHAR, task VARCHAR, observed_at TIMESTAMPTZ, parser_version INTEGER,
                 reread_at TIMESTAMPTZ)'
    }
);

INSERT INTO crawl_run (run_id, started_at, finished_at, state, trigger, planned, scope, deadline)
SELECT run.run_id, run.started_at, NULL, 'running', run.trigger, run.planned, run.scope, run."until"
FROM incoming
WHERE run IS NOT NULL AND run.run_id NOT IN (SELECT run_id FROM crawl_run)
QUALIFY row_number() OVER (PARTITION BY run.run_id ORDER BY run.started_at) = 1;

INSERT INTO stored.planned
SELECT DISTINCT i.run_id, i.place, i.task
FROM (SELECT run.run_id AS run_id, generate_subscripts(run.tasks, 1) AS place, unnest(run.tasks) AS task
      FROM incoming WHERE run IS NOT NULL) AS i
WHERE i.run_id NOT IN (SELECT run_id FROM stored.planned);

-- A resumed run starts once more; one of an older tracker with the plan of the configuration as it is then.
UPDATE crawl_run SET planned = r.planned
FROM (SELECT run.run_id AS run_id, arg_max(run.planned, run.started_at) AS planned FROM incoming WHERE run IS NOT NULL GROUP BY ALL) AS r
WHERE crawl_run.run_id = r.run_id AND crawl_run.planned <> r.planned;

UPDATE crawl_run SET finished_at = f.finished_at, state = 'complete'
FROM (SELECT finish.run_id AS run_id, max(finish.finished_at) AS finished_at FROM incoming WHERE finish IS NOT NULL GROUP BY ALL) AS f
WHERE crawl_run.run_id = f.run_id AND crawl_run.state = 'running';

-- What is watched: rows end when the newest configuration no longer has them, and begin when it does.
CREATE OR REPLACE TEMP TABLE watched AS
SELECT run.started_at AS since, unnest(run.listings) AS l
FROM incoming
WHERE run IS NOT NULL
  AND run.started_at >= coalesce((SELECT max(valid_from) FROM listing), '-infinity'::TIMESTAMPTZ)
QUALIFY run.started_at = max(run.started_at) OVER ();

CREATE OR REPLACE TEMP TABLE watched_rival AS
SELECT since, l.name AS listing, l.marketplace AS marketplace, unnest(l.rivals) AS asin FROM watched;

CREATE OR REPLACE TEMP TABLE watched_keyword AS
SELECT since, listing, marketplace, k.keyword AS keyword, k.pages AS pages
FROM (SELECT since, l.name AS listing, l.marketplace AS marketplace, unnest(l.keywords) AS k FROM watched);

UPDATE listing SET valid_to = (SELECT max(since) FROM watched)
WHERE valid_to IS NULL AND EXISTS (FROM watched)
  AND (listing, marketplace, asin, time_zone) NOT IN (SELECT (l.name, l.marketplace, l.asin, l.time_zone) FROM watched);
INSERT INTO listing
SELECT l.name, l.marketplace, l.asin, l.time_zone, since, NULL FROM watched
WHERE (l.name, l.marketplace, l.asin, l.time_zone)
      NOT IN (SELECT (listing, marketplace, asin, time_zone) FROM listing WHERE valid_to IS NULL);

UPDATE rival SET valid_to = (SELECT max(since) FROM watched)
WHERE valid_to IS NULL AND EXISTS (FROM watched)
  AND (listing, marketplace, asin) NOT IN (SELECT (listing, marketplace, asin) FROM watched_rival);
INSERT INTO rival
SELECT listing, marketplace, asin, since, NULL FROM watched_rival
WHERE (listing, marketplace, asin) NOT IN (SELECT (listing, marketplace, asin) FROM rival WHERE valid_to IS NULL);

UPDATE keyword SET valid_to = (SELECT max(since) FROM watched)
WHERE valid_to IS NULL AND EXISTS (FROM watched)
  AND (listing, marketplace, keyword, pages)
      NOT IN (SELECT (listing, marketplace, keyword, pages) FROM watched_keyword);
INSERT INTO keyword
SELECT listing, marketplace, keyword, pages, since, NULL FROM watched_keyword
WHERE (listing, marketplace, keyword, pages)
      NOT IN (SELECT (listing, marketplace, keyword, pages) FROM keyword WHERE valid_to IS NULL);

-- Lists that a run does not know (NULL: those of categories that no page has named yet) stay as they were.
CREATE OR REPLACE TEMP TABLE listed AS
SELECT since, l.name AS listing, l.marketplace AS marketplace, unnest(l.lists) AS path FROM watched;

UPDATE watched_list SET valid_to = (SELECT max(since) FROM watched)
WHERE valid_to IS NULL AND EXISTS (FROM watched)
  AND (listing, marketplace, path) NOT IN (SELECT (listing, marketplace, path) FROM listed)
  AND (listing, marketplace) NOT IN (SELECT (l.name, l.marketplace) FROM watched WHERE l.lists IS NULL);
INSERT INTO watched_list
SELECT listing, marketplace, path, since, NULL FROM listed
WHERE (listing, marketplace, path) NOT IN (SELECT (listing, marketplace, path) FROM watched_list WHERE valid_to IS NULL);

CREATE OR REPLACE TEMP TABLE watched_expected AS
SELECT since, l.name AS listing, l.marketplace AS marketplace, l.expected AS expected
FROM watched WHERE l.expected IS NOT NULL;

UPDATE expectation SET valid_to = (SELECT max(since) FROM watched)
WHERE valid_to IS NULL AND EXISTS (FROM watched)
  AND (listing, marketplace, expected) NOT IN (SELECT (listing, marketplace, expected) FROM watched_expected);
INSERT INTO expectation
SELECT listing, marketplace, expected, since, NULL FROM watched_expected
WHERE (listing, marketplace, expected)
      NOT IN (SELECT (listing, marketplace, expected) FROM expectation WHERE valid_to IS NULL);
