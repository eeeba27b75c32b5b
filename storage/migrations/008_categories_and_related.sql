-- Where a product stands among the categories, the products that its page shows beside it, the department of each rank,
-- and the queries that a page of results offers. Of what was read before, none of it is known until it is read again.

ALTER TABLE stored.content ADD COLUMN categories STRUCT("name" VARCHAR, node VARCHAR)[];
ALTER TABLE stored.content ADD COLUMN browse_node VARCHAR;
ALTER TABLE bsr_observation ADD COLUMN department VARCHAR;
ALTER TABLE stored.results_page ADD COLUMN related_searches VARCHAR[];

CREATE TABLE stored.related (
    run_id       VARCHAR NOT NULL,
    fetch_id     BIGINT NOT NULL,
    marketplace  VARCHAR NOT NULL,
    asin         VARCHAR NOT NULL,
    observed_at  TIMESTAMPTZ NOT NULL,
    day          DATE NOT NULL,
    "row"        INTEGER NOT NULL,
    kind         VARCHAR NOT NULL,
    heading      VARCHAR,
    sponsored    BOOLEAN,
    place        INTEGER NOT NULL,
    related_asin VARCHAR NOT NULL,
    title_id     INTEGER,
    price        DECIMAL(18, 2),
    currency     VARCHAR,
    rating       DECIMAL(3, 2),
    review_count INTEGER,
    lack_id      INTEGER,
    elsewhere    VARCHAR
);

ALTER TABLE superseded.product_observation ADD COLUMN categories STRUCT("name" VARCHAR, node VARCHAR)[];
ALTER TABLE superseded.product_observation ADD COLUMN category_path VARCHAR;
ALTER TABLE superseded.product_observation ADD COLUMN browse_node VARCHAR;
ALTER TABLE superseded.bsr_observation ADD COLUMN department VARCHAR;
ALTER TABLE superseded.search_page ADD COLUMN related_searches VARCHAR[];

CREATE TABLE superseded.related_placement (
    run_id        VARCHAR,
    fetch_id      BIGINT,
    marketplace   VARCHAR,
    asin          VARCHAR,
    observed_at   TIMESTAMPTZ,
    day           DATE,
    "row"         INTEGER,
    kind          VARCHAR,
    heading       VARCHAR,
    sponsored     BOOLEAN,
    place         INTEGER,
    related_asin  VARCHAR,
    title         VARCHAR,
    price         DECIMAL(18, 2),
    currency      VARCHAR,
    rating        DECIMAL(3, 2),
    review_count  INTEGER,
    elsewhere     VARCHAR,
    superseded_at TIMESTAMPTZ
);

COMMENT ON COLUMN stored.content.categories IS 'Categories above the product, the department first: name and browse node of each step';
COMMENT ON COLUMN stored.content.browse_node IS 'Browse node of the last of them';
COMMENT ON COLUMN bsr_observation.department IS 'Department in its link (kitchen), as the addresses of its ranked lists have it; NULL when the link names none, or before schema 8';
COMMENT ON COLUMN stored.results_page.related_searches IS 'Queries that the page offers besides, in page order; empty when it offers none';
COMMENT ON TABLE stored.related IS 'The rows behind related_placement';
COMMENT ON COLUMN stored.related.run_id IS 'Crawl run';
COMMENT ON COLUMN stored.related.fetch_id IS 'Fetch it was read from';
COMMENT ON COLUMN stored.related.marketplace IS 'Marketplace';
COMMENT ON COLUMN stored.related.asin IS 'Product on whose page it stands';
COMMENT ON COLUMN stored.related.observed_at IS 'When the page came (UTC)';
COMMENT ON COLUMN stored.related.day IS 'Local day, as in product_observation';
COMMENT ON COLUMN stored.related."row" IS 'Number of the row on its page, from 1';
COMMENT ON COLUMN stored.related.kind IS 'also_viewed, also_bought, bought_together, compared, similar, top_rated, same_brand, sponsored, other';
COMMENT ON COLUMN stored.related.heading IS 'Heading of the row, as shown';
COMMENT ON COLUMN stored.related.sponsored IS 'Whether it is an ad; NULL when the page contradicts itself';
COMMENT ON COLUMN stored.related.place IS 'Place in the row, from 1';
COMMENT ON COLUMN stored.related.related_asin IS 'Product shown';
COMMENT ON COLUMN stored.related.title_id IS 'Title it showed, see stored.title';
COMMENT ON COLUMN stored.related.price IS 'Price';
COMMENT ON COLUMN stored.related.currency IS 'Its currency, ISO 4217';
COMMENT ON COLUMN stored.related.rating IS 'Average stars';
COMMENT ON COLUMN stored.related.review_count IS 'Number of ratings, exact';
COMMENT ON COLUMN stored.related.lack_id IS 'Its missing fields, see stored.lack; NULL when none is missing';
COMMENT ON COLUMN stored.related.elsewhere IS 'As in page_fetch';
COMMENT ON COLUMN superseded.product_observation.categories IS 'Categories above the product, the department first: name and browse node of each step; NULL before schema 8';
COMMENT ON COLUMN superseded.product_observation.category_path IS 'The same as text, "A › B › C"';
COMMENT ON COLUMN superseded.product_observation.browse_node IS 'Browse node of the last of them';
COMMENT ON COLUMN superseded.bsr_observation.department IS 'Department in its link';
COMMENT ON COLUMN superseded.search_page.related_searches IS 'Queries that the page offered besides, in page order; NULL before schema 8';
COMMENT ON TABLE superseded.related_placement IS 'What related_placement said before the page was read again';
COMMENT ON COLUMN superseded.related_placement.run_id IS 'Crawl run';
COMMENT ON COLUMN superseded.related_placement.fetch_id IS 'Fetch it was read from';
COMMENT ON COLUMN superseded.related_placement.marketplace IS 'Marketplace';
COMMENT ON COLUMN superseded.related_placement.asin IS 'Product on whose page it stands';
COMMENT ON COLUMN superseded.related_placement.observed_at IS 'When the page came (UTC)';
COMMENT ON COLUMN superseded.related_placement.day IS 'Local day, as in product_observation';
COMMENT ON COLUMN superseded.related_placement."row" IS 'Number of the row on its page, from 1';
COMMENT ON COLUMN superseded.related_placement.kind IS 'also_viewed, also_bought, bought_together, compared, similar, top_rated, same_brand, sponsored, other';
COMMENT ON COLUMN superseded.related_placement.heading IS 'Heading of the row, as shown';
COMMENT ON COLUMN superseded.related_placement.sponsored IS 'Whether it is an ad; NULL when the page contradicts itself';
COMMENT ON COLUMN superseded.related_placement.place IS 'Place in the row, from 1';
COMMENT ON COLUMN superseded.related_placement.related_asin IS 'Product shown';
COMMENT ON COLUMN superseded.related_placement.title IS 'Title as shown';
COMMENT ON COLUMN superseded.related_placement.price IS 'Price';
COMMENT ON COLUMN superseded.related_placement.currency IS 'Its currency, ISO 4217';
COMMENT ON COLUMN superseded.related_placement.rating IS 'Average stars';
COMMENT ON COLUMN superseded.related_placement.review_count IS 'Number of ratings, exact';
COMMENT ON COLUMN superseded.related_placement.elsewhere IS 'How its page is from another place or in another currency than asked for; NULL when it is not';
COMMENT ON COLUMN superseded.related_placement.superseded_at IS 'When it was corrected';
