CREATE OR REPLACE VIEW search_widget AS
SELECT w.run_id, w.fetch_id, w.marketplace, w.keyword, w.observed_at, w.page, w.widget, w.kind, w.heading,
       w.sponsored, w.after_position, w.place, w.asin, t.title, w.price, w.currency, w.rating, w.review_count,
       w.elsewhere
FROM stored.widget w
LEFT JOIN stored.title t USING (title_id);

COMMENT ON VIEW search_widget IS 'Products in blocks beside the result grid: brand ads, videos, editorial picks, carousels';
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
COMMENT ON COLUMN search_widget.elsewhere IS 'How its page is from another place or in another currency than asked for; NULL when it is not';
