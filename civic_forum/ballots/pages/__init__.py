"""Pages that every feature with a vote has: it keeps the routes and hands over what its vote is."""
