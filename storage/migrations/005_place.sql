-- Where, in which language and in which currency a page was asked for, and what it says of that. Amounts of a page from
-- elsewhere stand in their tables as they were read, with the mark beside them. Of what was fetched before, none of it is
-- known.

ALTER TABLE page_fetch ADD COLUMN wanted_postal_code VARCHAR;
ALTER TABLE page_fetch ADD COLUMN wanted_language VARCHAR;
ALTER TABLE page_fetch ADD COLUMN wanted_currency VARCHAR;
ALTER TABLE page_fetch ADD COLUMN delivery_location VARCHAR;
ALTER TABLE page_fetch ADD COLUMN language VARCHAR;
ALTER TABLE page_fetch ADD COLUMN currency VARCHAR;
ALTER TABLE page_fetch ADD COLUMN elsewhere VARCHAR;

ALTER TABLE superseded.page_fetch ADD COLUMN wanted_postal_code VARCHAR;
ALTER TABLE superseded.page_fetch ADD COLUMN wanted_language VARCHAR;
ALTER TABLE superseded.page_fetch ADD COLUMN wanted_currency VARCHAR;
ALTER TABLE superseded.page_fetch ADD COLUMN delivery_location VARCHAR;
ALTER TABLE superseded.page_fetch ADD COLUMN language VARCHAR;
ALTER TABLE superseded.page_fetch ADD COLUMN currency VARCHAR;
ALTER TABLE superseded.page_fetch ADD COLUMN elsewhere VARCHAR;

ALTER TABLE stored.product ADD COLUMN elsewhere VARCHAR;
ALTER TABLE stored.product ADD COLUMN wanted_postal_code VARCHAR;
ALTER TABLE stored.change ADD COLUMN wanted_postal_code VARCHAR;
ALTER TABLE stored.placement ADD COLUMN elsewhere VARCHAR;
ALTER TABLE stored.widget ADD COLUMN elsewhere VARCHAR;
ALTER TABLE stored.list_place ADD COLUMN elsewhere VARCHAR;
ALTER TABLE stored.offer ADD COLUMN elsewhere VARCHAR;

ALTER TABLE superseded.product_observation ADD COLUMN elsewhere VARCHAR;
ALTER TABLE superseded.search_placement ADD COLUMN elsewhere VARCHAR;
ALTER TABLE superseded.search_widget ADD COLUMN elsewhere VARCHAR;
ALTER TABLE superseded.list_placement ADD COLUMN elsewhere VARCHAR;
ALTER TABLE superseded.offer ADD COLUMN elsewhere VARCHAR;

COMMENT ON COLUMN page_fetch.wanted_postal_code IS 'Postal code that the session asked to be delivered to then; NULL when none was configured, or before schema 5';
COMMENT ON COLUMN page_fetch.wanted_language IS 'Language it asked for, as a tag (de-DE)';
COMMENT ON COLUMN page_fetch.wanted_currency IS 'Currency it asked for, ISO 4217';
COMMENT ON COLUMN page_fetch.delivery_location IS 'Where the page says that it would deliver to';
COMMENT ON COLUMN page_fetch.language IS 'Language of the page, as a tag';
COMMENT ON COLUMN page_fetch.currency IS 'Currency of most of its amounts, else the one that it names as chosen';
COMMENT ON COLUMN page_fetch.elsewhere IS 'How the page is from another place or in another currency than was asked for then, in words: its amounts are compared with no others. NULL when it is not, as far as is known';
COMMENT ON COLUMN superseded.page_fetch.wanted_postal_code IS 'Postal code that the session asked to be delivered to then; NULL when none was configured, or before schema 5';
COMMENT ON COLUMN superseded.page_fetch.wanted_language IS 'Language it asked for, as a tag (de-DE)';
COMMENT ON COLUMN superseded.page_fetch.wanted_currency IS 'Currency it asked for, ISO 4217';
COMMENT ON COLUMN superseded.page_fetch.delivery_location IS 'Where the page says that it would deliver to';
COMMENT ON COLUMN superseded.page_fetch.language IS 'Language of the page, as a tag';
COMMENT ON COLUMN superseded.page_fetch.currency IS 'Currency of most of its amounts, else the one that it names as chosen';
COMMENT ON COLUMN superseded.page_fetch.elsewhere IS 'How the page is from another place or in another currency than was asked for then; NULL when it is not';
COMMENT ON COLUMN superseded.product_observation.elsewhere IS 'How its page is from another place or in another currency than asked for; NULL when it is not';
COMMENT ON COLUMN superseded.search_placement.elsewhere IS 'How its page is from another place or in another currency than asked for; NULL when it is not';
COMMENT ON COLUMN superseded.search_widget.elsewhere IS 'How its page is from another place or in another currency than asked for; NULL when it is not';
COMMENT ON COLUMN superseded.list_placement.elsewhere IS 'How its page is from another place or in another currency than asked for; NULL when it is not';
COMMENT ON COLUMN superseded.offer.elsewhere IS 'How its page is from another place or in another currency than asked for; NULL when it is not';
COMMENT ON COLUMN page_fetch.kind IS 'Kind of page asked for: product, search, bestsellers; place: the request to deliver to the configured postal code';
COMMENT ON COLUMN page_fetch.outcome IS 'ok, blocked, not_found, error_page, wrong_page, wrong_product, incomplete, http_error, timeout, network, redirected, robots, budget, window, refused (the postal code), skipped';
COMMENT ON COLUMN stored.change.wanted_postal_code IS 'Postal code that was asked for; changes are told within one only';
COMMENT ON COLUMN stored.product.wanted_postal_code IS 'Postal code that was asked for';
COMMENT ON COLUMN stored.product.elsewhere IS 'As in page_fetch';
COMMENT ON COLUMN stored.placement.elsewhere IS 'As in page_fetch';
COMMENT ON COLUMN stored.widget.elsewhere IS 'As in page_fetch';
COMMENT ON COLUMN stored.list_place.elsewhere IS 'As in page_fetch';
COMMENT ON COLUMN stored.offer.elsewhere IS 'As in page_fetch';
