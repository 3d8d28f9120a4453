"""What a file is, told from its content alone, and what of it may be kept."""
