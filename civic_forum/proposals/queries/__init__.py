"""Every SELECT on proposals."""
