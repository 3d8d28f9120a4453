"""Agendas, links and objections as records, for those who change them."""

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.kernel.base import db
from civic_forum.kernel.errors import NotFound
from civic_forum.kernel.i18n import _

from ..models import Agenda, AgendaLink, AuthorObjection


def missing() -> NotFound:
    return NotFound(_("이런 의제는 없어요. 의제 목록에서 찾아보세요."))


def by_slug(slug: str) -> Agenda:
    """Raises NotFound."""
    agenda = slugged(slug)
    if agenda is None:
        raise missing()
    return agenda


def slugged(slug: str) -> Agenda | None:
    return db.session.scalar(sa.select(Agenda).filter_by(slug=slug))


def locked(agenda_id: int) -> Agenda:
    """The agenda read again, and locked until this transaction ends. Raises NotFound."""
    found = sa.select(Agenda).filter_by(id=agenda_id).with_for_update(key_share=True, of=Agenda)
    agenda = db.session.scalar(found.execution_options(populate_existing=True))
    if agenda is None:
        raise missing()
    return agenda


def link(link_id: int) -> AgendaLink:
    """Raises NotFound."""
    return _link(sa.select(AgendaLink).filter_by(id=link_id))


def locked_link(link_id: int) -> AgendaLink:
    """The link with its agenda, which is locked first: whoever groups and ungroups waits there. Raises NotFound."""
    locked(link(link_id).agenda_id)
    return _link(sa.select(AgendaLink).filter_by(id=link_id).execution_options(populate_existing=True))


def _link(statement: sa.Select) -> AgendaLink:
    found = db.session.scalar(statement.options(joinedload(AgendaLink.agenda), joinedload(AgendaLink.proposal)))
    if found is None:
        raise NotFound(_("이런 묶음은 없어요. 의제 화면에서 다시 들어와 주세요."))
    return found


def objection_to(link_id: int) -> AuthorObjection | None:
    return db.session.scalar(sa.select(AuthorObjection).filter_by(link_id=link_id))


def objection(objection_id: int) -> AuthorObjection:
    """Raises NotFound."""
    return _objection(sa.select(AuthorObjection).filter_by(id=objection_id))


def locked_objection(objection_id: int) -> AuthorObjection:
    """Raises NotFound."""
    return _objection(sa.select(AuthorObjection).filter_by(id=objection_id).with_for_update(of=AuthorObjection)
                      .execution_options(populate_existing=True))


def _objection(statement: sa.Select) -> AuthorObjection:
    found = db.session.scalar(statement)
    if found is None:
        raise NotFound(_("이런 반대는 없어요. 의제 화면에서 다시 들어와 주세요."))
    return found
