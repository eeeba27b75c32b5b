CREATE OR REPLACE VIEW own_search_term AS
SELECT marketplace, portfolio, campaign, ad_group, targeting, match_type, search_term, first_day, last_day,
       last_day - first_day + 1 AS days, impressions, clicks, spend, sales, orders, units, currency, attribution_days,
       other, import_id, line
FROM stored.own_search_term
-- Whole groups are imported, so that all rows of the newest one belong together.
QUALIFY import_id = max(import_id) OVER (PARTITION BY marketplace, campaign, ad_group, targeting, match_type, search_term, first_day, last_day);

COMMENT ON VIEW own_search_term IS 'What Search Term reports (Sponsored Products) say: one row per campaign, ad group, target, search term and days covered, of the newest import that has it';
COMMENT ON COLUMN own_search_term.marketplace IS 'Marketplace';
COMMENT ON COLUMN own_search_term.portfolio IS 'Portfolio';
COMMENT ON COLUMN own_search_term.campaign IS 'Campaign';
COMMENT ON COLUMN own_search_term.ad_group IS 'Ad group';
COMMENT ON COLUMN own_search_term.targeting IS 'Keyword or product that was bid on';
COMMENT ON COLUMN own_search_term.match_type IS 'How it matches, as the report says';
COMMENT ON COLUMN own_search_term.search_term IS 'What the customer searched for (an ASIN where the ad stood on a product page)';
COMMENT ON COLUMN own_search_term.first_day IS 'First day covered';
COMMENT ON COLUMN own_search_term.last_day IS 'Last day covered';
COMMENT ON COLUMN own_search_term.days IS 'Days covered; 1: a row of one day';
COMMENT ON COLUMN own_search_term.impressions IS 'Impressions';
COMMENT ON COLUMN own_search_term.clicks IS 'Clicks';
COMMENT ON COLUMN own_search_term.spend IS 'Spend, in currency';
COMMENT ON COLUMN own_search_term.sales IS 'Sales that Amazon attributes to clicks, in currency';
COMMENT ON COLUMN own_search_term.orders IS 'Orders attributed';
COMMENT ON COLUMN own_search_term.units IS 'Units attributed';
COMMENT ON COLUMN own_search_term.currency IS 'Currency, ISO 4217';
COMMENT ON COLUMN own_search_term.attribution_days IS 'Days after a click within which a sale counts as its; NULL where the report does not say';
COMMENT ON COLUMN own_search_term.other IS 'All other columns, heading: text, as JSON';
COMMENT ON COLUMN own_search_term.import_id IS 'Import it came with';
COMMENT ON COLUMN own_search_term.line IS 'Line of the file';
