CREATE OR REPLACE VIEW share_of_search AS
WITH read AS (
    SELECT marketplace, keyword, day, arg_max(fetch_id, observed_at) AS fetch_id
    FROM stored.results_page SEMI JOIN keyword USING (marketplace, keyword)  -- not the searches for own titles
    WHERE page = 1
    GROUP BY ALL
),
place AS (
    SELECT p.marketplace, p.keyword, p.day, p.asin, count(*) AS places, count(*) FILTER (p.sponsored = false) AS organic_places,
           count(*) FILTER (p.sponsored) AS sponsored_places
    FROM stored.placement p JOIN read USING (marketplace, keyword, day, fetch_id)
    WHERE p.page = 1
    GROUP BY ALL
)
SELECT marketplace, keyword, day, asin, places, organic_places, sponsored_places,
       places / sum(places) OVER page AS share,
       organic_places / nullif(sum(organic_places) OVER page, 0) AS organic_share,
       sponsored_places / nullif(sum(sponsored_places) OVER page, 0) AS sponsored_share
FROM place
WINDOW page AS (PARTITION BY marketplace, keyword, day);

COMMENT ON VIEW share_of_search IS 'Who holds the first page of results of a keyword that is or was watched, by local day (its last crawl): places of the grid, ads included, and their share of all';
COMMENT ON COLUMN share_of_search.marketplace IS 'Marketplace';
COMMENT ON COLUMN share_of_search.keyword IS 'Keyword';
COMMENT ON COLUMN share_of_search.day IS 'Local day';
COMMENT ON COLUMN share_of_search.asin IS 'Product, watched or not';
COMMENT ON COLUMN share_of_search.places IS 'Its places in the grid of the first page';
COMMENT ON COLUMN share_of_search.organic_places IS 'Of these, organic ones';
COMMENT ON COLUMN share_of_search.sponsored_places IS 'Of these, ads';
COMMENT ON COLUMN share_of_search.share IS 'Its part of all places of the page, 0 to 1';
COMMENT ON COLUMN share_of_search.organic_share IS 'Its part of the organic places; NULL when there are none';
COMMENT ON COLUMN share_of_search.sponsored_share IS 'Its part of the ads; NULL when there are none';
