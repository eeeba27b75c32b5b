CREATE OR REPLACE VIEW search_page AS
SELECT run_id, fetch_id, marketplace, keyword, observed_at, page, last_page, results, results_text, layout, day,
       related_searches
FROM stored.results_page;

COMMENT ON VIEW search_page IS 'What one page of search results says about itself';
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
COMMENT ON COLUMN search_page.day IS 'Local day on which the run began with the keyword: of the listing that has watched it for longest, else of the marketplace';
COMMENT ON COLUMN search_page.related_searches IS 'Queries that the page offers besides, in page order; empty when it offers none; NULL before schema 8 (see related_search)';
