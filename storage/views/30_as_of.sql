CREATE OR REPLACE MACRO as_of(moment) AS TABLE
SELECT p.*, b.rank AS bsr, b.category AS bsr_category
FROM product_observation p
JOIN (
    SELECT marketplace, asin, arg_max(fetch_id, (observed_at, fetch_id)) AS fetch_id
    FROM stored.product WHERE observed_at <= moment::TIMESTAMPTZ GROUP BY marketplace, asin
) USING (marketplace, asin, fetch_id)
LEFT JOIN bsr_observation b ON b.fetch_id = p.fetch_id AND b.asin = p.asin AND b.line = 1;

COMMENT ON MACRO TABLE as_of IS 'latest, as it was at an instant: as_of(''2026-03-01 12:00:00+08'')';
