"""Rules of handing a commitment from one department to another. Pure."""

from .rules import Entry, EntryKind

FROM = "from"
"""Name in the content of an entry of the department that kept the commitment when the entry was written."""


def receiver(department: int | None, entry: Entry) -> int | None:
    """Department of which an official approves an entry: the one that takes the commitment by it, else the one that
    keeps it (`department`); None: any. A correction hands nothing over (`ledger.placed`)."""
    if entry.kind is EntryKind.FACTS and entry.corrects is None:
        taker: int | None = entry.content.get("department", department)
        return taker
    return department


def is_outdated(department: int | None, entry: Entry) -> bool:
    """True for one that was written while another department kept the commitment, and would take it from this one."""
    return FROM in entry.content and entry.content[FROM] != department
