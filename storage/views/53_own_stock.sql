CREATE OR REPLACE VIEW own_stock AS
SELECT marketplace, sku, asin, fnsku, condition, day, fulfillable, reserved, unsellable, total, inbound_working,
       inbound_shipped, inbound_receiving, other, import_id, line
FROM stored.own_stock
-- Whole groups are imported, so that all rows of the newest one belong together.
QUALIFY import_id = max(import_id) OVER (PARTITION BY marketplace, sku, day);

COMMENT ON VIEW own_stock IS 'What FBA inventory reports say: one row per SKU and day of the snapshot, of the newest import that has it';
COMMENT ON COLUMN own_stock.marketplace IS 'Marketplace';
COMMENT ON COLUMN own_stock.sku IS 'SKU';
COMMENT ON COLUMN own_stock.asin IS 'Product';
COMMENT ON COLUMN own_stock.fnsku IS 'FNSKU';
COMMENT ON COLUMN own_stock.condition IS 'Condition, as the report says';
COMMENT ON COLUMN own_stock.day IS 'Day of the snapshot';
COMMENT ON COLUMN own_stock.fulfillable IS 'Units that can be sold now';
COMMENT ON COLUMN own_stock.reserved IS 'Units reserved: for orders, on transfer, in processing';
COMMENT ON COLUMN own_stock.unsellable IS 'Units that cannot be sold';
COMMENT ON COLUMN own_stock.total IS 'Units in all, inbound ones included';
COMMENT ON COLUMN own_stock.inbound_working IS 'Units of shipments not sent yet';
COMMENT ON COLUMN own_stock.inbound_shipped IS 'Units on their way';
COMMENT ON COLUMN own_stock.inbound_receiving IS 'Units arrived and not yet booked in';
COMMENT ON COLUMN own_stock.other IS 'All other columns, heading: text, as JSON';
COMMENT ON COLUMN own_stock.import_id IS 'Import it came with';
COMMENT ON COLUMN own_stock.line IS 'Line of the file';
