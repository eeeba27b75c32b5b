CREATE OR REPLACE VIEW own_file AS
SELECT import_id, kind, file_name, sha256, imported_at, language, first_day, last_day, rows_read, rows_added,
       rows_unread
FROM stored.own_file;

COMMENT ON VIEW own_file IS 'Seller Central exports that were imported, and brought something new';
COMMENT ON COLUMN own_file.import_id IS 'Number of the import, from 1 on';
COMMENT ON COLUMN own_file.kind IS 'sales, ads, search_term, stock';
COMMENT ON COLUMN own_file.file_name IS 'Its bare name';
COMMENT ON COLUMN own_file.sha256 IS 'SHA-256 of the file';
COMMENT ON COLUMN own_file.imported_at IS 'When it was imported (UTC)';
COMMENT ON COLUMN own_file.language IS 'Language of its headings';
COMMENT ON COLUMN own_file.first_day IS 'First day that it covers';
COMMENT ON COLUMN own_file.last_day IS 'Last day that it covers';
COMMENT ON COLUMN own_file.rows_read IS 'Rows that could be read';
COMMENT ON COLUMN own_file.rows_added IS 'Rows of it that said something new, and are kept';
COMMENT ON COLUMN own_file.rows_unread IS 'Rows that could not be read and were left out on demand';
