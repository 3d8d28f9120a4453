"""Work that waits at the desk: all kinds in one list by the day they are due, and how many there are.

One statement counts, one lists, however many kinds there are and however much waits. A kind's own index gives its
next few, and the few of all kinds are merged here.
"""

from .deadlines import SOON_DAYS, Due, Tally
from .listing import Item, listed, tallies
from .sources import Source, Staff, sources
from .labels import DUE

__all__ = ["DUE", "SOON_DAYS", "Due", "Item", "Source", "Staff", "Tally", "listed", "sources", "tallies"]
