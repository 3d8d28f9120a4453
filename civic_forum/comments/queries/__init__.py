"""Every SELECT of comments."""
