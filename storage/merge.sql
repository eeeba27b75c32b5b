-- Merges one sealed spool segment (JSON lines, see spool.py) into the tables, inside the caller's
-- transaction. $segment is its path. Idempotent: a fetch, run or finish that is there already is
-- left alone, so a segment merged twice, or merged and not yet removed when the power went, adds
-- nothing the second time.

CREATE OR REPLACE TEMP TABLE incoming AS
SELECT *
FROM read_json(
    $segment,
    format = 'newline_delimited',
    maximum_object_size = 268435456,
    columns = {
        run: 'STRUCT(run_id VARCHAR, started_at TIMESTAMPTZ, trigger VARCHAR, planned INTEGER,
              listings STRUCT("name" VARCHAR, marketplace VARCHAR, asin VARCHAR, time_zone VARCHAR,
                              rivals VARCHAR[], keywords STRUCT(keyword VARCHAR, pages INTEGER)[])[])',
        finish: 'STRUCT(run_id VARCHAR, finished_at TIMESTAMPTZ)',
        fetched: 'STRUCT(fetch_id VARCHAR, run_id VARCHAR, task VARCHAR, kind VARCHAR, marketplace VARCHAR,
                asin VARCHAR, keyword VARCHAR, page INTEGER, url VARCHAR, observed_at TIMESTAMPTZ,
                outcome VARCHAR, detail VARCHAR, http_status INTEGER, attempts INTEGER, bytes BIGINT,
                elapsed_ms INTEGER, page_hash VARCHAR, parser_version INTEGER)',
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
                  bsr STRUCT(rank INTEGER, category VARCHAR, category_id VARCHAR)[],
                  reviews STRUCT(review_id VARCHAR, stars DECIMAL(3,2), reviewed_on DATE, country VARCHAR,
                                 verified BOOLEAN, title VARCHAR, body VARCHAR, variant VARCHAR,
                                 missing STRUCT(field VARCHAR, reason VARCHAR, "text" VARCHAR)[])[],
                  missing STRUCT(field VARCHAR, reason VARCHAR, "text" VARCHAR)[])',
        search: 'STRUCT(last_page INTEGER, results INTEGER, results_text VARCHAR, layout VARCHAR,
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
        "offset": 'STRUCT(overall INTEGER, organic INTEGER, sponsored INTEGER)'
    }
);

CREATE OR REPLACE TEMP TABLE fresh AS
SELECT fetched, product, search, coalesce("offset", {'overall': 0, 'organic': 0, 'sponsored': 0}) AS before
FROM incoming
WHERE fetched IS NOT NULL
  AND fetched.fetch_id NOT IN (SELECT fetch_id FROM page_fetch)
QUALIFY row_number() OVER (PARTITION BY fetched.fetch_id) = 1;

-- A run resumed after its page was read (but before that was merged) could read it twice: the first stays.
CREATE OR REPLACE TEMP TABLE observed AS
SELECT *
FROM fresh
WHERE fetched.outcome = 'ok'
  AND (fetched.run_id, fetched.task) NOT IN (SELECT (run_id, task) FROM page_fetch WHERE outcome = 'ok')
QUALIFY row_number() OVER (PARTITION BY fetched.run_id, fetched.task ORDER BY fetched.observed_at) = 1;

INSERT INTO crawl_run (run_id, started_at, finished_at, state, trigger, planned)
SELECT run.run_id, run.started_at, NULL, 'running', run.trigger, run.planned
FROM incoming
WHERE run IS NOT NULL AND run.run_id NOT IN (SELECT run_id FROM crawl_run)
QUALIFY row_number() OVER (PARTITION BY run.run_id ORDER BY run.started_at) = 1;

-- A resumed run starts once more, with the plan of the configuration as it is then.
UPDATE crawl_run SET planned = r.planned
FROM (SELECT run.run_id AS run_id, arg_max(run.planned, run.started_at) AS planned FROM incoming WHERE run IS NOT NULL GROUP BY ALL) AS r
WHERE crawl_run.run_id = r.run_id AND crawl_run.planned <> r.planned;

INSERT INTO product_observation BY NAME
SELECT fetched.run_id, fetched.fetch_id, fetched.marketplace, product.asin, fetched.observed_at,
       product.title, product.brand, product.price, product.list_price, product.currency,
       product.coupon_percent, product.coupon_amount, product.deal, product.is_deal,
       product.availability, product.in_stock, product.stock_left, product.seller, product.seller_id,
       product.rating, product.review_count, product.bought_past_month_min,
       product.layout, product.parent_asin, product.variation, product.variation_count, product.unit_price,
       product.unit, product.subscribe_price, product.subscribe_percent, product.used_price, product.renewed_price,
       product.prime_price, product.deal_ends, product.ships_from, product.offer_count, product.offer_from,
       product.rating_percents, product.bought_past_month, product.badges, product.bullets, product.image_count,
       product.main_image, product.has_a_plus, product.has_video, product.first_available, product.delivery_location
FROM observed
WHERE product IS NOT NULL;

INSERT INTO bsr_observation BY NAME
SELECT fetched.run_id, fetched.fetch_id, fetched.marketplace, product.asin, fetched.observed_at,
       line::INTEGER AS line, product.bsr[line].rank AS rank, product.bsr[line].category AS category,
       product.bsr[line].category_id AS category_id
