"""File types, told from the content alone, and what of a file may be kept."""
