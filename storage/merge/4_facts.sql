-- What the pages say. Titles, contents and sets of missing fields that are not there yet are added first.

CREATE OR REPLACE TEMP MACRO lack_key(missing) AS
    CASE WHEN len(missing) > 0 THEN md5(to_json(list_sort(missing))::VARCHAR) END;

INSERT INTO page_fetch BY NAME
SELECT * REPLACE (coalesce(read_at, observed_at) AS read_at)
FROM (SELECT fetch_id, unnest(fetched) FROM fresh)
ORDER BY fetch_id;

CREATE OR REPLACE TEMP TABLE placed AS
SELECT fetch_id, fetched.run_id, fetched.marketplace, fetched.keyword, fetched.observed_at, fetched.page,
       fetched.elsewhere, before,
       unnest(search.placements) AS p
FROM observed WHERE search IS NOT NULL;

CREATE OR REPLACE TEMP TABLE beside AS
SELECT fetch_id, fetched.run_id, fetched.marketplace, fetched.keyword, fetched.observed_at, fetched.page,
       fetched.elsewhere, unnest(search.widgets) AS w
FROM observed WHERE search IS NOT NULL;

CREATE OR REPLACE TEMP TABLE related AS
SELECT fetch_id, fetched.run_id, fetched.marketplace, product.asin, fetched.observed_at, fetched.elsewhere,
       unnest(product.related) AS r
FROM observed WHERE product IS NOT NULL;

CREATE OR REPLACE TEMP TABLE reviewed AS
SELECT fetch_id, fetched.run_id, fetched.marketplace, product.asin, fetched.observed_at,
       unnest(range(1, len(product.reviews) + 1))::INTEGER AS place, unnest(product.reviews) AS r
FROM observed WHERE product IS NOT NULL;

CREATE OR REPLACE TEMP TABLE listed AS
SELECT fetch_id, run_id, marketplace, observed_at, elsewhere, l.ranking, l.category, l.category_id, l.page,
       unnest(l.places) AS p
FROM (SELECT fetch_id, fetched.run_id, fetched.marketplace, fetched.observed_at, fetched.elsewhere, unnest(lists) AS l
      FROM observed WHERE lists IS NOT NULL);

CREATE OR REPLACE TEMP TABLE offered AS
SELECT fetch_id, fetched.run_id, fetched.marketplace, offers.asin, fetched.observed_at, fetched.elsewhere,
       unnest(offers.offers) AS o
FROM observed WHERE offers IS NOT NULL;

INSERT INTO stored.lack
SELECT (SELECT coalesce(max(lack_id), 0) FROM stored.lack) + row_number() OVER (ORDER BY lacks), lack_key(lacks), lacks,
       [l.field FOR l IN lacks IF l.reason NOT IN ('absent_on_page', 'not_applicable')]
FROM (
    SELECT DISTINCT list_sort(missing) AS lacks
    FROM (
        SELECT product.missing AS missing FROM observed
        UNION ALL SELECT search.missing FROM observed
        UNION ALL SELECT p.missing FROM placed
        UNION ALL SELECT w.missing FROM beside
        UNION ALL SELECT r.missing FROM related
        UNION ALL SELECT r.missing FROM reviewed
        UNION ALL SELECT p.missing FROM listed
        UNION ALL SELECT o.missing FROM offered
    )
    WHERE len(missing) > 0
)
WHERE lack_key(lacks) NOT IN (SELECT lack_key FROM stored.lack);

INSERT INTO stored.title
SELECT (SELECT coalesce(max(title_id), 0) FROM stored.title) + row_number() OVER (ORDER BY title), title
FROM (SELECT p.title AS title FROM placed UNION SELECT w.title FROM beside UNION SELECT p.title FROM listed
      UNION SELECT r.title FROM related)
WHERE title IS NOT NULL AND title NOT IN (SELECT title FROM stored.title);

CREATE OR REPLACE TEMP TABLE described AS
SELECT *, md5(to_json(content)::VARCHAR) AS content_key
FROM (
    SELECT fetch_id, fetched, product,
           {'title': product.title, 'brand': product.brand, 'parent_asin': product.parent_asin,
            'variation': product.variation, 'variation_count': product.variation_count, 'badges': product.badges,
            'bullets': product.bullets, 'image_count': product.image_count, 'main_image': product.main_image,
            'has_a_plus': product.has_a_plus, 'has_video': product.has_video,
            'first_available': product.first_available, 'categories': product.categories,
            'browse_node': product.browse_node} AS content
    FROM observed WHERE product IS NOT NULL
);

INSERT INTO stored.content BY NAME
SELECT ((SELECT coalesce(max(content_id), 0) FROM stored.content) + row_number() OVER (ORDER BY fetch_id))::INTEGER AS content_id,
       content_key, unnest(content)
