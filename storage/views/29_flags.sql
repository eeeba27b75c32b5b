CREATE OR REPLACE VIEW flags AS
SELECT listing, marketplace, asin, own, day, kind, severity, keyword, before, after, magnitude, sentence,
       before_at, observed_at, before_fetch, after_fetch, sql, observed_at AS raised_at, since, chance, sentence_zh,
       move_id, rules,
       EXISTS (FROM stored.silence s
               WHERE s.withdrawn_at IS NULL AND (s.until IS NULL OR s.until > now())
                 AND s.move_id IS NULL AND (s.listing IS NULL OR s.listing = f.listing)
                 AND (s.asin IS NULL OR s.asin = f.asin) AND (s.kind IS NULL OR s.kind = f.kind)) AS silent,
       says, facts
FROM stored.flag f;

COMMENT ON VIEW flags IS 'Judged changes; each once. They follow from the observations: `tracker flags --rebuild` tells the same ones';
COMMENT ON COLUMN flags.listing IS 'Listing it was raised for';
COMMENT ON COLUMN flags.marketplace IS 'Marketplace';
COMMENT ON COLUMN flags.asin IS 'Product that moved, or a stranger that came up; NULL: the market, or several products';
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
COMMENT ON COLUMN flags.raised_at IS 'As observed_at, for older queries: flags follow from the observations alone (UTC)';
COMMENT ON COLUMN flags.since IS 'First observation of the new state (UTC); before observed_at where it took several to be sure';
COMMENT ON COLUMN flags.chance IS 'How probable it is by chance; NULL of a fact that was read';
COMMENT ON COLUMN flags.sentence_zh IS 'The same in Simplified Chinese';
COMMENT ON COLUMN flags.move_id IS 'Move that it belongs to';
COMMENT ON COLUMN flags.rules IS 'Rules and settings it was judged by';
COMMENT ON COLUMN flags.silent IS 'Whether the user has muted it';
COMMENT ON COLUMN flags.says IS 'Templates of the sentence, see reports/sentences.py';
COMMENT ON COLUMN flags.facts IS 'What fills them in, as JSON';
