"""Map of opinions: who thinks alike, what groups share and what divides them.

`compute` loads SciPy and scikit-learn where it runs, so call it in a process that is not the web's.
"""

from collections.abc import Sequence

from .model import Map, Matrix, Previous, Settings, Statement
from .steady import Steady

__all__ = ["Map", "Matrix", "Previous", "Settings", "Statement", "Steady", "compute"]


def compute(matrix: Matrix, statements: Sequence[Statement], settings: Settings | None = None,
            previous: Previous | None = None) -> Map:
    """Map of these responses. `statements` says what was taken out and what is meta; a statement that nobody answered
    counts too, and one that stands only in the matrix counts as neither. Raises ValueError for settings that the
    matrix contradicts."""
    from .run import run
    return run(matrix, statements, settings or Settings(), previous)
