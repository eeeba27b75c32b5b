-- Whether a page was fetched plainly or with a browser. Of what was fetched before, that is not known.

ALTER TABLE page_fetch ADD COLUMN via VARCHAR;
ALTER TABLE superseded.page_fetch ADD COLUMN via VARCHAR;

COMMENT ON COLUMN page_fetch.via IS 'How the page that is kept was fetched: plain or browser. NULL when there is none, or before schema 6';
COMMENT ON COLUMN superseded.page_fetch.via IS 'How the page that is kept was fetched: plain or browser. NULL when there is none, or before schema 6';
