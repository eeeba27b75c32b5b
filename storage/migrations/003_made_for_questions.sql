-- Facts move to the schema "stored", made small: what hardly ever changes from one crawl to the next (titles, bullets,
-- sets of missing fields) is kept once and pointed to. The tables people know become views of the same names and
-- columns (see storage/views). What a later reading of a page replaces goes to "superseded". Fetches get numbers.

CREATE SCHEMA stored;
CREATE SCHEMA superseded;

-- Fetches: numbered in the order they were taken in. A fetch is known by its run, task and instant.

CREATE TEMP TABLE numbered AS
SELECT fetch_id AS old_id, (row_number() OVER (ORDER BY observed_at, fetch_id))::BIGINT AS fetch_id FROM page_fetch;

ALTER TABLE page_fetch RENAME TO page_fetch_before;
CREATE TABLE page_fetch (
    fetch_id       BIGINT NOT NULL,
    run_id         VARCHAR NOT NULL,
    task           VARCHAR NOT NULL,
    kind           VARCHAR NOT NULL,
    marketplace    VARCHAR NOT NULL,
    asin           VARCHAR,
    keyword        VARCHAR,
    page           INTEGER,
    url            VARCHAR NOT NULL,
    observed_at    TIMESTAMPTZ NOT NULL,
    outcome        VARCHAR NOT NULL,
    detail         VARCHAR,
    http_status    INTEGER,
    attempts       INTEGER NOT NULL,
    bytes          BIGINT,
    elapsed_ms     INTEGER,
    page_hash      VARCHAR,
    parser_version INTEGER NOT NULL,
    read_at        TIMESTAMPTZ NOT NULL
);
INSERT INTO page_fetch BY NAME
SELECT n.fetch_id, b.* EXCLUDE (fetch_id), b.observed_at AS read_at
FROM page_fetch_before b JOIN numbered n ON n.old_id = b.fetch_id
ORDER BY n.fetch_id;
DROP TABLE page_fetch_before;

ALTER TABLE bsr_observation RENAME TO bsr_observation_before;
CREATE TABLE bsr_observation (
    run_id      VARCHAR NOT NULL,
    fetch_id    BIGINT NOT NULL,
    marketplace VARCHAR NOT NULL,
    asin        VARCHAR NOT NULL,
    observed_at TIMESTAMPTZ NOT NULL,
    line        INTEGER NOT NULL,
    rank        INTEGER NOT NULL,
    category    VARCHAR NOT NULL,
    category_id VARCHAR
);
INSERT INTO bsr_observation BY NAME
SELECT n.fetch_id, b.* EXCLUDE (fetch_id)
FROM bsr_observation_before b JOIN numbered n ON n.old_id = b.fetch_id
ORDER BY n.fetch_id, line;
DROP TABLE bsr_observation_before;

-- What facts point to.

CREATE TABLE stored.content (
    content_id      INTEGER NOT NULL,
    content_key     VARCHAR NOT NULL,
    title           VARCHAR,
    brand           VARCHAR,
    parent_asin     VARCHAR,
    variation       MAP(VARCHAR, VARCHAR),
    variation_count INTEGER,
    badges          STRUCT(kind VARCHAR, "text" VARCHAR)[],
    bullets         VARCHAR[],
    image_count     INTEGER,
    main_image      VARCHAR,
    has_a_plus      BOOLEAN,
    has_video       BOOLEAN,
    first_available DATE
);

CREATE TABLE stored.title (
    title_id INTEGER NOT NULL,
    title    VARCHAR NOT NULL
);

CREATE TABLE stored.lack (
    lack_id  INTEGER NOT NULL,
    lack_key VARCHAR NOT NULL,
    lacks    STRUCT(field VARCHAR, reason VARCHAR, "text" VARCHAR)[] NOT NULL,
    unknown  VARCHAR[] NOT NULL
);

-- The facts.

CREATE TABLE stored.product (
    run_id                VARCHAR NOT NULL,
    fetch_id              BIGINT NOT NULL,
    marketplace           VARCHAR NOT NULL,
    asin                  VARCHAR NOT NULL,
    observed_at           TIMESTAMPTZ NOT NULL,
    day                   DATE NOT NULL,
    content_id            INTEGER NOT NULL,
    lack_id               INTEGER,
    price                 DECIMAL(18, 2),
    list_price            DECIMAL(18, 2),
    currency              VARCHAR,
    coupon_percent        DECIMAL(5, 2),
    coupon_amount         DECIMAL(18, 2),
    deal                  VARCHAR,
    is_deal               BOOLEAN,
    deal_ends             VARCHAR,
    availability          VARCHAR,
    in_stock              BOOLEAN,
    stock_left            INTEGER,
    seller                VARCHAR,
    seller_id             VARCHAR,
    ships_from            VARCHAR,
    offer_count           INTEGER,
    offer_from            DECIMAL(18, 2),
    rating                DECIMAL(3, 2),
    review_count          INTEGER,
    rating_percents       INTEGER[],
    bought_past_month     VARCHAR,
    bought_past_month_min INTEGER,
    unit_price            DECIMAL(18, 2),
    unit                  VARCHAR,
    subscribe_price       DECIMAL(18, 2),
    subscribe_percent     DECIMAL(5, 2),
    used_price            DECIMAL(18, 2),
    renewed_price         DECIMAL(18, 2),
    prime_price           DECIMAL(18, 2),
    layout                VARCHAR,
    delivery_location     VARCHAR
);

CREATE TABLE stored.placement (
    run_id                VARCHAR NOT NULL,
    fetch_id              BIGINT NOT NULL,
    marketplace           VARCHAR NOT NULL,
    keyword               VARCHAR NOT NULL,
    observed_at           TIMESTAMPTZ NOT NULL,
    day                   DATE NOT NULL,
    page                  INTEGER NOT NULL,
    position              INTEGER NOT NULL,
    asin                  VARCHAR NOT NULL,
    sponsored             BOOLEAN,
    overall_position      INTEGER,
    organic_position      INTEGER,
    sponsored_position    INTEGER,
    title_id              INTEGER,
    price                 DECIMAL(18, 2),
    list_price            DECIMAL(18, 2),
    currency              VARCHAR,
    price_text            VARCHAR,
    coupon                VARCHAR,
    rating                DECIMAL(3, 2),
    rating_text           VARCHAR,
    review_count          INTEGER,
    bought_past_month_min INTEGER,
    badges                STRUCT(kind VARCHAR, "text" VARCHAR)[],
    lack_id               INTEGER
);

CREATE TABLE stored.widget (
    run_id         VARCHAR NOT NULL,
    fetch_id       BIGINT NOT NULL,
    marketplace    VARCHAR NOT NULL,
    keyword        VARCHAR NOT NULL,
    observed_at    TIMESTAMPTZ NOT NULL,
    page           INTEGER NOT NULL,
    widget         INTEGER NOT NULL,
    kind           VARCHAR NOT NULL,
    heading        VARCHAR,
    sponsored      BOOLEAN,
    after_position INTEGER NOT NULL,
    place          INTEGER NOT NULL,
    asin           VARCHAR NOT NULL,
    title_id       INTEGER,
    price          DECIMAL(18, 2),
    currency       VARCHAR,
    rating         DECIMAL(3, 2),
    review_count   INTEGER,
    lack_id        INTEGER
);

CREATE TABLE stored.results_page (
    run_id       VARCHAR NOT NULL,
    fetch_id     BIGINT NOT NULL,
    marketplace  VARCHAR NOT NULL,
    keyword      VARCHAR NOT NULL,
    observed_at  TIMESTAMPTZ NOT NULL,
    day          DATE NOT NULL,
    page         INTEGER NOT NULL,
    last_page    INTEGER,
    results      INTEGER,
    results_text VARCHAR,
    layout       VARCHAR,
    lack_id      INTEGER
);

