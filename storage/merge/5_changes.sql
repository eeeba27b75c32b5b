-- Tells every change of the products in "affected", from their instant "since" on, from the facts: in a nightly merge
-- that is what the night brought; after a correction or an import of older history, the product's past from there on.
--
-- A value is a state, and so is "the page shows none" (NULL: absent_on_page, not_applicable). A value that could not be
-- read is no state: 10, unread, 10 is no change. Nor is a page without a rank or a price the end of its category or currency.
-- The first state of a field has no before.

SET VARIABLE since = (SELECT coalesce(min(since), now()) FROM affected);

DELETE FROM stored.change AS c USING affected a
WHERE c.marketplace = a.marketplace AND c.asin = a.asin AND c.observed_at >= a.since
  AND c.observed_at >= getvariable('since');

CREATE OR REPLACE TEMP TABLE told AS
WITH seen AS (
    SELECT p.*, b.category
    FROM stored.product p
    JOIN affected a USING (marketplace, asin)
    LEFT JOIN bsr_observation b
      ON b.fetch_id = p.fetch_id AND b.asin = p.asin AND b.line = 1 AND b.observed_at >= getvariable('since')
    WHERE p.observed_at >= a.since AND p.observed_at >= getvariable('since')
),
-- Most observations repeat the one before: these need no closer look.
moved AS (
    FROM seen
    WINDOW product AS (PARTITION BY marketplace, asin ORDER BY observed_at, fetch_id)
    QUALIFY row_number() OVER product = 1
         OR hash(content_id, lack_id, price, list_price, currency, coupon_percent, coupon_amount, deal, is_deal, in_stock,
                 stock_left, seller, seller_id, ships_from, offer_count, subscribe_price, prime_price, delivery_location,
                 category)
         <> lag(hash(content_id, lack_id, price, list_price, currency, coupon_percent, coupon_amount, deal, is_deal,
                     in_stock, stock_left, seller, seller_id, ships_from, offer_count, subscribe_price, prime_price,
                     delivery_location, category)) OVER product
),
named AS (
    SELECT m.marketplace, m.asin, m.observed_at, m.fetch_id, m.currency, coalesce(l.unknown, []) AS unknown,
           unnest([
               {'field': 'title', 'value': c.title},
               {'field': 'brand', 'value': c.brand},
               {'field': 'bullets', 'value': to_json(c.bullets)::VARCHAR},
               {'field': 'main_image', 'value': c.main_image},
               {'field': 'image_count', 'value': c.image_count::VARCHAR},
               {'field': 'has_a_plus', 'value': c.has_a_plus::VARCHAR},
               {'field': 'has_video', 'value': c.has_video::VARCHAR},
               {'field': 'parent_asin', 'value': c.parent_asin},
               {'field': 'variation', 'value': to_json(c.variation)::VARCHAR},
               {'field': 'variation_count', 'value': c.variation_count::VARCHAR},
               {'field': 'badges', 'value': to_json(c.badges)::VARCHAR},
               {'field': 'price', 'value': m.price::VARCHAR},
               {'field': 'list_price', 'value': m.list_price::VARCHAR},
               {'field': 'currency', 'value': m.currency},
               {'field': 'subscribe_price', 'value': m.subscribe_price::VARCHAR},
               {'field': 'prime_price', 'value': m.prime_price::VARCHAR},
               {'field': 'coupon_percent', 'value': m.coupon_percent::VARCHAR},
               {'field': 'coupon_amount', 'value': m.coupon_amount::VARCHAR},
               {'field': 'is_deal', 'value': m.is_deal::VARCHAR},
               {'field': 'deal', 'value': m.deal},
               {'field': 'in_stock', 'value': m.in_stock::VARCHAR},
               {'field': 'stock_left', 'value': m.stock_left::VARCHAR},
               {'field': 'seller', 'value': m.seller},
               {'field': 'seller_id', 'value': m.seller_id},
               {'field': 'ships_from', 'value': m.ships_from},
               {'field': 'offer_count', 'value': m.offer_count::VARCHAR},
               {'field': 'delivery_location', 'value': m.delivery_location},
               {'field': 'category', 'value': m.category}
           ]) AS f
    FROM moved m
    JOIN stored.content c USING (content_id)
    LEFT JOIN stored.lack l USING (lack_id)
),
states AS (
    SELECT marketplace, asin, f.field AS field, observed_at, fetch_id, f.value AS value, currency, true AS news
    FROM named
    WHERE f.value IS NOT NULL OR NOT (f.field IN ('category', 'currency') OR list_contains(unknown, f.field))
    UNION ALL
    SELECT c.marketplace, c.asin, c.field, max(c.observed_at), NULL, arg_max({'v': c.after}, c.observed_at).v, NULL, false
    FROM stored.change c JOIN affected a USING (marketplace, asin)
    GROUP BY ALL
),
turns AS (
    FROM states
    WINDOW field AS (PARTITION BY marketplace, asin, field ORDER BY observed_at, fetch_id NULLS FIRST)
    QUALIFY row_number() OVER field = 1 OR value IS DISTINCT FROM lag(value) OVER field
)
SELECT marketplace, asin, field, observed_at, fetch_id, lag(value) OVER field AS before, value AS after,
       lag(observed_at) OVER field AS before_since, currency, news
FROM turns
WINDOW field AS (PARTITION BY marketplace, asin, field ORDER BY observed_at, fetch_id NULLS FIRST);

INSERT INTO stored.change BY NAME
SELECT * EXCLUDE (news) FROM told WHERE news ORDER BY observed_at, fetch_id, field;
