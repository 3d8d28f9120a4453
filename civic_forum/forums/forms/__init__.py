"""What the pages of forums take in. Each subject has its module."""
