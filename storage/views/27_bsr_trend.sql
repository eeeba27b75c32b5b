CREATE OR REPLACE VIEW bsr_trend AS
WITH ranked AS (
    SELECT p.marketplace, p.asin, p.day, coalesce(b.category_id, b.category) AS category_id,
           arg_max(b.category, b.observed_at) AS category, arg_max(b.rank, b.observed_at) AS rank,
           min(b.rank) AS best, max(b.rank) AS worst, count(*) AS observations, max(b.observed_at) AS observed_at
    FROM stored.product p
    JOIN bsr_observation b ON b.fetch_id = p.fetch_id AND b.asin = p.asin AND b.line = 1
    GROUP BY p.marketplace, p.asin, p.day, coalesce(b.category_id, b.category)
    QUALIFY row_number() OVER (PARTITION BY p.marketplace, p.asin, p.day ORDER BY max(b.observed_at) DESC) = 1
)
SELECT r.marketplace, r.asin, r.day, r.category, r.rank, r.best, r.worst, r.observations,
       week.rank AS rank_week_before, r.rank / week.rank AS week_factor,
       month.rank AS rank_month_before, r.rank / month.rank AS month_factor
FROM ranked r
LEFT JOIN ranked week ON week.marketplace = r.marketplace AND week.asin = r.asin AND week.category_id = r.category_id
                     AND week.day = r.day - 7
LEFT JOIN ranked month ON month.marketplace = r.marketplace AND month.asin = r.asin AND month.category_id = r.category_id
                      AND month.day = r.day - 30;

COMMENT ON VIEW bsr_trend IS 'Main-category rank of each product by local day, beside that of 7 and 30 days before in the same category';
COMMENT ON COLUMN bsr_trend.marketplace IS 'Marketplace';
COMMENT ON COLUMN bsr_trend.asin IS 'Product';
COMMENT ON COLUMN bsr_trend.day IS 'Local day';
COMMENT ON COLUMN bsr_trend.category IS 'Main category, as shown';
COMMENT ON COLUMN bsr_trend.rank IS 'Rank at the last observation of the day';
COMMENT ON COLUMN bsr_trend.best IS 'Lowest rank number of the day';
COMMENT ON COLUMN bsr_trend.worst IS 'Highest rank number of the day';
COMMENT ON COLUMN bsr_trend.observations IS 'Observations of the day that showed a rank';
COMMENT ON COLUMN bsr_trend.rank_week_before IS 'Rank 7 days before; NULL when none is known for that day and category';
COMMENT ON COLUMN bsr_trend.week_factor IS 'rank over that: 0.5 is half the rank number, so twice as good';
COMMENT ON COLUMN bsr_trend.rank_month_before IS 'Rank 30 days before; NULL when none is known';
COMMENT ON COLUMN bsr_trend.month_factor IS 'rank over that';
