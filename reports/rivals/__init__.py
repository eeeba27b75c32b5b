"""Which products compete with a listing: candidates scored, rivals that are none any more, and the evidence of both."""
