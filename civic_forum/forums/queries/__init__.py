"""Every SELECT of forums. Each subject has its module."""
