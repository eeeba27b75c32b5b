CREATE OR REPLACE VIEW offer AS
SELECT run_id, fetch_id, marketplace, asin, observed_at, position, pinned, condition, condition_text, price,
       currency, delivery, seller, seller_id, ships_from, elsewhere
FROM stored.offer;

COMMENT ON VIEW offer IS 'One offer for a product, of the panel that lists them all';
COMMENT ON COLUMN offer.run_id IS 'Crawl run';
COMMENT ON COLUMN offer.fetch_id IS 'Fetch it was read from';
COMMENT ON COLUMN offer.marketplace IS 'Marketplace';
COMMENT ON COLUMN offer.asin IS 'Product';
COMMENT ON COLUMN offer.observed_at IS 'When the page came (UTC)';
COMMENT ON COLUMN offer.position IS 'Place in the list of offers, from 1';
COMMENT ON COLUMN offer.pinned IS 'Whether it is the Buy Box offer, shown above the others';
COMMENT ON COLUMN offer.condition IS 'new, used, renewed, collectible, rental';
COMMENT ON COLUMN offer.condition_text IS 'Condition as shown';
COMMENT ON COLUMN offer.price IS 'Price';
COMMENT ON COLUMN offer.currency IS 'Its currency, ISO 4217';
COMMENT ON COLUMN offer.delivery IS 'Price of the delivery, in currency; 0 where the page says that it is free';
COMMENT ON COLUMN offer.seller IS 'Seller as shown';
COMMENT ON COLUMN offer.seller_id IS 'Seller id of its link';
COMMENT ON COLUMN offer.ships_from IS 'Who ships it, as shown';
COMMENT ON COLUMN offer.elsewhere IS 'How its page is from another place or in another currency than asked for; NULL when it is not';
