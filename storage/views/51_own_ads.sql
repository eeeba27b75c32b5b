CREATE OR REPLACE VIEW own_ads AS
SELECT marketplace, asin, sku, portfolio, campaign, ad_group, first_day, last_day, last_day - first_day + 1 AS days,
       impressions, clicks, spend, sales, orders, units, currency, attribution_days, other, import_id, line
FROM stored.own_ads
-- Whole groups are imported, so that all rows of the newest one belong together.
QUALIFY import_id = max(import_id) OVER (PARTITION BY marketplace, campaign, ad_group, sku, asin, first_day, last_day);

COMMENT ON VIEW own_ads IS 'What Advertised Product reports (Sponsored Products) say: one row per campaign, ad group, product and days covered, of the newest import that has it. A renamed campaign is another one';
COMMENT ON COLUMN own_ads.marketplace IS 'Marketplace';
COMMENT ON COLUMN own_ads.asin IS 'Advertised ASIN';
COMMENT ON COLUMN own_ads.sku IS 'Advertised SKU';
COMMENT ON COLUMN own_ads.portfolio IS 'Portfolio';
COMMENT ON COLUMN own_ads.campaign IS 'Campaign';
COMMENT ON COLUMN own_ads.ad_group IS 'Ad group';
COMMENT ON COLUMN own_ads.first_day IS 'First day covered';
COMMENT ON COLUMN own_ads.last_day IS 'Last day covered';
COMMENT ON COLUMN own_ads.days IS 'Days covered; 1: a row of one day';
COMMENT ON COLUMN own_ads.impressions IS 'Impressions';
COMMENT ON COLUMN own_ads.clicks IS 'Clicks';
COMMENT ON COLUMN own_ads.spend IS 'Spend, in currency';
COMMENT ON COLUMN own_ads.sales IS 'Sales that Amazon attributes to clicks, in currency';
COMMENT ON COLUMN own_ads.orders IS 'Orders attributed';
COMMENT ON COLUMN own_ads.units IS 'Units attributed';
COMMENT ON COLUMN own_ads.currency IS 'Currency, ISO 4217';
COMMENT ON COLUMN own_ads.attribution_days IS 'Days after a click within which a sale counts as its; NULL where the report does not say';
COMMENT ON COLUMN own_ads.other IS 'All other columns, heading: text, as JSON';
COMMENT ON COLUMN own_ads.import_id IS 'Import it came with';
COMMENT ON COLUMN own_ads.line IS 'Line of the file';
