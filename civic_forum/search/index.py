"""The two ways to keep the index, with the same functions and the same results."""

from types import ModuleType

from sqlalchemy.orm import Session

from civic_forum.platform import site_version

from . import fts5, tsvector
from .models import Entry

_BY_DIALECT = {"sqlite": fts5, "postgresql": tsvector}


def of(session: Session) -> ModuleType:
    """The module that speaks to the full-text search of this session's database. Its own tables, of which none of the
    models knows, change with the entries."""
    site_version.note_read([Entry.__tablename__])
    return _BY_DIALECT[session.get_bind().dialect.name]
