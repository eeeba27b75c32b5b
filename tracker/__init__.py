"""The top floor: configuration, one crawl run from plan to report, the schedule, the command line."""
