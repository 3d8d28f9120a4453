"""The files that tell the sample's budget rounds."""

from .people import read


def rounds() -> list[dict]:
    """All of them; the one in which one can vote right now has a file of its own."""
    return [*read("budgets")["rounds"], read("open_round")]
