"""The filters of a list as an address says them. Every value that is not known is refused."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import TypeVar

from civic_forum.district.rules import Category
from civic_forum.kernel import plain_text
from civic_forum.kernel.errors import Invalid
from civic_forum.kernel.i18n import _

from .queries.listing import EVERYWHERE, Wanted
from .rules import PUBLIC, Sort, State

Kind = TypeVar("Kind", bound=StrEnum)


def wanted(args: Mapping[str, str], neighbourhoods: Collection[int], years: Collection[int]) -> Wanted:
    """What `state`, `neighbourhood`, `category`, `year` and `sort` say. Raises Invalid for an unknown value."""
    state = one_of(State, args.get("state"))
    if state is not None and state not in PUBLIC:
        raise unknown()
    return Wanted(state, _number(args.get("neighbourhood"), {EVERYWHERE, *neighbourhoods}),
                  one_of(Category, args.get("category")), _number(args.get("year"), set(years)),
                  one_of(Sort, args.get("sort")) or Sort.NEWEST)


def one_of(kind: type[Kind], value: str | None) -> Kind | None:
    try:
        return kind(value) if value else None
    except ValueError as wrong:
        raise unknown() from wrong


def _number(value: str | None, known: set[int]) -> int | None:
    if not value:
        return None
    if (number := plain_text.number(value)) not in known:
        raise unknown()
    return number


def unknown() -> Invalid:
    return Invalid(_("이런 조건은 없어요. 목록에서 조건을 다시 골라 주세요."))
