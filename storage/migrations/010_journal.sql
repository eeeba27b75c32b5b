-- What the seller did to the own listing, in the seller's words. Append only: one that is taken back gets the instant.

CREATE TABLE stored.journal (
    entry        INTEGER NOT NULL,
    listing      VARCHAR NOT NULL,
    marketplace  VARCHAR NOT NULL,
    asin         VARCHAR NOT NULL,
    time_zone    VARCHAR NOT NULL,
    acted_at     TIMESTAMPTZ NOT NULL,
    kind         VARCHAR NOT NULL,
    guessed      BOOLEAN NOT NULL,
    what         VARCHAR NOT NULL,
    nights       INTEGER NOT NULL,
    said_at      TIMESTAMPTZ NOT NULL,
    withdrawn_at TIMESTAMPTZ
);

COMMENT ON TABLE stored.journal IS 'What the seller did to own listings, and said so';
COMMENT ON COLUMN stored.journal.entry IS 'Number of the entry';
COMMENT ON COLUMN stored.journal.listing IS 'Listing';
COMMENT ON COLUMN stored.journal.marketplace IS 'Marketplace';
COMMENT ON COLUMN stored.journal.asin IS 'Own product, as configured when it was said';
COMMENT ON COLUMN stored.journal.time_zone IS 'Time zone of the listing then';
COMMENT ON COLUMN stored.journal.acted_at IS 'When it was done (UTC)';
COMMENT ON COLUMN stored.journal.kind IS 'What was changed: price, coupon, deal, title, bullets, images, a_plus, ads, stock, other';
COMMENT ON COLUMN stored.journal.guessed IS 'Whether the kind was taken from words of the text';
COMMENT ON COLUMN stored.journal.what IS 'What was done, in the words of who did it';
COMMENT ON COLUMN stored.journal.nights IS 'Nights to wait before it is judged';
COMMENT ON COLUMN stored.journal.said_at IS 'When it was noted (UTC)';
COMMENT ON COLUMN stored.journal.withdrawn_at IS 'When it was taken back (UTC)';
