"""Chat of those online, and mutes."""
