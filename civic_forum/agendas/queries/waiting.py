"""Work that waits at the desk of moderators: objections of authors."""

from datetime import timedelta

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.platform.i18n import _
from civic_forum.platform.waiting import DeskLine, Waiting

from ..models import Agenda, AgendaLink, AuthorObjection

ANSWERED_WITHIN = timedelta(days=7)
MOST_OF_TEXT = 120


def objections(user: User) -> sa.Select:
    """Those without an answer; whoever objected answers no own objection."""
    agenda = (sa.select(Agenda.question).join(AgendaLink, AgendaLink.agenda_id == Agenda.id)
              .where(AgendaLink.id == AuthorObjection.link_id).correlate(AuthorObjection).scalar_subquery())
    return sa.select(AuthorObjection.id, AuthorObjection.at, sa.cast(AuthorObjection.id, sa.Text), agenda,
                     sa.func.substr(AuthorObjection.text, 1, MOST_OF_TEXT)).where(
        AuthorObjection.answered_at.is_(None), AuthorObjection.by_id != user.id)


def objection_lines(found: list[Waiting]) -> list[DeskLine]:
    return [DeskLine(f"/desk/author-objections/{one.ref}",
                     _("“%(agenda)s” 의제에서 빼 달라는 요청", agenda=one.title) if one.title else
                     _("합치지 말아 달라는 요청"), (), one.note) for one in found]
