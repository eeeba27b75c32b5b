CREATE OR REPLACE VIEW search_placement AS
SELECT p.run_id, p.fetch_id, p.marketplace, p.keyword, p.observed_at, p.page, p.position, p.asin, p.sponsored,
       p.overall_position, p.organic_position, p.sponsored_position, t.title, p.price, p.currency, p.price_text,
       p.rating, p.rating_text, p.review_count, p.list_price, p.coupon, p.bought_past_month_min, p.badges, p.day,
       p.elsewhere
FROM stored.placement p
LEFT JOIN stored.title t USING (title_id);

COMMENT ON VIEW search_placement IS 'One product at one place of one page of search results';
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
COMMENT ON COLUMN search_placement.list_price IS 'Struck-through price, in currency';
COMMENT ON COLUMN search_placement.coupon IS 'Text of the coupon';
COMMENT ON COLUMN search_placement.bought_past_month_min IS 'Lower bound of "bought in past month"';
COMMENT ON COLUMN search_placement.badges IS 'Badges: best_seller, amazons_choice, deal …, with the category, keyword or words they name';
COMMENT ON COLUMN search_placement.day IS 'Local day on which the run began with the keyword: of the listing that has watched it for longest, else of the marketplace';
COMMENT ON COLUMN search_placement.elsewhere IS 'How its page is from another place or in another currency than asked for; NULL when it is not';
