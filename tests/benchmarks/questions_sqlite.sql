-- name: latest of all
SELECT p.asin, p.observed_at, p.price, b.rank, p.in_stock, p.review_count, c.title
FROM (SELECT marketplace, asin, max(observed_at) AS observed_at FROM product GROUP BY marketplace, asin) l
JOIN product p USING (marketplace, asin, observed_at)
JOIN content c USING (content_id)
LEFT JOIN bsr_observation b ON b.marketplace = p.marketplace AND b.asin = p.asin AND b.observed_at = p.observed_at AND b.line = 1;
-- name: latest of all, given the list of products
SELECT p.asin, p.observed_at, p.price, b.rank, p.in_stock, p.review_count, c.title
FROM (SELECT 'com' AS marketplace, asin FROM listing UNION SELECT 'com', asin FROM rival) w
JOIN product p ON p.marketplace = w.marketplace AND p.asin = w.asin AND p.observed_at = (
    SELECT max(observed_at) FROM product q WHERE q.marketplace = w.marketplace AND q.asin = w.asin)
JOIN content c USING (content_id)
LEFT JOIN bsr_observation b ON b.marketplace = p.marketplace AND b.asin = p.asin AND b.observed_at = p.observed_at AND b.line = 1;
-- name: trend, 21 ASINs, 90 days: a row a day
SELECT p.asin, p.observed_at, p.price, b.rank, p.in_stock, p.review_count
FROM (
    SELECT *, row_number() OVER (PARTITION BY asin, day ORDER BY observed_at DESC) AS nth FROM product
    WHERE marketplace = 'com' AND asin IN (SELECT value FROM json_each(:asins)) AND observed_at >= (:today - 89) * 86400000000
) p
LEFT JOIN bsr_observation b ON b.marketplace = p.marketplace AND b.asin = p.asin AND b.observed_at = p.observed_at AND b.line = 1
WHERE nth = 1;
-- name: trend, 21 ASINs, 90 days: every observation
SELECT p.asin, p.observed_at, p.price, b.rank, p.in_stock, p.review_count
FROM product p
LEFT JOIN bsr_observation b ON b.marketplace = p.marketplace AND b.asin = p.asin AND b.observed_at = p.observed_at AND b.line = 1
WHERE p.marketplace = 'com' AND p.asin IN (SELECT value FROM json_each(:asins)) AND p.observed_at >= :before_90;
-- name: changes of the last 7 days, all products
WITH seen AS (
    SELECT p.*, c.title FROM product p JOIN content c USING (content_id) WHERE p.observed_at >= :before_9
),
turned AS (
    SELECT asin, observed_at,
           row_number() OVER w > 1 AS known,
           price IS NOT lag(price) OVER w AS price, list_price IS NOT lag(list_price) OVER w AS list_price,
           coupon_percent IS NOT lag(coupon_percent) OVER w AS coupon_percent, is_deal IS NOT lag(is_deal) OVER w AS is_deal,
           in_stock IS NOT lag(in_stock) OVER w AS in_stock, stock_left IS NOT lag(stock_left) OVER w AS stock_left,
           seller IS NOT lag(seller) OVER w AS seller, offer_count IS NOT lag(offer_count) OVER w AS offer_count,
           title IS NOT lag(title) OVER w AS title
    FROM seen WINDOW w AS (PARTITION BY marketplace, asin ORDER BY observed_at)
),
recent AS (SELECT * FROM turned WHERE known AND observed_at >= :before_7)
SELECT asin, 'price', observed_at FROM recent WHERE price
UNION ALL SELECT asin, 'list_price', observed_at FROM recent WHERE list_price
UNION ALL SELECT asin, 'coupon_percent', observed_at FROM recent WHERE coupon_percent
UNION ALL SELECT asin, 'is_deal', observed_at FROM recent WHERE is_deal
UNION ALL SELECT asin, 'in_stock', observed_at FROM recent WHERE in_stock
UNION ALL SELECT asin, 'stock_left', observed_at FROM recent WHERE stock_left
UNION ALL SELECT asin, 'seller', observed_at FROM recent WHERE seller
UNION ALL SELECT asin, 'offer_count', observed_at FROM recent WHERE offer_count
UNION ALL SELECT asin, 'title', observed_at FROM recent WHERE title;
-- name: data quality of the last 7 days
WITH page AS (
    SELECT day, 'product' AS kind, lack_id, count(*) AS pages FROM product
    WHERE observed_at >= (:today - 6) * 86400000000 GROUP BY 1, 3
    UNION ALL
    SELECT r.day, 'placement', p.lack_id, count(*) FROM results_page r JOIN placement p USING (fetch_id)
    WHERE r.observed_at >= (:today - 6) * 86400000000 GROUP BY 1, 3
)
SELECT date(day * 86400, 'unixepoch'), kind, json_extract(l.value, '$.field'), json_extract(l.value, '$.reason'), sum(pages)
FROM page JOIN lack USING (lack_id), json_each(lack.lacks) l
GROUP BY 1, 2, 3, 4;
-- name: keyword ranks of a listing, 30 days
WITH read AS (
    SELECT *, row_number() OVER (PARTITION BY keyword, day ORDER BY observed_at DESC) AS nth FROM (
        SELECT r.keyword, r.day, r.run_id, max(r.observed_at) AS observed_at, count(DISTINCT r.page) AS pages_read
        FROM keyword k JOIN results_page r ON r.marketplace = k.marketplace AND r.keyword = k.keyword
        WHERE k.listing = :listing AND r.observed_at >= (:today - 29) * 86400000000
        GROUP BY 1, 2, 3)
),
card AS (
    SELECT r.keyword, r.day, r.pages_read, p.asin, p.organic_position, p.sponsored_position
    FROM read r JOIN results_page g ON g.marketplace = 'com' AND g.keyword = r.keyword AND g.observed_at >= (:today - 29) * 86400000000 AND g.run_id = r.run_id
    JOIN placement p ON p.fetch_id = g.fetch_id
    WHERE r.nth = 1
),
depth AS (SELECT keyword, day, max(organic_position) AS organic_results FROM card GROUP BY 1, 2),
watched AS (SELECT asin FROM listing WHERE listing = :listing UNION SELECT asin FROM rival WHERE listing = :listing)
SELECT r.keyword, date(r.day * 86400, 'unixepoch'), w.asin, min(c.organic_position), min(c.sponsored_position), r.pages_read, d.organic_results
FROM read r CROSS JOIN watched w
LEFT JOIN card c ON c.keyword = r.keyword AND c.day = r.day AND c.asin = w.asin
LEFT JOIN depth d ON d.keyword = r.keyword AND d.day = r.day
WHERE r.nth = 1
GROUP BY r.keyword, r.day, w.asin;
-- name: share of search of a day, all keywords
WITH read AS (
    SELECT marketplace, keyword, fetch_id, max(observed_at) FROM results_page
    WHERE page = 1 AND observed_at >= (:today - 1) * 86400000000 AND observed_at < :today * 86400000000
    GROUP BY marketplace, keyword
)
SELECT read.keyword, p.asin, count(*), count(*) FILTER (WHERE p.sponsored = 0), count(*) FILTER (WHERE p.sponsored)
FROM read JOIN placement p USING (fetch_id)
GROUP BY 1, 2;
-- name: report: products
SELECT asin, observed_at, price FROM (
    SELECT p.asin, p.observed_at, row_number() OVER (PARTITION BY p.asin, p.day ORDER BY p.observed_at DESC, p.fetch_id DESC) = 1 AS closing,
           p.fetch_id, f.page_hash, c.title, c.brand, p.price, p.list_price, p.currency, p.coupon_percent, p.coupon_amount, p.deal,
           p.is_deal, p.availability, p.in_stock, p.stock_left, p.seller, p.seller_id, p.rating, p.review_count, b.rank, b.category, b.category_id
    FROM product p
    JOIN content c USING (content_id)
    JOIN page_fetch f USING (fetch_id)
    LEFT JOIN bsr_observation b ON b.marketplace = p.marketplace AND b.asin = p.asin AND b.observed_at = p.observed_at AND b.line = 1
    WHERE p.marketplace = 'com' AND p.asin IN (SELECT value FROM json_each(:asins)) AND p.observed_at >= :since
);
-- name: report: failures
SELECT asin, observed_at, outcome FROM page_fetch
WHERE kind = 'product' AND marketplace = 'com' AND asin IN (SELECT value FROM json_each(:asins)) AND outcome <> 'ok' AND observed_at >= :since;
-- name: report: places
SELECT max(r.fetch_id), p.asin, min(p.organic_position), min(p.sponsored_position)
FROM results_page r JOIN placement p USING (fetch_id)
WHERE r.marketplace = 'com' AND r.keyword IN (SELECT value FROM json_each(:keywords)) AND r.observed_at >= :since
  AND p.asin IN (SELECT value FROM json_each(:asins))
GROUP BY r.keyword, r.run_id, p.asin;
-- name: report: reads
SELECT f.keyword, f.run_id, sum(f.outcome = 'ok'), coalesce(max(last_organic), 0)
FROM page_fetch f LEFT JOIN (
    SELECT g.fetch_id, max(p.organic_position) AS last_organic FROM results_page g JOIN placement p USING (fetch_id)
    WHERE g.marketplace = 'com' AND g.keyword IN (SELECT value FROM json_each(:keywords)) AND g.observed_at >= :since
    GROUP BY 1
) USING (fetch_id)
WHERE f.kind = 'search' AND f.marketplace = 'com' AND f.keyword IN (SELECT value FROM json_each(:keywords)) AND f.observed_at >= :since
GROUP BY 1, 2;
