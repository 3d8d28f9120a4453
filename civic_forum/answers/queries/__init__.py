"""Every SELECT on duties and answers."""
