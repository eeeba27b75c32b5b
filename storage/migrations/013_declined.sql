-- Products that the user does not want proposed as rivals. Append only: one that is taken back gets the instant.

CREATE TABLE stored.declined (
    listing      VARCHAR NOT NULL,
    marketplace  VARCHAR NOT NULL,
    asin         VARCHAR NOT NULL,
    said_at      TIMESTAMPTZ NOT NULL,
    until        TIMESTAMPTZ NOT NULL,
    withdrawn_at TIMESTAMPTZ
);

COMMENT ON TABLE stored.declined IS 'Products that are not to be proposed as rivals for a while';
COMMENT ON COLUMN stored.declined.listing IS 'Listing';
COMMENT ON COLUMN stored.declined.marketplace IS 'Marketplace';
COMMENT ON COLUMN stored.declined.asin IS 'Product';
COMMENT ON COLUMN stored.declined.said_at IS 'When the user said so (UTC)';
COMMENT ON COLUMN stored.declined.until IS 'To before when (UTC)';
COMMENT ON COLUMN stored.declined.withdrawn_at IS 'When it was taken back (UTC)';
