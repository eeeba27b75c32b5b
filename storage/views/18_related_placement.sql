CREATE OR REPLACE VIEW related_placement AS
SELECT r.run_id, r.fetch_id, r.marketplace, r.asin, r.observed_at, r.day, r."row", r.kind, r.heading, r.sponsored,
       r.place, r.related_asin, t.title, r.price, r.currency, r.rating, r.review_count, r.elsewhere
FROM stored.related r
LEFT JOIN stored.title t USING (title_id);

COMMENT ON VIEW related_placement IS 'One product in a row of others on a product page: also viewed, bought together, compared …; only what the page itself holds, none of what a script loads later. Nothing before schema 8';
COMMENT ON COLUMN related_placement.run_id IS 'Crawl run';
COMMENT ON COLUMN related_placement.fetch_id IS 'Fetch it was read from';
COMMENT ON COLUMN related_placement.marketplace IS 'Marketplace';
COMMENT ON COLUMN related_placement.asin IS 'Product on whose page it stands';
COMMENT ON COLUMN related_placement.observed_at IS 'When the page came (UTC)';
COMMENT ON COLUMN related_placement.day IS 'Local day, as in product_observation';
COMMENT ON COLUMN related_placement."row" IS 'Number of the row on its page, from 1';
COMMENT ON COLUMN related_placement.kind IS 'also_viewed, also_bought, bought_together, compared, similar, top_rated, same_brand, sponsored, other';
COMMENT ON COLUMN related_placement.heading IS 'Heading of the row, as shown';
COMMENT ON COLUMN related_placement.sponsored IS 'Whether it is an ad; NULL when the page contradicts itself';
COMMENT ON COLUMN related_placement.place IS 'Place in the row, from 1';
COMMENT ON COLUMN related_placement.related_asin IS 'Product shown';
COMMENT ON COLUMN related_placement.title IS 'Title as shown';
COMMENT ON COLUMN related_placement.price IS 'Price';
COMMENT ON COLUMN related_placement.currency IS 'Its currency, ISO 4217';
COMMENT ON COLUMN related_placement.rating IS 'Average stars';
COMMENT ON COLUMN related_placement.review_count IS 'Number of ratings, exact';
COMMENT ON COLUMN related_placement.elsewhere IS 'How its page is from another place or in another currency than asked for; NULL when it is not';
