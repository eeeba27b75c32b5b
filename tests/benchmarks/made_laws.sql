-- The laws of a made-up market, for tests/benchmarks/made_store.py: what lasts (products, their contents, keywords).
-- Everything follows from numbered products, keywords and crawls by hashes: no row depends on the row before it.

CREATE OR REPLACE TEMP MACRO roll(a, b, salt) AS (hash(a, b, salt) % 1000003) / 1000003.0;
-- Number of the stretch of about "period" days that instant "t" (days) lies in: stretches begin at other times for each.
CREATE OR REPLACE TEMP MACRO stretch(of_one, t, period, salt) AS
    floor(t / period + roll(of_one, 0, salt))::INTEGER;
CREATE OR REPLACE TEMP MACRO words(seed, count) AS array_to_string([
    ['Premium', 'Stainless', 'Steel', 'Insulated', 'Bottle', 'Wireless', 'Cordless', 'Kitchen', 'Garden', 'Portable',
     'Organic', 'Cotton', 'Bamboo', 'Set of', 'Large', 'Compact', 'Foldable', 'Waterproof', 'with Lid', 'for Women',
     'for Men', 'and Kids', 'Heavy Duty', 'Adjustable', 'Rechargeable', 'LED', 'Silicone', 'Ceramic', 'Leather',
     'Travel', 'Outdoor', 'Camping', 'Office', 'Desk', 'Lamp', 'Holder', 'Organizer', 'Storage', 'Box', 'Mat', 'Brush',
     'Cleaner', 'Filter', 'Replacement', 'Compatible', 'Universal', 'BPA Free', 'Dishwasher Safe', '2 Pack', '12 oz',
     '24 oz', 'Black', 'White', 'Blue', 'Grey', 'Gift', 'Christmas', 'Home', 'Professional', 'Ergonomic'
    ][(1 + hash(seed, w) % 60)::INTEGER] FOR w IN range(count)], ' ');

-- Cards of results pages show the watched products and four times as many that nobody watches.
CREATE OR REPLACE TEMP TABLE product_law AS
SELECT i::INTEGER AS i, 'B0' || upper(substr(md5('asin' || i), 1, 8)) AS asin,
       round(exp(2.2 + 2.2 * roll(i, 1, 'base')))::INTEGER AS base, 12 + 45 * roll(i, 1, 'price stands') AS price_stands,
       (10 * exp(6 * roll(i, 1, 'reviews')))::INTEGER AS reviews, 0.02 * exp(6 * roll(i, 1, 'more reviews')) AS reviews_a_day,
       3.6 + 1.2 * roll(i, 1, 'rating') AS rating, 3 + 8 * roll(i, 1, 'bsr') AS bsr,
       (hash(i, 'category') % 20)::INTEGER AS category, (1 + hash(i, 'sellers') % 3)::INTEGER AS sellers,
       hash(i, 'brand') % 400 AS brand, roll(i, 1, 'list price') < 0.6 AS is_listed, roll(i, 1, 'unit') < 0.4 AS has_unit,
       roll(i, 1, 'subscribe') < 0.3 AS subscribes, roll(i, 1, 'used') < 0.2 AS is_used, roll(i, 1, 'fba') < 0.7 AS fba
FROM range(5 * getvariable('asins')) t(i);

CREATE OR REPLACE TEMP TABLE crawl AS
SELECT n::INTEGER AS n, n / getvariable('crawls') AS t, getvariable('start')::TIMESTAMPTZ + to_hours(24 * n // getvariable('crawls')) AS began,
       strftime(getvariable('start')::TIMESTAMPTZ + to_hours(24 * n // getvariable('crawls')), '%Y%m%dT%H%M%SZ-') || substr(md5('run' || n), 1, 6) AS run_id
FROM range(getvariable('days') * getvariable('crawls')) t(n);

-- Titles, bullets and badges change a few times a year.
CREATE OR REPLACE TEMP TABLE content_law AS
SELECT (row_number() OVER (ORDER BY since, i))::INTEGER AS content_id, i, version, content
FROM (
    SELECT i, version, greatest(0, (version - roll(i, 0, 'content')) * 110) AS since,
           {'title': 'Brand' || brand || ' ' || words(hash(i, version // 2), 16), 'brand': 'Brand' || brand,
            'parent_asin': CASE WHEN i % 5 < 2 THEN 'B1' || upper(substr(md5('parent' || i), 1, 8)) END,
            'variation': CASE WHEN i % 5 < 2 THEN MAP {'Color': words(i, 1), 'Size': words(-i, 1)} END,
            'variation_count': CASE WHEN i % 5 < 2 THEN (2 + hash(i, version // 4) % 9)::INTEGER END,
            'badges': CASE WHEN hash(i, version) % 6 = 0 THEN [{'kind': 'best_seller', 'text': 'Category ' || category}] ELSE [] END
                      ::STRUCT(kind VARCHAR, "text" VARCHAR)[],
            'bullets': [words(hash(i, b, (version + 1) // 2), 20) FOR b IN range(5)],
            'image_count': (4 + hash(i, version // 3) % 6)::INTEGER, 'main_image': substr(md5(i || 'image' || version // 3), 1, 11),
            'has_a_plus': i % 3 > 0, 'has_video': i % 4 = 0, 'first_available': DATE '2010-01-01' + (hash(i) % 1500)::INTEGER} AS content
    FROM product_law, range(getvariable('days') // 110 + 2) v(version)
    WHERE i < getvariable('asins')
);
INSERT INTO stored.content BY NAME
SELECT content_id, md5(to_json(content)::VARCHAR) AS content_key, unnest(content) FROM content_law ORDER BY content_id;

INSERT INTO stored.title
SELECT i * versions + version + 1, 'Brand' || brand || ' ' || words(hash(i, version, 'card'), 14)
FROM (SELECT *, getvariable('days') // 200 + 2 AS versions FROM product_law), range(versions) v(version);

CREATE OR REPLACE TEMP TABLE keyword_law AS
SELECT k::INTEGER AS k, lower(words(hash(k, 'keyword'), 2)) || ' ' || k AS keyword, k % getvariable('listings') AS listing
FROM range(getvariable('keywords')) t(k);

-- Who may show up for a keyword: the products of its listing, and eighty more; a third of these advertise.
CREATE OR REPLACE TEMP TABLE candidate AS
SELECT k, any_value(keyword) AS keyword, i, min(j) AS j
FROM keyword_law,
     range(100) t(j),
     LATERAL (SELECT (CASE WHEN j % 5 = 0 AND j < 5 * 21 THEN (listing * 21 + j // 5) % getvariable('asins')
                           ELSE hash(k, j, 'pool') % (5 * getvariable('asins')) END)::INTEGER AS i)
GROUP BY k, i;

INSERT INTO listing
SELECT 'listing-' || n, 'com', asin, 'UTC', getvariable('start')::TIMESTAMPTZ, NULL
FROM range(getvariable('listings')) t(n) JOIN product_law ON i = n * 21;
INSERT INTO rival
SELECT 'listing-' || i // 21, 'com', asin, getvariable('start')::TIMESTAMPTZ, NULL
FROM product_law WHERE i < getvariable('asins') AND i % 21 > 0;
INSERT INTO keyword
SELECT 'listing-' || listing, 'com', keyword, 1, getvariable('start')::TIMESTAMPTZ, NULL FROM keyword_law;
