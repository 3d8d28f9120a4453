"""What pages call the parts of a round, by subject."""
