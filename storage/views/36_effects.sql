CREATE OR REPLACE VIEW effects AS
SELECT listing, marketplace, move_id, metric, keyword, before, after, effect, low, high, nights_before, nights_after, verdict,
       sentence, sentence_zh, says, facts, rules
FROM stored.effect;

COMMENT ON VIEW effects IS 'How the own listing went against its own past and its category after a move, with an interval; one row per move and metric';
COMMENT ON COLUMN effects.listing IS 'Listing it is about';
COMMENT ON COLUMN effects.marketplace IS 'Marketplace';
COMMENT ON COLUMN effects.move_id IS 'Move';
COMMENT ON COLUMN effects.metric IS 'What of the own listing: bsr, place, reviews';
COMMENT ON COLUMN effects.keyword IS 'Keyword, of a place';
COMMENT ON COLUMN effects.before IS 'Before the move';
COMMENT ON COLUMN effects.after IS 'After its start';
COMMENT ON COLUMN effects.effect IS 'What the move may have done: see reports/MOVES.md for the unit of each metric';
COMMENT ON COLUMN effects.low IS 'Lower end of the 95 % interval of the effect';
COMMENT ON COLUMN effects.high IS 'Upper end';
COMMENT ON COLUMN effects.nights_before IS 'Days before that were counted';
COMMENT ON COLUMN effects.nights_after IS 'Days after that were counted';
COMMENT ON COLUMN effects.verdict IS 'better, worse, no effect seen, too little to say';
COMMENT ON COLUMN effects.sentence IS 'The same in words';
COMMENT ON COLUMN effects.sentence_zh IS 'The same in Simplified Chinese';
COMMENT ON COLUMN effects.says IS 'Templates of the sentence';
COMMENT ON COLUMN effects.facts IS 'What fills them in, as JSON';
COMMENT ON COLUMN effects.rules IS 'Rules and settings it was judged by';
