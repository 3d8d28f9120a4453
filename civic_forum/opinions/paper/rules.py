"""Sheets of statements: what a typist writes for one, and where two differ. Pure."""

import unicodedata
from collections.abc import Mapping, Sequence

from ..rules import AGREE, DISAGREE, PASS

STATEMENTS_MOST = 60
"""On one sheet of paper, both sides."""
SHEETS_MOST = 500
"""Printed at once."""
ANSWERS: Mapping[str, int | None] = {"1": AGREE, "2": DISAGREE, "3": PASS, "-": None}
NOTHING = "-"


class Misread(ValueError):
    """Typed text that is no sheet; `place` is the number of the line that cannot be read, 0 for a wrong length."""

    def __init__(self, place: int) -> None:
        super().__init__(place)
        self.place = place


def read(typed: str, lines: int) -> str:
    """One character for each line of the sheet; spaces do not count, and 0 is nothing too. Raises Misread."""
    text = "".join(unicodedata.normalize("NFKC", typed).split()).replace("0", NOTHING)
    for place, character in enumerate(text[:lines], 1):
        if character not in ANSWERS:
            raise Misread(place)
    if len(text) != lines:
        raise Misread(0)
    return text


def answers(text: str, numbers: Sequence[int]) -> dict[int, int]:
    """Statement number → answer of what was read."""
    values = {number: ANSWERS[character] for number, character in zip(numbers, text, strict=True)}
    return {number: answer for number, answer in values.items() if answer is not None}


def differences(first: str, second: str) -> list[int]:
    """Lines of the sheet, counted from 1, at which two typings differ."""
    return [line for line, (a, b) in enumerate(zip(first, second, strict=True), 1) if a != b]