FROM (
    FROM described WHERE content_key NOT IN (SELECT content_key FROM stored.content)
    QUALIFY row_number() OVER (PARTITION BY content_key ORDER BY fetch_id) = 1
);

-- A day is a day of the listing that has watched the product, or the keyword, for longest; else of the marketplace.
CREATE OR REPLACE TEMP TABLE zone_of AS
SELECT marketplace, asin, keyword, arg_min(time_zone, valid_from) AS time_zone
FROM (
    SELECT marketplace, asin, NULL AS keyword, time_zone, valid_from FROM listing WHERE valid_to IS NULL
    UNION ALL
    SELECT r.marketplace, r.asin, NULL, l.time_zone, r.valid_from
    FROM rival r JOIN listing l USING (listing, marketplace) WHERE r.valid_to IS NULL AND l.valid_to IS NULL
    UNION ALL
    SELECT k.marketplace, NULL, k.keyword, l.time_zone, k.valid_from
    FROM keyword k JOIN listing l USING (listing, marketplace) WHERE k.valid_to IS NULL AND l.valid_to IS NULL
)
GROUP BY ALL;

INSERT INTO stored.product BY NAME
SELECT d.fetched.run_id, d.fetch_id, d.fetched.marketplace, d.product.asin, d.fetched.observed_at,
       timezone(coalesce(z.time_zone, m.time_zone, 'UTC'), d.fetched.observed_at)::DATE AS day,
       c.content_id, l.lack_id,
       d.product.price, d.product.list_price, d.product.currency, d.product.coupon_percent, d.product.coupon_amount,
       d.product.deal, d.product.is_deal, d.product.deal_ends, d.product.availability, d.product.in_stock,
       d.product.stock_left, d.product.seller, d.product.seller_id, d.product.ships_from, d.product.offer_count,
       d.product.offer_from, d.product.rating, d.product.review_count, d.product.rating_percents,
       d.product.bought_past_month, d.product.bought_past_month_min, d.product.unit_price, d.product.unit,
       d.product.subscribe_price, d.product.subscribe_percent, d.product.used_price, d.product.renewed_price,
       d.product.prime_price, d.product.layout, d.product.delivery_location, d.fetched.elsewhere,
       d.fetched.wanted_postal_code
FROM described d
JOIN stored.content c USING (content_key)
LEFT JOIN stored.lack l ON l.lack_key = lack_key(d.product.missing)
LEFT JOIN zone_of z ON z.marketplace = d.fetched.marketplace AND z.asin = d.product.asin
LEFT JOIN marketplace m ON m.marketplace = d.fetched.marketplace
ORDER BY d.fetch_id;

INSERT INTO bsr_observation BY NAME
SELECT fetched.run_id, fetch_id, fetched.marketplace, product.asin, fetched.observed_at,
       line::INTEGER AS line, product.bsr[line].rank AS rank, product.bsr[line].category AS category,
       product.bsr[line].category_id AS category_id, product.bsr[line].department AS department
FROM (SELECT *, unnest(range(1, len(product.bsr) + 1)) AS line FROM observed WHERE product IS NOT NULL)
ORDER BY fetch_id, line;

-- The pages of a keyword belong together: all are of the day on which the run began with it, even across midnight.
CREATE OR REPLACE TEMP TABLE begun AS
SELECT run_id, marketplace, keyword, min(observed_at) AS began_at
FROM (
    SELECT fetched.run_id, fetched.marketplace, fetched.keyword, fetched.observed_at FROM observed WHERE search IS NOT NULL
    UNION ALL
    SELECT run_id, marketplace, keyword, observed_at FROM stored.results_page
    WHERE observed_at >= getvariable('oldest') AND run_id IN (SELECT fetched.run_id FROM observed)
)
GROUP BY ALL;

INSERT INTO stored.results_page BY NAME
SELECT fetched.run_id, fetch_id, fetched.marketplace, fetched.keyword, fetched.observed_at,
       timezone(coalesce(z.time_zone, m.time_zone, 'UTC'), b.began_at)::DATE AS day, fetched.page,
       search.last_page, search.results, search.results_text, search.layout, l.lack_id, search.related_searches
FROM observed
JOIN begun b ON b.run_id = fetched.run_id AND b.marketplace = fetched.marketplace AND b.keyword = fetched.keyword
LEFT JOIN stored.lack l ON l.lack_key = lack_key(search.missing)
LEFT JOIN zone_of z ON z.marketplace = fetched.marketplace AND z.keyword = fetched.keyword
LEFT JOIN marketplace m ON m.marketplace = fetched.marketplace
WHERE search IS NOT NULL
ORDER BY fetch_id;

