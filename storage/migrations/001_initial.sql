-- The first schema. Append-only facts; no keys or indexes are relied on for correctness, so that
-- the same tables can live in DuckLake: the merge is idempotent by anti-join (see merge.sql).

CREATE TABLE marketplace (
    marketplace VARCHAR NOT NULL,
    host        VARCHAR NOT NULL,
    currency    VARCHAR NOT NULL,
    time_zone   VARCHAR NOT NULL
);

CREATE TABLE listing (
    listing     VARCHAR NOT NULL,
    marketplace VARCHAR NOT NULL,
    asin        VARCHAR NOT NULL,
    time_zone   VARCHAR NOT NULL,
    valid_from  TIMESTAMPTZ NOT NULL,
    valid_to    TIMESTAMPTZ
);

CREATE TABLE rival (
    listing     VARCHAR NOT NULL,
    marketplace VARCHAR NOT NULL,
    asin        VARCHAR NOT NULL,
    valid_from  TIMESTAMPTZ NOT NULL,
    valid_to    TIMESTAMPTZ
);

CREATE TABLE keyword (
    listing     VARCHAR NOT NULL,
    marketplace VARCHAR NOT NULL,
    keyword     VARCHAR NOT NULL,
    pages       INTEGER NOT NULL,
    valid_from  TIMESTAMPTZ NOT NULL,
    valid_to    TIMESTAMPTZ
);

CREATE TABLE crawl_run (
    run_id      VARCHAR NOT NULL,
    started_at  TIMESTAMPTZ NOT NULL,
    finished_at TIMESTAMPTZ,
    state       VARCHAR NOT NULL,
    trigger     VARCHAR NOT NULL,
    planned     INTEGER NOT NULL
);

CREATE TABLE page_fetch (
    fetch_id       VARCHAR NOT NULL,
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
    parser_version INTEGER NOT NULL
);

CREATE TABLE product_observation (
    run_id                VARCHAR NOT NULL,
    fetch_id              VARCHAR NOT NULL,
    marketplace           VARCHAR NOT NULL,
    asin                  VARCHAR NOT NULL,
    observed_at           TIMESTAMPTZ NOT NULL,
    title                 VARCHAR,
    brand                 VARCHAR,
    price                 DECIMAL(18, 2),
    list_price            DECIMAL(18, 2),
    currency              VARCHAR,
    coupon_percent        DECIMAL(5, 2),
    coupon_amount         DECIMAL(18, 2),
    deal                  VARCHAR,
    is_deal               BOOLEAN,
    availability          VARCHAR,
    in_stock              BOOLEAN,
    stock_left            INTEGER,
    seller                VARCHAR,
    seller_id             VARCHAR,
    rating                DECIMAL(3, 2),
    review_count          INTEGER,
    bought_past_month_min INTEGER
);

CREATE TABLE bsr_observation (
    run_id      VARCHAR NOT NULL,
    fetch_id    VARCHAR NOT NULL,
    marketplace VARCHAR NOT NULL,
    asin        VARCHAR NOT NULL,
    observed_at TIMESTAMPTZ NOT NULL,
    line        INTEGER NOT NULL,
    rank        INTEGER NOT NULL,
    category    VARCHAR NOT NULL,
    category_id VARCHAR
);

CREATE TABLE search_placement (
    run_id             VARCHAR NOT NULL,
    fetch_id           VARCHAR NOT NULL,
    marketplace        VARCHAR NOT NULL,
    keyword            VARCHAR NOT NULL,
    observed_at        TIMESTAMPTZ NOT NULL,
    page               INTEGER NOT NULL,
    position           INTEGER NOT NULL,
    asin               VARCHAR NOT NULL,
    sponsored          BOOLEAN,
    overall_position   INTEGER,
    organic_position   INTEGER,
    sponsored_position INTEGER,
    title              VARCHAR,
    price              DECIMAL(18, 2),
    currency           VARCHAR,
    price_text         VARCHAR,
    rating             DECIMAL(3, 2),
    rating_text        VARCHAR,
    review_count       INTEGER
);

