"""Forms of commitments, by subject."""
