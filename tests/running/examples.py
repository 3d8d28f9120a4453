"""Examples: each run looks at a share of them, others every time, and `bin/test long` at all."""

from collections.abc import Sequence

from .turns import LONG, turn


def share(whole: int) -> int:
    """The number of examples of a property where `bin/test long` looks at `whole`."""
    return whole if LONG else -(-whole // 3)


def some(cases: Sequence, of: int) -> Sequence:
    """Every `of`-th of these cases, from another one on in each run."""
    return cases if LONG else cases[turn() % of::of]
