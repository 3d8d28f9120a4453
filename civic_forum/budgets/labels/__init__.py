"""Labels of the parts of a round, by subject."""
