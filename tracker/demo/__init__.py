"""The simulated marketplace: a world that knows its truth, and a site that shows it as Amazon would."""
