"""The public log and record of a vote: heads, proofs, downloads, restores."""
