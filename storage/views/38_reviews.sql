CREATE OR REPLACE MACRO reviews_at(moment, of_asins := NULL) AS TABLE
WITH asked AS (
    SELECT DISTINCT marketplace, review_id FROM stored.review
    WHERE observed_at <= moment::TIMESTAMPTZ AND (of_asins IS NULL OR list_contains(of_asins::VARCHAR[], asin))
),
told AS (
    SELECT marketplace, review_id, count(*) AS versions, min((observed_at, fetch_id)) AS first_version,
           max((observed_at, fetch_id)) AS last_version, arg_min(asin, (observed_at, fetch_id)) AS asin,
           list_sort(list_distinct(list(asin))) AS asins
    FROM stored.review SEMI JOIN asked USING (marketplace, review_id)
    WHERE observed_at <= moment::TIMESTAMPTZ
    GROUP BY marketplace, review_id
),
-- Most reviews have one version, and need not be looked through.
regraded AS (
    SELECT marketplace, review_id, arg_max(before, observed_at) AS stars_before, max(observed_at) AS regraded_at
    FROM (
        SELECT marketplace, review_id, observed_at, stars,
               last_value(stars IGNORE NULLS) OVER (PARTITION BY marketplace, review_id ORDER BY observed_at, fetch_id
                                                    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
        FROM stored.review SEMI JOIN (FROM told WHERE versions > 1) USING (marketplace, review_id)
        WHERE observed_at <= moment::TIMESTAMPTZ
    )
    WHERE stars <> before
    GROUP BY marketplace, review_id
),
first_page AS (
    SELECT marketplace, asin, min(observed_at) AS opened_at
    FROM page_fetch SEMI JOIN told USING (marketplace, asin)
    WHERE kind = 'product' AND outcome = 'ok' AND NOT starts_with(task, 'import/')
    GROUP BY marketplace, asin
),
own AS (
    SELECT DISTINCT marketplace, review_id FROM stored.review SEMI JOIN listing USING (marketplace, asin)
),
word AS (
    SELECT marketplace, review_id, arg_max(state, said_at) AS state, arg_max_null(note, said_at) AS note,
           max(said_at) AS said_at
    FROM stored.review_word GROUP BY marketplace, review_id
)
SELECT t.marketplace, t.review_id, t.asin, t.asins, o.review_id IS NOT NULL AS own, r.stars, g.stars_before,
       g.regraded_at, r.reviewed_on, r.country, r.verified, r.title, r.body, r.variant,
       t.first_version[1] AS first_seen_at, f.opened_at IS NOT NULL AS there_before,
       CASE WHEN o.review_id IS NOT NULL THEN coalesce(w.state, 'new') END AS state, w.note, w.said_at, r.fetch_id
FROM told t
JOIN stored.review r
  ON r.marketplace = t.marketplace AND r.review_id = t.review_id AND r.observed_at = t.last_version[1]
 AND r.fetch_id = t.last_version[2]
LEFT JOIN regraded g ON g.marketplace = t.marketplace AND g.review_id = t.review_id
LEFT JOIN first_page f ON f.marketplace = t.marketplace AND f.asin = t.asin AND f.opened_at = t.first_version[1]
LEFT JOIN own o ON o.marketplace = t.marketplace AND o.review_id = t.review_id
LEFT JOIN word w ON w.marketplace = t.marketplace AND w.review_id = t.review_id;

CREATE OR REPLACE VIEW reviews AS FROM reviews_at('infinity');

COMMENT ON MACRO TABLE reviews_at IS 'reviews, as they had been read at an instant: reviews_at(''2026-03-01 12:00:00+08''); of some products alone, which is quicker: reviews_at(now(), of_asins := [''B0CVCV33BG'']). What the user said of them is of now';
COMMENT ON VIEW reviews IS 'Customer reviews that stood on product pages, one row each as last read, and what the user said of those on own pages. Only a few of all reviews stand there';
COMMENT ON COLUMN reviews.marketplace IS 'Marketplace';
COMMENT ON COLUMN reviews.review_id IS 'Amazon''s id of the review';
COMMENT ON COLUMN reviews.asin IS 'Product on whose page it was first seen';
COMMENT ON COLUMN reviews.asins IS 'Products on whose pages it was seen: variations share reviews';
COMMENT ON COLUMN reviews.own IS 'Whether one of them is an own product';
COMMENT ON COLUMN reviews.stars IS 'Stars given, 1 to 5';
COMMENT ON COLUMN reviews.stars_before IS 'Stars given before the customer changed them last; NULL when they were never changed';
COMMENT ON COLUMN reviews.regraded_at IS 'First page that shows the change (UTC)';
COMMENT ON COLUMN reviews.reviewed_on IS 'Day it was written, as shown';
COMMENT ON COLUMN reviews.country IS 'Where it was written, as shown';
COMMENT ON COLUMN reviews.verified IS 'Whether it is marked as a verified purchase';
COMMENT ON COLUMN reviews.title IS 'Headline';
COMMENT ON COLUMN reviews.body IS 'Text';
COMMENT ON COLUMN reviews.variant IS 'Variation bought, as shown';
COMMENT ON COLUMN reviews.first_seen_at IS 'First page that shows it (UTC)';
COMMENT ON COLUMN reviews.there_before IS 'Whether that was the first page ever read of the product: it may have stood there for long';
COMMENT ON COLUMN reviews.state IS 'new, or handled when the user says so; NULL of rivals';
COMMENT ON COLUMN reviews.note IS 'What the user noted';
COMMENT ON COLUMN reviews.said_at IS 'When (UTC)';
COMMENT ON COLUMN reviews.fetch_id IS 'Newest fetch that showed it first, or changed';
