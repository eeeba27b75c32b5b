CREATE OR REPLACE VIEW latest AS
SELECT p.*, b.rank AS bsr, b.category AS bsr_category
FROM product_observation p
JOIN (
    SELECT marketplace, asin, max(observed_at) AS observed_at FROM stored.product GROUP BY marketplace, asin
) USING (marketplace, asin, observed_at)
LEFT JOIN bsr_observation b
  ON b.fetch_id = p.fetch_id AND b.observed_at = p.observed_at AND b.asin = p.asin AND b.line = 1
QUALIFY row_number() OVER (PARTITION BY p.marketplace, p.asin ORDER BY p.fetch_id DESC) = 1;

COMMENT ON VIEW latest IS 'The newest observation of each product, however old it is: observed_at says when';
COMMENT ON COLUMN latest.run_id IS 'Crawl run';
COMMENT ON COLUMN latest.fetch_id IS 'Fetch it was read from';
COMMENT ON COLUMN latest.marketplace IS 'Marketplace';
COMMENT ON COLUMN latest.asin IS 'Product';
COMMENT ON COLUMN latest.observed_at IS 'When the page came (UTC)';
COMMENT ON COLUMN latest.title IS 'Title';
COMMENT ON COLUMN latest.brand IS 'Brand';
COMMENT ON COLUMN latest.price IS 'Buy Box price of the new item, main unit of currency; no coupon taken off';
COMMENT ON COLUMN latest.list_price IS 'Struck-through list, typical or recommended price';
COMMENT ON COLUMN latest.currency IS 'Currency shown, ISO 4217';
COMMENT ON COLUMN latest.coupon_percent IS 'Coupon to clip, percent';
COMMENT ON COLUMN latest.coupon_amount IS 'Coupon to clip, amount in currency';
COMMENT ON COLUMN latest.deal IS 'Text of the deal badge';
COMMENT ON COLUMN latest.is_deal IS 'Whether a deal runs';
COMMENT ON COLUMN latest.availability IS 'Text of the availability line';
COMMENT ON COLUMN latest.in_stock IS 'Can be bought now; NULL when the page does not say';
COMMENT ON COLUMN latest.stock_left IS 'N of "only N left"';
COMMENT ON COLUMN latest.seller IS 'Buy Box seller as shown';
COMMENT ON COLUMN latest.seller_id IS 'Buy Box seller id of its link';
COMMENT ON COLUMN latest.rating IS 'Average stars, 1 to 5';
COMMENT ON COLUMN latest.review_count IS 'Number of ratings';
COMMENT ON COLUMN latest.bought_past_month_min IS 'Lower bound of "bought in past month"';
COMMENT ON COLUMN latest.layout IS 'Layout of the page it was read in; NULL before schema 2';
COMMENT ON COLUMN latest.parent_asin IS 'Parent of its variation family';
COMMENT ON COLUMN latest.variation IS 'Variation shown: selected value by dimension, as on the page';
COMMENT ON COLUMN latest.variation_count IS 'Child ASINs of the family, this one included';
COMMENT ON COLUMN latest.unit_price IS 'Price per unit, in currency';
COMMENT ON COLUMN latest.unit IS 'What unit_price is for (Count, 100 ml), as shown';
COMMENT ON COLUMN latest.subscribe_price IS 'Price with Subscribe & Save, in currency';
COMMENT ON COLUMN latest.subscribe_percent IS 'Percent that Subscribe & Save takes off, as stated';
COMMENT ON COLUMN latest.used_price IS 'Price of the used offer shown, in currency';
COMMENT ON COLUMN latest.renewed_price IS 'Price of the renewed offer shown, in currency';
COMMENT ON COLUMN latest.prime_price IS 'Price for Prime members only, where it differs, in currency';
COMMENT ON COLUMN latest.deal_ends IS 'When the deal ends, as shown';
COMMENT ON COLUMN latest.ships_from IS 'Who ships it, as shown';
COMMENT ON COLUMN latest.offer_count IS 'Other offers that the page announces';
COMMENT ON COLUMN latest.offer_from IS 'The lowest of these, in currency';
COMMENT ON COLUMN latest.rating_percents IS 'Percent of the ratings that gave 5, 4, 3, 2 and 1 stars';
COMMENT ON COLUMN latest.bought_past_month IS 'Text of "bought in past month"';
COMMENT ON COLUMN latest.badges IS 'Badges: best_seller, amazons_choice, new_release, climate_pledge, small_business, with the category or keyword they name; empty when the page shows none';
COMMENT ON COLUMN latest.bullets IS 'Bullets about the item; empty when the page shows none';
COMMENT ON COLUMN latest.image_count IS 'Images of the gallery, without videos';
COMMENT ON COLUMN latest.main_image IS 'Id of the main image';
COMMENT ON COLUMN latest.has_a_plus IS 'Whether the page shows A+ content';
COMMENT ON COLUMN latest.has_video IS 'Whether the page shows a video of the product';
COMMENT ON COLUMN latest.first_available IS 'Date first available';
COMMENT ON COLUMN latest.delivery_location IS 'Where the page says it delivers to';
COMMENT ON COLUMN latest.day IS 'Local day: of the listing that has watched it for longest, else of the marketplace';
COMMENT ON COLUMN latest.bsr IS 'Rank in its main category (first rank line)';
COMMENT ON COLUMN latest.bsr_category IS 'That category, as shown';
COMMENT ON COLUMN latest.elsewhere IS 'How the page is from another place or in another currency than asked for, in words: then its amounts, stock and offer are compared with no others; NULL when it is not';
COMMENT ON COLUMN latest.categories IS 'Categories above the product, the department first: name and browse node of each step; NULL before schema 8';
COMMENT ON COLUMN latest.category_path IS 'Their names as text, "A › B › C"; NULL where categories is';
COMMENT ON COLUMN latest.browse_node IS 'Browse node of the last of them; NULL before schema 8';
