"""The sections of a report as values: what each tells, in no language yet."""
