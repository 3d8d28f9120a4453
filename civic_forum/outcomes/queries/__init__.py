"""Every SELECT on outcomes, by what asks."""
