-- What the user says of a review that stands on an own product's page: that it was seen to, or that it was not after all.

CREATE TABLE stored.review_word (
    marketplace VARCHAR NOT NULL,
    review_id   VARCHAR NOT NULL,
    state       VARCHAR NOT NULL,
    note        VARCHAR,
    said_at     TIMESTAMPTZ NOT NULL
);

COMMENT ON TABLE stored.review_word IS 'What the user said of reviews; the newest word counts';
COMMENT ON COLUMN stored.review_word.marketplace IS 'Marketplace';
COMMENT ON COLUMN stored.review_word.review_id IS 'Amazon''s id of the review';
COMMENT ON COLUMN stored.review_word.state IS 'handled, or new: it was taken back';
COMMENT ON COLUMN stored.review_word.note IS 'What the user noted';
COMMENT ON COLUMN stored.review_word.said_at IS 'When the user said so (UTC)';
