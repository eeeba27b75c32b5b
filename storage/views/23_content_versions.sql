CREATE OR REPLACE VIEW content_versions AS
SELECT marketplace, asin, field, after AS value, observed_at AS valid_from,
       lead(observed_at) OVER (PARTITION BY marketplace, asin, field ORDER BY observed_at) AS valid_to, fetch_id
FROM stored.change
WHERE field IN ('title', 'brand', 'bullets', 'main_image', 'image_count', 'has_a_plus', 'has_video', 'variation',
                'variation_count', 'parent_asin', 'badges', 'deal', 'category', 'category_path', 'browse_node');

COMMENT ON VIEW content_versions IS 'What stood on a product page, and from when to when: title, bullets, images, badges …';
COMMENT ON COLUMN content_versions.marketplace IS 'Marketplace';
COMMENT ON COLUMN content_versions.asin IS 'Product';
COMMENT ON COLUMN content_versions.field IS 'Column of product_observation, or category (of the main rank line)';
COMMENT ON COLUMN content_versions.value IS 'The value as text; lists as JSON; NULL when the page showed none';
COMMENT ON COLUMN content_versions.valid_from IS 'First observation of it (UTC)';
COMMENT ON COLUMN content_versions.valid_to IS 'First observation of the next value (UTC); NULL while it stands';
COMMENT ON COLUMN content_versions.fetch_id IS 'Fetch that showed it first';