CREATE TABLE stored.review (
    run_id      VARCHAR NOT NULL,
    fetch_id    BIGINT NOT NULL,
    marketplace VARCHAR NOT NULL,
    asin        VARCHAR NOT NULL,
    observed_at TIMESTAMPTZ NOT NULL,
    review_id   VARCHAR NOT NULL,
    place       INTEGER,
    stars       DECIMAL(3, 2),
    reviewed_on DATE,
    country     VARCHAR,
    verified    BOOLEAN NOT NULL,
    title       VARCHAR,
    body        VARCHAR,
    variant     VARCHAR,
    lack_id     INTEGER
);

CREATE TABLE stored.list_place (
    run_id       VARCHAR NOT NULL,
    fetch_id     BIGINT NOT NULL,
    marketplace  VARCHAR NOT NULL,
    observed_at  TIMESTAMPTZ NOT NULL,
    ranking      VARCHAR NOT NULL,
    category     VARCHAR,
    category_id  VARCHAR,
    page         INTEGER,
    rank         INTEGER NOT NULL,
    asin         VARCHAR NOT NULL,
    title_id     INTEGER,
    price        DECIMAL(18, 2),
    currency     VARCHAR,
    rating       DECIMAL(3, 2),
    review_count INTEGER,
    lack_id      INTEGER
);

CREATE TABLE stored.offer (
    run_id         VARCHAR NOT NULL,
    fetch_id       BIGINT NOT NULL,
    marketplace    VARCHAR NOT NULL,
    asin           VARCHAR NOT NULL,
    observed_at    TIMESTAMPTZ NOT NULL,
    position       INTEGER NOT NULL,
    pinned         BOOLEAN NOT NULL,
    condition      VARCHAR,
    condition_text VARCHAR,
    price          DECIMAL(18, 2),
    currency       VARCHAR,
    delivery       DECIMAL(18, 2),
    seller         VARCHAR,
    seller_id      VARCHAR,
    ships_from     VARCHAR,
    lack_id        INTEGER
);

-- Follows from the facts, and is made anew for a product whenever its past changes (see merge/4_changes.sql).
CREATE TABLE stored.change (
    marketplace  VARCHAR NOT NULL,
    asin         VARCHAR NOT NULL,
    field        VARCHAR NOT NULL,
    observed_at  TIMESTAMPTZ NOT NULL,
    fetch_id     BIGINT NOT NULL,
    before       VARCHAR,
    after        VARCHAR,
    before_since TIMESTAMPTZ,
    currency     VARCHAR
);

CREATE TABLE stored.flag (
    listing      VARCHAR NOT NULL,
    marketplace  VARCHAR NOT NULL,
    asin         VARCHAR NOT NULL,
    own          BOOLEAN NOT NULL,
    day          DATE NOT NULL,
    kind         VARCHAR NOT NULL,
    severity     VARCHAR NOT NULL,
    keyword      VARCHAR,
    before_at    TIMESTAMPTZ,
    observed_at  TIMESTAMPTZ NOT NULL,
    before       VARCHAR,
    after        VARCHAR,
    magnitude    DOUBLE,
    sentence     VARCHAR NOT NULL,
    before_fetch BIGINT,
    after_fetch  BIGINT,
    sql          VARCHAR NOT NULL,
    raised_at    TIMESTAMPTZ NOT NULL
);

-- Fingerprints of what is derived (the views, the rule of changes), so that it is renewed when its text has changed.
CREATE TABLE stored.definition (
    name        VARCHAR NOT NULL,
    fingerprint VARCHAR NOT NULL
);

-- Pages read again and found to say the same, so that a re-reading can go on where it was stopped.
CREATE TABLE stored.reread (
    fetch_id       BIGINT NOT NULL,
    parser_version INTEGER NOT NULL,
    reread_at      TIMESTAMPTZ NOT NULL
);

-- The rows of before, in their new places. Only why a field of a review is missing cannot be told any more: schema 2 named
-- the review by its place on the page, which it did not keep.

CREATE TEMP TABLE lacking AS
SELECT n.fetch_id,
       CASE WHEN starts_with(m.field, 'widget.') THEN 'widget' WHEN m.position IS NOT NULL THEN 'placement'
            ELSE 'page' END AS part,
       coalesce(m.position, 0) AS position, CASE WHEN starts_with(m.field, 'widget.') THEN m.asin END AS asin,
       list_sort(list({'field': regexp_replace(m.field, '^widget\.', ''), 'reason': m.reason, 'text': m.text})) AS lacks
FROM missing_value m JOIN numbered n ON n.old_id = m.fetch_id
WHERE NOT starts_with(m.field, 'review.')
GROUP BY ALL;

INSERT INTO stored.lack
SELECT row_number() OVER (ORDER BY lacks), md5(to_json(lacks)::VARCHAR), lacks,
       [l.field FOR l IN lacks IF l.reason NOT IN ('absent_on_page', 'not_applicable')]
FROM (SELECT DISTINCT lacks FROM lacking);

CREATE TEMP TABLE lacked AS
SELECT fetch_id, part, position, asin, lack_id FROM lacking JOIN stored.lack USING (lacks);

CREATE TEMP TABLE described AS
SELECT n.fetch_id, o.* EXCLUDE (fetch_id),
       md5(to_json({'title': title, 'brand': brand, 'parent_asin': parent_asin, 'variation': variation,
                    'variation_count': variation_count, 'badges': badges, 'bullets': bullets,
                    'image_count': image_count, 'main_image': main_image, 'has_a_plus': has_a_plus,
                    'has_video': has_video, 'first_available': first_available})::VARCHAR) AS content_key
FROM product_observation o JOIN numbered n ON n.old_id = o.fetch_id;

INSERT INTO stored.content BY NAME
SELECT row_number() OVER (ORDER BY min(fetch_id)) AS content_id, content_key,
       first(title) AS title, first(brand) AS brand,
       first(parent_asin) AS parent_asin, first(variation) AS variation,
       first(variation_count) AS variation_count, first(badges) AS badges,
       first(bullets) AS bullets, first(image_count) AS image_count,
       first(main_image) AS main_image, first(has_a_plus) AS has_a_plus,
       first(has_video) AS has_video,
       first(first_available) AS first_available
FROM described GROUP BY content_key;

CREATE TEMP TABLE zone_of AS
SELECT marketplace, asin, arg_min(time_zone, valid_from) AS time_zone
FROM (
    SELECT marketplace, asin, time_zone, valid_from FROM listing WHERE valid_to IS NULL
    UNION ALL
    SELECT r.marketplace, r.asin, l.time_zone, r.valid_from
    FROM rival r JOIN listing l USING (listing, marketplace) WHERE r.valid_to IS NULL AND l.valid_to IS NULL
)
GROUP BY ALL;

INSERT INTO stored.product BY NAME
SELECT d.* EXCLUDE (content_key, title, brand, parent_asin, variation, variation_count, badges, bullets, image_count,
                    main_image, has_a_plus, has_video, first_available),
       timezone(coalesce(z.time_zone, m.time_zone, 'UTC'), d.observed_at)::DATE AS day, c.content_id, l.lack_id
FROM described d
JOIN stored.content c USING (content_key)
LEFT JOIN lacked l ON l.fetch_id = d.fetch_id AND l.part = 'page'
LEFT JOIN zone_of z ON z.marketplace = d.marketplace AND z.asin = d.asin
LEFT JOIN marketplace m ON m.marketplace = d.marketplace
ORDER BY d.fetch_id;

INSERT INTO stored.title
SELECT row_number() OVER (ORDER BY title), title
FROM (SELECT title FROM search_placement UNION SELECT title FROM search_widget) WHERE title IS NOT NULL;

-- Databases of schema 1 have results pages without a row of their own: their fetches make it.
INSERT INTO stored.results_page BY NAME
SELECT f.run_id, f.fetch_id, f.marketplace, f.keyword, f.observed_at,
       timezone(coalesce((SELECT arg_min(k.time_zone, k.valid_from) FROM (
           SELECT l.time_zone, k.valid_from, k.keyword, k.marketplace FROM keyword k JOIN listing l USING (listing, marketplace)
           WHERE k.valid_to IS NULL AND l.valid_to IS NULL) k
           WHERE k.keyword = f.keyword AND k.marketplace = f.marketplace), m.time_zone, 'UTC'),
                min(f.observed_at) OVER (PARTITION BY f.run_id, f.marketplace, f.keyword))::DATE AS day,
       f.page, p.last_page, p.results, p.results_text, p.layout, l.lack_id
