"""The lot that decides ties, where a round wants one. Pure but for the chance that it is given."""

from collections.abc import Callable, Collection, Sequence


def drawn(before: Sequence[str] | None, codes: Collection[str], below: Callable[[int], int]) -> list[str]:
    """An order of these codes by chance; `below(n)` is any of 0 … n − 1, each as likely.

    What was drawn before stays in its order, whatever became of the projects, so that nobody draws until it fits:
    only new ones are put in between. With none before, every order is as likely.
    """
    order = list(before or ())
    for code in sorted(set(codes) - set(order)):
        order.insert(below(len(order) + 1), code)
    return order
