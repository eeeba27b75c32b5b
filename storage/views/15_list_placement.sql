CREATE OR REPLACE VIEW list_placement AS
SELECT l.run_id, l.fetch_id, l.marketplace, l.observed_at, l.ranking, l.category, l.category_id, l.page, l.rank,
       l.asin, l.price, l.currency, l.rating, l.review_count, t.title, l.elsewhere
FROM stored.list_place l
LEFT JOIN stored.title t USING (title_id);

COMMENT ON VIEW list_placement IS 'One product of a ranked list: best sellers, new releases …';
COMMENT ON COLUMN list_placement.run_id IS 'Crawl run';
COMMENT ON COLUMN list_placement.fetch_id IS 'Fetch it was read from';
COMMENT ON COLUMN list_placement.marketplace IS 'Marketplace';
COMMENT ON COLUMN list_placement.observed_at IS 'When the page came (UTC)';
COMMENT ON COLUMN list_placement.ranking IS 'Which list: best_sellers, new_releases, movers_and_shakers, most_wished_for, most_gifted';
COMMENT ON COLUMN list_placement.category IS 'Category of the list, as shown';
COMMENT ON COLUMN list_placement.category_id IS 'Its browse node; a whole department has none';
COMMENT ON COLUMN list_placement.page IS 'Page of the list, from 1';
COMMENT ON COLUMN list_placement.rank IS 'Rank in the list';
COMMENT ON COLUMN list_placement.asin IS 'Product';
COMMENT ON COLUMN list_placement.price IS 'Price; NULL for a range';
COMMENT ON COLUMN list_placement.currency IS 'Its currency, ISO 4217';
COMMENT ON COLUMN list_placement.rating IS 'Average stars';
COMMENT ON COLUMN list_placement.review_count IS 'Number of ratings, exact';
COMMENT ON COLUMN list_placement.title IS 'Title as shown';
COMMENT ON COLUMN list_placement.elsewhere IS 'How its page is from another place or in another currency than asked for; NULL when it is not';
