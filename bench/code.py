"""Figures of the source itself: its sizes, and files touched by a request."""

from .districts import Districts
from .figures import Figure
from .sizes import GOALS, sizes
from .touched import touched


def code(_districts: Districts) -> list[Figure]:
    """With the goals of sizes after the blocks, and after the features that come."""
    return [*(Figure(name, size, "", GOALS[name]) for name, size in sizes().items()), *touched()]
