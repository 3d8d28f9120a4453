"""Declarations shared by features: pages of one shape."""
