"""Paper ballots: handed out, returned, typed in twice."""
