"""The queries behind a comparison: what was watched, and one per family of series; parameters by name.

Instants come out as microseconds since 1970 UTC; ``$time_zone`` is the listing's, ``$since`` and
``$until`` bound ``observed_at``.
"""

# The newest page asked for on behalf of each listing before an instant (an imported row is none), and the oldest one
# that it has not been judged by: one that came, or was read again, since. Without a row in ``stored.judged`` of the
# rules in force, NULL: all of them.
_OF_LISTING = """
WITH watched AS (
    SELECT DISTINCT listing, marketplace, asin, NULL AS keyword FROM listing
    UNION SELECT listing, marketplace, asin, NULL FROM rival
),
searched AS (SELECT DISTINCT listing, marketplace, keyword FROM keyword)
"""
NEWEST = f"""
{_OF_LISTING}
SELECT listing, epoch_us(max(newest))
FROM (
    SELECT listing, newest FROM watched JOIN (
        SELECT marketplace, asin, max(observed_at) AS newest FROM page_fetch
        WHERE kind = 'product' AND NOT starts_with(task, 'import/') AND observed_at < $before GROUP BY ALL
    ) USING (marketplace, asin)
    UNION ALL
    SELECT listing, newest FROM searched JOIN (
        SELECT marketplace, keyword, max(observed_at) AS newest FROM page_fetch
        WHERE kind = 'search' AND observed_at < $before GROUP BY ALL
    ) USING (marketplace, keyword)
)
GROUP BY listing
"""  # noqa: S608
UNJUDGED = f"""
{_OF_LISTING},
news AS (
    SELECT fetch_id, read_at, marketplace, asin, keyword, kind, observed_at FROM page_fetch
    WHERE fetch_id > (SELECT coalesce(min(newest_fetch), -1) FROM stored.judged)
       OR read_at > (SELECT min(newest_read) FROM stored.judged)
),
touched AS (
    SELECT listing, fetch_id, read_at, observed_at FROM watched JOIN news USING (marketplace, asin)
    WHERE kind = 'product'
    UNION ALL
    SELECT listing, fetch_id, read_at, observed_at FROM searched JOIN news USING (marketplace, keyword)
    WHERE kind = 'search'
)
SELECT listing, NULL FROM (SELECT DISTINCT listing FROM listing)
WHERE listing NOT IN (SELECT listing FROM stored.judged WHERE rules = $rules)
UNION ALL
SELECT t.listing, epoch_us(min(t.observed_at))
FROM touched t JOIN stored.judged j ON j.listing = t.listing AND j.rules = $rules
WHERE t.fetch_id > j.newest_fetch OR t.read_at > j.newest_read
GROUP BY t.listing
"""  # noqa: S608
REACH = "SELECT coalesce(max(fetch_id), 0), coalesce(epoch_us(max(read_at)), 0) FROM page_fetch"

# Every row of a listing, whenever it was valid.
LISTINGS = """
SELECT listing, marketplace, asin, time_zone, epoch_us(valid_from), epoch_us(valid_to)
FROM listing ORDER BY listing, valid_from
"""
RIVALS = """
SELECT listing, marketplace, asin, epoch_us(valid_from), epoch_us(valid_to) FROM rival ORDER BY valid_from, asin
"""
# Asking for more pages of a keyword begins a new row, not a new keyword: watched since its first.
KEYWORDS = """
SELECT listing, marketplace, keyword, pages, epoch_us(valid_from), epoch_us(valid_to)
FROM keyword ORDER BY valid_from, keyword
"""
EXPECTATIONS = """
SELECT listing, marketplace, expected, epoch_us(valid_from), epoch_us(valid_to) FROM expectation ORDER BY valid_from
"""

# What each marketplace was asked for, run by run; of runs before schema 5 that is not known.
ASKED = """
SELECT marketplace, epoch_us(min(observed_at)), arg_max(wanted_postal_code, observed_at),
       arg_max(wanted_currency, observed_at)
FROM page_fetch WHERE wanted_currency IS NOT NULL
GROUP BY marketplace, run_id ORDER BY ALL
"""

# A join with a list of names is a fraction of the work of looking each row's name up in it.
WATCHED = "SEMI JOIN (SELECT unnest($asins::VARCHAR[]) AS asin) USING (asin)"
BETWEEN = "marketplace = $marketplace AND observed_at >= $since AND observed_at <= $until"

