"""Results of a vote, the council's decisions on them, and tables to take home."""
