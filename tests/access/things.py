"""Things that a row of the table is about."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Thing:
    """A subject of a row: values for its address, and what a request for it brings along."""

    path: dict[str, object] = field(default_factory=dict)
    query: Callable[[str], dict] = lambda actor: {}
    session: Callable[[str], dict] = lambda actor: {}
    form: dict[str, object] = field(default_factory=dict)
