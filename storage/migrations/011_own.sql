-- What the user's own account says: rows of Seller Central exports, as they were imported. A newer export of the same
-- days comes beside the older one, with its own number; the views show the newest of each.

CREATE TABLE stored.own_file (
    import_id   INTEGER NOT NULL,
    kind        VARCHAR NOT NULL,
    file_name   VARCHAR NOT NULL,
    sha256      VARCHAR NOT NULL,
    imported_at TIMESTAMPTZ NOT NULL,
    language    VARCHAR NOT NULL,
    first_day   DATE NOT NULL,
    last_day    DATE NOT NULL,
    rows_read   INTEGER NOT NULL,
    rows_added  INTEGER NOT NULL,
    rows_unread INTEGER NOT NULL
);

CREATE TABLE stored.own_sales (
    import_id       INTEGER NOT NULL,
    line            INTEGER NOT NULL,
    marketplace     VARCHAR NOT NULL,
    asin            VARCHAR NOT NULL,
    parent_asin     VARCHAR,
    sku             VARCHAR,
    first_day       DATE NOT NULL,
    last_day        DATE NOT NULL,
    sessions        INTEGER,
    sessions_b2b    INTEGER,
    page_views      INTEGER,
    page_views_b2b  INTEGER,
    buy_box_percent DECIMAL(5, 2),
    units           INTEGER,
    units_b2b       INTEGER,
    orders          INTEGER,
    orders_b2b      INTEGER,
    sales           DECIMAL(18, 4),
    sales_b2b       DECIMAL(18, 4),
    currency        VARCHAR NOT NULL,
    other           VARCHAR NOT NULL
);

CREATE TABLE stored.own_ads (
    import_id        INTEGER NOT NULL,
    line             INTEGER NOT NULL,
    marketplace      VARCHAR NOT NULL,
    asin             VARCHAR,
    sku              VARCHAR,
    portfolio        VARCHAR,
    campaign         VARCHAR,
    ad_group         VARCHAR,
    first_day        DATE NOT NULL,
    last_day         DATE NOT NULL,
    impressions      BIGINT,
    clicks           INTEGER,
    spend            DECIMAL(18, 4),
    sales            DECIMAL(18, 4),
    orders           INTEGER,
    units            INTEGER,
    currency         VARCHAR NOT NULL,
    attribution_days INTEGER,
    other            VARCHAR NOT NULL
);

CREATE TABLE stored.own_search_term (
    import_id        INTEGER NOT NULL,
    line             INTEGER NOT NULL,
    marketplace      VARCHAR NOT NULL,
    portfolio        VARCHAR,
    campaign         VARCHAR,
    ad_group         VARCHAR,
    targeting        VARCHAR,
    match_type       VARCHAR,
    search_term      VARCHAR NOT NULL,
    first_day        DATE NOT NULL,
    last_day         DATE NOT NULL,
    impressions      BIGINT,
    clicks           INTEGER,
    spend            DECIMAL(18, 4),
    sales            DECIMAL(18, 4),
    orders           INTEGER,
    units            INTEGER,
    currency         VARCHAR NOT NULL,
    attribution_days INTEGER,
    other            VARCHAR NOT NULL
);

CREATE TABLE stored.own_stock (
    import_id         INTEGER NOT NULL,
    line              INTEGER NOT NULL,
    marketplace       VARCHAR NOT NULL,
    sku               VARCHAR NOT NULL,
    asin              VARCHAR,
    fnsku             VARCHAR,
    condition         VARCHAR,
    day               DATE NOT NULL,
    fulfillable       INTEGER,
    reserved          INTEGER,
    unsellable        INTEGER,
    total             INTEGER,
    inbound_working   INTEGER,
    inbound_shipped   INTEGER,
    inbound_receiving INTEGER,
    other             VARCHAR NOT NULL
);