CREATE TABLE missing_value (
    run_id      VARCHAR NOT NULL,
    fetch_id    VARCHAR NOT NULL,
    marketplace VARCHAR NOT NULL,
    asin        VARCHAR,
    observed_at TIMESTAMPTZ NOT NULL,
    position    INTEGER,
    field       VARCHAR NOT NULL,
    reason      VARCHAR NOT NULL,
    text        VARCHAR
);

COMMENT ON TABLE marketplace IS 'Amazon marketplaces: host, currency, time zone';
COMMENT ON COLUMN marketplace.marketplace IS 'End of the host: com, co.uk, de, co.jp …';
COMMENT ON COLUMN marketplace.host IS 'Host of its pages';
COMMENT ON COLUMN marketplace.currency IS 'Its own currency, ISO 4217';
COMMENT ON COLUMN marketplace.time_zone IS 'IANA time zone of its sales day';

COMMENT ON TABLE listing IS 'The seller''s own products, with validity: a row ends when config.toml changes';
COMMENT ON COLUMN listing.listing IS 'Name given in config.toml';
COMMENT ON COLUMN listing.marketplace IS 'Marketplace of the listing';
COMMENT ON COLUMN listing.asin IS 'The own product';
COMMENT ON COLUMN listing.time_zone IS 'IANA time zone in which a day of this listing is counted';
COMMENT ON COLUMN listing.valid_from IS 'First crawl that saw this row in the configuration';
COMMENT ON COLUMN listing.valid_to IS 'First crawl that no longer saw it; NULL while it holds';

COMMENT ON TABLE rival IS 'The rivals of a listing, with validity';
COMMENT ON COLUMN rival.listing IS 'Listing the rival is watched for';
COMMENT ON COLUMN rival.marketplace IS 'Marketplace of the listing';
COMMENT ON COLUMN rival.asin IS 'The rival product';
COMMENT ON COLUMN rival.valid_from IS 'First crawl that saw this row in the configuration';
COMMENT ON COLUMN rival.valid_to IS 'First crawl that no longer saw it; NULL while it holds';

COMMENT ON TABLE keyword IS 'The keywords of a listing, with validity';
COMMENT ON COLUMN keyword.listing IS 'Listing the keyword is watched for';
COMMENT ON COLUMN keyword.marketplace IS 'Marketplace of the listing';
COMMENT ON COLUMN keyword.keyword IS 'The query as typed';
COMMENT ON COLUMN keyword.pages IS 'How many result pages are read: a product not found is beyond them';
COMMENT ON COLUMN keyword.valid_from IS 'First crawl that saw this row in the configuration';
COMMENT ON COLUMN keyword.valid_to IS 'First crawl that no longer saw it; NULL while it holds';

COMMENT ON TABLE crawl_run IS 'One row per crawl run';
COMMENT ON COLUMN crawl_run.run_id IS 'Start in UTC and a random tail: sorts by time';
COMMENT ON COLUMN crawl_run.started_at IS 'When the run was planned';
COMMENT ON COLUMN crawl_run.finished_at IS 'When its last page was done; NULL while unfinished';
COMMENT ON COLUMN crawl_run.state IS 'running, complete (every task has an outcome)';
COMMENT ON COLUMN crawl_run.trigger IS 'What started it: manual, schedule, demo';
COMMENT ON COLUMN crawl_run.planned IS 'Pages planned';

COMMENT ON TABLE page_fetch IS 'One row per page asked for, with what came of it';
COMMENT ON COLUMN page_fetch.fetch_id IS 'Names this fetch; observations point to it';
COMMENT ON COLUMN page_fetch.run_id IS 'Crawl run';
COMMENT ON COLUMN page_fetch.task IS 'What was asked for: product/com/B0… or search/com/2/keyword';
COMMENT ON COLUMN page_fetch.kind IS 'Kind of page asked for: product, search';
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

