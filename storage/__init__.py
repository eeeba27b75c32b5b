"""What is recorded and how it is kept: records, marketplaces, the DuckDB store, the page archive."""
