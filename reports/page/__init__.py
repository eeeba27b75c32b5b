"""The report as a page: HTML that carries all it needs."""
