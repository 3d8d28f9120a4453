"""Paths of power: who can do what to a vote, a consultation, an account, a promise, the record of moderation, alone or
by two. `powers.toml` is the one table; /security and docs/security.md are made from it."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

TABLE = Path(__file__).with_suffix(".toml")


@cache
def subjects() -> list[dict[str, Any]]:
    """Things with the acts on them, in the order of the page."""
    return list(tomllib.loads(TABLE.read_text("utf-8"))["subjects"])
