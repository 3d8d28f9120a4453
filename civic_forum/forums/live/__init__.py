"""Sockets of running forums: they only tell what stands in the list of events (docs/decisions/0022-live-forums.md)."""