COMMENT ON TABLE stored.own_file IS 'Imported Seller Central exports';
COMMENT ON COLUMN stored.own_file.import_id IS 'Number of the import, from 1 on';
COMMENT ON COLUMN stored.own_file.kind IS 'sales, ads, search_term, stock';
COMMENT ON COLUMN stored.own_file.file_name IS 'Its bare name';
COMMENT ON COLUMN stored.own_file.sha256 IS 'SHA-256 of the file';
COMMENT ON COLUMN stored.own_file.imported_at IS 'When it was imported (UTC)';
COMMENT ON COLUMN stored.own_file.language IS 'Language of its headings';
COMMENT ON COLUMN stored.own_file.first_day IS 'First day that it covers';
COMMENT ON COLUMN stored.own_file.last_day IS 'Last day that it covers';
COMMENT ON COLUMN stored.own_file.rows_read IS 'Rows that could be read';
COMMENT ON COLUMN stored.own_file.rows_added IS 'Rows of it that said something new, and are kept';
COMMENT ON COLUMN stored.own_file.rows_unread IS 'Rows that could not be read and were left out on demand';

COMMENT ON TABLE stored.own_sales IS 'Rows of Business Reports (Detail Page Sales and Traffic By Child Item), of every import';
COMMENT ON COLUMN stored.own_sales.import_id IS 'Import it came with';
COMMENT ON COLUMN stored.own_sales.line IS 'Line of the file';
COMMENT ON COLUMN stored.own_sales.marketplace IS 'Marketplace';
COMMENT ON COLUMN stored.own_sales.asin IS 'Child ASIN';
COMMENT ON COLUMN stored.own_sales.parent_asin IS 'Parent ASIN';
COMMENT ON COLUMN stored.own_sales.sku IS 'SKU, where the report names it';
COMMENT ON COLUMN stored.own_sales.first_day IS 'First day covered';
COMMENT ON COLUMN stored.own_sales.last_day IS 'Last day covered';
COMMENT ON COLUMN stored.own_sales.sessions IS 'Sessions, total';
COMMENT ON COLUMN stored.own_sales.sessions_b2b IS 'Of these, by businesses';
COMMENT ON COLUMN stored.own_sales.page_views IS 'Page views, total';
COMMENT ON COLUMN stored.own_sales.page_views_b2b IS 'Of these, by businesses';
COMMENT ON COLUMN stored.own_sales.buy_box_percent IS 'Percent of page views with the own offer in the Buy Box';
COMMENT ON COLUMN stored.own_sales.units IS 'Units ordered';
COMMENT ON COLUMN stored.own_sales.units_b2b IS 'Of these, by businesses';
COMMENT ON COLUMN stored.own_sales.orders IS 'Order items';
COMMENT ON COLUMN stored.own_sales.orders_b2b IS 'Of these, by businesses';
COMMENT ON COLUMN stored.own_sales.sales IS 'Ordered product sales, in currency';
COMMENT ON COLUMN stored.own_sales.sales_b2b IS 'Of these, by businesses';
COMMENT ON COLUMN stored.own_sales.currency IS 'Currency, ISO 4217';
COMMENT ON COLUMN stored.own_sales.other IS 'All other columns, heading: text, as JSON';

COMMENT ON TABLE stored.own_ads IS 'Rows of Sponsored Products Advertised Product reports, of every import';
COMMENT ON COLUMN stored.own_ads.import_id IS 'Import it came with';
COMMENT ON COLUMN stored.own_ads.line IS 'Line of the file';
COMMENT ON COLUMN stored.own_ads.marketplace IS 'Marketplace';
COMMENT ON COLUMN stored.own_ads.asin IS 'Advertised ASIN';
COMMENT ON COLUMN stored.own_ads.sku IS 'Advertised SKU';
COMMENT ON COLUMN stored.own_ads.portfolio IS 'Portfolio';
COMMENT ON COLUMN stored.own_ads.campaign IS 'Campaign';
COMMENT ON COLUMN stored.own_ads.ad_group IS 'Ad group';
COMMENT ON COLUMN stored.own_ads.first_day IS 'First day covered';
COMMENT ON COLUMN stored.own_ads.last_day IS 'Last day covered';
COMMENT ON COLUMN stored.own_ads.impressions IS 'Impressions';
COMMENT ON COLUMN stored.own_ads.clicks IS 'Clicks';
COMMENT ON COLUMN stored.own_ads.spend IS 'Spend, in currency';
COMMENT ON COLUMN stored.own_ads.sales IS 'Sales that Amazon attributes to clicks, in currency';
COMMENT ON COLUMN stored.own_ads.orders IS 'Orders attributed';
COMMENT ON COLUMN stored.own_ads.units IS 'Units attributed';
COMMENT ON COLUMN stored.own_ads.currency IS 'Currency, ISO 4217';
COMMENT ON COLUMN stored.own_ads.attribution_days IS 'Days after a click within which a sale counts as its; NULL where the report does not say';
COMMENT ON COLUMN stored.own_ads.other IS 'All other columns, heading: text, as JSON';

