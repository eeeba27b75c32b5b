CREATE OR REPLACE VIEW journal AS
SELECT entry, listing, marketplace, asin, timezone(time_zone, acted_at)::DATE AS day, acted_at, kind, guessed, what, nights, said_at
FROM stored.journal
WHERE withdrawn_at IS NULL;

COMMENT ON VIEW journal IS 'What the seller did to own listings (`tracker log`), without what was taken back';
COMMENT ON COLUMN journal.entry IS 'Number of the entry, as `tracker log` and the charts show it';
COMMENT ON COLUMN journal.listing IS 'Listing';
COMMENT ON COLUMN journal.marketplace IS 'Marketplace';
COMMENT ON COLUMN journal.asin IS 'Own product, as configured when it was said';
COMMENT ON COLUMN journal.day IS 'Local day on which it was done, in the time zone of the listing';
COMMENT ON COLUMN journal.acted_at IS 'When it was done (UTC); noon of the day where no time was given';
COMMENT ON COLUMN journal.kind IS 'What was changed: price, coupon, deal, title, bullets, images, a_plus, ads, stock, other';
COMMENT ON COLUMN journal.guessed IS 'Whether the kind was taken from words of the text';
COMMENT ON COLUMN journal.what IS 'What was done, in the words of who did it';
COMMENT ON COLUMN journal.nights IS 'Nights to wait before it is judged';
COMMENT ON COLUMN journal.said_at IS 'When it was noted (UTC)';
