-- Tells every change of the products in "affected", from their instant "since" on, from the facts: in a nightly merge
-- that is what the night brought; after a correction or an import of older history, the product's past from there on.
--
-- A value is a state, and so is "the page shows none" (NULL: absent_on_page, not_applicable). A value that could not be
-- read is no state: 10, unread, 10 is no change. Nor is a page without a rank, a price or a path of categories the end of its category or currency.
-- What a page from elsewhere (another place or currency than asked for) says of the offer is no state either. The first
-- state of a field has no before. Nor has an amount in another currency, or an offer where another postal code is asked
-- for than before (none known is as none): with these a new series begins.

CREATE OR REPLACE TEMP MACRO of_offer(field) AS
    field IN ('price', 'list_price', 'currency', 'subscribe_price', 'prime_price', 'coupon_percent', 'coupon_amount', 'is_deal',
              'deal', 'in_stock', 'stock_left', 'seller', 'seller_id', 'ships_from', 'offer_count');

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
                 category, elsewhere, wanted_postal_code)
         <> lag(hash(content_id, lack_id, price, list_price, currency, coupon_percent, coupon_amount, deal, is_deal,
                     in_stock, stock_left, seller, seller_id, ships_from, offer_count, subscribe_price, prime_price,
                     delivery_location, category, elsewhere, wanted_postal_code)) OVER product
),
named AS (
    SELECT m.marketplace, m.asin, m.observed_at, m.fetch_id, m.currency, m.elsewhere, m.wanted_postal_code,
           coalesce(l.unknown, []) AS unknown,
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
               {'field': 'category_path', 'value': array_to_string([step.name FOR step IN c.categories], ' › ')},
               {'field': 'browse_node', 'value': c.browse_node},
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
    SELECT marketplace, asin, f.field AS field, observed_at, fetch_id, f.value AS value, currency, wanted_postal_code,
           true AS news
    FROM named
    WHERE (f.value IS NOT NULL OR NOT (f.field IN ('category', 'currency', 'category_path', 'browse_node') OR list_contains(unknown, f.field)))
      AND (elsewhere IS NULL OR NOT of_offer(f.field))
    UNION ALL
    SELECT marketplace, asin, field, observed_at, NULL, last.value, last.currency, last.place, false
    FROM (
        SELECT c.marketplace, c.asin, c.field, max(c.observed_at) AS observed_at,
               arg_max({'value': c.after, 'currency': c.currency, 'place': c.wanted_postal_code}, c.observed_at) AS last
        FROM stored.change c JOIN affected a USING (marketplace, asin)
        GROUP BY ALL
    )
),
comparable AS (
    SELECT *,
           CASE WHEN field IN ('price', 'list_price', 'subscribe_price', 'prime_price', 'coupon_amount')
                 AND value IS NOT NULL THEN coalesce(currency, '') END AS unit,
           CASE WHEN of_offer(field) THEN coalesce(wanted_postal_code, '') END AS place
    FROM states
),
turns AS (
    SELECT *, coalesce(unit <> lag(unit) OVER field, false) OR coalesce(place <> lag(place) OVER field, false) AS begins
    FROM comparable
    WINDOW field AS (PARTITION BY marketplace, asin, field ORDER BY observed_at, fetch_id NULLS FIRST)
    QUALIFY row_number() OVER field = 1 OR value IS DISTINCT FROM lag(value) OVER field OR begins
)
SELECT marketplace, asin, field, observed_at, fetch_id, value AS after, currency, wanted_postal_code, news,
       CASE WHEN NOT begins THEN lag(value) OVER field END AS before,
       CASE WHEN NOT begins THEN lag(observed_at) OVER field END AS before_since
FROM turns
WINDOW field AS (PARTITION BY marketplace, asin, field ORDER BY observed_at, fetch_id NULLS FIRST);

INSERT INTO stored.change BY NAME
SELECT * EXCLUDE (news) FROM told WHERE news ORDER BY observed_at, fetch_id, field;
