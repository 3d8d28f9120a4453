"""The vote of a round: ballots, casts, rolls, downloads."""
