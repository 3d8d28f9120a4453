"""Use-cases of polls: one module for each kind."""