# Amounts, percent and stars as whole hundredths: DuckDB hands out decimals at ten times the cost of numbers.
# Joined tables are bound themselves: DuckDB does not pass on the bounds of the one they are joined to.
PRODUCTS = f"""
WITH seen AS (FROM stored.product {WATCHED} WHERE {BETWEEN}),
fetched AS (
    SELECT fetch_id, language, wanted_postal_code AS asked_for, wanted_currency
    FROM page_fetch WHERE kind = 'product' AND {BETWEEN}
)
SELECT
    asin, epoch_us(observed_at), CAST(timezone($time_zone, observed_at) AS DATE), fetch_id, language, content_id,
    lack_id, currency, (price * 100)::BIGINT, (list_price * 100)::BIGINT,
    (coupon_percent * 100)::BIGINT, (coupon_amount * 100)::BIGINT, deal, is_deal, availability, in_stock, stock_left,
    seller, seller_id, (rating * 100)::BIGINT, review_count, (prime_price * 100)::BIGINT, offer_count,
    (offer_from * 100)::BIGINT, array_to_string(rating_percents, ','), bought_past_month_min,
    coalesce(elsewhere, CASE WHEN wanted_currency IS NOT NULL AND asked_for IS DISTINCT FROM $postal_code
                             THEN 'asked for ' || coalesce(asked_for, 'no postal code') || ' then, not '
                                  || coalesce($postal_code, 'any') END)
FROM seen LEFT JOIN fetched USING (fetch_id)
ORDER BY asin, observed_at, fetch_id
"""  # noqa: S608 - the only insertions are the constants above

LACKS = "SELECT lack_id, lacks FROM stored.lack SEMI JOIN (SELECT unnest($lacks) AS lack_id) USING (lack_id)"

CONTENTS = f"""
SELECT content_id, title, brand, parent_asin, variation_count, badges, bullets, image_count, main_image, has_a_plus,
       has_video
FROM stored.content SEMI JOIN (SELECT content_id FROM stored.product {WATCHED} WHERE {BETWEEN}) USING (content_id)
"""  # noqa: S608

RANKS = f"""
SELECT fetch_id, rank, category, category_id FROM bsr_observation {WATCHED} WHERE {BETWEEN} ORDER BY fetch_id, line
"""  # noqa: S608

# The lowest price to pay (see Observation.to_pay) of each product before the span, in the same currency and not for
# elsewhere; one whose coupon or Prime price could not be read is not known.
LOWEST = f"""
SELECT asin, arg_min(CAST(to_pay AS DECIMAL(18, 2)), (to_pay, -epoch(day))), arg_min(day, (to_pay, -epoch(day)))
FROM (
    SELECT asin, day, lack_id, greatest(0, least(price, coalesce(prime_price, price))
           * (1 - coalesce(coupon_percent, 0) / 100) - coalesce(coupon_amount, 0)) AS to_pay
    FROM stored.product {WATCHED}
    WHERE marketplace = $marketplace AND observed_at < $since AND currency = $currency AND elsewhere IS NULL
      AND price IS NOT NULL
) LEFT JOIN stored.lack USING (lack_id)
WHERE NOT list_has_any(coalesce(unknown, []), ['coupon_percent', 'coupon_amount', 'prime_price'])
GROUP BY asin
"""  # noqa: S608

FAILURES = f"""
SELECT asin, epoch_us(observed_at), CAST(timezone($time_zone, observed_at) AS DATE), outcome, detail, fetch_id
FROM page_fetch {WATCHED} WHERE kind = 'product' AND outcome <> 'ok' AND {BETWEEN}
ORDER BY asin, observed_at, fetch_id
"""  # noqa: S608

