"""Use-cases of draws."""
