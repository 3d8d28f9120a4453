"""Work that waits at the desk: all kinds in one list by the day they are due, and how many there are.

One statement counts, one lists, however many kinds there are and however much waits. A kind's own index gives its
next few, and the few of all kinds are merged here.
"""

from .deadlines import SOON_DAYS, Due, Tally
from .listing import Item, listed, tallies
from .sources import Source, Staff, sources
from .labels import DUE
from .work import ENTRIES, WORK, DeskEntry, DeskLine, DeskWork, Waiting

__all__ = ["DUE", "ENTRIES", "SOON_DAYS", "WORK", "DeskEntry", "DeskLine", "DeskWork", "Due", "Item", "Source", "Staff",
           "Tally", "Waiting", "listed", "sources", "tallies"]
