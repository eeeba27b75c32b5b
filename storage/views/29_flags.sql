CREATE OR REPLACE VIEW flags AS
SELECT listing, marketplace, asin, own, day, kind, severity, keyword, before, after, magnitude, sentence,
       before_at, observed_at, before_fetch, after_fetch, sql, raised_at
FROM stored.flag;

COMMENT ON VIEW flags IS 'Judged changes, as reports have raised them; each once';
COMMENT ON COLUMN flags.listing IS 'Listing it was raised for';
COMMENT ON COLUMN flags.marketplace IS 'Marketplace';
COMMENT ON COLUMN flags.asin IS 'Product that moved';
COMMENT ON COLUMN flags.own IS 'Whether that is the own product';
COMMENT ON COLUMN flags.day IS 'Local day of the observation that shows the change';
COMMENT ON COLUMN flags.kind IS 'Kind of flag, see reports/FLAGS.md';
COMMENT ON COLUMN flags.severity IS 'low, medium, high';
COMMENT ON COLUMN flags.keyword IS 'Keyword, where it is about one';
COMMENT ON COLUMN flags.before IS 'Value before, as text';
COMMENT ON COLUMN flags.after IS 'Value after, as text';
COMMENT ON COLUMN flags.magnitude IS 'How much: relative change of a price, factor of a rank, new reviews over expected, places moved';
COMMENT ON COLUMN flags.sentence IS 'What happened, in words';
COMMENT ON COLUMN flags.before_at IS 'Observation before (UTC)';
COMMENT ON COLUMN flags.observed_at IS 'Observation that shows the change (UTC)';
COMMENT ON COLUMN flags.before_fetch IS 'Fetch of the observation before';
COMMENT ON COLUMN flags.after_fetch IS 'Fetch of the observation that shows it';
COMMENT ON COLUMN flags.sql IS 'Query that shows its rows';
COMMENT ON COLUMN flags.raised_at IS 'When a report first raised it (UTC)';
