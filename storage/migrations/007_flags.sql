-- Flags and moves follow from the observations by rules: those of older rules are not kept, the next report or
-- `tracker flags` tells them anew. What the user says of them (mute, acknowledge) is kept, whatever the rules.

DROP VIEW IF EXISTS flags;
DROP TABLE stored.flag;

CREATE TABLE stored.flag (
    listing      VARCHAR NOT NULL,
    marketplace  VARCHAR NOT NULL,
    asin         VARCHAR,
    own          BOOLEAN NOT NULL,
    day          DATE NOT NULL,
    kind         VARCHAR NOT NULL,
    severity     VARCHAR NOT NULL,
    keyword      VARCHAR,
    before_at    TIMESTAMPTZ,
    since        TIMESTAMPTZ NOT NULL,
    observed_at  TIMESTAMPTZ NOT NULL,
    before       VARCHAR,
    after        VARCHAR,
    magnitude    DOUBLE,
    chance       DOUBLE,
    sentence     VARCHAR NOT NULL,
    sentence_zh  VARCHAR NOT NULL,
    says         VARCHAR[] NOT NULL,
    facts        VARCHAR NOT NULL,
    before_fetch BIGINT,
    after_fetch  BIGINT,
    sql          VARCHAR NOT NULL,
    move_id      VARCHAR,
    rules        VARCHAR NOT NULL
);

CREATE TABLE stored.move (
    listing     VARCHAR NOT NULL,
    marketplace VARCHAR NOT NULL,
    move_id     VARCHAR NOT NULL,
    theme       VARCHAR NOT NULL,
    asin        VARCHAR,
    own         BOOLEAN NOT NULL,
    severity    VARCHAR NOT NULL,
    started     DATE NOT NULL,
    started_at  TIMESTAMPTZ NOT NULL,
    state       VARCHAR NOT NULL,
    ended       DATE,
    last_day    DATE NOT NULL,
    flags       INTEGER NOT NULL,
    events      STRUCT(news VARCHAR, "day" DATE, observed_at TIMESTAMPTZ)[] NOT NULL,
    sentence    VARCHAR NOT NULL,
    sentence_zh VARCHAR NOT NULL,
    says        VARCHAR[] NOT NULL,
    facts       VARCHAR NOT NULL,
    rules       VARCHAR NOT NULL
);

CREATE TABLE stored.effect (
    listing       VARCHAR NOT NULL,
    marketplace   VARCHAR NOT NULL,
    move_id       VARCHAR NOT NULL,
    metric        VARCHAR NOT NULL,
    keyword       VARCHAR,
    before        DOUBLE,
    after         DOUBLE,
    effect        DOUBLE,
    low           DOUBLE,
    high          DOUBLE,
    nights_before INTEGER NOT NULL,
    nights_after  INTEGER NOT NULL,
    verdict       VARCHAR NOT NULL,
    sentence      VARCHAR NOT NULL,
    sentence_zh   VARCHAR NOT NULL,
    says          VARCHAR[] NOT NULL,
    facts         VARCHAR NOT NULL,
    rules         VARCHAR NOT NULL
);

-- How far each listing has been judged, and by which rules.
CREATE TABLE stored.judged (
    listing      VARCHAR NOT NULL,
    last_day     DATE NOT NULL,
    newest_fetch BIGINT NOT NULL,
    newest_read  TIMESTAMPTZ NOT NULL,
    rules        VARCHAR NOT NULL
);

-- What is not to be told: of a listing, a product, a kind, or one move. NULL is any.
CREATE TABLE stored.silence (
    silence_id   VARCHAR NOT NULL,
    said_at      TIMESTAMPTZ NOT NULL,
    listing      VARCHAR,
    asin         VARCHAR,
    kind         VARCHAR,
    move_id      VARCHAR,
    until        TIMESTAMPTZ,
    withdrawn_at TIMESTAMPTZ
);

