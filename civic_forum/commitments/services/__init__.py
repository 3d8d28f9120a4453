"""Every change to commitments, by subject."""
