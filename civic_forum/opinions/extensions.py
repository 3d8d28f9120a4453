"""Questions of consultations to features above."""

import logging
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy.exc import SQLAlchemyError

from civic_forum.blocks.extensions import Extension
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal

log = logging.getLogger(__name__)


class Note(NamedTuple):
    """A note of a table at a forum."""

    id: int
    text: str
    table: int
    """Number of the table."""


NOTE: Extension[[int], str] = Extension("text of a note that everybody may read")
NOTES: Extension[[str], Sequence[Note]] = Extension("notes of a forum that everybody may read")
ANSWERED: Extension[[int], None] = Extension("halls that hear of answers")
COMPUTED: Extension[[int], None] = Extension("halls that hear of results")
"""Told the id of the consultation, after the commit."""


def tell(halls: Extension[[int], None], consultation_id: int) -> None:
    """Let halls hear; where that fails, what was kept stays, and they hear the next time."""
    try:
        halls.ask(consultation_id)
    except (Refusal, SQLAlchemyError) as trouble:
        db.session.rollback()
        log.error("halls did not hear of consultation %s: %s", consultation_id, type(trouble).__name__)
