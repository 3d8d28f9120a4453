"""Every change to proposals."""
