CREATE OR REPLACE VIEW review_seen AS
SELECT run_id, fetch_id, marketplace, asin, observed_at, review_id, stars, reviewed_on, country, verified, title,
       body, variant, place
FROM stored.review;

COMMENT ON VIEW review_seen IS 'Customer reviews standing on product pages: one row when a review is first seen, and one when it has changed';
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
COMMENT ON COLUMN review_seen.place IS 'Its place on the page then, from 1; NULL before schema 3';
