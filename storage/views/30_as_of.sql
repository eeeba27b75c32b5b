CREATE OR REPLACE MACRO as_of(moment) AS TABLE
SELECT p.*, b.rank AS bsr, b.category AS bsr_category
FROM product_observation p
JOIN (
    SELECT marketplace, asin, max(observed_at) AS observed_at
    FROM stored.product WHERE observed_at <= moment::TIMESTAMPTZ GROUP BY marketplace, asin
) USING (marketplace, asin, observed_at)
LEFT JOIN bsr_observation b
  ON b.fetch_id = p.fetch_id AND b.observed_at = p.observed_at AND b.asin = p.asin AND b.line = 1
QUALIFY row_number() OVER (PARTITION BY p.marketplace, p.asin ORDER BY p.fetch_id DESC) = 1;

COMMENT ON MACRO TABLE as_of IS 'latest, as it was at an instant: as_of(''2026-03-01 12:00:00+08'')';
