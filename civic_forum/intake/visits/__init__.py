"""Items that were heard at a visit, and their ends."""
