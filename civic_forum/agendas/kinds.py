"""Agendas, and objections of authors, as kinds of things."""

import re
from collections.abc import Callable, Collection, Mapping

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.blocks import kinds
from civic_forum.blocks.kinds import Discussed, Kind, SearchResult
from civic_forum.blocks.moderated import Moderated
from civic_forum.blocks.public import Public
from civic_forum.blocks.sharing import Preview
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound
from civic_forum.platform.i18n import _, _l, day
from civic_forum.platform.rich_text import text_of
from civic_forum.platform.work import Work
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.rules import State

from . import extensions, labels, objections, operations, policy
from .events import AgendaMoved
from .models import Agenda, AgendaLink, AuthorObjection, ProposalMerge
from .queries import links, listing, records
from .rules import AgendaState, Relation

OBJECTION = re.compile(r"/(?:agendas|proposals)/[^#/]+#objection-([1-9][0-9]{0,17})")

PUBLIC = Public(
    kind="agenda", model=Agenda, label=_l("의제"), place="agendas", name=Agenda.slug, title=Agenda.question,
    text=Agenda.summary_html, words=lambda agenda: text_of(agenda.summary_html), since=Agenda.published_at,
    why_not_read=policy.may_read, missing=records.missing, named=records.slugged)


def _hit(card: listing.AgendaCard) -> SearchResult:
    return PUBLIC.hit(card.slug, labels.STATE[card.state], _("제안 %(count)s개", count=card.proposals),
                      day(card.published_at))


def _note(agenda: Agenda) -> str:
    state = labels.STATE[agenda.state] if agenda.published_at else _("아직 공개하지 않음")
    return f"{agenda.slug} · {state}"


def _everything(actor) -> sa.ColumnElement[bool]:
    """Those that are being prepared too, for moderators, who alone are asked for one."""
    return sa.true() if policy.may_moderate(actor) is None else PUBLIC.readable


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


LINKED = sa.select(sa.func.count()).where(AgendaLink.agenda_id == Agenda.id, AgendaLink.ended_at.is_(None))


def _preview(row: sa.Row, begin: Callable[..., Preview]) -> Preview:
    talks = row.state is AgendaState.IN_DELIBERATION
    return begin(
        figure=str(labels.STATE[row.state]), beside=_("제안 %(count)s개", count=row.proposals),
        sentence=_("이웃들이 이야기하고 있어요. 생각을 보태 주세요.") if talks else _("이웃들의 제안이 여기까지 왔어요."),
        act=_("비추고 의견 남기기") if talks else _("비추고 읽어 보기"))


UNMERGED = Agenda.merged_into_id.is_(None)
PUBLIC_AGENDA = PUBLIC.picker("agendas.moderate", "forums.prepare", note=_note, suggested=(UNMERGED,))
ANY_AGENDA = PUBLIC.picker("agendas.moderate", name="any_agenda", note=_note, among=_everything, suggested=(UNMERGED,))
AGENDA = PUBLIC.register(
    Discussed(why_not_write=policy.may_comment, titles=PUBLIC.titles),
    PUBLIC.searched(listing.of_ids, _hit, place=20),
    PUBLIC.told(lambda _reader_id: sa.true()),  # nobody is told of one before it is public, and nobody hides it
    PUBLIC.shared(_preview, Agenda.state, LINKED.scalar_subquery().label("proposals"), where=(UNMERGED,)),
    PUBLIC.decidable(
        about=_l("의제의 결과"), order=10, locked=records.locked, department=Agenda.lead_department_id,
        waits=(PUBLIC.readable, UNMERGED, Agenda.state.in_(OPEN)), why_not_yet=_why_not_decided,
        proposals=links.proposals_in,
        votes=lambda agenda: [vote for votes in extensions.VOTES.ask(agenda.id) for vote in votes],
        threads=lambda id_: sa.select(Agenda.thread_id).where(Agenda.id == id_, Agenda.thread_id.is_not(None)),
        grouped=lambda agenda: (agenda.published_at, f"/agendas/{agenda.slug}"), anchor="grouped",
        none_public=_l("이런 주소의 공개한 의제가 없어요. 의제 주소의 끝부분을 그대로 적어 주세요."),
        journeys=lambda agenda: [agenda.journey_id], carry=_carry, moves=_moves))


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
