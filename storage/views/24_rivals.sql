CREATE OR REPLACE VIEW rivals AS
SELECT l.listing, r.marketplace, d.day, r.asin, l.asin AS own_asin, d.observed_at,
       d.currency, d.price, o.price AS own_price,
       CASE WHEN d.currency = o.currency AND d.elsewhere IS NOT DISTINCT FROM o.elsewhere THEN d.price - o.price END AS price_gap,
       CASE WHEN d.currency = o.currency AND d.elsewhere IS NOT DISTINCT FROM o.elsewhere AND o.price > 0
            THEN round(100 * (d.price / o.price - 1), 1) END AS price_gap_percent,
       d.coupon_percent, o.coupon_percent AS own_coupon_percent, d.coupon_amount, o.coupon_amount AS own_coupon_amount,
       d.is_deal, o.is_deal AS own_is_deal, d.in_stock, o.in_stock AS own_in_stock,
       d.rating, o.rating AS own_rating, d.review_count, o.review_count AS own_review_count,
       d.bsr, o.bsr AS own_bsr, d.bsr_category, o.bsr_category AS own_bsr_category, d.seller, d.title,
       d.elsewhere, o.elsewhere AS own_elsewhere
FROM listing l
JOIN rival r ON r.listing = l.listing AND r.marketplace = l.marketplace
JOIN daily d ON d.marketplace = r.marketplace AND d.asin = r.asin
            AND d.observed_at >= r.valid_from AND (r.valid_to IS NULL OR d.observed_at < r.valid_to)
            AND d.observed_at >= l.valid_from AND (l.valid_to IS NULL OR d.observed_at < l.valid_to)
LEFT JOIN daily o ON o.marketplace = l.marketplace AND o.asin = l.asin AND o.day = d.day;

COMMENT ON VIEW rivals IS 'Each rival beside the own listing, by local day, for as long as it was watched. The own values are NULL on a day on which the own page was not read';
COMMENT ON COLUMN rivals.listing IS 'Listing';
COMMENT ON COLUMN rivals.marketplace IS 'Marketplace';
COMMENT ON COLUMN rivals.day IS 'Local day, as in daily';
COMMENT ON COLUMN rivals.asin IS 'Rival';
COMMENT ON COLUMN rivals.own_asin IS 'Own product';
COMMENT ON COLUMN rivals.observed_at IS 'When the rival was observed (UTC)';
COMMENT ON COLUMN rivals.currency IS 'Currency of the rivals price';
COMMENT ON COLUMN rivals.price IS 'Its price';
COMMENT ON COLUMN rivals.own_price IS 'Own price';
COMMENT ON COLUMN rivals.price_gap IS 'Its price less the own, when both are in one currency and their pages for one place: negative when it is cheaper';
COMMENT ON COLUMN rivals.price_gap_percent IS 'The same in percent of the own price';
COMMENT ON COLUMN rivals.coupon_percent IS 'Its coupon, percent';
COMMENT ON COLUMN rivals.own_coupon_percent IS 'Own coupon, percent';
COMMENT ON COLUMN rivals.coupon_amount IS 'Its coupon, amount';
COMMENT ON COLUMN rivals.own_coupon_amount IS 'Own coupon, amount';
COMMENT ON COLUMN rivals.is_deal IS 'Whether it runs a deal';
COMMENT ON COLUMN rivals.own_is_deal IS 'Whether the own listing does';
COMMENT ON COLUMN rivals.in_stock IS 'Whether it can be bought';
COMMENT ON COLUMN rivals.own_in_stock IS 'Whether the own can';
COMMENT ON COLUMN rivals.rating IS 'Its stars';
COMMENT ON COLUMN rivals.own_rating IS 'Own stars';
COMMENT ON COLUMN rivals.review_count IS 'Its ratings';
COMMENT ON COLUMN rivals.own_review_count IS 'Own ratings';
COMMENT ON COLUMN rivals.bsr IS 'Its rank in its main category';
COMMENT ON COLUMN rivals.own_bsr IS 'Own rank';
COMMENT ON COLUMN rivals.bsr_category IS 'The category of its rank: compare ranks of one category only';
COMMENT ON COLUMN rivals.own_bsr_category IS 'The category of the own rank';
COMMENT ON COLUMN rivals.seller IS 'Its Buy Box seller';
COMMENT ON COLUMN rivals.title IS 'Its title';
COMMENT ON COLUMN rivals.elsewhere IS 'How its page is from another place or in another currency than asked for; NULL when it is not';
COMMENT ON COLUMN rivals.own_elsewhere IS 'How the own page is';
