"""`tracker serve`: the reports in a browser, made when they are asked for."""
