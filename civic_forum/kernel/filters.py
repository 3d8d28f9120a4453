"""Filters of a list as an address gives them. Every value that is not known is refused."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from . import plain_text
from .errors import Invalid
from .i18n import _

Kind = TypeVar("Kind", bound=StrEnum)


@dataclass(frozen=True)
class Filter:
    """One way to narrow a list: a link that says how much it leaves."""

    label: object
    url: str
    current: bool
    total: int
    key: str = ""


def one_of(kind: type[Kind], value: str | None) -> Kind | None:
    """None where nothing was chosen. Raises Invalid."""
    try:
        return kind(value) if value else None
    except ValueError as wrong:
        raise unknown() from wrong


def among(shown: Collection[Kind], value: str | None) -> Kind | None:
    """The same where not every member is a filter. Raises Invalid."""
    chosen = one_of(type(next(iter(shown))), value)
    if chosen is not None and chosen not in shown:
        raise unknown()
    return chosen


def chips(shown: Sequence[Kind], labels: Mapping[Kind, object], chosen: Kind | None,
          url: Callable[[Kind | None], str]) -> list[dict]:
    """Links to all, and to what each of these leaves."""
    return [{"label": labels[one] if one else _("모두"), "url": url(one), "current": one is chosen}
            for one in (None, *shown)]


def number_of(known: Collection[int] | None, value: str | None) -> int | None:
    """None where nothing was chosen; `known` None takes every number. Raises Invalid."""
    number = plain_text.number(value)
    if value and (number is None or known is not None and number not in known):
        raise unknown()
    return number


def unknown() -> Invalid:
    return Invalid(_("이런 조건은 없어요. 목록에서 조건을 다시 골라 주세요."))
