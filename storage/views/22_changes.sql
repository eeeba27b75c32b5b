CREATE OR REPLACE VIEW changes AS
SELECT marketplace, asin, field, observed_at, before, after,
       CASE WHEN field IN ('price', 'list_price', 'subscribe_price', 'prime_price') AND TRY_CAST(before AS DECIMAL(18, 2)) > 0
            THEN round(100 * (TRY_CAST(after AS DECIMAL(18, 2)) / TRY_CAST(before AS DECIMAL(18, 2)) - 1), 1)
       END AS percent,
       currency, before_since, observed_at - before_since AS stood, fetch_id
FROM stored.change
WHERE before_since IS NOT NULL;

COMMENT ON VIEW changes IS 'Every change of a value on a product page: before, after, and how long the old value had stood. A value that could not be read in between is no change; NULL means that the page shows none. A page from elsewhere tells no change of price, stock or offer, and an amount in another currency is no change of the amount: with it a new series begins. Text that only varies (availability, dates) is left out, and so are ratings, review counts and ranks, which move all the time: see daily, bsr_trend';
COMMENT ON COLUMN changes.marketplace IS 'Marketplace';
COMMENT ON COLUMN changes.asin IS 'Product';
COMMENT ON COLUMN changes.field IS 'Column of product_observation, or category (of the main rank line)';
COMMENT ON COLUMN changes.observed_at IS 'First observation of the new value (UTC): it changed between the observation before and this one';
COMMENT ON COLUMN changes.before IS 'Value before, as text; NULL when the page showed none';
COMMENT ON COLUMN changes.after IS 'Value after, as text; NULL when the page shows none';
COMMENT ON COLUMN changes.percent IS 'Change of a price in percent; before and after are in one currency';
COMMENT ON COLUMN changes.currency IS 'Currency shown with the new value, ISO 4217';
COMMENT ON COLUMN changes.before_since IS 'When the old value was first seen (UTC); it may be older where the record begins with it';
COMMENT ON COLUMN changes.stood IS 'How long the old value had stood, from its first observation to the first of the new one';
COMMENT ON COLUMN changes.fetch_id IS 'Fetch that showed the new value';
