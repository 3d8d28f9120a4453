"""Texts that people report and moderators hide: the kinds with the capability `Moderated`, in the order in which they
are locked."""

from typing import Any

import sqlalchemy as sa

from civic_forum.blocks import kinds
from civic_forum.blocks.kinds import Kind, Moderated


def texts() -> dict[str, tuple[Kind[Any], Moderated[Any]]]:
    return {kind.name: (kind, moderated) for kind, moderated in kinds.having(Moderated)}


def whose(kind: str, text_id: sa.ColumnElement[int] | int) -> sa.Select:
    """SELECT of the id of the author of a text of this kind."""
    of, moderated = texts()[kind]
    return sa.select(moderated.author).where(of.model.id == text_id)
