"""The union of supporters: derived from who supported what, each person once.

A support reaches a proposal when it was given to it, or to one that is merged into it, directly or through others,
unless its giver took the name back at one of the merges on the way.
"""

from collections.abc import Collection, Iterable
from itertools import groupby

import sqlalchemy as sa

from civic_forum.platform.base import db
from civic_forum.platform.statements import made_once
from civic_forum.proposals import persons
from civic_forum.proposals.models import Proposal, Support
from civic_forum.proposals.rules import Supporters

from ..models import AgendaLink, MergeOptOut, ProposalMerge
from . import links


def supporters(proposal_id: int) -> set[int]:
    """Ids of everybody who supports this proposal or what was merged into it."""
    return set(db.session.scalars(reaching([proposal_id])))


def count_of_all(proposal_ids: Iterable[int]) -> int:
    """Number of people who support any of these proposals or what was merged into them."""
    return db.session.scalar(_count_of_all(), {"roots": list(proposal_ids)})


@made_once
def _count_of_all() -> sa.Select:
    """The statement of `count_of_all`, made once; it is given the ids of the `roots`."""
    roots = sa.bindparam("roots", expanding=True, type_=Proposal.id.type)
    return sa.select(sa.func.count()).select_from(reaching(roots).subquery())


def counts_of_agendas(agenda_ids: Collection[int]) -> dict[int, int]:
    """Of each of these agendas the number of `count_of_all` of its proposals, in one statement."""
    return dict(db.session.execute(_counts_of_agendas(), {"agendas": list(agenda_ids)}).all())


@made_once
def _counts_of_agendas() -> sa.Select:
    """The statement of `counts_of_agendas`, made once; it is given the ids of the `agendas`."""
    carried_on = links.carriers()
    held = (sa.select(carried_on.c.top_id, AgendaLink.proposal_id)
            .join(AgendaLink, AgendaLink.agenda_id == carried_on.c.id)
            .where(carried_on.c.top_id.in_(sa.bindparam("agendas", expanding=True, type_=AgendaLink.agenda_id.type)),
                   AgendaLink.ended_at.is_(None)).cte("held"))
    carried = _carried(sa.select(held.c.proposal_id))
    return sa.select(held.c.top_id, sa.func.count(carried.c.user_id.distinct())).join(
        carried, carried.c.at_id == held.c.proposal_id).group_by(held.c.top_id)


def of_carrier(proposal_id: int) -> Supporters | None:
    """`counted`, where a proposal carries on what was merged into it; else None."""
    carries = db.session.scalar(sa.select(ProposalMerge.id).filter_by(into_id=proposal_id, undone_at=None).limit(1))
    return counted(proposal_id) if carries else None


def counted(proposal_id: int) -> Supporters:
    """In one statement."""
    carried = _carried([proposal_id])
    is_resident = sa.func.max(sa.case((carried.c.as_resident, 1), else_=0)).label("is_resident")
    people = (sa.select(carried.c.user_id, is_resident).where(carried.c.at_id == proposal_id)
              .group_by(carried.c.user_id).subquery())
    own = sa.select(sa.func.count()).select_from(Support).filter_by(proposal_id=proposal_id).scalar_subquery()
    return Supporters(*db.session.execute(sa.select(
        sa.func.count(), sa.func.coalesce(sa.func.sum(people.c.is_resident), 0), own).select_from(people)).one())


def is_supporter(proposal_id: int, user_id: int) -> bool:
    people = reaching([proposal_id]).subquery()
    return db.session.scalar(sa.select(people.c.user_id).filter_by(user_id=user_id)) is not None


def through(proposal_id: int, user_id: int) -> list[tuple[str, str]]:
    """Number and title of what was merged into this one and is supported by them so that it counts here.

    Where it is hidden its number stands for its title.
    """
    carried = _carried([proposal_id], Support.proposal_id.label("given_to"), by=user_id)
    return [tuple(row) for row in db.session.execute(
        sa.select(Proposal.number, sa.case((Proposal.hidden_at.is_(None), Proposal.title), else_=Proposal.number))
        .join(carried, carried.c.given_to == Proposal.id)
        .where(carried.c.at_id == proposal_id, carried.c.given_to != proposal_id)
        .order_by(Proposal.id))]


def above(proposal_id: int) -> list[int]:
    """Proposals into which this one is merged, directly or through others, nearest first."""
    proposal_ids: list[int] = []
    while proposal_id is not None:
        proposal_id = db.session.scalar(sa.select(ProposalMerge.into_id).filter_by(
            merged_id=proposal_id, undone_at=None))
        if proposal_id is not None:
            proposal_ids.append(proposal_id)
    return proposal_ids


def family(proposal_id: int) -> list[int] | None:
    """Ids of all proposals that the same one carries on as this, itself and that one included; None for one by
    itself."""
    root = [proposal_id, *above(proposal_id)][-1]
    proposal_ids = list(db.session.scalars(sa.select(family_of([root]))))
    return proposal_ids if len(proposal_ids) > 1 else None


def known_as(proposal_id: int) -> dict[bytes, int]:
    """Users whose supports reach this proposal, by the name of the verified person behind them (`persons.name_of`)."""
    carried = _carried([proposal_id], Support.proposal_id.label("given_to"))
    rows = db.session.execute(sa.select(Support.proposal_id, Support.user_id, Support.person_mark).join(
        carried, sa.and_(carried.c.given_to == Support.proposal_id, carried.c.user_id == Support.user_id)).where(
            carried.c.at_id == proposal_id, Support.person_mark.is_not(None)).order_by(Support.proposal_id)).all()
    users = {}
    for given_to, some in groupby(rows, lambda row: row.proposal_id):
        of_one = list(some)
        names = persons.names(given_to, [row.person_mark for row in of_one])
        users |= dict(zip(names, (row.user_id for row in of_one), strict=True))
    return users


def family_of(roots: list[int] | sa.Select | sa.BindParameter, name: str = "family") -> sa.CTE:
    """Ids of the roots and of what was merged into them, directly or through others. `name`: once in a statement."""
    family = sa.select(Proposal.id).where(Proposal.id.in_(roots)).cte(name, recursive=True)
    return family.union(sa.select(ProposalMerge.merged_id).where(
        ProposalMerge.into_id == family.c.id, ProposalMerge.undone_at.is_(None)))


def reaching(roots: list[int] | sa.Select | sa.BindParameter) -> sa.Select:
    """SELECT DISTINCT user_id of supports that reach one of the roots."""
    carried = _carried(roots)
    return sa.select(carried.c.user_id).where(carried.c.at_id.in_(roots)).distinct()


def _carried(roots: list[int] | sa.Select | sa.BindParameter, kept=Support.as_resident,
             by: int | None = None) -> sa.CTE:
    """`user_id`, `at_id` and what is `kept` of a support: every proposal that a support below the roots reaches.

    `by`: only those of this user.
    """
    family = family_of(roots)
    supports = sa.select(Support.user_id, Support.proposal_id.label("at_id"), kept).where(
        Support.proposal_id.in_(sa.select(family.c.id)), *([] if by is None else [Support.user_id == by]))
    carried = supports.cte("carried", recursive=True)
    opted_out = sa.exists().where(MergeOptOut.merge_id == ProposalMerge.id, MergeOptOut.user_id == carried.c.user_id)
    return carried.union(sa.select(carried.c.user_id, ProposalMerge.into_id, carried.c[kept.name]).where(
        ProposalMerge.merged_id == carried.c.at_id, ProposalMerge.undone_at.is_(None), ~opted_out))
