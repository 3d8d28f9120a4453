"""Every SELECT of polls."""
