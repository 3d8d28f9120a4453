"""Extensions: questions that a feature asks those above it, typed, and the sections they add to its pages."""

from collections.abc import Callable, Sequence
from typing import Any, Generic, ParamSpec, TypeVar

from .first_page import Current

P = ParamSpec("P")
R = TypeVar("R")
Answer = TypeVar("Answer", bound=Callable[..., Any])


class Extension(Generic[P, R]):
    """A question to features above: each may answer with a function of these parameters; None is no answer."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.answers: list[Callable[P, R | None]] = []

    def add(self, answer: Callable[P, R | None]) -> None:
        if not callable(answer):
            raise TypeError(f"{self.name} was given an answer that is no function.")
        self.answers.append(answer)

    def ask(self, *args: P.args, **kwargs: P.kwargs) -> list[R]:
        """The answers, in the order in which the features were put together."""
        answers = (answer(*args, **kwargs) for answer in self.answers)
        return [answer for answer in answers if answer is not None]


class Page(Extension[P, R]):
    """A page to which features above add sections: objects with the `template` that shows them as `section`."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._last: list[Callable[P, R | None]] = []

    def add_section(self, make: Callable[P, R | None], *, last: bool = False) -> None:
        """`last`: behind the sections of features that are put together later."""
        self.add(make)
        self._last += [make] if last else []
        self.answers.sort(key=lambda section: section in self._last)


Section = Any
"""Something with a `template`."""
HOME: "Extension[[], Sequence[Current]]" = Extension("what people take part in now")
"""Cards of the first page, the same for everybody (`blocks.sections`)."""
PREPARERS: Extension[[Any, Any], bool] = Extension("who prepares a thing beside those whose own it is")
"""(actor, record) → whether they do."""
LIVE: "Extension[[], Current]" = Extension("what goes on at this moment")
"""One card each, without reading all that is current."""
FIGURES: Page[[], Section] = Page("figures")
"""The figures for everybody, the same for everybody (`blocks.sections`); a section stands behind the days to answer,
and has what it says in `rows` of the file of figures: of what, of whom or when, by what, number."""
ONCE: "Extension[[Any], list[Any]]" = Extension("votes in which somebody verified takes part now")
"""(user) → each with .title, .until, .ballot, its address, and .voted"""
ME: Page[[Any], dict[str, Any]] = Page("me")
"""One's own page; a section is a label with an address, or with a `key` and `items` (title, address, a word beside it),
and perhaps a number and its `place`; with `open` it stands by itself above what one did."""
