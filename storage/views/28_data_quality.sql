CREATE OR REPLACE VIEW data_quality AS
WITH page AS (
    SELECT marketplace, day, 'product' AS kind, lack_id, count(*) AS pages FROM stored.product GROUP BY ALL
    UNION ALL
    SELECT marketplace, day, 'search', lack_id, count(*) FROM stored.results_page GROUP BY ALL
    UNION ALL
    SELECT marketplace, day, 'placement', lack_id, count(*) FROM stored.placement GROUP BY ALL
),
total AS (SELECT marketplace, day, kind, sum(pages) AS observations FROM page GROUP BY ALL),
lacking AS (
    SELECT marketplace, day, kind, l.field, l.reason, sum(pages) AS missing
    FROM (SELECT p.*, unnest(k.lacks) AS l FROM page p JOIN stored.lack k USING (lack_id))
    GROUP BY ALL
)
SELECT marketplace, day, kind, field, reason, missing::BIGINT AS missing, observations::BIGINT AS observations,
       missing / observations AS share
FROM lacking JOIN total USING (marketplace, day, kind);

COMMENT ON VIEW data_quality IS 'What is missing, by marketplace, local day, field and reason. absent_on_page and not_applicable are statements of the page; unparseable, layout_unknown and ambiguous are our gaps';
COMMENT ON COLUMN data_quality.marketplace IS 'Marketplace';
COMMENT ON COLUMN data_quality.day IS 'Local day';
COMMENT ON COLUMN data_quality.kind IS 'product (pages), search (results pages), placement (cards on them)';
COMMENT ON COLUMN data_quality.field IS 'Field without a value';
COMMENT ON COLUMN data_quality.reason IS 'Why, see missing_value';
COMMENT ON COLUMN data_quality.missing IS 'How many lack it for this reason';
COMMENT ON COLUMN data_quality.observations IS 'How many there are in all that day';
COMMENT ON COLUMN data_quality.share IS 'The one over the other, 0 to 1';
