-- Pages read again by a better parser: what was read before leaves its place, and stays queryable. Nothing that was once
-- stored is ever lost. Run only where there are such pages.

INSERT INTO superseded.page_fetch BY NAME
SELECT f.*, fresh.fetched.read_at AS superseded_at FROM page_fetch f JOIN fresh ON fresh.again = f.fetch_id;
INSERT INTO superseded.product_observation BY NAME
SELECT p.*, f.parser_version, f.read_at, fresh.fetched.read_at AS superseded_at
FROM product_observation p JOIN page_fetch f USING (fetch_id) JOIN fresh ON fresh.again = p.fetch_id;
INSERT INTO superseded.bsr_observation BY NAME
SELECT b.*, fresh.fetched.read_at AS superseded_at FROM bsr_observation b JOIN fresh ON fresh.again = b.fetch_id;
INSERT INTO superseded.search_page BY NAME
SELECT s.*, fresh.fetched.read_at AS superseded_at FROM search_page s JOIN fresh ON fresh.again = s.fetch_id;
INSERT INTO superseded.search_placement BY NAME
SELECT s.*, fresh.fetched.read_at AS superseded_at FROM search_placement s JOIN fresh ON fresh.again = s.fetch_id;
INSERT INTO superseded.search_widget BY NAME
SELECT s.*, fresh.fetched.read_at AS superseded_at FROM search_widget s JOIN fresh ON fresh.again = s.fetch_id;
INSERT INTO superseded.related_placement BY NAME
SELECT r.*, fresh.fetched.read_at AS superseded_at FROM related_placement r JOIN fresh ON fresh.again = r.fetch_id;
INSERT INTO superseded.review_seen BY NAME
SELECT r.*, fresh.fetched.read_at AS superseded_at FROM review_seen r JOIN fresh ON fresh.again = r.fetch_id;
INSERT INTO superseded.list_placement BY NAME
SELECT l.*, fresh.fetched.read_at AS superseded_at FROM list_placement l JOIN fresh ON fresh.again = l.fetch_id;
INSERT INTO superseded.offer BY NAME
SELECT o.*, fresh.fetched.read_at AS superseded_at FROM offer o JOIN fresh ON fresh.again = o.fetch_id;
INSERT INTO superseded.missing_value BY NAME
SELECT m.*, fresh.fetched.read_at AS superseded_at FROM missing_value m JOIN fresh ON fresh.again = m.fetch_id;

DELETE FROM page_fetch WHERE fetch_id IN (SELECT again FROM fresh WHERE again IS NOT NULL);
DELETE FROM stored.product WHERE fetch_id IN (SELECT again FROM fresh WHERE again IS NOT NULL);
DELETE FROM bsr_observation WHERE fetch_id IN (SELECT again FROM fresh WHERE again IS NOT NULL);
DELETE FROM stored.results_page WHERE fetch_id IN (SELECT again FROM fresh WHERE again IS NOT NULL);
DELETE FROM stored.placement WHERE fetch_id IN (SELECT again FROM fresh WHERE again IS NOT NULL);
DELETE FROM stored.widget WHERE fetch_id IN (SELECT again FROM fresh WHERE again IS NOT NULL);
DELETE FROM stored.related WHERE fetch_id IN (SELECT again FROM fresh WHERE again IS NOT NULL);
DELETE FROM stored.review WHERE fetch_id IN (SELECT again FROM fresh WHERE again IS NOT NULL);
DELETE FROM stored.list_place WHERE fetch_id IN (SELECT again FROM fresh WHERE again IS NOT NULL);
DELETE FROM stored.offer WHERE fetch_id IN (SELECT again FROM fresh WHERE again IS NOT NULL);

