"""Reasons why a file is not taken. Pure."""

from enum import StrEnum


class Fault(StrEnum):
    """Sentences about a file, with `{detail}` where there is more to say."""

    NO_FILE = "is missing"
    TOO_LARGE = "is larger than {detail}"
    NOT_TEXT = "is not UTF-8 text"
    NO_COLUMN = "has no column {detail}"
    COLUMN_TWICE = "has the column {detail} twice"
    WRONG_LENGTH = "has another number of cells than the header"
    BROKEN = "cannot be read ({detail})"
    ROW_TWICE = "says {detail} a second time"
    NO_RESPONSE = "{detail} is no response; responses are 1, 0 and -1"
    NO_NUMBER = "{detail} is no number"
    NO_ID = "has no usable id"
    TOO_MANY = "has more than {detail}"
    REVERSED = "counts agrees where the responses say -1; say whether signs are to be turned"
    NO_PUBLICATION = "is no publication of a consultation ({detail})"
    NO_MATRIX = "holds no responses, so nothing can be computed from it"


class Unreadable(Exception):
    """A file that is not taken, with the line (from 1) where there is one. Nothing of it has been used."""

    def __init__(self, file: str, fault: Fault, line: int | None = None, detail: object = ""):
        self.file, self.fault, self.line, self.detail = file, fault, line, str(detail)[:100]
        where = file if line is None else f"{file}, line {line}"
        super().__init__(f"{where}: {fault.format(detail=self.detail)}.")
