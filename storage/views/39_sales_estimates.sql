CREATE OR REPLACE VIEW sales_estimates AS
SELECT marketplace, asin, category, day, low, mid, high, month_low, month_mid, month_high, reason, basis, method
FROM stored.sales_estimate;

COMMENT ON VIEW sales_estimates IS 'Units that products are estimated to have sold, from Best Sellers Ranks: intervals that hold four times in five, never more exact than that (reports/SALES.md). Of each day on which flags were judged; days before that have none';
COMMENT ON COLUMN sales_estimates.marketplace IS 'Marketplace';
COMMENT ON COLUMN sales_estimates.asin IS 'Product';
COMMENT ON COLUMN sales_estimates.category IS 'Main category that it was last seen in, as shown; NULL where it was in none';
COMMENT ON COLUMN sales_estimates.day IS 'Local day; the last of the 30 days of month_low, month_mid and month_high';
COMMENT ON COLUMN sales_estimates.low IS 'Units of the day, lower end of the 80 % interval; NULL where reason says why';
COMMENT ON COLUMN sales_estimates.mid IS 'Its middle: as likely too high as too low, and no better than the interval';
COMMENT ON COLUMN sales_estimates.high IS 'Its upper end';
COMMENT ON COLUMN sales_estimates.month_low IS 'Units of the 30 days up to the day, lower end of the 80 % interval';
COMMENT ON COLUMN sales_estimates.month_mid IS 'Its middle';
COMMENT ON COLUMN sales_estimates.month_high IS 'Its upper end';
COMMENT ON COLUMN sales_estimates.reason IS 'Why there is no estimate of the day or of the month, in words';
COMMENT ON COLUMN sales_estimates.basis IS 'What it rests on: brackets of "bought in past month" of so many products of the category, own units of so many days';
COMMENT ON COLUMN sales_estimates.method IS 'Method it was made by';
