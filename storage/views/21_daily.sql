CREATE OR REPLACE VIEW daily AS
SELECT p.*, b.rank AS bsr, b.category AS bsr_category
FROM (
    FROM product_observation
    QUALIFY row_number() OVER (PARTITION BY marketplace, asin, day ORDER BY observed_at DESC, fetch_id DESC) = 1
) p
LEFT JOIN bsr_observation b
  ON b.fetch_id = p.fetch_id AND b.observed_at = p.observed_at AND b.asin = p.asin AND b.line = 1;

COMMENT ON VIEW daily IS 'One row per product and local day: the last observation of the day, taken whole, so that price and stock always come from one page. A day without an observation has no row';
COMMENT ON COLUMN daily.run_id IS 'Crawl run';
COMMENT ON COLUMN daily.fetch_id IS 'Fetch it was read from';
COMMENT ON COLUMN daily.marketplace IS 'Marketplace';
COMMENT ON COLUMN daily.asin IS 'Product';
COMMENT ON COLUMN daily.observed_at IS 'When the page came (UTC)';
COMMENT ON COLUMN daily.title IS 'Title';
COMMENT ON COLUMN daily.brand IS 'Brand';
COMMENT ON COLUMN daily.price IS 'Buy Box price of the new item, main unit of currency; no coupon taken off';
COMMENT ON COLUMN daily.list_price IS 'Struck-through list, typical or recommended price';
COMMENT ON COLUMN daily.currency IS 'Currency shown, ISO 4217';
COMMENT ON COLUMN daily.coupon_percent IS 'Coupon to clip, percent';
COMMENT ON COLUMN daily.coupon_amount IS 'Coupon to clip, amount in currency';
COMMENT ON COLUMN daily.deal IS 'Text of the deal badge';
COMMENT ON COLUMN daily.is_deal IS 'Whether a deal runs';
COMMENT ON COLUMN daily.availability IS 'Text of the availability line';
COMMENT ON COLUMN daily.in_stock IS 'Can be bought now; NULL when the page does not say';
COMMENT ON COLUMN daily.stock_left IS 'N of "only N left"';
COMMENT ON COLUMN daily.seller IS 'Buy Box seller as shown';
COMMENT ON COLUMN daily.seller_id IS 'Buy Box seller id of its link';
COMMENT ON COLUMN daily.rating IS 'Average stars, 1 to 5';
COMMENT ON COLUMN daily.review_count IS 'Number of ratings';
COMMENT ON COLUMN daily.bought_past_month_min IS 'Lower bound of "bought in past month"';
COMMENT ON COLUMN daily.layout IS 'Layout of the page it was read in; NULL before schema 2';
COMMENT ON COLUMN daily.parent_asin IS 'Parent of its variation family';
COMMENT ON COLUMN daily.variation IS 'Variation shown: selected value by dimension, as on the page';
COMMENT ON COLUMN daily.variation_count IS 'Child ASINs of the family, this one included';
COMMENT ON COLUMN daily.unit_price IS 'Price per unit, in currency';
COMMENT ON COLUMN daily.unit IS 'What unit_price is for (Count, 100 ml), as shown';
COMMENT ON COLUMN daily.subscribe_price IS 'Price with Subscribe & Save, in currency';
COMMENT ON COLUMN daily.subscribe_percent IS 'Percent that Subscribe & Save takes off, as stated';
COMMENT ON COLUMN daily.used_price IS 'Price of the used offer shown, in currency';
COMMENT ON COLUMN daily.renewed_price IS 'Price of the renewed offer shown, in currency';
COMMENT ON COLUMN daily.prime_price IS 'Price for Prime members only, where it differs, in currency';
COMMENT ON COLUMN daily.deal_ends IS 'When the deal ends, as shown';
COMMENT ON COLUMN daily.ships_from IS 'Who ships it, as shown';
COMMENT ON COLUMN daily.offer_count IS 'Other offers that the page announces';
COMMENT ON COLUMN daily.offer_from IS 'The lowest of these, in currency';
COMMENT ON COLUMN daily.rating_percents IS 'Percent of the ratings that gave 5, 4, 3, 2 and 1 stars';
COMMENT ON COLUMN daily.bought_past_month IS 'Text of "bought in past month"';
COMMENT ON COLUMN daily.badges IS 'Badges: best_seller, amazons_choice, new_release, climate_pledge, small_business, with the category or keyword they name; empty when the page shows none';
COMMENT ON COLUMN daily.bullets IS 'Bullets about the item; empty when the page shows none';
COMMENT ON COLUMN daily.image_count IS 'Images of the gallery, without videos';
COMMENT ON COLUMN daily.main_image IS 'Id of the main image';
COMMENT ON COLUMN daily.has_a_plus IS 'Whether the page shows A+ content';
COMMENT ON COLUMN daily.has_video IS 'Whether the page shows a video of the product';
COMMENT ON COLUMN daily.first_available IS 'Date first available';
COMMENT ON COLUMN daily.delivery_location IS 'Where the page says it delivers to';
COMMENT ON COLUMN daily.day IS 'Local day: of the listing that has watched it for longest, else of the marketplace';
COMMENT ON COLUMN daily.bsr IS 'Rank in its main category (first rank line)';
COMMENT ON COLUMN daily.bsr_category IS 'That category, as shown';
COMMENT ON COLUMN daily.elsewhere IS 'How the page is from another place or in another currency than asked for, in words: then its amounts, stock and offer are compared with no others; NULL when it is not';
COMMENT ON COLUMN daily.categories IS 'Categories above the product, the department first: name and browse node of each step; NULL before schema 8';
COMMENT ON COLUMN daily.category_path IS 'Their names as text, "A › B › C"; NULL where categories is';
COMMENT ON COLUMN daily.browse_node IS 'Browse node of the last of them; NULL before schema 8';
