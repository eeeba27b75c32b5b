CREATE OR REPLACE MACRO trend(of_asin, days) AS TABLE
FROM daily
WHERE asin = of_asin AND day > (SELECT max(day) FROM stored.product WHERE asin = of_asin) - days::INTEGER
ORDER BY marketplace, day;

COMMENT ON MACRO TABLE trend IS 'daily of one ASIN over its last days: trend(''B0CVCV33BG'', 90)';
