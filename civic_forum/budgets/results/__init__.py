"""Results of budget votes."""
