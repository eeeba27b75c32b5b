-- What a page says beyond the price: variations, other offers, content, reviews, and the blocks beside search results.

ALTER TABLE product_observation ADD COLUMN layout VARCHAR;
ALTER TABLE product_observation ADD COLUMN parent_asin VARCHAR;
ALTER TABLE product_observation ADD COLUMN variation MAP(VARCHAR, VARCHAR);
ALTER TABLE product_observation ADD COLUMN variation_count INTEGER;
ALTER TABLE product_observation ADD COLUMN unit_price DECIMAL(18, 2);
ALTER TABLE product_observation ADD COLUMN unit VARCHAR;
ALTER TABLE product_observation ADD COLUMN subscribe_price DECIMAL(18, 2);
ALTER TABLE product_observation ADD COLUMN subscribe_percent DECIMAL(5, 2);
ALTER TABLE product_observation ADD COLUMN used_price DECIMAL(18, 2);
ALTER TABLE product_observation ADD COLUMN renewed_price DECIMAL(18, 2);
ALTER TABLE product_observation ADD COLUMN prime_price DECIMAL(18, 2);
ALTER TABLE product_observation ADD COLUMN deal_ends VARCHAR;
ALTER TABLE product_observation ADD COLUMN ships_from VARCHAR;
ALTER TABLE product_observation ADD COLUMN offer_count INTEGER;
ALTER TABLE product_observation ADD COLUMN offer_from DECIMAL(18, 2);
ALTER TABLE product_observation ADD COLUMN rating_percents INTEGER[];
ALTER TABLE product_observation ADD COLUMN bought_past_month VARCHAR;
ALTER TABLE product_observation ADD COLUMN badges STRUCT(kind VARCHAR, "text" VARCHAR)[];
ALTER TABLE product_observation ADD COLUMN bullets VARCHAR[];
ALTER TABLE product_observation ADD COLUMN image_count INTEGER;
ALTER TABLE product_observation ADD COLUMN main_image VARCHAR;
ALTER TABLE product_observation ADD COLUMN has_a_plus BOOLEAN;
ALTER TABLE product_observation ADD COLUMN has_video BOOLEAN;
ALTER TABLE product_observation ADD COLUMN first_available DATE;
ALTER TABLE product_observation ADD COLUMN delivery_location VARCHAR;

ALTER TABLE search_placement ADD COLUMN list_price DECIMAL(18, 2);
ALTER TABLE search_placement ADD COLUMN coupon VARCHAR;
ALTER TABLE search_placement ADD COLUMN bought_past_month_min INTEGER;
ALTER TABLE search_placement ADD COLUMN badges STRUCT(kind VARCHAR, "text" VARCHAR)[];

CREATE TABLE review_seen (
    run_id      VARCHAR NOT NULL,
    fetch_id    VARCHAR NOT NULL,
    marketplace VARCHAR NOT NULL,
    asin        VARCHAR NOT NULL,
    observed_at TIMESTAMPTZ NOT NULL,
    review_id   VARCHAR NOT NULL,
    stars       DECIMAL(3, 2),
    reviewed_on DATE,
    country     VARCHAR,
    verified    BOOLEAN NOT NULL,
    title       VARCHAR,
    body        VARCHAR,
    variant     VARCHAR
);

CREATE TABLE search_page (
    run_id       VARCHAR NOT NULL,
    fetch_id     VARCHAR NOT NULL,
    marketplace  VARCHAR NOT NULL,
    keyword      VARCHAR NOT NULL,
    observed_at  TIMESTAMPTZ NOT NULL,
    page         INTEGER NOT NULL,
    last_page    INTEGER,
    results      INTEGER,
    results_text VARCHAR,
    layout       VARCHAR
);

CREATE TABLE search_widget (
    run_id         VARCHAR NOT NULL,
    fetch_id       VARCHAR NOT NULL,
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
    title          VARCHAR,
    price          DECIMAL(18, 2),
    currency       VARCHAR,
    rating         DECIMAL(3, 2),
    review_count   INTEGER
);

COMMENT ON COLUMN product_observation.layout IS 'Layout of the page it was read in; NULL before schema 2';
COMMENT ON COLUMN product_observation.parent_asin IS 'Parent of its variation family';
COMMENT ON COLUMN product_observation.variation IS 'Variation shown: selected value by dimension, as on the page';
COMMENT ON COLUMN product_observation.variation_count IS 'Child ASINs of the family, this one included';
COMMENT ON COLUMN product_observation.unit_price IS 'Price per unit, in currency';
COMMENT ON COLUMN product_observation.unit IS 'What unit_price is for (Count, 100 ml), as shown';
COMMENT ON COLUMN product_observation.subscribe_price IS 'Price with Subscribe & Save, in currency';
COMMENT ON COLUMN product_observation.subscribe_percent IS 'Percent that Subscribe & Save takes off, as stated';
COMMENT ON COLUMN product_observation.used_price IS 'Price of the used offer shown, in currency';
COMMENT ON COLUMN product_observation.renewed_price IS 'Price of the renewed offer shown, in currency';
COMMENT ON COLUMN product_observation.prime_price IS 'Price for Prime members only, where it differs, in currency';
COMMENT ON COLUMN product_observation.deal_ends IS 'When the deal ends, as shown';
COMMENT ON COLUMN product_observation.ships_from IS 'Who ships it, as shown';
COMMENT ON COLUMN product_observation.offer_count IS 'Other offers that the page announces';
COMMENT ON COLUMN product_observation.offer_from IS 'The lowest of these, in currency';
COMMENT ON COLUMN product_observation.rating_percents IS 'Percent of the ratings that gave 5, 4, 3, 2 and 1 stars';
COMMENT ON COLUMN product_observation.bought_past_month IS 'Text of "bought in past month"';
COMMENT ON COLUMN product_observation.badges IS 'Badges: best_seller, amazons_choice, new_release, climate_pledge, small_business, with the category or keyword they name; empty when the page shows none';
COMMENT ON COLUMN product_observation.bullets IS 'Bullets about the item; empty when the page shows none';
COMMENT ON COLUMN product_observation.image_count IS 'Images of the gallery, without videos';
COMMENT ON COLUMN product_observation.main_image IS 'Id of the main image';
COMMENT ON COLUMN product_observation.has_a_plus IS 'Whether the page shows A+ content';
COMMENT ON COLUMN product_observation.has_video IS 'Whether the page shows a video of the product';
COMMENT ON COLUMN product_observation.first_available IS 'Date first available';
COMMENT ON COLUMN product_observation.delivery_location IS 'Where the page says it delivers to';