# Pages of one keyword in one run; a page asked for twice counts as its last answer, a good one first. A page noted as
# not found without having been asked for is none: the page before it showed that the results end there. One of
# ``$misread`` (its layout has changed: what is not on it may be there all the same) counts as not read.
SEARCHED = "SEMI JOIN (SELECT unnest($keywords::VARCHAR[]) AS keyword) USING (keyword)"
PAGES = f"""
page_asked AS (
    SELECT keyword, run_id, page, fetch_id, observed_at,
           CASE WHEN list_contains($misread::BIGINT[], fetch_id) THEN 'layout_changed' ELSE outcome END AS outcome
    FROM page_fetch {SEARCHED}
    WHERE kind = 'search' AND {BETWEEN} AND NOT (outcome = 'not_found' AND attempts = 0)
    QUALIFY row_number() OVER (PARTITION BY keyword, run_id, page
                               ORDER BY outcome = 'ok' DESC, observed_at DESC, fetch_id DESC) = 1
),
page_read AS (
    SELECT *, row_number() OVER (PARTITION BY keyword, run_id ORDER BY page) = page AS counted
    FROM page_asked WHERE outcome = 'ok'
)
"""  # noqa: S608

READS = f"""
WITH {PAGES},
results AS (
    SELECT fetch_id, max(organic_position) AS last_organic
    FROM stored.placement {SEARCHED} WHERE {BETWEEN}
    GROUP BY fetch_id
),
run_read AS (
    SELECT keyword, run_id, count(*) AS pages_read, max(last_organic) AS organic_results,
           max(last_organic) FILTER (page = 1) AS first_page_results,
           max(fetch_id) FILTER (page = 1) AS fetch_id
    FROM page_read LEFT JOIN results USING (fetch_id) WHERE counted
    GROUP BY keyword, run_id
),
run_asked AS (
    SELECT keyword, run_id, min(observed_at) AS began_at, max(observed_at) AS observed_at,
           CAST(timezone($time_zone, max(observed_at)) AS DATE) AS day,
           arg_min(outcome, page) FILTER (outcome <> 'ok') AS reason
    FROM page_asked GROUP BY keyword, run_id
)
SELECT keyword, run_id, epoch_us(began_at), epoch_us(observed_at), day,
       row_number() OVER (PARTITION BY keyword, day
                          ORDER BY pages_read IS NULL, observed_at DESC, run_id DESC) = 1 AS closing,
       coalesce(pages_read, 0), coalesce(organic_results, 0), coalesce(first_page_results, 0),
       fetch_id, reason
FROM run_asked LEFT JOIN run_read USING (keyword, run_id)
ORDER BY keyword, observed_at, run_id
"""  # noqa: S608

# There are many of these: so a reading is named by the fetch of its first page, and a place is one number, made of the
# best organic place, the best ad (each with its page: 100 * place + page) and whether it is in doubt which it is.
PLACES = f"""
WITH {PAGES},
counted AS (
    SELECT fetch_id, max(fetch_id) FILTER (page = 1) OVER (PARTITION BY keyword, run_id) AS reading
    FROM page_read WHERE counted
),
placed AS (
    SELECT fetch_id, asin, page, sponsored, organic_position, sponsored_position
    FROM stored.placement {SEARCHED} {WATCHED} WHERE {BETWEEN}
)
SELECT reading, asin,
       coalesce(min(100 * organic_position + page), 0)
           + (coalesce(min(100 * sponsored_position + page), 0)::BIGINT << 30)
           + (bool_or(sponsored IS NULL)::BIGINT << 60)
FROM placed JOIN counted USING (fetch_id)
GROUP BY ALL
"""  # noqa: S608

# Products that came up for a keyword within four weeks, where it had been read for two weeks before: page one, organic.
STRANGERS = f"""
WITH placed AS (
    SELECT keyword, asin, fetch_id, observed_at, page, organic_position
    FROM stored.placement {SEARCHED} WHERE {BETWEEN}
),
began AS (SELECT keyword, min(observed_at) AS first_read FROM placed GROUP BY keyword),
young AS (
    SELECT keyword, asin, min(observed_at) AS first_seen FROM placed JOIN began USING (keyword)
    GROUP BY keyword, asin HAVING first_seen >= any_value(first_read) + INTERVAL 14 DAY
)
SELECT fetch_id, asin, min(organic_position) AS place
FROM placed JOIN young USING (keyword, asin)
WHERE page = 1 AND organic_position IS NOT NULL AND observed_at <= first_seen + INTERVAL 28 DAY
GROUP BY fetch_id, asin
ORDER BY fetch_id, place
"""  # noqa: S608
