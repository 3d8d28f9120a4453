"""Agendas as records, and proposals suggested for one."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _
from civic_forum.proposals.models import Proposal, SimilarProposal
from civic_forum.proposals.queries.listing import ProposalCard, of_ids
from civic_forum.proposals.rules import State
from civic_forum.search import queries as search
from civic_forum.search.models import Entry

from ..models import Agenda, AgendaDescent, AgendaLink, AuthorObjection
from ..rules import Descent
from . import links


def missing() -> NotFound:
    return NotFound(_("이런 의제는 없어요. 의제 목록에서 찾아보세요."))


def by_slug(slug: str) -> Agenda:
    """Raises NotFound."""
    return existing(slugged(slug), missing)


def slugged(slug: str) -> Agenda | None:
    return db.session.scalar(sa.select(Agenda).filter_by(slug=slug))


def by_id(agenda_id: int) -> Agenda:
    """As it stands now. Raises NotFound."""
    return existing(db.session.get(Agenda, agenda_id, populate_existing=True), missing)


def merge_of(descent_id: int) -> AgendaDescent:
    """Merge of one agenda into another. Raises NotFound, also for one that was split off."""
    descent = db.session.get(AgendaDescent, descent_id, populate_existing=True)
    if descent is None or descent.descent is not Descent.MERGED:
        raise missing()
    return descent


def locked(agenda_id: int) -> Agenda:
    """The agenda read again, and locked until this transaction ends. Raises NotFound."""
    statement = sa.select(Agenda).filter_by(id=agenda_id).with_for_update(key_share=True, of=Agenda)
    return existing(db.session.scalar(statement.execution_options(populate_existing=True)), missing)


def link(link_id: int) -> AgendaLink:
    """As it stands now, with its agenda and its proposal. Raises NotFound."""
    return existing(db.session.scalar(
        sa.select(AgendaLink).filter_by(id=link_id).execution_options(populate_existing=True)
        .options(joinedload(AgendaLink.agenda), joinedload(AgendaLink.proposal))),
        lambda: NotFound(_("이런 묶음은 없어요. 의제 화면에서 다시 들어와 주세요.")))


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
    return existing(db.session.scalar(statement), lambda: NotFound(_("이런 반대는 없어요. 의제 화면에서 다시 들어와 주세요.")))


MOST = 20
MOST_GROUPS, LEAST_IN_GROUP, MOST_IN_GROUP = 5, 3, 10
MOST_PAIRS = 5_000
"""Pairs of similar proposals that are looked at for groups: those of the newest proposals."""
TO_GROUP = (State.GATHERING, State.ANSWER_DUE)


def groups() -> list[list[ProposalCard]]:
    """Proposals in no agenda that have much in common, the largest groups first; a proposal stands in one of them. The
    others of a group are like its first."""
    proposal, other = aliased(Proposal), aliased(Proposal)
    pairs = db.session.execute(
        sa.select(SimilarProposal.proposal_id, SimilarProposal.other_id)
        .join(proposal, proposal.id == SimilarProposal.proposal_id).join(other, other.id == SimilarProposal.other_id)
        .where(_is_free(proposal), _is_free(other))
        .order_by(SimilarProposal.proposal_id.desc(), SimilarProposal.place).limit(MOST_PAIRS)).all()
    like_it: dict[int, list[int]] = {}
    for first, similar in pairs:
        like_it.setdefault(first, []).append(similar)
    groups, taken = [], set()
    for first in sorted(like_it, key=lambda each: (-len(like_it[each]), -each)):
        others = [each for each in like_it[first] if each not in taken]
        if first in taken or len(others) + 1 < LEAST_IN_GROUP or len(groups) == MOST_GROUPS:
            continue
        groups.append([first, *others][:MOST_IN_GROUP])
        taken.update(groups[-1])
    cards = of_ids([each for group in groups for each in group])
    return [[cards[each] for each in group] for group in groups if all(each in cards for each in group)]


def _is_free(proposal) -> sa.ColumnElement[bool]:
    grouped = sa.exists().where(AgendaLink.proposal_id == proposal.id, AgendaLink.ended_at.is_(None))
    return sa.and_(proposal.state.in_(TO_GROUP), proposal.hidden_at.is_(None), ~grouped)


def similar_to_members(member_ids: Sequence[int]) -> dict[int, ProposalCard]:
    """Ids of the proposals that have most in common with proposals of an agenda and is not among them, by id."""
    if not member_ids:
        return {}
    rows = db.session.execute(
        sa.select(SimilarProposal.other_id, sa.func.count(), sa.func.min(SimilarProposal.place))
        .where(SimilarProposal.proposal_id.in_(member_ids), SimilarProposal.other_id.not_in(member_ids))
        .group_by(SimilarProposal.other_id)
        .order_by(sa.func.count().desc(), sa.func.min(SimilarProposal.place), SimilarProposal.other_id).limit(MOST))
    return _open([row[0] for row in rows])


def like(question: str) -> dict[int, ProposalCard]:
    """Ids of the proposals that have most in common with the question of an agenda that holds nothing yet."""
    return _open([hit.ref_id for hit in search.similar(question, ("proposal",), MOST)])


def found(words: str, agenda_id: int) -> dict[int, ProposalCard]:
    """Proposals with these words that are not in the agenda yet, by id."""
    there = sa.select(AgendaLink.proposal_id).filter_by(agenda_id=agenda_id, ended_at=None)
    hits = search.matches(words, ["proposal"], restrict=Entry.ref_id.not_in(there), limit=MOST).items
    return _open([hit.ref_id for hit in hits])


def around(proposal: Proposal) -> dict[int, ProposalCard]:
    """A proposal with what is similar to it, by id."""
    return _open([proposal.id]) | similar_to(proposal)


def similar_to(proposal: Proposal) -> dict[int, ProposalCard]:
    """Ids of the proposals with which this one might be merged."""
    ids = db.session.scalars(sa.select(SimilarProposal.other_id).filter_by(proposal_id=proposal.id)
                             .order_by(SimilarProposal.place, SimilarProposal.other_id).limit(MOST))
    return _open(ids)


def together_with(proposal: Proposal) -> dict[int, ProposalCard]:
    """Ids of the proposals beside this one in an agenda, the most similar first."""
    carried = links.carriers()
    link = aliased(AgendaLink)
    agendas = (sa.select(carried.c.top_id).join(link, link.agenda_id == carried.c.id)
               .where(link.proposal_id == proposal.id, link.ended_at.is_(None)))
    place = sa.func.min(SimilarProposal.place)
    ids = db.session.scalars(
        sa.select(AgendaLink.proposal_id).join(carried, carried.c.id == AgendaLink.agenda_id)
        .outerjoin(SimilarProposal, sa.and_(SimilarProposal.proposal_id == proposal.id,
                                            SimilarProposal.other_id == AgendaLink.proposal_id))
        .where(carried.c.top_id.in_(agendas), AgendaLink.ended_at.is_(None), AgendaLink.proposal_id != proposal.id)
        .group_by(AgendaLink.proposal_id).order_by(place.is_(None), place, AgendaLink.proposal_id).limit(MOST))
    return _open(ids)


def _open(ids: Iterable[int]) -> dict[int, ProposalCard]:
    """Those of them that are neither withdrawn nor merged, in this order."""
    wanted = list(ids)
    cards = of_ids(wanted)
    return {proposal_id: cards[proposal_id] for proposal_id in wanted
            if proposal_id in cards and cards[proposal_id].state not in (State.WITHDRAWN, State.MERGED)}
