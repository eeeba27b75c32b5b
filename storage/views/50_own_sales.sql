CREATE OR REPLACE VIEW own_sales AS
SELECT marketplace, asin, parent_asin, sku, first_day, last_day, last_day - first_day + 1 AS days, sessions,
       sessions_b2b, page_views, page_views_b2b, buy_box_percent, units, units_b2b, orders, orders_b2b, sales,
       sales_b2b, currency, other, import_id, line
FROM stored.own_sales
-- Whole groups are imported, so that all rows of the newest one belong together.
QUALIFY import_id = max(import_id) OVER (PARTITION BY marketplace, asin, first_day, last_day);

COMMENT ON VIEW own_sales IS 'What Business Reports say: one row per child ASIN (and SKU, where the report names it) and days covered, of the newest import that has these days of the product. Products without a visit in these days have no row in a report';
COMMENT ON COLUMN own_sales.marketplace IS 'Marketplace';
COMMENT ON COLUMN own_sales.asin IS 'Child ASIN';
COMMENT ON COLUMN own_sales.parent_asin IS 'Parent ASIN';
COMMENT ON COLUMN own_sales.sku IS 'SKU, where the report names it';
COMMENT ON COLUMN own_sales.first_day IS 'First day covered';
COMMENT ON COLUMN own_sales.last_day IS 'Last day covered';
COMMENT ON COLUMN own_sales.days IS 'Days covered; 1: a row of one day';
COMMENT ON COLUMN own_sales.sessions IS 'Sessions, total';
COMMENT ON COLUMN own_sales.sessions_b2b IS 'Of these, by businesses';
COMMENT ON COLUMN own_sales.page_views IS 'Page views, total';
COMMENT ON COLUMN own_sales.page_views_b2b IS 'Of these, by businesses';
COMMENT ON COLUMN own_sales.buy_box_percent IS 'Percent of page views with the own offer in the Buy Box';
COMMENT ON COLUMN own_sales.units IS 'Units ordered';
COMMENT ON COLUMN own_sales.units_b2b IS 'Of these, by businesses';
COMMENT ON COLUMN own_sales.orders IS 'Order items';
COMMENT ON COLUMN own_sales.orders_b2b IS 'Of these, by businesses';
COMMENT ON COLUMN own_sales.sales IS 'Ordered product sales, in currency';
COMMENT ON COLUMN own_sales.sales_b2b IS 'Of these, by businesses';
COMMENT ON COLUMN own_sales.currency IS 'Currency, ISO 4217';
COMMENT ON COLUMN own_sales.other IS 'All other columns, heading: text, as JSON';
COMMENT ON COLUMN own_sales.import_id IS 'Import it came with';
COMMENT ON COLUMN own_sales.line IS 'Line of the file';
