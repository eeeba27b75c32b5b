CREATE OR REPLACE VIEW related_search AS
SELECT run_id, fetch_id, marketplace, keyword, observed_at, day, page,
       generate_subscripts(related_searches, 1)::INTEGER AS place, unnest(related_searches) AS query
FROM stored.results_page;

COMMENT ON VIEW related_search IS 'One query that a page of search results offers besides ("Related searches"); nothing before schema 8';
COMMENT ON COLUMN related_search.run_id IS 'Crawl run';
COMMENT ON COLUMN related_search.fetch_id IS 'Fetch it was read from';
COMMENT ON COLUMN related_search.marketplace IS 'Marketplace';
COMMENT ON COLUMN related_search.keyword IS 'Keyword searched';
COMMENT ON COLUMN related_search.observed_at IS 'When the page came (UTC)';
COMMENT ON COLUMN related_search.day IS 'Local day, as in search_page';
COMMENT ON COLUMN related_search.page IS 'Results page, from 1';
COMMENT ON COLUMN related_search.place IS 'Place among the queries of the page, from 1';
COMMENT ON COLUMN related_search.query IS 'The query offered';