-- What news of which move was told, so that none is told twice.
CREATE TABLE stored.told (
    listing VARCHAR NOT NULL,
    move_id VARCHAR NOT NULL,
    news    VARCHAR NOT NULL,
    day     DATE NOT NULL,
    told_at TIMESTAMPTZ NOT NULL
);

COMMENT ON TABLE stored.flag IS 'Flags as the rules in force tell them';
COMMENT ON COLUMN stored.flag.listing IS 'Listing it was raised for';
COMMENT ON COLUMN stored.flag.marketplace IS 'Marketplace';
COMMENT ON COLUMN stored.flag.asin IS 'Product that moved, or a stranger that came up; NULL: the market, or several products';
COMMENT ON COLUMN stored.flag.own IS 'Whether that is the own product';
COMMENT ON COLUMN stored.flag.day IS 'Local day of the observation that shows the change';
COMMENT ON COLUMN stored.flag.kind IS 'Kind of flag, see reports/FLAGS.md';
COMMENT ON COLUMN stored.flag.severity IS 'low, medium, high';
COMMENT ON COLUMN stored.flag.keyword IS 'Keyword, where it is about one';
COMMENT ON COLUMN stored.flag.before_at IS 'Observation before (UTC)';
COMMENT ON COLUMN stored.flag.since IS 'First observation of the new state (UTC); before observed_at where it took several to be sure';
COMMENT ON COLUMN stored.flag.observed_at IS 'Observation that shows the change (UTC)';
COMMENT ON COLUMN stored.flag.before IS 'Value before, as text';
COMMENT ON COLUMN stored.flag.after IS 'Value after, as text';
COMMENT ON COLUMN stored.flag.magnitude IS 'How much: relative change of a price, factor of a rank, new reviews over expected, places moved';
COMMENT ON COLUMN stored.flag.chance IS 'How probable it is by chance; NULL of a fact that was read';
COMMENT ON COLUMN stored.flag.sentence IS 'What happened, in words';
COMMENT ON COLUMN stored.flag.sentence_zh IS 'The same in Simplified Chinese';
COMMENT ON COLUMN stored.flag.says IS 'Templates of the sentence, see reports/sentences.py';
COMMENT ON COLUMN stored.flag.facts IS 'What fills them in, as JSON';
COMMENT ON COLUMN stored.flag.before_fetch IS 'Fetch of the observation before';
COMMENT ON COLUMN stored.flag.after_fetch IS 'Fetch of the observation that shows it';
COMMENT ON COLUMN stored.flag.sql IS 'Query that shows its rows';
COMMENT ON COLUMN stored.flag.move_id IS 'Move that it belongs to';
COMMENT ON COLUMN stored.flag.rules IS 'Rules and settings it was judged by';

COMMENT ON TABLE stored.move IS 'Moves: flags that belong together';
COMMENT ON COLUMN stored.move.listing IS 'Listing it is of';
COMMENT ON COLUMN stored.move.marketplace IS 'Marketplace';
COMMENT ON COLUMN stored.move.move_id IS 'Names it for as long as its first flag is there';
COMMENT ON COLUMN stored.move.theme IS 'What it is about: push, retreat, supply, reviews, content, buy_box, lifecycle, market';
COMMENT ON COLUMN stored.move.asin IS 'Product that moved; NULL: the market, or several products';
COMMENT ON COLUMN stored.move.own IS 'Whether that is the own product';
COMMENT ON COLUMN stored.move.severity IS 'low, medium, high: of its gravest flag, or more where several means are used at once';
COMMENT ON COLUMN stored.move.started IS 'Local day of its first change';
COMMENT ON COLUMN stored.move.started_at IS 'First observation of that (UTC)';
COMMENT ON COLUMN stored.move.state IS 'open; ended: its opposite was seen; quiet: nothing more was heard of it in its time';
COMMENT ON COLUMN stored.move.ended IS 'Local day it ended; NULL while it is open';
COMMENT ON COLUMN stored.move.last_day IS 'Day of its newest flag';
COMMENT ON COLUMN stored.move.flags IS 'Number of its flags';
COMMENT ON COLUMN stored.move.events IS 'What was news of it, and on which day: began, graver, ended';
COMMENT ON COLUMN stored.move.sentence IS 'What happened, in words';
COMMENT ON COLUMN stored.move.sentence_zh IS 'The same in Simplified Chinese';
COMMENT ON COLUMN stored.move.says IS 'Templates of the sentence';
COMMENT ON COLUMN stored.move.facts IS 'What fills them in, as JSON';
COMMENT ON COLUMN stored.move.rules IS 'Rules and settings it was judged by';