FROM page_fetch f
JOIN numbered n USING (fetch_id)
LEFT JOIN search_page p ON p.fetch_id = n.old_id
LEFT JOIN lacked l ON l.fetch_id = f.fetch_id AND l.part = 'page'
LEFT JOIN marketplace m ON m.marketplace = f.marketplace
WHERE f.kind = 'search' AND f.outcome = 'ok'
ORDER BY f.fetch_id;

INSERT INTO stored.placement BY NAME
SELECT n.fetch_id, p.* EXCLUDE (fetch_id, title), r.day, t.title_id, l.lack_id
FROM search_placement p
JOIN numbered n ON n.old_id = p.fetch_id
JOIN stored.results_page r ON r.fetch_id = n.fetch_id
LEFT JOIN stored.title t USING (title)
LEFT JOIN lacked l ON l.fetch_id = n.fetch_id AND l.part = 'placement' AND l.position = p.position
ORDER BY n.fetch_id, p.position;

INSERT INTO stored.widget BY NAME
SELECT n.fetch_id, w.* EXCLUDE (fetch_id, title), t.title_id, l.lack_id
FROM search_widget w
JOIN numbered n ON n.old_id = w.fetch_id
LEFT JOIN stored.title t USING (title)
LEFT JOIN lacked l ON l.fetch_id = n.fetch_id AND l.part = 'widget' AND l.position = w.widget AND l.asin = w.asin
ORDER BY n.fetch_id, w.widget, w.place;

INSERT INTO stored.review BY NAME
SELECT n.fetch_id, r.* EXCLUDE (fetch_id), NULL::INTEGER AS place, NULL::INTEGER AS lack_id
FROM review_seen r JOIN numbered n ON n.old_id = r.fetch_id
ORDER BY n.fetch_id, r.review_id;

-- What a later reading replaced, in the columns that people know, with the instant of the correction.

CREATE TABLE superseded.page_fetch AS SELECT *, NULL::TIMESTAMPTZ AS superseded_at FROM page_fetch LIMIT 0;
CREATE TABLE superseded.product_observation AS
SELECT * REPLACE (NULL::BIGINT AS fetch_id), NULL::DATE AS day, NULL::INTEGER AS parser_version,
       NULL::TIMESTAMPTZ AS read_at, NULL::TIMESTAMPTZ AS superseded_at
FROM product_observation LIMIT 0;
CREATE TABLE superseded.bsr_observation AS SELECT *, NULL::TIMESTAMPTZ AS superseded_at FROM bsr_observation LIMIT 0;
CREATE TABLE superseded.search_page AS
SELECT * REPLACE (NULL::BIGINT AS fetch_id), NULL::DATE AS day, NULL::TIMESTAMPTZ AS superseded_at FROM search_page LIMIT 0;
CREATE TABLE superseded.search_placement AS
SELECT * REPLACE (NULL::BIGINT AS fetch_id), NULL::DATE AS day, NULL::TIMESTAMPTZ AS superseded_at
FROM search_placement LIMIT 0;
CREATE TABLE superseded.search_widget AS
SELECT * REPLACE (NULL::BIGINT AS fetch_id), NULL::TIMESTAMPTZ AS superseded_at FROM search_widget LIMIT 0;
CREATE TABLE superseded.review_seen AS
SELECT * REPLACE (NULL::BIGINT AS fetch_id), NULL::INTEGER AS place, NULL::TIMESTAMPTZ AS superseded_at
FROM review_seen LIMIT 0;
CREATE TABLE superseded.list_placement AS
SELECT * EXCLUDE (title_id, lack_id), NULL::VARCHAR AS title, NULL::TIMESTAMPTZ AS superseded_at FROM stored.list_place LIMIT 0;
CREATE TABLE superseded.offer AS
SELECT * EXCLUDE (lack_id), NULL::TIMESTAMPTZ AS superseded_at FROM stored.offer LIMIT 0;
CREATE TABLE superseded.missing_value AS
SELECT * REPLACE (NULL::BIGINT AS fetch_id), NULL::TIMESTAMPTZ AS superseded_at FROM missing_value LIMIT 0;

DROP TABLE product_observation;
DROP TABLE search_placement;
DROP TABLE search_widget;
DROP TABLE search_page;
DROP TABLE review_seen;
DROP TABLE missing_value;
DROP TABLE numbered;
DROP TABLE lacking;
DROP TABLE lacked;
DROP TABLE described;
DROP TABLE zone_of;

-- Comments, from which the data dictionary in SQL.md is made.

