"""Who may do what about an answer; importing this package registers every permission of it.

`case` is a proposal with its duty, its departments and its answers.
"""

from . import author, reading, triage, writing

__all__ = ["author", "reading", "triage", "writing"]
