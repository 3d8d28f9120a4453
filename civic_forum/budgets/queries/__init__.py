"""Every SELECT of budget rounds, by subject."""
