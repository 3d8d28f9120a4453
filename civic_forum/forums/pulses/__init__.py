"""Quick polls of the hall."""
