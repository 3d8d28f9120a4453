"""Permissions on answers; importing this package registers every one of them.

`case` is a proposal with its duty, its departments and its answers.
"""

from . import author, reading, triage, writing

__all__ = ["author", "reading", "triage", "writing"]
