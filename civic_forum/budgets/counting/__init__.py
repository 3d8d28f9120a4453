"""Counting of budget votes: plain Python without the site, the database or the clock."""
