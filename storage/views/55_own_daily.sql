CREATE OR REPLACE VIEW own_daily AS
WITH sold AS (
    SELECT marketplace, asin, first_day AS day, sum(sessions)::INTEGER AS sessions,
           sum(page_views)::INTEGER AS page_views, sum(units)::INTEGER AS units, sum(orders)::INTEGER AS orders,
           sum(sales)::DECIMAL(18, 4) AS sales, any_value(currency) AS currency,
           CASE WHEN count(*) = 1 THEN any_value(buy_box_percent) END AS buy_box_percent
    FROM own_sales WHERE days = 1 GROUP BY ALL
),
advertised AS (
    SELECT marketplace, asin, first_day AS day, sum(impressions)::BIGINT AS ad_impressions,
           sum(clicks)::INTEGER AS ad_clicks, sum(spend)::DECIMAL(18, 4) AS spent,
           sum(sales)::DECIMAL(18, 4) AS brought, sum(orders)::INTEGER AS ad_orders, sum(units)::INTEGER AS ad_units,
           any_value(currency) AS ad_currency
    FROM own_ads WHERE days = 1 AND asin IS NOT NULL GROUP BY ALL
    HAVING count(DISTINCT currency) = 1
),
kept AS (
    SELECT marketplace, asin, day, sum(fulfillable)::INTEGER AS fulfillable, sum(reserved)::INTEGER AS reserved,
           sum(inbound_working + inbound_shipped + inbound_receiving)::INTEGER AS inbound
    FROM own_stock WHERE asin IS NOT NULL GROUP BY ALL
)
SELECT marketplace, asin, day, sessions, page_views, units, orders, sales, coalesce(currency, ad_currency) AS currency,
       (100 * units / nullif(sessions, 0))::DECIMAL(9, 2) AS conversion, buy_box_percent, ad_impressions, ad_clicks,
       CASE WHEN comparable THEN spent END AS ad_spend, CASE WHEN comparable THEN brought END AS ad_sales, ad_orders,
       ad_units, (100 * spent / nullif(brought, 0))::DECIMAL(18, 2) AS acos,
       CASE WHEN comparable THEN (100 * spent / nullif(sales, 0))::DECIMAL(18, 2) END AS tacos,
       fulfillable, reserved, inbound
FROM (  -- no joins, which would keep a question about one product from being one about its rows
    SELECT marketplace, asin, day, any_value(sessions) AS sessions, any_value(page_views) AS page_views,
           any_value(units) AS units, any_value(orders) AS orders, any_value(sales) AS sales,
           any_value(currency) AS currency, any_value(buy_box_percent) AS buy_box_percent,
           any_value(ad_impressions) AS ad_impressions, any_value(ad_clicks) AS ad_clicks, any_value(spent) AS spent,
           any_value(brought) AS brought, any_value(ad_orders) AS ad_orders, any_value(ad_units) AS ad_units,
           any_value(ad_currency) AS ad_currency, any_value(fulfillable) AS fulfillable,
           any_value(reserved) AS reserved, any_value(inbound) AS inbound,
           coalesce(any_value(currency) = any_value(ad_currency), true) AS comparable
    FROM (FROM sold UNION ALL BY NAME FROM advertised UNION ALL BY NAME FROM kept)
    GROUP BY marketplace, asin, day
);

COMMENT ON VIEW own_daily IS 'Own numbers by product and day, from exports of single days: a row that covers several days is never spread over them. A day that no export has, has no row; a column that none has, is NULL and not 0';
COMMENT ON COLUMN own_daily.marketplace IS 'Marketplace';
COMMENT ON COLUMN own_daily.asin IS 'Own product (child ASIN)';
COMMENT ON COLUMN own_daily.day IS 'Day, as Seller Central counts it on this marketplace';
COMMENT ON COLUMN own_daily.sessions IS 'Sessions';
COMMENT ON COLUMN own_daily.page_views IS 'Page views';
COMMENT ON COLUMN own_daily.units IS 'Units ordered';
COMMENT ON COLUMN own_daily.orders IS 'Order items';
COMMENT ON COLUMN own_daily.sales IS 'Ordered product sales, in currency';
COMMENT ON COLUMN own_daily.currency IS 'Currency of all amounts, ISO 4217; NULL where there are none';
COMMENT ON COLUMN own_daily.conversion IS 'Units per 100 sessions; NULL without a session';
COMMENT ON COLUMN own_daily.buy_box_percent IS 'Percent of page views with the own offer in the Buy Box; NULL where several SKUs have one each';
COMMENT ON COLUMN own_daily.ad_impressions IS 'Impressions of Sponsored Products';
COMMENT ON COLUMN own_daily.ad_clicks IS 'Their clicks';
COMMENT ON COLUMN own_daily.ad_spend IS 'Their cost, in currency (NULL where they are paid in another one); NULL, too: no report has this product on this day, which is also so when no ad of it was shown';
COMMENT ON COLUMN own_daily.ad_sales IS 'Sales attributed to them, in currency; reports of the last days still grow';
COMMENT ON COLUMN own_daily.ad_orders IS 'Orders attributed to them';
COMMENT ON COLUMN own_daily.ad_units IS 'Units attributed to them';
COMMENT ON COLUMN own_daily.acos IS 'Ad spend in percent of ad sales; NULL without ad sales';
COMMENT ON COLUMN own_daily.tacos IS 'Ad spend in percent of all sales; NULL without sales';
COMMENT ON COLUMN own_daily.fulfillable IS 'FBA units that can be sold, all SKUs of the product';
COMMENT ON COLUMN own_daily.reserved IS 'FBA units reserved';
COMMENT ON COLUMN own_daily.inbound IS 'FBA units on their way in: planned, shipped or arrived';
