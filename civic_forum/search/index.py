"""The two ways to keep the index, with the same functions and the same results."""

from types import ModuleType

from sqlalchemy.orm import Session

from . import fts5, tsvector

_BY_DIALECT = {"sqlite": fts5, "postgresql": tsvector}


def of(session: Session) -> ModuleType:
    """The module that speaks to the full-text search of this session's database."""
    return _BY_DIALECT[session.get_bind().dialect.name]
