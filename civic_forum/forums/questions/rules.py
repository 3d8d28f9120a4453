"""Questions from the floor: how long they are, what is grouped under what, and in which order they stand. Pure."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

MOST = 300
NAME_MOST = 60
ANSWER_MOST = 1000
WHY_MOST = 300
MOST_HEARD = 60
"""Things said at a gathering that is written down afterwards."""
SAME_FOR = timedelta(minutes=10)
"""So long nobody asks the same again."""


class Sort(StrEnum):
    """Orders of the list."""

    SUPPORTED = "supported"
    NEWEST = "newest"


def chain(question_id: int, under: Mapping[int, int]) -> list[int]:
    """The question and all that it is grouped under, up to the one that stands in the list.

    `under` says of each grouped question which one it was grouped under; it holds no circle (`makes_circle`).
    """
    way = [question_id]
    while way[-1] in under:
        way.append(under[way[-1]])
    return way


def members(question_id: int, under: Mapping[int, int]) -> set[int]:
    """The question and everything grouped under it, directly or through others."""
    return {question_id} | {member for member in under if question_id in chain(member, under)}


def makes_circle(question_id: int, head_id: int, under: Mapping[int, int]) -> bool:
    """True if grouping the first under the second would lead back to it."""
    return question_id in chain(head_id, under)


def standing(is_hidden: bool, is_answered: bool, support_count: int, question_id: int) -> tuple[int, int, int]:
    """Sort key among the others, smallest first: what waits for an answer, by support, the earliest first among equals;
    then what was answered; then what was hidden."""
    return 2 if is_hidden else 1 if is_answered else 0, -support_count, question_id


ROOM = 10**9
"""More than there are supports of a question, or numbers of questions: so each part of a place keeps apart."""


def place(standing: tuple[int, int, int]) -> int:
    """The same as one number, small ones first, as a page's script sorts by: below 2⁵³ as far as people count."""
    rank, opposite_of_support, question_id = standing
    return (rank * 10**6 + 10**6 + opposite_of_support) * ROOM + question_id
