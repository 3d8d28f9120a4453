"""Reasons why a file is not taken. Pure."""

from enum import StrEnum


class Fault(StrEnum):
    NO_FILE = "no_file"
    TOO_LARGE = "too_large"
    NOT_TEXT = "not_text"
    NO_COLUMN = "no_column"
    COLUMN_TWICE = "column_twice"
    WRONG_LENGTH = "wrong_length"
    BROKEN = "broken"
    ROW_TWICE = "row_twice"
    NO_RESPONSE = "no_response"
    NO_NUMBER = "no_number"
    NO_ID = "no_id"
    TOO_MANY = "too_many"
    REVERSED = "reversed"
    NO_PUBLICATION = "no_publication"
    NO_MATRIX = "no_matrix"


_ENGLISH = {
    Fault.NO_FILE: "is missing", Fault.TOO_LARGE: "is larger than {detail}",
    Fault.NOT_TEXT: "is not UTF-8 text", Fault.NO_COLUMN: "has no column {detail}",
    Fault.COLUMN_TWICE: "has the column {detail} twice",
    Fault.WRONG_LENGTH: "has another number of cells than the header",
    Fault.BROKEN: "cannot be read ({detail})", Fault.ROW_TWICE: "says {detail} a second time",
    Fault.NO_RESPONSE: "{detail} is no response; responses are 1, 0 and -1", Fault.NO_NUMBER: "{detail} is no number",
    Fault.NO_ID: "has no usable id", Fault.TOO_MANY: "has more than {detail}",
    Fault.REVERSED: "counts agrees where the responses say -1; say whether signs are to be turned",
    Fault.NO_PUBLICATION: "is no publication of a consultation ({detail})",
    Fault.NO_MATRIX: "holds no responses, so nothing can be computed from it",
}


class Unreadable(Exception):
    """A file that is not taken, with the line (from 1) where there is one. Nothing of it has been used."""

    def __init__(self, file: str, fault: Fault, line: int | None = None, detail: object = ""):
        self.file, self.fault, self.line, self.detail = file, fault, line, str(detail)[:100]
        where = file if line is None else f"{file}, line {line}"
        super().__init__(f"{where}: {_ENGLISH[fault].format(detail=self.detail)}.")
