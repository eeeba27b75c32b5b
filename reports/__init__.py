"""What the data says: comparison, flags, and the HTML report."""