FROM (SELECT *, unnest(range(1, len(product.bsr) + 1)) AS line FROM observed WHERE product IS NOT NULL);

INSERT INTO search_placement BY NAME
SELECT fetched.run_id, fetched.fetch_id, fetched.marketplace, fetched.keyword, fetched.observed_at, fetched.page,
       p.position, p.asin, p.sponsored,
       before.overall + p.position AS overall_position,
       before.organic + p.organic_position AS organic_position,
       before.sponsored + p.sponsored_position AS sponsored_position,
       p.title, p.price, p.currency, p.price_text, p.rating, p.rating_text, p.review_count,
       p.list_price, p.coupon, p.bought_past_month_min, p.badges
FROM (SELECT fetched, before, unnest(search.placements) AS p FROM observed WHERE search IS NOT NULL);

INSERT INTO search_page BY NAME
SELECT fetched.run_id, fetched.fetch_id, fetched.marketplace, fetched.keyword, fetched.observed_at, fetched.page,
       search.last_page, search.results, search.results_text, search.layout
FROM observed
WHERE search IS NOT NULL;

INSERT INTO search_widget BY NAME
SELECT fetched.run_id, fetched.fetch_id, fetched.marketplace, fetched.keyword, fetched.observed_at, fetched.page,
       w.widget, w.kind, w.heading, w.sponsored, w.after_position, w.place, w.asin, w.title, w.price, w.currency,
       w.rating, w.review_count
FROM (SELECT fetched, unnest(search.widgets) AS w FROM observed WHERE search IS NOT NULL);

-- A review is kept once, and again whenever it has changed: as last seen, not as ever seen.
INSERT INTO review_seen BY NAME
SELECT fetched.run_id, fetched.fetch_id, fetched.marketplace, product.asin, fetched.observed_at,
       r.review_id, r.stars, r.reviewed_on, r.country, r.verified, r.title, r.body, r.variant
FROM (SELECT fetched, product, unnest(product.reviews) AS r FROM observed WHERE product IS NOT NULL)
WHERE NOT EXISTS (
    FROM (FROM review_seen QUALIFY row_number() OVER (PARTITION BY marketplace, asin, review_id
                                                      ORDER BY observed_at DESC) = 1) AS s
    WHERE s.marketplace = fetched.marketplace AND s.asin = product.asin AND s.review_id = r.review_id
      AND (s.stars, s.title, s.body) IS NOT DISTINCT FROM (r.stars, r.title, r.body)
)
QUALIFY row_number() OVER (PARTITION BY fetched.marketplace, product.asin, r.review_id, r.stars, r.title, r.body
                           ORDER BY fetched.observed_at) = 1;

INSERT INTO missing_value BY NAME
SELECT fetched.run_id, fetched.fetch_id, fetched.marketplace, product.asin, fetched.observed_at,
       NULL::INTEGER AS position, m.field, m.reason, m.text
FROM (SELECT fetched, product, unnest(product.missing) AS m FROM observed WHERE product IS NOT NULL)
UNION ALL BY NAME
SELECT fetched.run_id, fetched.fetch_id, fetched.marketplace, NULL AS asin, fetched.observed_at,
       NULL::INTEGER AS position, m.field, m.reason, m.text
FROM (SELECT fetched, unnest(search.missing) AS m FROM observed WHERE search IS NOT NULL)
UNION ALL BY NAME
SELECT fetched.run_id, fetched.fetch_id, fetched.marketplace, p.asin, fetched.observed_at,
       p.position, m.field, m.reason, m.text
FROM (
    SELECT fetched, p, unnest(p.missing) AS m
    FROM (SELECT fetched, unnest(search.placements) AS p FROM observed WHERE search IS NOT NULL)
)
UNION ALL BY NAME
SELECT fetched.run_id, fetched.fetch_id, fetched.marketplace, asin, fetched.observed_at, "position",
       'review.' || m.field AS field, m.reason, m.text
FROM (
    SELECT fetched, product.asin AS asin, i::INTEGER AS "position", unnest(product.reviews[i].missing) AS m
    FROM (SELECT *, unnest(range(1, len(product.reviews) + 1)) AS i FROM observed WHERE product IS NOT NULL)
)
UNION ALL BY NAME
SELECT fetched.run_id, fetched.fetch_id, fetched.marketplace, w.asin, fetched.observed_at, w.widget AS "position",
       'widget.' || m.field AS field, m.reason, m.text
FROM (
    SELECT fetched, w, unnest(w.missing) AS m
    FROM (SELECT fetched, unnest(search.widgets) AS w FROM observed WHERE search IS NOT NULL)
);

INSERT INTO page_fetch BY NAME
SELECT unnest(fetched) FROM fresh;

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

UPDATE crawl_run SET finished_at = f.finished_at, state = 'complete'
FROM (SELECT finish.run_id AS run_id, max(finish.finished_at) AS finished_at FROM incoming WHERE finish IS NOT NULL GROUP BY ALL) AS f
WHERE crawl_run.run_id = f.run_id AND crawl_run.state = 'running';

DROP TABLE incoming;
DROP TABLE fresh;
DROP TABLE observed;
DROP TABLE watched;
DROP TABLE watched_rival;
DROP TABLE watched_keyword;
