"""Which words buyers may search a listing by that are not watched yet."""