COMMENT ON TABLE page_fetch IS 'One row per page asked for, with what came of it';
COMMENT ON COLUMN page_fetch.fetch_id IS 'Number of this fetch, in the order taken in; observations point to it';
COMMENT ON COLUMN page_fetch.run_id IS 'Crawl run';
COMMENT ON COLUMN page_fetch.task IS 'What was asked for: product/com/B0… or search/com/2/keyword';
COMMENT ON COLUMN page_fetch.kind IS 'Kind of page asked for: product, search, list, offers';
COMMENT ON COLUMN page_fetch.marketplace IS 'Marketplace asked';
COMMENT ON COLUMN page_fetch.asin IS 'ASIN asked for (product pages)';
COMMENT ON COLUMN page_fetch.keyword IS 'Keyword asked for (search pages)';
COMMENT ON COLUMN page_fetch.page IS 'Results page asked for, from 1 (search pages)';
COMMENT ON COLUMN page_fetch.url IS 'URL asked for';
COMMENT ON COLUMN page_fetch.observed_at IS 'When the answer came (UTC)';
COMMENT ON COLUMN page_fetch.outcome IS 'ok, blocked, not_found, error_page, wrong_page, wrong_product, incomplete, http_error, timeout, network, robots, skipped';
COMMENT ON COLUMN page_fetch.detail IS 'What exactly, when it is not ok';
COMMENT ON COLUMN page_fetch.http_status IS 'HTTP status; NULL when no answer came';
COMMENT ON COLUMN page_fetch.attempts IS 'Requests made for it, retries included';
COMMENT ON COLUMN page_fetch.bytes IS 'Size of the page as decoded';
COMMENT ON COLUMN page_fetch.elapsed_ms IS 'Download time of the last attempt, milliseconds';
COMMENT ON COLUMN page_fetch.page_hash IS 'SHA-256 of the raw page: its address in the archive';
COMMENT ON COLUMN page_fetch.parser_version IS 'Version of the page objects that read it';
COMMENT ON COLUMN page_fetch.read_at IS 'When the page was read: as it came, or later, by a better parser (tracker reparse)';
COMMENT ON TABLE bsr_observation IS 'Best Sellers Rank lines of one product page';
COMMENT ON COLUMN bsr_observation.run_id IS 'Crawl run';
COMMENT ON COLUMN bsr_observation.fetch_id IS 'Fetch it was read from';
COMMENT ON COLUMN bsr_observation.marketplace IS 'Marketplace';
COMMENT ON COLUMN bsr_observation.asin IS 'Product';
COMMENT ON COLUMN bsr_observation.observed_at IS 'When the page came (UTC)';
COMMENT ON COLUMN bsr_observation.line IS 'Place of the line on the page, from 1; 1 is the main category';
COMMENT ON COLUMN bsr_observation.rank IS 'Rank in the category';
COMMENT ON COLUMN bsr_observation.category IS 'Category name as shown';
COMMENT ON COLUMN bsr_observation.category_id IS 'Browse node of its link';
COMMENT ON TABLE stored.product IS 'The rows behind product_observation';
COMMENT ON COLUMN stored.product.run_id IS 'Crawl run';
COMMENT ON COLUMN stored.product.fetch_id IS 'Fetch it was read from';
COMMENT ON COLUMN stored.product.marketplace IS 'Marketplace';
COMMENT ON COLUMN stored.product.asin IS 'Product';
COMMENT ON COLUMN stored.product.observed_at IS 'When the page came (UTC)';
COMMENT ON COLUMN stored.product.day IS 'Local day: of the listing that has watched it for longest, else of the marketplace';
COMMENT ON COLUMN stored.product.content_id IS 'Content it showed, see stored.content';
COMMENT ON COLUMN stored.product.lack_id IS 'Its missing fields, see stored.lack; NULL when none is missing';
COMMENT ON COLUMN stored.product.price IS 'Buy Box price of the new item, main unit of currency; no coupon taken off';
COMMENT ON COLUMN stored.product.list_price IS 'Struck-through list, typical or recommended price';
COMMENT ON COLUMN stored.product.currency IS 'Currency shown, ISO 4217';
COMMENT ON COLUMN stored.product.coupon_percent IS 'Coupon to clip, percent';
COMMENT ON COLUMN stored.product.coupon_amount IS 'Coupon to clip, amount in currency';
COMMENT ON COLUMN stored.product.deal IS 'Text of the deal badge';
COMMENT ON COLUMN stored.product.is_deal IS 'Whether a deal runs';
COMMENT ON COLUMN stored.product.deal_ends IS 'When the deal ends, as shown';
COMMENT ON COLUMN stored.product.availability IS 'Text of the availability line';
COMMENT ON COLUMN stored.product.in_stock IS 'Can be bought now; NULL when the page does not say';
COMMENT ON COLUMN stored.product.stock_left IS 'N of "only N left"';
COMMENT ON COLUMN stored.product.seller IS 'Buy Box seller as shown';
COMMENT ON COLUMN stored.product.seller_id IS 'Buy Box seller id of its link';
COMMENT ON COLUMN stored.product.ships_from IS 'Who ships it, as shown';
COMMENT ON COLUMN stored.product.offer_count IS 'Other offers that the page announces';
COMMENT ON COLUMN stored.product.offer_from IS 'The lowest of these, in currency';
COMMENT ON COLUMN stored.product.rating IS 'Average stars, 1 to 5';
COMMENT ON COLUMN stored.product.review_count IS 'Number of ratings';
COMMENT ON COLUMN stored.product.rating_percents IS 'Percent of the ratings that gave 5, 4, 3, 2 and 1 stars';
COMMENT ON COLUMN stored.product.bought_past_month IS 'Text of "bought in past month"';
COMMENT ON COLUMN stored.product.bought_past_month_min IS 'Lower bound of "bought in past month"';
COMMENT ON COLUMN stored.product.unit_price IS 'Price per unit, in currency';
COMMENT ON COLUMN stored.product.unit IS 'What unit_price is for (Count, 100 ml), as shown';
COMMENT ON COLUMN stored.product.subscribe_price IS 'Price with Subscribe & Save, in currency';
COMMENT ON COLUMN stored.product.subscribe_percent IS 'Percent that Subscribe & Save takes off, as stated';
COMMENT ON COLUMN stored.product.used_price IS 'Price of the used offer shown, in currency';
COMMENT ON COLUMN stored.product.renewed_price IS 'Price of the renewed offer shown, in currency';
COMMENT ON COLUMN stored.product.prime_price IS 'Price for Prime members only, where it differs, in currency';
COMMENT ON COLUMN stored.product.layout IS 'Layout of the page it was read in; NULL before schema 2';
COMMENT ON COLUMN stored.product.delivery_location IS 'Where the page says it delivers to';
COMMENT ON TABLE stored.placement IS 'The rows behind search_placement';
COMMENT ON COLUMN stored.placement.run_id IS 'Crawl run';
COMMENT ON COLUMN stored.placement.fetch_id IS 'Fetch it was read from';
COMMENT ON COLUMN stored.placement.marketplace IS 'Marketplace';
COMMENT ON COLUMN stored.placement.keyword IS 'Keyword searched';
COMMENT ON COLUMN stored.placement.observed_at IS 'When the page came (UTC)';
COMMENT ON COLUMN stored.placement.day IS 'Local day on which the run began with the keyword: of the listing that has watched it for longest, else of the marketplace';
COMMENT ON COLUMN stored.placement.page IS 'Results page, from 1';
COMMENT ON COLUMN stored.placement.position IS 'Place in the grid of its page, ads included, from 1';
COMMENT ON COLUMN stored.placement.asin IS 'Product';
COMMENT ON COLUMN stored.placement.sponsored IS 'Whether it is an ad; NULL when the page contradicts itself';
COMMENT ON COLUMN stored.placement.overall_position IS 'Place over all pages read, ads included';
COMMENT ON COLUMN stored.placement.organic_position IS 'Place among organic results over all pages; NULL for an ad';
COMMENT ON COLUMN stored.placement.sponsored_position IS 'Place among sponsored results over all pages';
COMMENT ON COLUMN stored.placement.title_id IS 'Title it showed, see stored.title';
COMMENT ON COLUMN stored.placement.price IS 'First price not struck through';
COMMENT ON COLUMN stored.placement.list_price IS 'Struck-through price, in currency';
COMMENT ON COLUMN stored.placement.currency IS 'Its currency, ISO 4217';
COMMENT ON COLUMN stored.placement.price_text IS 'The price as it stands on the page';
COMMENT ON COLUMN stored.placement.coupon IS 'Text of the coupon';
COMMENT ON COLUMN stored.placement.rating IS 'Average stars';
COMMENT ON COLUMN stored.placement.rating_text IS 'The rating as it stands on the page';
COMMENT ON COLUMN stored.placement.review_count IS 'Number of ratings, exact';
COMMENT ON COLUMN stored.placement.bought_past_month_min IS 'Lower bound of "bought in past month"';
COMMENT ON COLUMN stored.placement.badges IS 'Badges: best_seller, amazons_choice, deal …, with the category, keyword or words they name';
COMMENT ON COLUMN stored.placement.lack_id IS 'Its missing fields, see stored.lack; NULL when none is missing';
COMMENT ON TABLE stored.widget IS 'The rows behind search_widget';
COMMENT ON COLUMN stored.widget.run_id IS 'Crawl run';
COMMENT ON COLUMN stored.widget.fetch_id IS 'Fetch it was read from';
COMMENT ON COLUMN stored.widget.marketplace IS 'Marketplace';
COMMENT ON COLUMN stored.widget.keyword IS 'Keyword searched';
COMMENT ON COLUMN stored.widget.observed_at IS 'When the page came (UTC)';
COMMENT ON COLUMN stored.widget.page IS 'Results page, from 1';
COMMENT ON COLUMN stored.widget.widget IS 'Number of the block on its page, from 1';
COMMENT ON COLUMN stored.widget.kind IS 'sponsored_brand, video, editorial, highly_rated, carousel';
COMMENT ON COLUMN stored.widget.heading IS 'Its heading, as shown';
COMMENT ON COLUMN stored.widget.sponsored IS 'Whether it is an ad; NULL when the page contradicts itself';
COMMENT ON COLUMN stored.widget.after_position IS 'Place in the grid of the last card before it; 0 above the first';
COMMENT ON COLUMN stored.widget.place IS 'Place in the block, from 1';
COMMENT ON COLUMN stored.widget.asin IS 'Product';
COMMENT ON COLUMN stored.widget.title_id IS 'Title it showed, see stored.title';
COMMENT ON COLUMN stored.widget.price IS 'Price';
COMMENT ON COLUMN stored.widget.currency IS 'Its currency, ISO 4217';
COMMENT ON COLUMN stored.widget.rating IS 'Average stars';
COMMENT ON COLUMN stored.widget.review_count IS 'Number of ratings, exact';
COMMENT ON COLUMN stored.widget.lack_id IS 'Its missing fields, see stored.lack; NULL when none is missing';
COMMENT ON TABLE stored.results_page IS 'The rows behind search_page';
COMMENT ON COLUMN stored.results_page.run_id IS 'Crawl run';
COMMENT ON COLUMN stored.results_page.fetch_id IS 'Fetch it was read from';
COMMENT ON COLUMN stored.results_page.marketplace IS 'Marketplace';
COMMENT ON COLUMN stored.results_page.keyword IS 'Keyword searched';
COMMENT ON COLUMN stored.results_page.observed_at IS 'When the page came (UTC)';
COMMENT ON COLUMN stored.results_page.day IS 'Local day on which the run began with the keyword: of the listing that has watched it for longest, else of the marketplace';
COMMENT ON COLUMN stored.results_page.page IS 'Results page, from 1';
COMMENT ON COLUMN stored.results_page.last_page IS 'Highest page number offered';
COMMENT ON COLUMN stored.results_page.results IS 'How many results the page says there are; the lower bound of "over 10,000"';
COMMENT ON COLUMN stored.results_page.results_text IS 'The line that says so';
COMMENT ON COLUMN stored.results_page.layout IS 'Layout of the page it was read in';
COMMENT ON COLUMN stored.results_page.lack_id IS 'Its missing fields, see stored.lack; NULL when none is missing';
COMMENT ON TABLE stored.review IS 'The rows behind review_seen';
COMMENT ON COLUMN stored.review.run_id IS 'Crawl run';
COMMENT ON COLUMN stored.review.fetch_id IS 'Fetch it was read from';
COMMENT ON COLUMN stored.review.marketplace IS 'Marketplace';
COMMENT ON COLUMN stored.review.asin IS 'Product on whose page it stands (variations share reviews)';
COMMENT ON COLUMN stored.review.observed_at IS 'When the page came (UTC)';
COMMENT ON COLUMN stored.review.review_id IS 'Amazon''s id of the review';
COMMENT ON COLUMN stored.review.place IS 'Its place on the page then, from 1; NULL before schema 3';
COMMENT ON COLUMN stored.review.stars IS 'Stars given, 1 to 5';
COMMENT ON COLUMN stored.review.reviewed_on IS 'Day it was written, as shown';
COMMENT ON COLUMN stored.review.country IS 'Where it was written, as shown';
COMMENT ON COLUMN stored.review.verified IS 'Whether it is marked as a verified purchase';
COMMENT ON COLUMN stored.review.title IS 'Headline';
COMMENT ON COLUMN stored.review.body IS 'Text';
COMMENT ON COLUMN stored.review.variant IS 'Variation bought, as shown';
COMMENT ON COLUMN stored.review.lack_id IS 'Its missing fields, see stored.lack; NULL when none is missing';
COMMENT ON TABLE stored.list_place IS 'The rows behind list_placement';
COMMENT ON COLUMN stored.list_place.run_id IS 'Crawl run';
COMMENT ON COLUMN stored.list_place.fetch_id IS 'Fetch it was read from';
COMMENT ON COLUMN stored.list_place.marketplace IS 'Marketplace';
COMMENT ON COLUMN stored.list_place.observed_at IS 'When the page came (UTC)';
COMMENT ON COLUMN stored.list_place.ranking IS 'Which list: best_sellers, new_releases, movers_and_shakers, most_wished_for, most_gifted';
COMMENT ON COLUMN stored.list_place.category IS 'Category of the list, as shown';
COMMENT ON COLUMN stored.list_place.category_id IS 'Its browse node; a whole department has none';
COMMENT ON COLUMN stored.list_place.page IS 'Page of the list, from 1';
COMMENT ON COLUMN stored.list_place.rank IS 'Rank in the list';
COMMENT ON COLUMN stored.list_place.asin IS 'Product';
COMMENT ON COLUMN stored.list_place.title_id IS 'Title it showed, see stored.title';
COMMENT ON COLUMN stored.list_place.price IS 'Price; NULL for a range';
COMMENT ON COLUMN stored.list_place.currency IS 'Its currency, ISO 4217';
COMMENT ON COLUMN stored.list_place.rating IS 'Average stars';
COMMENT ON COLUMN stored.list_place.review_count IS 'Number of ratings, exact';
COMMENT ON COLUMN stored.list_place.lack_id IS 'Its missing fields, see stored.lack; NULL when none is missing';
COMMENT ON TABLE stored.offer IS 'The rows behind offer';
COMMENT ON COLUMN stored.offer.run_id IS 'Crawl run';
COMMENT ON COLUMN stored.offer.fetch_id IS 'Fetch it was read from';
COMMENT ON COLUMN stored.offer.marketplace IS 'Marketplace';
COMMENT ON COLUMN stored.offer.asin IS 'Product';
COMMENT ON COLUMN stored.offer.observed_at IS 'When the page came (UTC)';
COMMENT ON COLUMN stored.offer.position IS 'Place in the list of offers, from 1';
COMMENT ON COLUMN stored.offer.pinned IS 'Whether it is the Buy Box offer, shown above the others';
COMMENT ON COLUMN stored.offer.condition IS 'new, used, renewed, collectible, rental';
COMMENT ON COLUMN stored.offer.condition_text IS 'Condition as shown';
COMMENT ON COLUMN stored.offer.price IS 'Price';
COMMENT ON COLUMN stored.offer.currency IS 'Its currency, ISO 4217';
COMMENT ON COLUMN stored.offer.delivery IS 'Price of the delivery, in currency; 0 where the page says that it is free';
COMMENT ON COLUMN stored.offer.seller IS 'Seller as shown';
COMMENT ON COLUMN stored.offer.seller_id IS 'Seller id of its link';
COMMENT ON COLUMN stored.offer.ships_from IS 'Who ships it, as shown';
COMMENT ON COLUMN stored.offer.lack_id IS 'Its missing fields, see stored.lack; NULL when none is missing';
COMMENT ON TABLE stored.content IS 'What hardly ever changes on a product page, each content once';
COMMENT ON COLUMN stored.content.content_id IS 'Number of the content';
COMMENT ON COLUMN stored.content.content_key IS 'MD5 of its JSON, by which it is found again';
COMMENT ON COLUMN stored.content.title IS 'Title';
COMMENT ON COLUMN stored.content.brand IS 'Brand';
COMMENT ON COLUMN stored.content.parent_asin IS 'Parent of its variation family';
COMMENT ON COLUMN stored.content.variation IS 'Variation shown: selected value by dimension, as on the page';
COMMENT ON COLUMN stored.content.variation_count IS 'Child ASINs of the family, this one included';
COMMENT ON COLUMN stored.content.badges IS 'Badges: best_seller, amazons_choice, new_release, climate_pledge, small_business, with the category or keyword they name; empty when the page shows none';
COMMENT ON COLUMN stored.content.bullets IS 'Bullets about the item; empty when the page shows none';
COMMENT ON COLUMN stored.content.image_count IS 'Images of the gallery, without videos';
COMMENT ON COLUMN stored.content.main_image IS 'Id of the main image';
COMMENT ON COLUMN stored.content.has_a_plus IS 'Whether the page shows A+ content';
COMMENT ON COLUMN stored.content.has_video IS 'Whether the page shows a video of the product';
COMMENT ON COLUMN stored.content.first_available IS 'Date first available';
COMMENT ON TABLE stored.title IS 'Titles on results pages and ranked lists, each once';
COMMENT ON COLUMN stored.title.title_id IS 'Number of the title';
COMMENT ON COLUMN stored.title.title IS 'Title as shown';
COMMENT ON TABLE stored.lack IS 'Sets of missing fields, each once';
COMMENT ON COLUMN stored.lack.lack_id IS 'Number of the set';
COMMENT ON COLUMN stored.lack.lack_key IS 'MD5 of its JSON, by which it is found again';
COMMENT ON COLUMN stored.lack.lacks IS 'The missing fields with reason and text';
COMMENT ON COLUMN stored.lack.unknown IS 'Those of them that could not be read: for the others the page shows that there is none';
COMMENT ON TABLE stored.change IS 'Every change of a value of a product, and its first value, told from the observations';
COMMENT ON COLUMN stored.change.marketplace IS 'Marketplace';
COMMENT ON COLUMN stored.change.asin IS 'Product';
COMMENT ON COLUMN stored.change.field IS 'Column of product_observation, or category (of the main rank line)';
COMMENT ON COLUMN stored.change.observed_at IS 'First observation of the new value (UTC)';
COMMENT ON COLUMN stored.change.fetch_id IS 'Its fetch';
COMMENT ON COLUMN stored.change.before IS 'Value before; NULL when the page showed none';
COMMENT ON COLUMN stored.change.after IS 'Value after; NULL when the page shows none';
COMMENT ON COLUMN stored.change.before_since IS 'When the old value was first seen; NULL for the first value of a field';
COMMENT ON COLUMN stored.change.currency IS 'Currency shown after';
COMMENT ON TABLE stored.flag IS 'Flags raised by reports';
COMMENT ON COLUMN stored.flag.listing IS 'Listing it was raised for';
COMMENT ON COLUMN stored.flag.marketplace IS 'Marketplace';
COMMENT ON COLUMN stored.flag.asin IS 'Product that moved';
COMMENT ON COLUMN stored.flag.own IS 'Whether that is the own product';
COMMENT ON COLUMN stored.flag.day IS 'Local day of the observation that shows the change';
COMMENT ON COLUMN stored.flag.kind IS 'Kind of flag, see reports/FLAGS.md';
COMMENT ON COLUMN stored.flag.severity IS 'low, medium, high';
COMMENT ON COLUMN stored.flag.keyword IS 'Keyword, where it is about one';
COMMENT ON COLUMN stored.flag.before_at IS 'Observation before';
COMMENT ON COLUMN stored.flag.observed_at IS 'Observation that shows the change';
COMMENT ON COLUMN stored.flag.before IS 'Value before';
COMMENT ON COLUMN stored.flag.after IS 'Value after';
COMMENT ON COLUMN stored.flag.magnitude IS 'How much, in the unit of its kind';
COMMENT ON COLUMN stored.flag.sentence IS 'What happened, in words';
COMMENT ON COLUMN stored.flag.before_fetch IS 'Fetch of the observation before';
COMMENT ON COLUMN stored.flag.after_fetch IS 'Fetch of the observation that shows it';
COMMENT ON COLUMN stored.flag.sql IS 'Query that shows its rows';
COMMENT ON COLUMN stored.flag.raised_at IS 'When it was first raised';
COMMENT ON TABLE stored.definition IS 'What is derived from the facts was made by';
COMMENT ON COLUMN stored.definition.name IS 'views, changes';
COMMENT ON COLUMN stored.definition.fingerprint IS 'SHA-256 of their text';
COMMENT ON TABLE stored.reread IS 'Pages read again and found to say the same';
COMMENT ON COLUMN stored.reread.fetch_id IS 'Fetch';
COMMENT ON COLUMN stored.reread.parser_version IS 'Version that read it again';
COMMENT ON COLUMN stored.reread.reread_at IS 'When';
COMMENT ON TABLE superseded.page_fetch IS 'What page_fetch said before the page was read again';
COMMENT ON COLUMN superseded.page_fetch.fetch_id IS 'Number of this fetch, in the order taken in; observations point to it';
COMMENT ON COLUMN superseded.page_fetch.run_id IS 'Crawl run';
COMMENT ON COLUMN superseded.page_fetch.task IS 'What was asked for: product/com/B0… or search/com/2/keyword';
COMMENT ON COLUMN superseded.page_fetch.kind IS 'Kind of page asked for: product, search, list, offers';
COMMENT ON COLUMN superseded.page_fetch.marketplace IS 'Marketplace asked';
COMMENT ON COLUMN superseded.page_fetch.asin IS 'ASIN asked for (product pages)';
COMMENT ON COLUMN superseded.page_fetch.keyword IS 'Keyword asked for (search pages)';
COMMENT ON COLUMN superseded.page_fetch.page IS 'Results page asked for, from 1 (search pages)';
COMMENT ON COLUMN superseded.page_fetch.url IS 'URL asked for';
COMMENT ON COLUMN superseded.page_fetch.observed_at IS 'When the answer came (UTC)';
COMMENT ON COLUMN superseded.page_fetch.outcome IS 'ok, blocked, not_found, error_page, wrong_page, wrong_product, incomplete, http_error, timeout, network, robots, skipped';
COMMENT ON COLUMN superseded.page_fetch.detail IS 'What exactly, when it is not ok';
COMMENT ON COLUMN superseded.page_fetch.http_status IS 'HTTP status; NULL when no answer came';
COMMENT ON COLUMN superseded.page_fetch.attempts IS 'Requests made for it, retries included';
COMMENT ON COLUMN superseded.page_fetch.bytes IS 'Size of the page as decoded';
COMMENT ON COLUMN superseded.page_fetch.elapsed_ms IS 'Download time of the last attempt, milliseconds';
COMMENT ON COLUMN superseded.page_fetch.page_hash IS 'SHA-256 of the raw page: its address in the archive';
COMMENT ON COLUMN superseded.page_fetch.parser_version IS 'Version of the page objects that had read it';
COMMENT ON COLUMN superseded.page_fetch.read_at IS 'When it had been read';
COMMENT ON COLUMN superseded.page_fetch.superseded_at IS 'When it was corrected';
COMMENT ON TABLE superseded.product_observation IS 'What product_observation said before the page was read again';
COMMENT ON COLUMN superseded.product_observation.run_id IS 'Crawl run';
COMMENT ON COLUMN superseded.product_observation.fetch_id IS 'Fetch it was read from';
COMMENT ON COLUMN superseded.product_observation.marketplace IS 'Marketplace';
COMMENT ON COLUMN superseded.product_observation.asin IS 'Product';
COMMENT ON COLUMN superseded.product_observation.observed_at IS 'When the page came (UTC)';
COMMENT ON COLUMN superseded.product_observation.title IS 'Title';
COMMENT ON COLUMN superseded.product_observation.brand IS 'Brand';
COMMENT ON COLUMN superseded.product_observation.price IS 'Buy Box price of the new item, main unit of currency; no coupon taken off';
COMMENT ON COLUMN superseded.product_observation.list_price IS 'Struck-through list, typical or recommended price';
COMMENT ON COLUMN superseded.product_observation.currency IS 'Currency shown, ISO 4217';
COMMENT ON COLUMN superseded.product_observation.coupon_percent IS 'Coupon to clip, percent';
COMMENT ON COLUMN superseded.product_observation.coupon_amount IS 'Coupon to clip, amount in currency';
COMMENT ON COLUMN superseded.product_observation.deal IS 'Text of the deal badge';
COMMENT ON COLUMN superseded.product_observation.is_deal IS 'Whether a deal runs';
COMMENT ON COLUMN superseded.product_observation.availability IS 'Text of the availability line';
COMMENT ON COLUMN superseded.product_observation.in_stock IS 'Can be bought now; NULL when the page does not say';
COMMENT ON COLUMN superseded.product_observation.stock_left IS 'N of "only N left"';
COMMENT ON COLUMN superseded.product_observation.seller IS 'Buy Box seller as shown';
COMMENT ON COLUMN superseded.product_observation.seller_id IS 'Buy Box seller id of its link';
COMMENT ON COLUMN superseded.product_observation.rating IS 'Average stars, 1 to 5';
COMMENT ON COLUMN superseded.product_observation.review_count IS 'Number of ratings';
COMMENT ON COLUMN superseded.product_observation.bought_past_month_min IS 'Lower bound of "bought in past month"';
COMMENT ON COLUMN superseded.product_observation.layout IS 'Layout of the page it was read in; NULL before schema 2';
COMMENT ON COLUMN superseded.product_observation.parent_asin IS 'Parent of its variation family';
COMMENT ON COLUMN superseded.product_observation.variation IS 'Variation shown: selected value by dimension, as on the page';
COMMENT ON COLUMN superseded.product_observation.variation_count IS 'Child ASINs of the family, this one included';
COMMENT ON COLUMN superseded.product_observation.unit_price IS 'Price per unit, in currency';
COMMENT ON COLUMN superseded.product_observation.unit IS 'What unit_price is for (Count, 100 ml), as shown';
COMMENT ON COLUMN superseded.product_observation.subscribe_price IS 'Price with Subscribe & Save, in currency';
COMMENT ON COLUMN superseded.product_observation.subscribe_percent IS 'Percent that Subscribe & Save takes off, as stated';
COMMENT ON COLUMN superseded.product_observation.used_price IS 'Price of the used offer shown, in currency';
COMMENT ON COLUMN superseded.product_observation.renewed_price IS 'Price of the renewed offer shown, in currency';
COMMENT ON COLUMN superseded.product_observation.prime_price IS 'Price for Prime members only, where it differs, in currency';
COMMENT ON COLUMN superseded.product_observation.deal_ends IS 'When the deal ends, as shown';
COMMENT ON COLUMN superseded.product_observation.ships_from IS 'Who ships it, as shown';
COMMENT ON COLUMN superseded.product_observation.offer_count IS 'Other offers that the page announces';
COMMENT ON COLUMN superseded.product_observation.offer_from IS 'The lowest of these, in currency';
COMMENT ON COLUMN superseded.product_observation.rating_percents IS 'Percent of the ratings that gave 5, 4, 3, 2 and 1 stars';
COMMENT ON COLUMN superseded.product_observation.bought_past_month IS 'Text of "bought in past month"';
COMMENT ON COLUMN superseded.product_observation.badges IS 'Badges: best_seller, amazons_choice, new_release, climate_pledge, small_business, with the category or keyword they name; empty when the page shows none';
COMMENT ON COLUMN superseded.product_observation.bullets IS 'Bullets about the item; empty when the page shows none';
COMMENT ON COLUMN superseded.product_observation.image_count IS 'Images of the gallery, without videos';
COMMENT ON COLUMN superseded.product_observation.main_image IS 'Id of the main image';
COMMENT ON COLUMN superseded.product_observation.has_a_plus IS 'Whether the page shows A+ content';
COMMENT ON COLUMN superseded.product_observation.has_video IS 'Whether the page shows a video of the product';
COMMENT ON COLUMN superseded.product_observation.first_available IS 'Date first available';
COMMENT ON COLUMN superseded.product_observation.delivery_location IS 'Where the page says it delivers to';
COMMENT ON COLUMN superseded.product_observation.day IS 'Local day: of the listing that has watched it for longest, else of the marketplace';
COMMENT ON COLUMN superseded.product_observation.parser_version IS 'Version of the page objects that had read it';
COMMENT ON COLUMN superseded.product_observation.read_at IS 'When it had been read';
COMMENT ON COLUMN superseded.product_observation.superseded_at IS 'When it was corrected';
COMMENT ON TABLE superseded.bsr_observation IS 'What bsr_observation said before the page was read again';
COMMENT ON COLUMN superseded.bsr_observation.run_id IS 'Crawl run';
COMMENT ON COLUMN superseded.bsr_observation.fetch_id IS 'Fetch it was read from';
COMMENT ON COLUMN superseded.bsr_observation.marketplace IS 'Marketplace';
COMMENT ON COLUMN superseded.bsr_observation.asin IS 'Product';
COMMENT ON COLUMN superseded.bsr_observation.observed_at IS 'When the page came (UTC)';
COMMENT ON COLUMN superseded.bsr_observation.line IS 'Place of the line on the page, from 1; 1 is the main category';
COMMENT ON COLUMN superseded.bsr_observation.rank IS 'Rank in the category';
COMMENT ON COLUMN superseded.bsr_observation.category IS 'Category name as shown';
COMMENT ON COLUMN superseded.bsr_observation.category_id IS 'Browse node of its link';
COMMENT ON COLUMN superseded.bsr_observation.superseded_at IS 'When it was corrected';
COMMENT ON TABLE superseded.search_page IS 'What search_page said before the page was read again';
COMMENT ON COLUMN superseded.search_page.run_id IS 'Crawl run';
COMMENT ON COLUMN superseded.search_page.fetch_id IS 'Fetch it was read from';
COMMENT ON COLUMN superseded.search_page.marketplace IS 'Marketplace';
COMMENT ON COLUMN superseded.search_page.keyword IS 'Keyword searched';
COMMENT ON COLUMN superseded.search_page.observed_at IS 'When the page came (UTC)';
COMMENT ON COLUMN superseded.search_page.page IS 'Results page, from 1';
COMMENT ON COLUMN superseded.search_page.last_page IS 'Highest page number offered';
COMMENT ON COLUMN superseded.search_page.results IS 'How many results the page says there are; the lower bound of "over 10,000"';
COMMENT ON COLUMN superseded.search_page.results_text IS 'The line that says so';
COMMENT ON COLUMN superseded.search_page.layout IS 'Layout of the page it was read in';
COMMENT ON COLUMN superseded.search_page.day IS 'Local day on which the run began with the keyword: of the listing that has watched it for longest, else of the marketplace';
COMMENT ON COLUMN superseded.search_page.superseded_at IS 'When it was corrected';
COMMENT ON TABLE superseded.search_placement IS 'What search_placement said before the page was read again';
COMMENT ON COLUMN superseded.search_placement.run_id IS 'Crawl run';
COMMENT ON COLUMN superseded.search_placement.fetch_id IS 'Fetch it was read from';
COMMENT ON COLUMN superseded.search_placement.marketplace IS 'Marketplace';
COMMENT ON COLUMN superseded.search_placement.keyword IS 'Keyword searched';
COMMENT ON COLUMN superseded.search_placement.observed_at IS 'When the page came (UTC)';
COMMENT ON COLUMN superseded.search_placement.page IS 'Results page, from 1';
COMMENT ON COLUMN superseded.search_placement.position IS 'Place in the grid of its page, ads included, from 1';
COMMENT ON COLUMN superseded.search_placement.asin IS 'Product';
COMMENT ON COLUMN superseded.search_placement.sponsored IS 'Whether it is an ad; NULL when the page contradicts itself';
COMMENT ON COLUMN superseded.search_placement.overall_position IS 'Place over all pages read, ads included';
COMMENT ON COLUMN superseded.search_placement.organic_position IS 'Place among organic results over all pages; NULL for an ad';
COMMENT ON COLUMN superseded.search_placement.sponsored_position IS 'Place among sponsored results over all pages';
COMMENT ON COLUMN superseded.search_placement.title IS 'Title as shown';
COMMENT ON COLUMN superseded.search_placement.price IS 'First price not struck through';
COMMENT ON COLUMN superseded.search_placement.currency IS 'Its currency, ISO 4217';
COMMENT ON COLUMN superseded.search_placement.price_text IS 'The price as it stands on the page';
COMMENT ON COLUMN superseded.search_placement.rating IS 'Average stars';
COMMENT ON COLUMN superseded.search_placement.rating_text IS 'The rating as it stands on the page';
COMMENT ON COLUMN superseded.search_placement.review_count IS 'Number of ratings, exact';
COMMENT ON COLUMN superseded.search_placement.list_price IS 'Struck-through price, in currency';
COMMENT ON COLUMN superseded.search_placement.coupon IS 'Text of the coupon';
COMMENT ON COLUMN superseded.search_placement.bought_past_month_min IS 'Lower bound of "bought in past month"';
COMMENT ON COLUMN superseded.search_placement.badges IS 'Badges: best_seller, amazons_choice, deal …, with the category, keyword or words they name';
COMMENT ON COLUMN superseded.search_placement.day IS 'Local day on which the run began with the keyword: of the listing that has watched it for longest, else of the marketplace';
COMMENT ON COLUMN superseded.search_placement.superseded_at IS 'When it was corrected';
COMMENT ON TABLE superseded.search_widget IS 'What search_widget said before the page was read again';
COMMENT ON COLUMN superseded.search_widget.run_id IS 'Crawl run';
COMMENT ON COLUMN superseded.search_widget.fetch_id IS 'Fetch it was read from';
COMMENT ON COLUMN superseded.search_widget.marketplace IS 'Marketplace';
COMMENT ON COLUMN superseded.search_widget.keyword IS 'Keyword searched';
COMMENT ON COLUMN superseded.search_widget.observed_at IS 'When the page came (UTC)';
COMMENT ON COLUMN superseded.search_widget.page IS 'Results page, from 1';
COMMENT ON COLUMN superseded.search_widget.widget IS 'Number of the block on its page, from 1';
COMMENT ON COLUMN superseded.search_widget.kind IS 'sponsored_brand, video, editorial, highly_rated, carousel';
COMMENT ON COLUMN superseded.search_widget.heading IS 'Its heading, as shown';
COMMENT ON COLUMN superseded.search_widget.sponsored IS 'Whether it is an ad; NULL when the page contradicts itself';
COMMENT ON COLUMN superseded.search_widget.after_position IS 'Place in the grid of the last card before it; 0 above the first';
COMMENT ON COLUMN superseded.search_widget.place IS 'Place in the block, from 1';
COMMENT ON COLUMN superseded.search_widget.asin IS 'Product';
COMMENT ON COLUMN superseded.search_widget.title IS 'Title as shown';
COMMENT ON COLUMN superseded.search_widget.price IS 'Price';
COMMENT ON COLUMN superseded.search_widget.currency IS 'Its currency, ISO 4217';
COMMENT ON COLUMN superseded.search_widget.rating IS 'Average stars';
COMMENT ON COLUMN superseded.search_widget.review_count IS 'Number of ratings, exact';
COMMENT ON COLUMN superseded.search_widget.superseded_at IS 'When it was corrected';
COMMENT ON TABLE superseded.review_seen IS 'What review_seen said before the page was read again';
COMMENT ON COLUMN superseded.review_seen.run_id IS 'Crawl run';
COMMENT ON COLUMN superseded.review_seen.fetch_id IS 'Fetch it was read from';
COMMENT ON COLUMN superseded.review_seen.marketplace IS 'Marketplace';
COMMENT ON COLUMN superseded.review_seen.asin IS 'Product on whose page it stands (variations share reviews)';
COMMENT ON COLUMN superseded.review_seen.observed_at IS 'When the page came (UTC)';
COMMENT ON COLUMN superseded.review_seen.review_id IS 'Amazon''s id of the review';
COMMENT ON COLUMN superseded.review_seen.stars IS 'Stars given, 1 to 5';
COMMENT ON COLUMN superseded.review_seen.reviewed_on IS 'Day it was written, as shown';
COMMENT ON COLUMN superseded.review_seen.country IS 'Where it was written, as shown';
COMMENT ON COLUMN superseded.review_seen.verified IS 'Whether it is marked as a verified purchase';
COMMENT ON COLUMN superseded.review_seen.title IS 'Headline';
COMMENT ON COLUMN superseded.review_seen.body IS 'Text';
COMMENT ON COLUMN superseded.review_seen.variant IS 'Variation bought, as shown';
COMMENT ON COLUMN superseded.review_seen.place IS 'Its place on the page then, from 1; NULL before schema 3';
COMMENT ON COLUMN superseded.review_seen.superseded_at IS 'When it was corrected';
COMMENT ON TABLE superseded.list_placement IS 'What list_placement said before the page was read again';
COMMENT ON COLUMN superseded.list_placement.run_id IS 'Crawl run';
COMMENT ON COLUMN superseded.list_placement.fetch_id IS 'Fetch it was read from';
COMMENT ON COLUMN superseded.list_placement.marketplace IS 'Marketplace';
COMMENT ON COLUMN superseded.list_placement.observed_at IS 'When the page came (UTC)';
COMMENT ON COLUMN superseded.list_placement.ranking IS 'Which list: best_sellers, new_releases, movers_and_shakers, most_wished_for, most_gifted';
COMMENT ON COLUMN superseded.list_placement.category IS 'Category of the list, as shown';
COMMENT ON COLUMN superseded.list_placement.category_id IS 'Its browse node; a whole department has none';
COMMENT ON COLUMN superseded.list_placement.page IS 'Page of the list, from 1';
COMMENT ON COLUMN superseded.list_placement.rank IS 'Rank in the list';
COMMENT ON COLUMN superseded.list_placement.asin IS 'Product';
COMMENT ON COLUMN superseded.list_placement.price IS 'Price; NULL for a range';
COMMENT ON COLUMN superseded.list_placement.currency IS 'Its currency, ISO 4217';
COMMENT ON COLUMN superseded.list_placement.rating IS 'Average stars';
COMMENT ON COLUMN superseded.list_placement.review_count IS 'Number of ratings, exact';
COMMENT ON COLUMN superseded.list_placement.title IS 'Title as shown';
COMMENT ON COLUMN superseded.list_placement.superseded_at IS 'When it was corrected';
COMMENT ON TABLE superseded.offer IS 'What offer said before the page was read again';
COMMENT ON COLUMN superseded.offer.run_id IS 'Crawl run';
COMMENT ON COLUMN superseded.offer.fetch_id IS 'Fetch it was read from';
COMMENT ON COLUMN superseded.offer.marketplace IS 'Marketplace';
COMMENT ON COLUMN superseded.offer.asin IS 'Product';
COMMENT ON COLUMN superseded.offer.observed_at IS 'When the page came (UTC)';
COMMENT ON COLUMN superseded.offer.position IS 'Place in the list of offers, from 1';
COMMENT ON COLUMN superseded.offer.pinned IS 'Whether it is the Buy Box offer, shown above the others';
COMMENT ON COLUMN superseded.offer.condition IS 'new, used, renewed, collectible, rental';
COMMENT ON COLUMN superseded.offer.condition_text IS 'Condition as shown';
COMMENT ON COLUMN superseded.offer.price IS 'Price';
COMMENT ON COLUMN superseded.offer.currency IS 'Its currency, ISO 4217';
COMMENT ON COLUMN superseded.offer.delivery IS 'Price of the delivery, in currency; 0 where the page says that it is free';
COMMENT ON COLUMN superseded.offer.seller IS 'Seller as shown';
COMMENT ON COLUMN superseded.offer.seller_id IS 'Seller id of its link';
COMMENT ON COLUMN superseded.offer.ships_from IS 'Who ships it, as shown';
COMMENT ON COLUMN superseded.offer.superseded_at IS 'When it was corrected';
COMMENT ON TABLE superseded.missing_value IS 'What missing_value said before the page was read again';
COMMENT ON COLUMN superseded.missing_value.run_id IS 'Crawl run';
COMMENT ON COLUMN superseded.missing_value.fetch_id IS 'Fetch it was read from';
COMMENT ON COLUMN superseded.missing_value.marketplace IS 'Marketplace';
COMMENT ON COLUMN superseded.missing_value.asin IS 'Product, when the field is one of a product or placement';
COMMENT ON COLUMN superseded.missing_value.observed_at IS 'When the page came (UTC)';
COMMENT ON COLUMN superseded.missing_value.position IS 'Placement, block, review, rank or offer on the page, when the field is one of these';
COMMENT ON COLUMN superseded.missing_value.field IS 'Column without a value; of a review, block, ranked list or offer it begins with review. widget. list. offer.';
COMMENT ON COLUMN superseded.missing_value.reason IS 'absent_on_page, unparseable, layout_unknown, not_applicable, ambiguous, not_in_source';
COMMENT ON COLUMN superseded.missing_value.text IS 'The text found, when it was unparseable';
COMMENT ON COLUMN superseded.missing_value.superseded_at IS 'When it was corrected';
COMMENT ON COLUMN crawl_run.trigger IS 'What started it: manual, schedule, demo, import (no crawl: history from elsewhere)';
