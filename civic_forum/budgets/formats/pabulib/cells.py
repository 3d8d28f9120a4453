"""Meanings of single cells: numbers, dates and lists."""

import re
from datetime import date
from fractions import Fraction

from .faults import Fault, Trouble

NUMBER = re.compile(r"[0-9]{1,30}(?:\.[0-9]{1,30})?", re.ASCII)
DAY = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})", re.ASCII)
YEAR = re.compile(r"[0-9]{4}", re.ASCII)


def number(text: str, line: int, name: str) -> Fraction:
    """A decimal as it is written, for instance 2532645.83. Raises Fault for what is none, or negative."""
    if not NUMBER.fullmatch(text):
        raise Fault(line, Trouble.BAD_NUMBER, name=name, text=text)
    return Fraction(text)


def whole(text: str, line: int, name: str, within: range) -> int:
    """A whole number in this range. Raises Fault for what is none."""
    if not re.fullmatch("[0-9]{1,9}", text, re.ASCII) or int(text) not in within:
        raise Fault(line, Trouble.COMMITTEE_VOTES, name=name, text=text, least=within[0], most=within[-1])
    return int(text)


def check_date(text: str, line: int, name: str) -> None:
    """DD.MM.YYYY or a year. Raises Fault."""
    if YEAR.fullmatch(text):
        return
    try:
        day, month, year = map(int, DAY.fullmatch(text).groups())
        date(year, month, day)
    except (AttributeError, ValueError) as wrong:
        raise Fault(line, Trouble.BAD_DATE, name=name, text=text) from wrong


def items(cell: str) -> list[str]:
    """The entries of a list; one that is empty, as behind a last comma, is none."""
    return [item for part in cell.split(",") if (item := part.strip())]
