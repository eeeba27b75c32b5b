-- What each listing is to be like, with its validity, so that an old report tells by what was expected then.

CREATE TABLE expectation (
    listing     VARCHAR NOT NULL,
    marketplace VARCHAR NOT NULL,
    expected    STRUCT(seller_ids VARCHAR[], price_from DECIMAL(18, 2), price_to DECIMAL(18, 2), images INTEGER,
                       bullets INTEGER, a_plus BOOLEAN, rating DECIMAL(3, 2), title VARCHAR, other_offers INTEGER,
                       browse_node VARCHAR) NOT NULL,
    valid_from  TIMESTAMPTZ NOT NULL,
    valid_to    TIMESTAMPTZ
);

COMMENT ON TABLE expectation IS 'What each listing is to be like: [listing.expect] and the own seller ids of config.toml';
COMMENT ON COLUMN expectation.listing IS 'Listing';
COMMENT ON COLUMN expectation.marketplace IS 'Marketplace';
COMMENT ON COLUMN expectation.expected IS 'Own seller ids (amazon: Amazon itself), lowest and highest price, fewest images and bullets, A+ content, lowest rating, title, most other offers, browse node; NULL: nothing in particular';
COMMENT ON COLUMN expectation.valid_from IS 'From this run on (UTC)';
COMMENT ON COLUMN expectation.valid_to IS 'To before this run (UTC); NULL: now';
