"""Courses: calls whose sessions are gatherings, who came to them, and certificates of the hours."""
