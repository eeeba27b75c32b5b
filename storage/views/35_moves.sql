CREATE OR REPLACE VIEW moves AS
WITH muted AS (SELECT listing, move_id, bool_and(silent) AS muted FROM flags GROUP BY ALL),
acknowledged AS (
    SELECT listing, move_id, max(said_at) AS seen_at FROM stored.silence
    WHERE move_id IS NOT NULL AND withdrawn_at IS NULL
    GROUP BY ALL
)
SELECT listing, m.marketplace, move_id, theme, m.asin, m.own, m.severity, started, started_at, state, ended,
       (coalesce(ended, j.last_day) - started)::INTEGER AS duration, m.last_day, m.flags, m.sentence, m.sentence_zh,
       coalesce(muted, false) OR coalesce(
           seen_at >= coalesce(list_max([e.observed_at FOR e IN events IF e.news = 'graver']), seen_at), false
       ) AS silent,
       events, m.says, m.facts, m.rules
FROM stored.move m
LEFT JOIN muted USING (listing, move_id)
LEFT JOIN acknowledged USING (listing, move_id)
LEFT JOIN stored.judged j USING (listing);

COMMENT ON VIEW moves IS 'Flags of one product that belong together, with beginning, state and end; one row per move';
COMMENT ON COLUMN moves.listing IS 'Listing it is of';
COMMENT ON COLUMN moves.marketplace IS 'Marketplace';
COMMENT ON COLUMN moves.move_id IS 'Names it for as long as its first flag is there';
COMMENT ON COLUMN moves.theme IS 'What it is about: push, retreat, supply, reviews, content, buy_box, lifecycle, market';
COMMENT ON COLUMN moves.asin IS 'Product that moved; NULL: the market, or several products';
COMMENT ON COLUMN moves.own IS 'Whether that is the own product';
COMMENT ON COLUMN moves.severity IS 'low, medium, high: of its gravest flag, or more where several means are used at once';
COMMENT ON COLUMN moves.started IS 'Local day of its first change';
COMMENT ON COLUMN moves.started_at IS 'First observation of that (UTC)';
COMMENT ON COLUMN moves.state IS 'open; ended: its opposite was seen; quiet: nothing more was heard of it in its time';
COMMENT ON COLUMN moves.ended IS 'Local day it ended; NULL while it is open';
COMMENT ON COLUMN moves.duration IS 'Days from its start to its end, or to the newest day';
COMMENT ON COLUMN moves.last_day IS 'Day of its newest flag';
COMMENT ON COLUMN moves.flags IS 'Number of its flags';
COMMENT ON COLUMN moves.sentence IS 'What happened, in words';
COMMENT ON COLUMN moves.sentence_zh IS 'The same in Simplified Chinese';
COMMENT ON COLUMN moves.silent IS 'Whether the user has muted all of its flags, or acknowledged it and it has not become graver since';
COMMENT ON COLUMN moves.events IS 'What was news of it, and on which day: began, graver, ended';
COMMENT ON COLUMN moves.says IS 'Templates of the sentence';
COMMENT ON COLUMN moves.facts IS 'What fills them in, as JSON';
COMMENT ON COLUMN moves.rules IS 'Rules and settings it was judged by';
