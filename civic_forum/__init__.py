"""A district's public business, conducted in the open."""
