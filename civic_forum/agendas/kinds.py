"""Agendas, and objections of authors, as kinds of things."""

import re
from collections.abc import Collection, Mapping

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.blocks import kinds
from civic_forum.blocks.kinds import Decidable, Discussed, Kind, Searched, SearchResult, Told
from civic_forum.blocks.moderated import Moderated
from civic_forum.blocks.sharing import Preview, Shared
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound
from civic_forum.platform.i18n import _, _l, day
from civic_forum.platform.rich_text import excerpt
from civic_forum.platform.work import Work
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.rules import State

from . import extensions, labels, objections, operations, policy
from .events import AgendaMoved
from .models import Agenda, AgendaLink, AuthorObjection, ProposalMerge, agenda_neighbourhood
from .queries import links, listing, records
from .rules import AgendaState, Relation

OBJECTION = re.compile(r"/(?:agendas|proposals)/[^#/]+#objection-([1-9][0-9]{0,17})")


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


AGENDA_STATE = {"promised": AgendaState.DECIDED, "in_progress": AgendaState.IN_PROGRESS, "done": AgendaState.CLOSED}
"""State to which an outcome brings an agenda, by the progress of what was promised."""
OPEN = (AgendaState.IN_DELIBERATION, AgendaState.AT_VOTE, AgendaState.DECIDED, AgendaState.IN_PROGRESS)


def _why_not_decided(agenda: Agenda) -> str | None:
    if agenda.merged_into_id:
        return _("다른 의제와 합쳐졌어요. 합쳐진 의제에서 결과를 써 주세요.")
    if agenda.published_at is None or agenda.state is AgendaState.PREPARING:
        return _("아직 준비하는 의제예요. 논의를 시작한 뒤에 결과를 쓸 수 있어요.")
    return None


def _carry(work: Work, agenda: Agenda, progress: str, told: str, link: str) -> bool:
    """Only ever forwards."""
    after, order = AGENDA_STATE[progress], list(AgendaState)
    if order.index(agenda.state) >= order.index(after):
        return False
    operations.move(work.session, agenda, after, at=work.at, evidence=told[:300], link=link)
    work.emit(AgendaMoved(agenda.id))
    return True


def _moves(work: Work, agenda: Agenda, held: Mapping[int, Proposal]) -> set[int]:
    """Those that are deliberated in it and not at the core of another one. What was only answered stays answered:
    being grouped moves nothing."""
    held = {proposal_id: proposal for proposal_id, proposal in held.items() if proposal.state is not State.ANSWERED}
    core = set(work.session.scalars(sa.select(AgendaLink.proposal_id).filter_by(
        agenda_id=agenda.id, ended_at=None, relation=Relation.CORE)))
    return set(held) - (set(links.core_elsewhere(list(held))) - core)


def _neighbourhoods(agenda: Agenda) -> list[int]:
    table = agenda_neighbourhood
    return list(db.session.scalars(sa.select(table.c.neighbourhood_id).where(table.c.agenda_id == agenda.id)))


def _offered(department_ids: Collection[int]) -> sa.Select:
    return sa.select(Agenda.id, Agenda.slug.label("name"), Agenda.question.label("title"),
                     Agenda.published_at.label("since")).where(
        Agenda.published_at.is_not(None), Agenda.merged_into_id.is_(None), Agenda.state.in_(OPEN),
        sa.or_(Agenda.lead_department_id.in_(department_ids), Agenda.lead_department_id.is_(None)))


def _preview(agenda_id: int) -> Preview | None:
    linked = sa.select(sa.func.count()).where(AgendaLink.agenda_id == Agenda.id, AgendaLink.ended_at.is_(None))
    row = db.session.execute(sa.select(
        Agenda.slug, Agenda.question, Agenda.summary_html, Agenda.state, Agenda.published_at, Agenda.version,
        linked.scalar_subquery().label("proposals")).where(
        Agenda.id == agenda_id, Agenda.published_at.is_not(None), Agenda.merged_into_id.is_(None))).one_or_none()
    if row is None:
        return None
    talks = row.state is AgendaState.IN_DELIBERATION
    return Preview(
        name=row.slug, url=f"/agendas/{row.slug}", title=row.question, text=excerpt(row.summary_html),
        figure=str(labels.STATE[row.state]), beside=_("제안 %(count)s개", count=row.proposals),
        sentence=_("이웃들이 이야기하고 있어요. 생각을 보태 주세요.") if talks else _("이웃들의 제안이 여기까지 왔어요."),
        act=_("비추고 의견 남기기") if talks else _("비추고 읽어 보기"), version=row.version, since=row.published_at)


AGENDA = kinds.register(Kind(
    "agenda", Agenda, label=_l("의제"), title=lambda agenda: agenda.question,
    url=lambda agenda: f"/agendas/{agenda.slug}", why_not_read=policy.may_read, missing=records.missing,
    named=records.slugged,
    capabilities=(Discussed(why_not_write=policy.may_comment, titles=_titles), Searched(shown_in_search, place=20),
                  Told(_told), Shared(place="agendas", preview=_preview),
                  Decidable(
        place="agendas", about=_l("의제의 결과"), order=10, by=Agenda.slug, locked=records.locked,
        department_id=lambda agenda: agenda.lead_department_id,
        began=lambda agenda: agenda.published_at, why_not_yet=_why_not_decided, why_not_read=policy.may_read,
        proposals=links.proposals_in,
        votes=lambda agenda: [vote for votes in extensions.VOTES.ask(agenda.id) for vote in votes],
        neighbourhoods=_neighbourhoods,
        threads=lambda id_: sa.select(Agenda.thread_id).where(Agenda.id == id_, Agenda.thread_id.is_not(None)),
        grouped=lambda agenda: (agenda.published_at, f"/agendas/{agenda.slug}"), anchor="grouped",
        none_public=_l("이런 주소의 공개한 의제가 없어요. 의제 주소의 끝부분을 그대로 적어 주세요."),
        journeys=lambda agenda: [agenda.journey_id], carry=_carry, moves=_moves, offered=_offered))))


def _missing_objection() -> NotFound:
    return NotFound(_("이런 반대는 없어요. 의제 화면에서 다시 들어와 주세요."))


def _why_not_read_objection(actor, objection: AuthorObjection) -> str | None:
    return None if objections.is_public(objection, actor) else str(_missing_objection())


def _described(objection_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    rows = db.session.scalars(sa.select(AuthorObjection).where(AuthorObjection.id.in_(objection_ids))
                              .options(joinedload(AuthorObjection.link).joinedload(AgendaLink.agenda),
                                       joinedload(AuthorObjection.merge).joinedload(ProposalMerge.merged)))
    return {objection.id: (objections.excerpt(objection), objections.url(objection)) for objection in rows}


def _at(address: str) -> int | None:
    match = OBJECTION.search(address)
    return int(match[1]) if match else None


AUTHOR_OBJECTION = kinds.register(Kind(
    "author_objection", AuthorObjection, label=_l("묶음 반대"), title=objections.excerpt, url=objections.url,
    why_not_read=_why_not_read_objection, missing=_missing_objection,
    capabilities=(Moderated(find=objections.find, excerpt=objections.excerpt, author=AuthorObjection.by_id,
                            words=AuthorObjection.text, around=objections.around, described=_described, at=_at),)))
