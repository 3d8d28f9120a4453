"""Files that a vote publishes, byte by byte as `verifier/FORMAT.md` says."""
