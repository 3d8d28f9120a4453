"""What budget rounds decide without clock, web or database."""
