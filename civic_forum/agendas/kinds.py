"""Agendas, and objections of authors, as kinds of things."""

import re
from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.blocks import kinds
from civic_forum.blocks.kinds import Discussed, Kind, Moderated, Searched, SearchResult, Told
from civic_forum.kernel.base import db
from civic_forum.kernel.errors import NotFound
from civic_forum.kernel.i18n import _, _l, day

from . import labels, objections, policy
from .models import Agenda, AgendaLink, AuthorObjection, ProposalMerge
from .queries import listing, records

OBJECTION = re.compile(r"/(?:agendas|proposals)/[^#]+#objection-([1-9][0-9]{0,17})")


def shown_in_search(agenda_ids: list[int]) -> dict[int, SearchResult]:
    return {agenda_id: SearchResult(
        url=f"/agendas/{card.slug}", word=str(labels.STATE[card.state]),
        about=(_("의제"), _("제안 %(count)s개", count=card.proposals), day(card.published_at)))
        for agenda_id, card in listing.of_ids(agenda_ids).items()}


def _titles(agenda_ids: list[int]) -> dict[int, str]:
    return {agenda_id: card.question for agenda_id, card in listing.of_ids(agenda_ids).items()}


def _told(agenda_ids: list[int], _reader_id: int) -> sa.Select:
    """Nobody is told of one before it is public, and nobody hides it."""
    return sa.select(sa.literal("agenda"), Agenda.id, Agenda.question).where(Agenda.id.in_(agenda_ids))


AGENDA = kinds.register(Kind(
    "agenda", Agenda, label=_l("의제"), title=lambda agenda: agenda.question,
    url=lambda agenda: f"/agendas/{agenda.slug}", why_not_read=policy.may_read, missing=records.missing,
    named=records.slugged,
    capabilities=(Discussed(why_not_write=policy.may_comment, titles=_titles), Searched(shown_in_search, place=20),
                  Told(_told))))


def _missing_objection() -> NotFound:
    return NotFound(_("이런 반대는 없어요. 의제 화면에서 다시 들어와 주세요."))


def _why_not_read_objection(actor, objection: AuthorObjection) -> str | None:
    return None if objections.is_public(objection, actor) else str(_missing_objection())


def _described(objection_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    rows = db.session.scalars(sa.select(AuthorObjection).where(AuthorObjection.id.in_(objection_ids))
                              .options(joinedload(AuthorObjection.link).joinedload(AgendaLink.agenda),
                                       joinedload(AuthorObjection.merge).joinedload(ProposalMerge.merged)))
    return {one.id: (objections.excerpt(one), objections.url(one)) for one in rows}


def _at(address: str) -> int | None:
    found = OBJECTION.search(address)
    return int(found[1]) if found else None


AUTHOR_OBJECTION = kinds.register(Kind(
    "author_objection", AuthorObjection, label=_l("묶음 반대"), title=objections.excerpt, url=objections.url,
    why_not_read=_why_not_read_objection, missing=_missing_objection,
    capabilities=(Moderated(find=objections.find, excerpt=objections.excerpt, author=AuthorObjection.by_id,
                            authors=objections.authors, locked=objections.locked, put_hidden=objections.put_hidden,
                            described=_described, at=_at),)))
