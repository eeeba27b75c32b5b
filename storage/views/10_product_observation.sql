CREATE OR REPLACE VIEW product_observation AS
SELECT p.run_id, p.fetch_id, p.marketplace, p.asin, p.observed_at, c.title, c.brand, p.price, p.list_price,
       p.currency, p.coupon_percent, p.coupon_amount, p.deal, p.is_deal, p.availability, p.in_stock, p.stock_left,
       p.seller, p.seller_id, p.rating, p.review_count, p.bought_past_month_min, p.layout, c.parent_asin,
       c.variation, c.variation_count, p.unit_price, p.unit, p.subscribe_price, p.subscribe_percent, p.used_price,
       p.renewed_price, p.prime_price, p.deal_ends, p.ships_from, p.offer_count, p.offer_from, p.rating_percents,
       p.bought_past_month, c.badges, c.bullets, c.image_count, c.main_image, c.has_a_plus, c.has_video,
       c.first_available, p.delivery_location, p.day, p.elsewhere, c.categories,
       array_to_string([step.name FOR step IN c.categories], ' › ') AS category_path, c.browse_node
FROM stored.product p
JOIN stored.content c USING (content_id);

COMMENT ON VIEW product_observation IS 'What one product page said at one moment; one row per product and crawl run';
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
COMMENT ON COLUMN product_observation.day IS 'Local day: of the listing that has watched it for longest, else of the marketplace';
COMMENT ON COLUMN product_observation.elsewhere IS 'How the page is from another place or in another currency than asked for, in words: then its amounts, stock and offer are compared with no others; NULL when it is not';
COMMENT ON COLUMN product_observation.categories IS 'Categories above the product, the department first: name and browse node of each step; NULL before schema 8';
COMMENT ON COLUMN product_observation.category_path IS 'Their names as text, "A › B › C"; NULL where categories is';
COMMENT ON COLUMN product_observation.browse_node IS 'Browse node of the last of them; NULL before schema 8';
