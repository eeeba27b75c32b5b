-- What products are estimated to have sold. It follows from the observations, so the rows of a day are replaced when
-- that day is estimated anew.

CREATE TABLE stored.sales_estimate (
    marketplace VARCHAR NOT NULL,
    asin        VARCHAR NOT NULL,
    category    VARCHAR,
    day         DATE NOT NULL,
    low         INTEGER,
    mid         INTEGER,
    high        INTEGER,
    month_low   INTEGER,
    month_mid   INTEGER,
    month_high  INTEGER,
    reason      VARCHAR,
    basis       VARCHAR,
    method      VARCHAR NOT NULL
);

COMMENT ON TABLE stored.sales_estimate IS 'Units that products are estimated to have sold, as intervals, day by day';
COMMENT ON COLUMN stored.sales_estimate.marketplace IS 'Marketplace';
COMMENT ON COLUMN stored.sales_estimate.asin IS 'Product';
COMMENT ON COLUMN stored.sales_estimate.category IS 'Main category it was last seen in, as shown; NULL where it was in none';
COMMENT ON COLUMN stored.sales_estimate.day IS 'Local day, the last of the 30';
COMMENT ON COLUMN stored.sales_estimate.low IS 'Units of the day, lower end of the 80 % interval';
COMMENT ON COLUMN stored.sales_estimate.mid IS 'Its middle';
COMMENT ON COLUMN stored.sales_estimate.high IS 'Its upper end';
COMMENT ON COLUMN stored.sales_estimate.month_low IS 'Units of the 30 days, lower end of the 80 % interval';
COMMENT ON COLUMN stored.sales_estimate.month_mid IS 'Its middle';
COMMENT ON COLUMN stored.sales_estimate.month_high IS 'Its upper end';
COMMENT ON COLUMN stored.sales_estimate.reason IS 'Why there is no estimate of the day, or of the month';
COMMENT ON COLUMN stored.sales_estimate.basis IS 'What it rests on';
COMMENT ON COLUMN stored.sales_estimate.method IS 'Method, see reports/SALES.md';
