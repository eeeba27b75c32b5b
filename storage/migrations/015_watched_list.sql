-- Which ranked lists are read on behalf of which listing: those of the configuration, or of the product's own categories.

CREATE TABLE watched_list (
    listing     VARCHAR NOT NULL,
    marketplace VARCHAR NOT NULL,
    path        VARCHAR NOT NULL,
    valid_from  TIMESTAMPTZ NOT NULL,
    valid_to    TIMESTAMPTZ
);

COMMENT ON TABLE watched_list IS 'Ranked lists that are read for a listing, with the time for which they are: as configured, else best sellers and new releases of its narrowest category, movers and shakers of its department';
COMMENT ON COLUMN watched_list.listing IS 'Listing';
COMMENT ON COLUMN watched_list.marketplace IS 'Marketplace';
COMMENT ON COLUMN watched_list.path IS 'Address of the list on the marketplace, as in crawl_item';
COMMENT ON COLUMN watched_list.valid_from IS 'First crawl that saw this row in the configuration';
COMMENT ON COLUMN watched_list.valid_to IS 'First crawl that no longer saw it; NULL while it holds';
