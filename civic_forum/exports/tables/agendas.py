"""Agendas with the proposals that stand in them: one row for each."""

from dataclasses import replace

import sqlalchemy as sa

from civic_forum.agendas import labels
from civic_forum.agendas.models import Agenda, AgendaLink
from civic_forum.agendas.queries import links
from civic_forum.agendas.queries.listing import AGENDAS
from civic_forum.agendas.rules import Relation
from civic_forum.blocks import listing
from civic_forum.blocks.listing import Column
from civic_forum.blocks.orders import Order
from civic_forum.district.models import Department
from civic_forum.platform.i18n import _l
from civic_forum.proposals.models import Proposal

from .. import policy
from .table import Table

COLUMNS = (
    Column("slug", _l("의제 주소"), _l("사이트에서 이 의제의 주소 끝부분이에요.")),
    Column("question", _l("질문"), _l("의제가 묻는 말이에요.")),
    Column("state", _l("단계"), _l("의제가 지금 어느 단계인지예요."), labels=labels.STATE),
    Column("department", _l("담당 부서"), _l("의제를 맡은 부서예요.")),
    Column("published_at", _l("공개한 날"), _l("한국 날짜예요."), type="day"),
    Column("relation", _l("관계"), _l("제안이 의제와 어떤 관계인지예요."), labels=labels.RELATION),
    Column("why", _l("함께 다루는 이유"), _l("운영자가 적은 한 문장이에요.")),
    Column("number", _l("접수번호"), _l("묶인 제안이에요.")),
    Column("title", _l("제안 제목"), _l("묶인 제안의 제목이에요.")),
    Column("support_count", _l("공감"), _l("그 제안에 공감한 회원 수예요."), type="number"),
)


def _statement() -> sa.Select:
    """Each proposal once, by the link that its page shows (`queries.links.shown`)."""
    carried = links.carriers()
    ranked = (sa.select(AgendaLink.id, carried.c.top_id, sa.func.row_number().over(
        partition_by=(carried.c.top_id, AgendaLink.proposal_id),
        order_by=(AgendaLink.relation != Relation.CORE, AgendaLink.id.desc())).label("place"))
        .join(carried, carried.c.id == AgendaLink.agenda_id).where(AgendaLink.ended_at.is_(None)).subquery())
    return (sa.select(AgendaLink.id, Agenda.slug, Agenda.question, Agenda.state, Department.name.label("department"),
                      Agenda.published_at, AgendaLink.relation, AgendaLink.why, Proposal.number, Proposal.title,
                      Proposal.support_count)
            .join(ranked, sa.and_(ranked.c.id == AgendaLink.id, ranked.c.place == 1))
            .join(Agenda, Agenda.id == ranked.c.top_id).join(Proposal, Proposal.id == AgendaLink.proposal_id)
            .outerjoin(Department, Department.id == Agenda.lead_department_id)
            .where(Agenda.published_at.is_not(None), Proposal.hidden_at.is_(None)))


TABLE = Table(
    listing.declare(replace(
        AGENDAS, name="table agendas", select=_statement, columns=COLUMNS, unknown="",
        orders=(Order("id", None, (AgendaLink.id,)),))),
    _l("의제와 제안"), _l("공개한 의제와 거기 묶인 제안이에요. 제안마다 한 줄이에요."), policy.may_take)
