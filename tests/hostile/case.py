"""Hostile texts, and the marks that tell their scripts apart."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

# A draft is a text with MARK where the script's call goes, or a function from the call to the text.
MARK = "@@"
Draft = tuple[str, str | Callable[[str], str]]


@dataclass(frozen=True)
class Hostile:
    """A text that somebody might type. `runs` is the number it reports if it ever runs; 0: nothing to run."""

    name: str
    text: str
    runs: int = 0


def running(first: int, area: str, drafts: Iterable[Draft]) -> list[Hostile]:
    """Texts that call `window.__pwned(<number>)`, numbered from `first`."""
    cases = []
    for number, (name, draft) in enumerate(drafts, first):
        call = f"window.__pwned({number})"
        text = draft(call) if callable(draft) else draft.replace(MARK, call)
        cases.append(Hostile(f"{area}: {name}", text, number))
    return cases


def still(area: str, drafts: Iterable[tuple[str, str]]) -> list[Hostile]:
    """Texts with nothing to run, which harm in other ways."""
    return [Hostile(f"{area}: {name}", text) for name, text in drafts]
