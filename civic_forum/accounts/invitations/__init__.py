"""Invitations by mail to roles of the office: one person, or a directory. See docs/decisions/0085."""