COMMENT ON TABLE stored.effect IS 'What moves did to the own listing';
COMMENT ON COLUMN stored.effect.listing IS 'Listing it is about';
COMMENT ON COLUMN stored.effect.marketplace IS 'Marketplace';
COMMENT ON COLUMN stored.effect.move_id IS 'Move';
COMMENT ON COLUMN stored.effect.metric IS 'What of the own listing: bsr, place, reviews';
COMMENT ON COLUMN stored.effect.keyword IS 'Keyword, of a place';
COMMENT ON COLUMN stored.effect.before IS 'Before the move';
COMMENT ON COLUMN stored.effect.after IS 'After its start';
COMMENT ON COLUMN stored.effect.effect IS 'What the move may have done: see reports/MOVES.md for the unit of each metric';
COMMENT ON COLUMN stored.effect.low IS 'Lower end of the 95 % interval of the effect';
COMMENT ON COLUMN stored.effect.high IS 'Upper end';
COMMENT ON COLUMN stored.effect.nights_before IS 'Days before that were counted';
COMMENT ON COLUMN stored.effect.nights_after IS 'Days after that were counted';
COMMENT ON COLUMN stored.effect.verdict IS 'better, worse, no effect seen, too little to say';
COMMENT ON COLUMN stored.effect.sentence IS 'The same in words';
COMMENT ON COLUMN stored.effect.sentence_zh IS 'The same in Simplified Chinese';
COMMENT ON COLUMN stored.effect.says IS 'Templates of the sentence';
COMMENT ON COLUMN stored.effect.facts IS 'What fills them in, as JSON';
COMMENT ON COLUMN stored.effect.rules IS 'Rules and settings it was judged by';

COMMENT ON TABLE stored.judged IS 'How far each listing has been judged, and by which rules';
COMMENT ON COLUMN stored.judged.listing IS 'Listing';
COMMENT ON COLUMN stored.judged.last_day IS 'Newest local day that was judged';
COMMENT ON COLUMN stored.judged.newest_fetch IS 'Newest fetch that was looked at';
COMMENT ON COLUMN stored.judged.newest_read IS 'When the newest of them was read, or read again (UTC)';
COMMENT ON COLUMN stored.judged.rules IS 'Rules and settings in force';

COMMENT ON TABLE stored.silence IS 'What the user does not want to be told';
COMMENT ON COLUMN stored.silence.silence_id IS 'Names it, for taking it back';
COMMENT ON COLUMN stored.silence.said_at IS 'When the user said so (UTC)';
COMMENT ON COLUMN stored.silence.listing IS 'Listing; NULL: any';
COMMENT ON COLUMN stored.silence.asin IS 'Product; NULL: any';
COMMENT ON COLUMN stored.silence.kind IS 'Kind of flag; NULL: any';
COMMENT ON COLUMN stored.silence.move_id IS 'One move, acknowledged';
COMMENT ON COLUMN stored.silence.until IS 'To before when (UTC); NULL: for good';
COMMENT ON COLUMN stored.silence.withdrawn_at IS 'When it was taken back (UTC)';

COMMENT ON TABLE stored.told IS 'What news of moves was told';
COMMENT ON COLUMN stored.told.listing IS 'Listing';
COMMENT ON COLUMN stored.told.move_id IS 'Move';
COMMENT ON COLUMN stored.told.news IS 'began, graver, ended';
COMMENT ON COLUMN stored.told.day IS 'Local day of that';
COMMENT ON COLUMN stored.told.told_at IS 'When it was told (UTC)';
