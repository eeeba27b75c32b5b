-- What the crawls $first to $last (numbers, both included) see of the market of made_laws.sql, as temporary tables.

CREATE OR REPLACE TEMP TABLE fetched AS
SELECT (n::BIGINT * (getvariable('asins') + getvariable('keywords')) + place + 1)::BIGINT AS fetch_id, run_id, n, t,
       CASE WHEN k IS NULL THEN 'product/com/' || asin ELSE 'search/com/1/' || keyword END AS task,
       CASE WHEN k IS NULL THEN 'product' ELSE 'search' END AS kind, 'com' AS marketplace, i, asin, k, keyword,
       CASE WHEN k IS NOT NULL THEN 1 END AS page,
       CASE WHEN k IS NULL THEN 'https://www.amazon.com/dp/' || asin
            ELSE 'https://www.amazon.com/s?k=' || replace(keyword, ' ', '+') || '&page=1' END AS url,
       date_trunc('milliseconds', began + to_microseconds(((8 * place + 4 * roll(place, n, 'at')) * 1000000)::BIGINT)) AS observed_at,
       CASE WHEN roll(place, n, 'outcome') < 0.006 THEN 'blocked' WHEN roll(place, n, 'outcome') < 0.008 THEN 'timeout' ELSE 'ok' END AS outcome
FROM (
    SELECT i AS place, i, asin, NULL AS k, NULL AS keyword FROM product_law WHERE i < getvariable('asins')
    UNION ALL SELECT getvariable('asins') + k, NULL, NULL, k, keyword FROM keyword_law
), crawl
WHERE n BETWEEN $first AND $last AND (k IS NULL OR n >= getvariable('keywords_from'));

CREATE OR REPLACE TEMP TABLE made_fetch AS
SELECT fetch_id, run_id, task, kind, marketplace, asin, keyword, page::INTEGER AS page, url, observed_at, outcome,
       CASE outcome WHEN 'blocked' THEN 'bot_check' END AS detail,
       CASE outcome WHEN 'timeout' THEN NULL WHEN 'blocked' THEN 503 ELSE 200 END::INTEGER AS http_status,
       CASE WHEN outcome <> 'ok' THEN 3 WHEN roll(fetch_id, 0, 'again') < 0.02 THEN 2 ELSE 1 END::INTEGER AS attempts,
       CASE WHEN outcome = 'ok' THEN (900000 + 1500000 * roll(fetch_id, 0, 'bytes'))::BIGINT END AS bytes,
       CASE WHEN outcome <> 'timeout' THEN (400 + 2500 * roll(fetch_id, 0, 'ms'))::INTEGER END AS elapsed_ms,
       CASE WHEN outcome = 'ok' THEN sha256('page' || fetch_id) END AS page_hash, 2 AS parser_version, observed_at AS read_at
FROM fetched;

