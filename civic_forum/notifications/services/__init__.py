"""What changes notices, and who wants them how. Each subject has its module."""
