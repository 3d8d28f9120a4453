"""Review of applications by other departments than the one that holds the call."""