CREATE OR REPLACE TEMP TABLE made_product AS
WITH lasting AS (
    SELECT f.fetch_id, f.run_id, f.marketplace, f.observed_at, f.n, f.t, p.*, c.content_id, c.content.parent_asin AS parent_asin,
           c.content.variation_count AS variation_count,
           stretch(f.i, t, 5, 'out of stock') AS s_out, stretch(f.i, t, 4, 'deal') AS s_deal, stretch(f.i, t, 19, 'coupon') AS s_coupon,
           stretch(f.i, t, 3, 'left') AS s_left, stretch(f.i, t, 70, 'seller') AS s_seller, stretch(f.i, t, 6, 'offers') AS s_offers,
           stretch(f.i, t, price_stands, 'price') AS s_price, stretch(f.i, t, 15, 'bought') AS s_bought
    FROM fetched f JOIN product_law p USING (i)
    JOIN content_law c ON c.i = f.i AND c.version = stretch(f.i, t, 110, 'content')
    WHERE f.outcome = 'ok'
),
states AS (
    SELECT *, roll(i, s_out, 'out of stock') >= 0.03 AS buyable, roll(i, s_deal, 'deal') < 0.05 AS deals,
           roll(i, s_coupon, 'coupon') AS clip, roll(i, s_left, 'left') < 0.06 AS is_scarce,
           'Seller ' || hash(i, hash(i, s_seller) % sellers) % 700 AS sold_by, (hash(i, s_offers) % 12)::INTEGER AS others,
           round(base * (0.8 + 0.05 * (hash(i, s_price, 'price') % 9))) AS full_price,
           [0, 50, 100, 200, 300, 500, 1000, 2000][(1 + hash(i, s_bought // 3) % 6 + hash(i, s_bought) % 2)::INTEGER] AS bought,
           least(4.9, rating + 0.15 * sin(t / 200 + i)) AS stars, exp(bsr + 0.6 * sin(t / 45 + i) + 0.5 * (roll(i, n, 'bsr') + roll(i, n, 'b') - 1)) AS ranked
    FROM lasting
),
priced AS (
    SELECT *, CASE WHEN buyable THEN round(full_price * CASE WHEN deals THEN 0.85 ELSE 1 END) - 0.01 END::DECIMAL(18, 2) AS price FROM states
)
SELECT run_id, fetch_id, marketplace, asin, observed_at, timezone('UTC', observed_at)::DATE AS day, content_id, parent_asin, variation_count, i,
       price, CASE WHEN is_listed AND buyable THEN base * 1.25 END::DECIMAL(18, 2) AS list_price,
       CASE WHEN buyable OR is_used THEN 'USD' END AS currency,
       CASE WHEN buyable AND clip < 0.12 THEN 5 + 5 * (hash(i, s_coupon) % 4) END::DECIMAL(5, 2) AS coupon_percent,
       CASE WHEN buyable AND clip BETWEEN 0.12 AND 0.16 THEN 1 + hash(i, s_coupon) % 5 END::DECIMAL(18, 2) AS coupon_amount,
       CASE WHEN buyable AND deals THEN 'Limited time deal' END AS deal, buyable AND deals AS is_deal,
       CASE WHEN buyable AND deals AND hash(i, s_deal) % 3 = 0 THEN 'Ends in ' || (1 + hash(i, n) % 20) || 'h' END AS deal_ends,
       CASE WHEN NOT buyable THEN 'Currently unavailable.' WHEN is_scarce THEN 'Only ' || (19 - floor(18 * (t / 3 + roll(i, 0, 'left') - s_left))::INTEGER) || ' left in stock - order soon.'
            ELSE 'In Stock' END AS availability,
       buyable AS in_stock,
       CASE WHEN buyable AND is_scarce THEN 19 - floor(18 * (t / 3 + roll(i, 0, 'left') - s_left)) END::INTEGER AS stock_left,
       CASE WHEN buyable THEN sold_by END AS seller, CASE WHEN buyable THEN 'A' || upper(substr(md5(sold_by), 1, 13)) END AS seller_id,
       CASE WHEN buyable THEN CASE WHEN fba THEN 'Amazon' ELSE sold_by END END AS ships_from,
       CASE WHEN buyable THEN nullif(others, 0) END AS offer_count,
       CASE WHEN buyable AND others > 0 THEN round(full_price * 0.93) - 0.01 END::DECIMAL(18, 2) AS offer_from,
       CASE WHEN roll(i, n, 'unread') >= 0.0005 THEN stars END::DECIMAL(3, 1)::DECIMAL(3, 2) AS rating,
       floor(reviews + reviews_a_day * t)::INTEGER AS review_count,
       [round(100 - 12 * r), round(6 * r), round(3 * r), round(r), 100 - round(100 - 12 * r) - round(6 * r) - round(3 * r) - round(r)]::INTEGER[] AS rating_percents,
       CASE WHEN bought > 0 THEN bought || '+ bought in past month' END AS bought_past_month, nullif(bought, 0)::INTEGER AS bought_past_month_min,
       CASE WHEN has_unit AND buyable THEN price / 12 END::DECIMAL(18, 2) AS unit_price, CASE WHEN has_unit AND buyable THEN 'Count' END AS unit,
       CASE WHEN subscribes AND buyable THEN price * 0.95 END::DECIMAL(18, 2) AS subscribe_price,
       CASE WHEN subscribes AND buyable THEN 5 END::DECIMAL(5, 2) AS subscribe_percent,
       CASE WHEN is_used THEN round(full_price * 0.7) END::DECIMAL(18, 2) AS used_price, NULL::DECIMAL(18, 2) AS renewed_price,
       CASE WHEN buyable AND deals AND i % 3 = 0 THEN round(full_price * 0.8) - 0.01 END::DECIMAL(18, 2) AS prime_price,
       CASE WHEN hash(i, s_seller // 4) % 4 = 0 THEN 'desktop_2021' ELSE 'desktop_2023' END AS layout, 'New York 10001' AS delivery_location,
       greatest(1, ranked)::INTEGER AS rank_1, greatest(1, ranked / 25 * (0.9 + 0.2 * roll(i, n, 'line 2')))::INTEGER AS rank_2, category
FROM (SELECT *, 5 - stars AS r FROM priced);

-- Forty-eight to sixty cards a page, twelve places of them for ads; what ranks first wanders over weeks, ads are dealt anew.
CREATE OR REPLACE TEMP TABLE made_card AS
WITH page AS (
    SELECT fetch_id, run_id, marketplace, k, n, t, observed_at, 48 + (hash(k, n) % 13)::INTEGER AS cards FROM fetched
    WHERE kind = 'search' AND outcome = 'ok'
),
organic AS (
    SELECT p.*, c.i, c.keyword, row_number() OVER (PARTITION BY fetch_id
           ORDER BY j + 9 * sin(t / 30 + hash(c.i, p.k) % 7) + 4 * roll(c.i, n, 'place')) AS place
    FROM page p JOIN candidate c USING (k)
    QUALIFY place <= cards - 12
),
ads AS (
    SELECT p.*, c.i, c.keyword, row_number() OVER (PARTITION BY fetch_id ORDER BY hash(c.i, n, 'ad')) AS place
    FROM page p JOIN candidate c USING (k)
    WHERE hash(c.i, p.k, 'advertises') % 3 = 0
    QUALIFY place <= 12
),
placed AS (
    SELECT *, false AS sponsored, (CASE WHEN place <= 12 THEN place + 4 WHEN place <= 28 THEN place + 8 ELSE place + 12 END)::INTEGER AS position FROM organic
    UNION ALL
    SELECT *, true, (CASE WHEN place <= 4 THEN place WHEN place <= 8 THEN place + 12 ELSE place + 28 END)::INTEGER FROM ads
),
described AS (
    SELECT placed.*, l.asin, l.rating, l.reviews, l.reviews_a_day, l.base, l.is_listed,
           (round(base * (0.8 + 0.05 * (hash(l.i, stretch(l.i, t, price_stands, 'price'), 'price') % 9))) - 0.01)::DECIMAL(18, 2) AS price,
           least(4.9, l.rating + 0.15 * sin(t / 200 + l.i))::DECIMAL(3, 1)::DECIMAL(3, 2) AS stars,
           [0, 50, 100, 200, 300, 500, 1000, 2000][(1 + hash(l.i, stretch(l.i, t, 15, 'bought') // 3) % 6)::INTEGER] AS bought,
           roll(l.i, stretch(l.i, t, 19, 'coupon'), 'coupon') AS clip
    FROM placed JOIN product_law l USING (i)
)
SELECT run_id, fetch_id, marketplace, keyword, observed_at, timezone('UTC', observed_at)::DATE AS day, 1 AS page, position, asin,
       sponsored, position AS overall_position, CASE WHEN NOT sponsored THEN place END::INTEGER AS organic_position,
       CASE WHEN sponsored THEN place END::INTEGER AS sponsored_position,
       (i * (getvariable('days') // 200 + 2) + stretch(i, t, 200, 'title') + 1)::INTEGER AS title_id, price,
       CASE WHEN is_listed THEN base * 1.25 END::DECIMAL(18, 2) AS list_price, 'USD' AS currency, '$' || price AS price_text,
       CASE WHEN clip < 0.12 THEN 'Save ' || (5 + 5 * (hash(i, stretch(i, t, 19, 'coupon')) % 4)) || '% with coupon' END AS coupon,
       stars AS rating, stars::DECIMAL(3, 1) || ' out of 5 stars' AS rating_text, floor(reviews + reviews_a_day * t)::INTEGER AS review_count,
       nullif(bought, 0)::INTEGER AS bought_past_month_min, []::STRUCT(kind VARCHAR, "text" VARCHAR)[] AS badges
FROM described;
