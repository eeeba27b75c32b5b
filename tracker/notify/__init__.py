"""Tells people of a night: what is new, to whom, through what."""
