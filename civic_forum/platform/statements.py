"""Statements that are made once: building one costs more than asking it."""

from collections.abc import Callable
from functools import cache, wraps
from typing import ParamSpec, TypeVar

from .base import is_sqlite
from .i18n import Language, language

Given = ParamSpec("Given")
Made = TypeVar("Made")


def made_once(build: Callable[Given, Made]) -> Callable[Given, Made]:
    """A function that builds a statement, called once for each language, database and each of its few arguments.

    The language is that of columns such as `Department.name`. What differs from request to request are bound
    parameters: never an id, never a moment.
    """
    @cache
    def kept(_words: Language, _sqlite: bool, *args: Given.args, **named: Given.kwargs) -> Made:
        return build(*args, **named)

    @wraps(build)
    def made(*args: Given.args, **named: Given.kwargs) -> Made:
        return kept(language(), is_sqlite(), *args, **named)

    return made
