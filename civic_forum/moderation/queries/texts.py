"""Texts that people report and moderators hide: the kinds with the capability `Moderated`, in the order in which they
are locked. And how lists are narrowed by them."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from civic_forum.accounts.models import User
from civic_forum.blocks import kinds
from civic_forum.blocks.filters import Filter, words
from civic_forum.blocks.kinds import Kind
from civic_forum.blocks.moderated import Moderated
from civic_forum.platform.i18n import _l

from .. import labels


def texts() -> dict[str, tuple[Kind[Any], Moderated[Any]]]:
    return {kind.name: (kind, moderated) for kind, moderated in kinds.having(Moderated)}


def whose(kind: str, text_id: sa.ColumnElement[int] | int) -> sa.Select:
    """SELECT of the id of the author of a text of this kind."""
    of, moderated = texts()[kind]
    return sa.select(moderated.author).where(of.model.id == text_id)


def of_kind(column: Any, *, accounts: bool = False) -> Filter:
    """By the kind of thing that this column names; `accounts`: people too."""
    def choices() -> dict[str, object]:
        return {name: labels.SUBJECT[name] for name in (*texts(), *(("user",) if accounts else ()))}

    return Filter("kind", _l("종류"), column, choices, _l("모든 종류"))


def saying(kind: Any, thing_id: Any, *columns: Any) -> Filter:
    """By what the thing says that the first two columns name, an account by its nickname, or by one of the others."""
    def wording() -> sa.ColumnElement[str]:
        person = aliased(User)
        selects = [(name, sa.select(moderated.words).where(of.model.id == thing_id))
                   for name, (of, moderated) in texts().items()]
        selects.append(("user", sa.select(person.nickname).where(person.id == thing_id)))
        return sa.case(*((kind == name, select.scalar_subquery()) for name, select in selects))

    return words("q", _l("낱말로 찾기"), wording, *columns, most=50)
