CREATE OR REPLACE VIEW missing_value AS
SELECT run_id, fetch_id, marketplace, asin, observed_at, NULL::INTEGER AS position, l.field AS field, l.reason, l.text
FROM (SELECT f.*, unnest(k.lacks) AS l FROM stored.product f JOIN stored.lack k USING (lack_id))
UNION ALL
SELECT run_id, fetch_id, marketplace, NULL AS asin, observed_at, NULL::INTEGER AS position, l.field AS field, l.reason, l.text
FROM (SELECT f.*, unnest(k.lacks) AS l FROM stored.results_page f JOIN stored.lack k USING (lack_id))
UNION ALL
SELECT run_id, fetch_id, marketplace, asin, observed_at, position, l.field AS field, l.reason, l.text
FROM (SELECT f.*, unnest(k.lacks) AS l FROM stored.placement f JOIN stored.lack k USING (lack_id))
UNION ALL
SELECT run_id, fetch_id, marketplace, asin, observed_at, widget AS position, 'widget.' || l.field AS field, l.reason, l.text
FROM (SELECT f.*, unnest(k.lacks) AS l FROM stored.widget f JOIN stored.lack k USING (lack_id))
UNION ALL
SELECT run_id, fetch_id, marketplace, related_asin, observed_at, place AS position, 'related.' || l.field AS field, l.reason, l.text
FROM (SELECT f.*, unnest(k.lacks) AS l FROM stored.related f JOIN stored.lack k USING (lack_id))
UNION ALL
SELECT run_id, fetch_id, marketplace, asin, observed_at, place AS position, 'review.' || l.field AS field, l.reason, l.text
FROM (SELECT f.*, unnest(k.lacks) AS l FROM stored.review f JOIN stored.lack k USING (lack_id))
UNION ALL
SELECT run_id, fetch_id, marketplace, asin, observed_at, rank AS position, 'list.' || l.field AS field, l.reason, l.text
FROM (SELECT f.*, unnest(k.lacks) AS l FROM stored.list_place f JOIN stored.lack k USING (lack_id))
UNION ALL
SELECT run_id, fetch_id, marketplace, asin, observed_at, position, 'offer.' || l.field AS field, l.reason, l.text
FROM (SELECT f.*, unnest(k.lacks) AS l FROM stored.offer f JOIN stored.lack k USING (lack_id));

COMMENT ON VIEW missing_value IS 'Why a value is NULL, one row per missing field of an observation or placement';
COMMENT ON COLUMN missing_value.run_id IS 'Crawl run';
COMMENT ON COLUMN missing_value.fetch_id IS 'Fetch it was read from';
COMMENT ON COLUMN missing_value.marketplace IS 'Marketplace';
COMMENT ON COLUMN missing_value.asin IS 'Product, when the field is one of a product or placement';
COMMENT ON COLUMN missing_value.observed_at IS 'When the page came (UTC)';
COMMENT ON COLUMN missing_value.position IS 'Placement, block, place in a row of related products, review, rank or offer on the page, when the field is one of these';
COMMENT ON COLUMN missing_value.field IS 'Column without a value; of a review, block, related product, ranked list or offer it begins with review. widget. related. list. offer.';
COMMENT ON COLUMN missing_value.reason IS 'absent_on_page, unparseable, layout_unknown, not_applicable, ambiguous, not_in_source';
COMMENT ON COLUMN missing_value.text IS 'The text found, when it was unparseable';