COMMENT ON COLUMN search_placement.list_price IS 'Struck-through price, in currency';
COMMENT ON COLUMN search_placement.coupon IS 'Text of the coupon';
COMMENT ON COLUMN search_placement.bought_past_month_min IS 'Lower bound of "bought in past month"';
COMMENT ON COLUMN search_placement.badges IS 'Badges: best_seller, amazons_choice, deal …, with the category, keyword or words they name';

COMMENT ON TABLE review_seen IS 'Customer reviews standing on product pages: one row when a review is first seen, and one when it has changed';
COMMENT ON COLUMN review_seen.run_id IS 'Crawl run';
COMMENT ON COLUMN review_seen.fetch_id IS 'Fetch it was read from';
COMMENT ON COLUMN review_seen.marketplace IS 'Marketplace';
COMMENT ON COLUMN review_seen.asin IS 'Product on whose page it stands (variations share reviews)';
COMMENT ON COLUMN review_seen.observed_at IS 'When the page came (UTC)';
COMMENT ON COLUMN review_seen.review_id IS 'Amazon''s id of the review';
COMMENT ON COLUMN review_seen.stars IS 'Stars given, 1 to 5';
COMMENT ON COLUMN review_seen.reviewed_on IS 'Day it was written, as shown';
COMMENT ON COLUMN review_seen.country IS 'Where it was written, as shown';
COMMENT ON COLUMN review_seen.verified IS 'Whether it is marked as a verified purchase';
COMMENT ON COLUMN review_seen.title IS 'Headline';
COMMENT ON COLUMN review_seen.body IS 'Text';
COMMENT ON COLUMN review_seen.variant IS 'Variation bought, as shown';

COMMENT ON TABLE search_page IS 'What one page of search results says about itself';
COMMENT ON COLUMN search_page.run_id IS 'Crawl run';
COMMENT ON COLUMN search_page.fetch_id IS 'Fetch it was read from';
COMMENT ON COLUMN search_page.marketplace IS 'Marketplace';
COMMENT ON COLUMN search_page.keyword IS 'Keyword searched';
COMMENT ON COLUMN search_page.observed_at IS 'When the page came (UTC)';
COMMENT ON COLUMN search_page.page IS 'Results page, from 1';
COMMENT ON COLUMN search_page.last_page IS 'Highest page number offered';
COMMENT ON COLUMN search_page.results IS 'How many results the page says there are; the lower bound of "over 10,000"';
COMMENT ON COLUMN search_page.results_text IS 'The line that says so';
COMMENT ON COLUMN search_page.layout IS 'Layout of the page it was read in';

COMMENT ON TABLE search_widget IS 'Products in blocks beside the result grid: brand ads, videos, editorial picks, carousels';
COMMENT ON COLUMN search_widget.run_id IS 'Crawl run';
COMMENT ON COLUMN search_widget.fetch_id IS 'Fetch it was read from';
COMMENT ON COLUMN search_widget.marketplace IS 'Marketplace';
COMMENT ON COLUMN search_widget.keyword IS 'Keyword searched';
COMMENT ON COLUMN search_widget.observed_at IS 'When the page came (UTC)';
COMMENT ON COLUMN search_widget.page IS 'Results page, from 1';
COMMENT ON COLUMN search_widget.widget IS 'Number of the block on its page, from 1';
COMMENT ON COLUMN search_widget.kind IS 'sponsored_brand, video, editorial, highly_rated, carousel';
COMMENT ON COLUMN search_widget.heading IS 'Its heading, as shown';
COMMENT ON COLUMN search_widget.sponsored IS 'Whether it is an ad; NULL when the page contradicts itself';
COMMENT ON COLUMN search_widget.after_position IS 'Place in the grid of the last card before it; 0 above the first';
COMMENT ON COLUMN search_widget.place IS 'Place in the block, from 1';
COMMENT ON COLUMN search_widget.asin IS 'Product';
COMMENT ON COLUMN search_widget.title IS 'Title as shown';
COMMENT ON COLUMN search_widget.price IS 'Price';
COMMENT ON COLUMN search_widget.currency IS 'Its currency, ISO 4217';
COMMENT ON COLUMN search_widget.rating IS 'Average stars';
COMMENT ON COLUMN search_widget.review_count IS 'Number of ratings, exact';

COMMENT ON COLUMN missing_value.position IS 'Placement, block or review on the page, when the field is one of these';
COMMENT ON COLUMN missing_value.field IS 'Column without a value; of a review or block it begins with review. or widget.';
