"""Two officials see a vote through: one proposes, another confirms."""
