"""Values of filters as an address gives them. Every value that is not known is refused."""

from collections.abc import Collection
from enum import StrEnum
from typing import TypeVar

from . import plain_text
from .errors import Invalid
from .i18n import _

Kind = TypeVar("Kind", bound=StrEnum)


def one_of(kind: type[Kind], value: str | None) -> Kind | None:
    """None where nothing was chosen. Raises Invalid."""
    try:
        return kind(value) if value else None
    except ValueError as wrong:
        raise unknown() from wrong


def number_of(known: Collection[int] | None, value: str | None) -> int | None:
    """None where nothing was chosen; `known` None takes every number. Raises Invalid."""
    number = plain_text.number(value)
    if value and (number is None or known is not None and number not in known):
        raise unknown()
    return number


def unknown() -> Invalid:
    return Invalid(_("이런 조건은 없어요. 목록에서 조건을 다시 골라 주세요."))
