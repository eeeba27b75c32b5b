CREATE OR REPLACE VIEW watch_list AS
SELECT listing, marketplace, asin, true AS own FROM listing WHERE valid_to IS NULL
UNION ALL
SELECT listing, marketplace, asin, false AS own FROM rival WHERE valid_to IS NULL;

COMMENT ON VIEW watch_list IS 'What is watched now: the own product and the rivals of each listing';
COMMENT ON COLUMN watch_list.listing IS 'Listing';
COMMENT ON COLUMN watch_list.marketplace IS 'Marketplace';
COMMENT ON COLUMN watch_list.asin IS 'Product; a rival of two listings has two rows';
COMMENT ON COLUMN watch_list.own IS 'Whether it is the own product';