COMMENT ON TABLE stored.own_search_term IS 'Rows of Sponsored Products Search Term reports, of every import';
COMMENT ON COLUMN stored.own_search_term.import_id IS 'Import it came with';
COMMENT ON COLUMN stored.own_search_term.line IS 'Line of the file';
COMMENT ON COLUMN stored.own_search_term.marketplace IS 'Marketplace';
COMMENT ON COLUMN stored.own_search_term.portfolio IS 'Portfolio';
COMMENT ON COLUMN stored.own_search_term.campaign IS 'Campaign';
COMMENT ON COLUMN stored.own_search_term.ad_group IS 'Ad group';
COMMENT ON COLUMN stored.own_search_term.targeting IS 'Keyword or product that was bid on';
COMMENT ON COLUMN stored.own_search_term.match_type IS 'How it matches, as the report says';
COMMENT ON COLUMN stored.own_search_term.search_term IS 'What the customer searched for (an ASIN where the ad stood on a product page)';
COMMENT ON COLUMN stored.own_search_term.first_day IS 'First day covered';
COMMENT ON COLUMN stored.own_search_term.last_day IS 'Last day covered';
COMMENT ON COLUMN stored.own_search_term.impressions IS 'Impressions';
COMMENT ON COLUMN stored.own_search_term.clicks IS 'Clicks';
COMMENT ON COLUMN stored.own_search_term.spend IS 'Spend, in currency';
COMMENT ON COLUMN stored.own_search_term.sales IS 'Sales that Amazon attributes to clicks, in currency';
COMMENT ON COLUMN stored.own_search_term.orders IS 'Orders attributed';
COMMENT ON COLUMN stored.own_search_term.units IS 'Units attributed';
COMMENT ON COLUMN stored.own_search_term.currency IS 'Currency, ISO 4217';
COMMENT ON COLUMN stored.own_search_term.attribution_days IS 'Days after a click within which a sale counts as its; NULL where the report does not say';
COMMENT ON COLUMN stored.own_search_term.other IS 'All other columns, heading: text, as JSON';

COMMENT ON TABLE stored.own_stock IS 'Rows of FBA inventory reports, of every import';
COMMENT ON COLUMN stored.own_stock.import_id IS 'Import it came with';
COMMENT ON COLUMN stored.own_stock.line IS 'Line of the file';
COMMENT ON COLUMN stored.own_stock.marketplace IS 'Marketplace';
COMMENT ON COLUMN stored.own_stock.sku IS 'SKU';
COMMENT ON COLUMN stored.own_stock.asin IS 'Product';
COMMENT ON COLUMN stored.own_stock.fnsku IS 'FNSKU';
COMMENT ON COLUMN stored.own_stock.condition IS 'Condition, as the report says';
COMMENT ON COLUMN stored.own_stock.day IS 'Day of the snapshot';
COMMENT ON COLUMN stored.own_stock.fulfillable IS 'Units that can be sold now';
COMMENT ON COLUMN stored.own_stock.reserved IS 'Units reserved: for orders, on transfer, in processing';
COMMENT ON COLUMN stored.own_stock.unsellable IS 'Units that cannot be sold';
COMMENT ON COLUMN stored.own_stock.total IS 'Units in all, inbound ones included';
COMMENT ON COLUMN stored.own_stock.inbound_working IS 'Units of shipments not sent yet';
COMMENT ON COLUMN stored.own_stock.inbound_shipped IS 'Units on their way';
COMMENT ON COLUMN stored.own_stock.inbound_receiving IS 'Units arrived and not yet booked in';
COMMENT ON COLUMN stored.own_stock.other IS 'All other columns, heading: text, as JSON';