COMMENT ON TABLE product_observation IS 'What one product page said at one moment; one row per product and crawl run';
COMMENT ON COLUMN product_observation.run_id IS 'Crawl run';
COMMENT ON COLUMN product_observation.fetch_id IS 'Fetch it was read from';
COMMENT ON COLUMN product_observation.marketplace IS 'Marketplace';
COMMENT ON COLUMN product_observation.asin IS 'Product';
COMMENT ON COLUMN product_observation.observed_at IS 'When the page came (UTC)';
COMMENT ON COLUMN product_observation.title IS 'Title';
COMMENT ON COLUMN product_observation.brand IS 'Brand';
COMMENT ON COLUMN product_observation.price IS 'Buy Box price of the new item, main unit of currency; no coupon taken off';
COMMENT ON COLUMN product_observation.list_price IS 'Struck-through list, typical or recommended price';
COMMENT ON COLUMN product_observation.currency IS 'Currency shown, ISO 4217';
COMMENT ON COLUMN product_observation.coupon_percent IS 'Coupon to clip, percent';
COMMENT ON COLUMN product_observation.coupon_amount IS 'Coupon to clip, amount in currency';
COMMENT ON COLUMN product_observation.deal IS 'Text of the deal badge';
COMMENT ON COLUMN product_observation.is_deal IS 'Whether a deal runs';
COMMENT ON COLUMN product_observation.availability IS 'Text of the availability line';
COMMENT ON COLUMN product_observation.in_stock IS 'Can be bought now; NULL when the page does not say';
COMMENT ON COLUMN product_observation.stock_left IS 'N of "only N left"';
COMMENT ON COLUMN product_observation.seller IS 'Buy Box seller as shown';
COMMENT ON COLUMN product_observation.seller_id IS 'Buy Box seller id of its link';
COMMENT ON COLUMN product_observation.rating IS 'Average stars, 1 to 5';
COMMENT ON COLUMN product_observation.review_count IS 'Number of ratings';
COMMENT ON COLUMN product_observation.bought_past_month_min IS 'Lower bound of "bought in past month"';

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

COMMENT ON TABLE search_placement IS 'One product at one place of one page of search results';
COMMENT ON COLUMN search_placement.run_id IS 'Crawl run';
COMMENT ON COLUMN search_placement.fetch_id IS 'Fetch it was read from';
COMMENT ON COLUMN search_placement.marketplace IS 'Marketplace';
COMMENT ON COLUMN search_placement.keyword IS 'Keyword searched';
COMMENT ON COLUMN search_placement.observed_at IS 'When the page came (UTC)';
COMMENT ON COLUMN search_placement.page IS 'Results page, from 1';
COMMENT ON COLUMN search_placement.position IS 'Place in the grid of its page, ads included, from 1';
COMMENT ON COLUMN search_placement.asin IS 'Product';
COMMENT ON COLUMN search_placement.sponsored IS 'Whether it is an ad; NULL when the page contradicts itself';
COMMENT ON COLUMN search_placement.overall_position IS 'Place over all pages read, ads included';
COMMENT ON COLUMN search_placement.organic_position IS 'Place among organic results over all pages; NULL for an ad';
COMMENT ON COLUMN search_placement.sponsored_position IS 'Place among sponsored results over all pages';
COMMENT ON COLUMN search_placement.title IS 'Title as shown';
COMMENT ON COLUMN search_placement.price IS 'First price not struck through';
COMMENT ON COLUMN search_placement.currency IS 'Its currency, ISO 4217';
COMMENT ON COLUMN search_placement.price_text IS 'The price as it stands on the page';
COMMENT ON COLUMN search_placement.rating IS 'Average stars';
COMMENT ON COLUMN search_placement.rating_text IS 'The rating as it stands on the page';
COMMENT ON COLUMN search_placement.review_count IS 'Number of ratings, exact';

COMMENT ON TABLE missing_value IS 'Why a value is NULL, one row per missing field of an observation or placement';
COMMENT ON COLUMN missing_value.run_id IS 'Crawl run';
COMMENT ON COLUMN missing_value.fetch_id IS 'Fetch it was read from';
COMMENT ON COLUMN missing_value.marketplace IS 'Marketplace';
COMMENT ON COLUMN missing_value.asin IS 'Product, when the field is one of a product or placement';
COMMENT ON COLUMN missing_value.observed_at IS 'When the page came (UTC)';
COMMENT ON COLUMN missing_value.position IS 'Placement on the page, when the field is one of a placement';
COMMENT ON COLUMN missing_value.field IS 'Column without a value';
COMMENT ON COLUMN missing_value.reason IS 'absent_on_page, unparseable, layout_unknown, not_applicable, ambiguous';
COMMENT ON COLUMN missing_value.text IS 'The text found, when it was unparseable';