INSERT INTO stored.placement BY NAME
SELECT run_id, fetch_id, marketplace, keyword, observed_at, day, page, p.position, p.asin, p.sponsored,
       before.overall + p.position AS overall_position,
       before.organic + p.organic_position AS organic_position,
       before.sponsored + p.sponsored_position AS sponsored_position,
       t.title_id, p.price, p.list_price, p.currency, p.price_text, p.coupon, p.rating, p.rating_text, p.review_count,
       p.bought_past_month_min, p.badges, l.lack_id, elsewhere
FROM placed
JOIN (SELECT fetch_id, day FROM stored.results_page WHERE observed_at >= getvariable('oldest')) USING (fetch_id)
LEFT JOIN stored.title t ON t.title = p.title
LEFT JOIN stored.lack l ON l.lack_key = lack_key(p.missing)
ORDER BY fetch_id, p.position;

INSERT INTO stored.widget BY NAME
SELECT run_id, fetch_id, marketplace, keyword, observed_at, page, w.widget, w.kind, w.heading, w.sponsored,
       w.after_position, w.place, w.asin, t.title_id, w.price, w.currency, w.rating, w.review_count, l.lack_id, elsewhere
FROM beside
LEFT JOIN stored.title t ON t.title = w.title
LEFT JOIN stored.lack l ON l.lack_key = lack_key(w.missing)
ORDER BY fetch_id, w.widget, w.place;

INSERT INTO stored.related BY NAME
SELECT run_id, fetch_id, marketplace, asin, observed_at, day, r."row", r.kind, r.heading, r.sponsored, r.place,
       r.asin AS related_asin, t.title_id, r.price, r.currency, r.rating, r.review_count, l.lack_id, elsewhere
FROM related
JOIN (SELECT fetch_id, day FROM stored.product WHERE observed_at >= getvariable('oldest')) USING (fetch_id)
LEFT JOIN stored.title t ON t.title = r.title
LEFT JOIN stored.lack l ON l.lack_key = lack_key(r.missing)
ORDER BY fetch_id, r."row", r.place;

-- A review is kept once, and again whenever it says something else than when it was last seen before. Pages that are
-- read again come in the midst of what is stored, so "before" goes by the page's instant.
INSERT INTO stored.review BY NAME
SELECT run_id, fetch_id, marketplace, asin, observed_at, r.review_id, place, r.stars, r.reviewed_on, r.country,
       r.verified, r.title, r.body, r.variant, l.lack_id
FROM (
    FROM (
        SELECT run_id, fetch_id, marketplace, asin, observed_at, place, r, r.review_id AS review_id,
               {'stars': r.stars, 'title': r.title, 'body': r.body} AS says
        FROM reviewed
        UNION ALL
        SELECT NULL, fetch_id, marketplace, asin, observed_at, NULL, NULL, review_id,
               {'stars': stars, 'title': title, 'body': body}
        FROM stored.review
        WHERE (marketplace, asin, review_id) IN (SELECT (marketplace, asin, r.review_id) FROM reviewed)
    )
    WINDOW review AS (PARTITION BY marketplace, asin, review_id ORDER BY observed_at, fetch_id, place)
    QUALIFY says IS DISTINCT FROM lag(says) OVER review AND r IS NOT NULL
)
LEFT JOIN stored.lack l ON l.lack_key = lack_key(r.missing)
ORDER BY fetch_id, place;

INSERT INTO stored.list_place BY NAME
SELECT run_id, fetch_id, marketplace, observed_at, ranking, category, category_id, page, p.rank, p.asin, t.title_id,
       p.price, p.currency, p.rating, p.review_count, l.lack_id, elsewhere
FROM listed
LEFT JOIN stored.title t ON t.title = p.title
LEFT JOIN stored.lack l ON l.lack_key = lack_key(p.missing)
ORDER BY fetch_id, ranking, category, p.rank;

INSERT INTO stored.offer BY NAME
SELECT run_id, fetch_id, marketplace, asin, observed_at, o.position, o.pinned, o.condition, o.condition_text, o.price,
       o.currency, o.delivery, o.seller, o.seller_id, o.ships_from, l.lack_id, elsewhere
FROM offered
LEFT JOIN stored.lack l ON l.lack_key = lack_key(o.missing)
ORDER BY fetch_id, o.position;

-- The products whose changes are to be told anew, and since when (see the next file).
CREATE OR REPLACE TEMP TABLE affected AS
SELECT marketplace, asin, min(observed_at) AS since
FROM (
    SELECT fetched.marketplace, product.asin, fetched.observed_at FROM observed WHERE product IS NOT NULL
    UNION ALL
    SELECT fetched.marketplace, fetched.asin, fetched.observed_at FROM fresh WHERE again IS NOT NULL AND fetched.kind = 'product'
)
GROUP BY ALL;
