CREATE OR REPLACE MACRO reviews_at(moment) AS TABLE
WITH seen AS (
    SELECT *, stars <> last_value(stars IGNORE NULLS) OVER earlier AS regraded,
           last_value(stars IGNORE NULLS) OVER earlier AS given_before, min(observed_at) OVER review AS first_seen_at
    FROM stored.review WHERE observed_at <= moment::TIMESTAMPTZ
    WINDOW review AS (PARTITION BY marketplace, review_id),
           earlier AS (PARTITION BY marketplace, review_id ORDER BY observed_at, fetch_id
                       ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
),
first_page AS (
    SELECT marketplace, asin, min(observed_at) AS opened_at FROM page_fetch
    WHERE kind = 'product' AND outcome = 'ok' AND NOT starts_with(task, 'import/')
    GROUP BY marketplace, asin
),
told AS (
    SELECT s.marketplace, s.review_id, arg_min(s.asin, s.observed_at) AS asin,
           list_sort(list_distinct(list(s.asin))) AS asins,
           arg_max(s.stars, (s.observed_at, s.fetch_id)) AS stars,
           arg_max(s.given_before, s.observed_at) FILTER (WHERE s.regraded) AS stars_before,
           max(s.observed_at) FILTER (WHERE s.regraded) AS regraded_at,
           arg_max(s.reviewed_on, s.observed_at) AS reviewed_on, arg_max(s.country, s.observed_at) AS country,
           arg_max(s.verified, s.observed_at) AS verified, arg_max(s.title, (s.observed_at, s.fetch_id)) AS title,
           arg_max(s.body, (s.observed_at, s.fetch_id)) AS body, arg_max(s.variant, s.observed_at) AS variant,
           any_value(s.first_seen_at) AS first_seen_at,
           coalesce(bool_or(f.opened_at = s.observed_at AND s.observed_at = s.first_seen_at), false) AS there_before,
           max(s.fetch_id) AS fetch_id
    FROM seen s LEFT JOIN first_page f USING (marketplace, asin)
    GROUP BY s.marketplace, s.review_id
),
own AS (
    SELECT DISTINCT marketplace, review_id FROM stored.review
    SEMI JOIN (SELECT marketplace, asin FROM listing) USING (marketplace, asin)
),
word AS (
    SELECT marketplace, review_id, arg_max(state, said_at) AS state, arg_max_null(note, said_at) AS note,
           max(said_at) AS said_at
    FROM stored.review_word GROUP BY marketplace, review_id
)
SELECT t.marketplace, t.review_id, t.asin, t.asins, o.review_id IS NOT NULL AS own, t.stars, t.stars_before,
       t.regraded_at, t.reviewed_on, t.country, t.verified, t.title, t.body, t.variant, t.first_seen_at, t.there_before,
       CASE WHEN o.review_id IS NOT NULL THEN coalesce(w.state, 'new') END AS state, w.note, w.said_at, t.fetch_id
FROM told t
LEFT JOIN own o ON o.marketplace = t.marketplace AND o.review_id = t.review_id
LEFT JOIN word w ON w.marketplace = t.marketplace AND w.review_id = t.review_id;

CREATE OR REPLACE VIEW reviews AS FROM reviews_at('infinity');

COMMENT ON MACRO TABLE reviews_at IS 'reviews, as they had been read at an instant: reviews_at(''2026-03-01 12:00:00+08''). What the user said of them is of now';
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
