"""One way to write a value as bytes: framed fields, canonical JSON, instants. Nothing of the box is hashed or signed in
any other shape, so that nobody can argue afterwards which bytes were meant."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any, TypeAlias

Canonical: TypeAlias = "str | int | list[Canonical] | dict[str, Canonical]"
FORMAT = 2
"""Version of everything that is written: definition, heads, counts, receipts, statements, record."""
LARGEST = 2**53 - 1
"""The largest whole number: beyond it not every program that reads JSON is exact."""
DEEPEST = 32
"""Number of values inside one another, the innermost text or number counted too."""


def frame(label: str, *fields: bytes) -> bytes:
    """The ASCII label, then each field behind its length as four bytes, big-endian."""
    parts = [label.encode("ascii")]
    for field in fields:
        parts += (len(field).to_bytes(4, "big"), field)
    return b"".join(parts)


def digest(label: str, *fields: bytes) -> bytes:
    """SHA-256 over the frame: H(label, fields…) of the written format."""
    return hashlib.sha256(frame(label, *fields)).digest()


def canonical_json(value: Canonical) -> bytes:
    """UTF-8, keys sorted by code point, no spaces; text, whole numbers, lists and objects only.

    Only quotation mark, backslash and control characters are escaped, the latter by \\b \\f \\n \\r \\t where
    JSON has such a name and else by \\u00xx in lower case. Whole numbers are from 0 to 2^53 − 1. Raises
    ValueError for anything else, true and null included.
    """
    _check(value, DEEPEST)
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8")


def parse_canonical(data: bytes) -> Any:
    """The value that these bytes are the canonical JSON of; ValueError when they are not, byte for byte."""
    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=_no_name_twice)
        written_again = canonical_json(value)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if written_again != data:
        raise ValueError("not canonical JSON")
    return value


def stamp(at: datetime) -> str:
    """An instant as `2026-01-01T00:00:00Z`; parts of a second are cut off, naive instants refused."""
    if at.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    return at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def instant(text: str) -> datetime:
    """The instant that `stamp` wrote; ValueError for any other spelling of it."""
    at = datetime.fromisoformat(text)
    if stamp(at) != text:
        raise ValueError("not an instant as this format writes it")
    return at


def _no_name_twice(pairs: list[tuple[str, Canonical]]) -> dict[str, Canonical]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _check(value: object, depth: int) -> None:
    """ValueError unless it has a canonical form; `depth` is how many levels may still follow."""
    if not depth:
        raise ValueError("nested too deeply")
    if isinstance(value, (dict, list)):
        if isinstance(value, dict) and not all(isinstance(name, str) for name in value):
            raise ValueError("names are text")
        for inner in value.values() if isinstance(value, dict) else value:
            _check(inner, depth - 1)
    elif isinstance(value, bool) or not isinstance(value, (str, int)):
        raise ValueError(f"canonical JSON has no {type(value).__name__}")
    elif isinstance(value, int) and not 0 <= value <= LARGEST:
        raise ValueError("not a whole number of this format")
