"""Paper ballots: handed out, returned, typed in twice, and people struck from the roll."""
