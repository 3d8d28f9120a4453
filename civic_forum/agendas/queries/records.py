"""Agendas, links and objections as records, for those who change them."""

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound
from civic_forum.platform.i18n import _

from ..models import Agenda, AgendaDescent, AgendaLink, AuthorObjection
from ..rules import Descent


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


def by_id(agenda_id: int) -> Agenda:
    """As it stands now. Raises NotFound."""
    agenda = db.session.get(Agenda, agenda_id, populate_existing=True)
    if agenda is None:
        raise missing()
    return agenda


def merge_of(descent_id: int) -> AgendaDescent:
    """Merge of one agenda into another. Raises NotFound, also for one that was split off."""
    found = db.session.get(AgendaDescent, descent_id, populate_existing=True)
    if found is None or found.descent is not Descent.MERGED:
        raise missing()
    return found


def locked(agenda_id: int) -> Agenda:
    """The agenda read again, and locked until this transaction ends. Raises NotFound."""
    found = sa.select(Agenda).filter_by(id=agenda_id).with_for_update(key_share=True, of=Agenda)
    agenda = db.session.scalar(found.execution_options(populate_existing=True))
    if agenda is None:
        raise missing()
    return agenda


def link(link_id: int) -> AgendaLink:
    """As it stands now, with its agenda and its proposal. Raises NotFound."""
    found = db.session.scalar(
        sa.select(AgendaLink).filter_by(id=link_id).execution_options(populate_existing=True)
        .options(joinedload(AgendaLink.agenda), joinedload(AgendaLink.proposal)))
    if found is None:
        raise NotFound(_("이런 묶음은 없어요. 의제 화면에서 다시 들어와 주세요."))
    return found


def locked_link(link_id: int) -> AgendaLink:
    """The link with its agenda, which is locked first: whoever groups and ungroups waits there. Raises NotFound."""
    locked(link(link_id).agenda_id)
    return link(link_id)


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
