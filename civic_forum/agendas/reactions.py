"""Registrations of agendas with the rest of the site, and reactions to changes of others."""

from dataclasses import dataclass
from types import ModuleType

import sqlalchemy as sa
from flask_login import current_user

from civic_forum.accounts.models import User
from civic_forum.accounts.personal_data import PERSONAL_DATA, PersonalData
from civic_forum.blocks import sections
from civic_forum.blocks.extensions import HOME
from civic_forum.blocks.first_page import Current
from civic_forum.blocks.pages import MENU, Navigation
from civic_forum.district.extensions import OPEN_WORK, Moving
from civic_forum.district.rules import DistrictList
from civic_forum.platform import hooks
from civic_forum.platform.base import db
from civic_forum.platform.i18n import _, _l
from civic_forum.platform.waiting import DeskEntry, DeskWork, ENTRIES, WORK
from civic_forum.proposals.queries.detail import Detail
from civic_forum.platform.work import going_on
from civic_forum.proposals import extensions
from civic_forum.proposals.events import ProposalWithdrawn, WithdrawalBegun
from civic_forum.proposals.models import Proposal
from civic_forum.search import operations as search

from . import labels, operations, policy
from .queries import links, listing, merges, union
from .events import AgendaEdited, AgendaPublished
from .kinds import AGENDA, PUBLIC
from .models import Agenda, AuthorObjection, MergeOptOut, MergeReply
from .queries.links import Belonging
from .queries.merges import Lineage
from .rules import AgendaState

KIND = AGENDA.name
MOST_CARDS = 3


@hooks.on(WithdrawalBegun)
def hold(fact: WithdrawalBegun, session) -> None:
    """Merges take their turn before proposals are locked."""
    operations.hold_carried(session, fact.proposal_id)


@hooks.on(ProposalWithdrawn)
def part(fact: ProposalWithdrawn, session) -> None:
    operations.let_go_of_carried(going_on(), session.get_one(Proposal, fact.proposal_id))


search.follow(PUBLIC, "agenda_id", AgendaPublished, AgendaEdited)


def on_first_page() -> list[Current]:
    """Agendas that are deliberated."""
    cards = listing.plain(listing.AGENDAS.of({"state": AgendaState.IN_DELIBERATION}), MOST_CARDS)
    return [Current(f"/agendas/{card.slug}", card.question, "", card.category or "agenda", card.state_label, _("의견 쓰기"),
                    is_open=True, figure=f"{card.proposals:,}", figure_about=_("개 제안을 함께 다뤄요"),
                    at=card.department_name or "") for card in cards]


@dataclass(frozen=True)
class OfProposal:
    """Agendas and merges on the page of a proposal."""

    template: str
    proposal_id: int
    agendas: list[Belonging]
    lineage: Lineage | None
    labels: ModuleType = labels


def on_proposal(detail: Detail) -> OfProposal | None:
    proposal_id = detail.proposal.id
    if sections.kept(merges.stands_alone, proposal_id):
        grouped, lineage = [], None
    else:
        grouped, lineage = merges.around(proposal_id, current_user.id if current_user.is_authenticated else None)
    moderates = policy.may_moderate(current_user) is None
    if not grouped and lineage is None and not moderates:
        return None
    return OfProposal("agendas/of_proposal.html", proposal_id, grouped, lineage)


def collect(user: User) -> dict[str, list[dict[str, object]]]:
    """Objections and replies of somebody to groupings and merges."""
    objections = db.session.scalars(sa.select(AuthorObjection).filter_by(by_id=user.id).order_by(AuthorObjection.id))
    replies = db.session.scalars(sa.select(MergeReply).filter_by(user_id=user.id).order_by(MergeReply.merge_id))
    taken = db.session.scalars(sa.select(MergeOptOut).filter_by(user_id=user.id).order_by(MergeOptOut.merge_id))
    return {
        "objections": [{"text": objection.text, "at": objection.at.isoformat(), "answer": objection.answer,
                        "hidden": objection.hidden_rule} for objection in objections],
        "merge_replies": [{"merge": reply.merge_id, "reply": reply.reply.value, "at": reply.at.isoformat()}
                          for reply in replies],
        "names_taken_back": [{"merge": opt_out.merge_id, "at": opt_out.at.isoformat()} for opt_out in taken],
    }


def erase(_user: User, _session) -> None:
    """Nothing goes: objections are public contributions, and supports stay counted as they were."""


MENU[KIND] = Navigation(_l("의제"), "agendas.index", 15, "proposals")
ENTRIES["agendas"] = DeskEntry("agendas.moderate", _l("의제와 묶음 반대"), "agenda_desk.agendas")
WORK["agendas.objections"] = DeskWork("agendas.moderate", _l("묶음 반대"), listing.objections,
                                                 listing.objection_lines, within=listing.ANSWERED_WITHIN)
PERSONAL_DATA["agendas"] = PersonalData(collect=collect, erase=erase)
extensions.COUNTED_THROUGH.add(union.through)
extensions.UNION.add(union.of_carrier)
extensions.FAMILY.add(union.family)
extensions.CARRIERS.add(union.above)
extensions.GROUPED.add(links.grouping)
extensions.ASIDE.add_section(on_proposal)
HOME.add(on_first_page)
OPEN_WORK |= {name: Moving(label=_l("의제"), model=Agenda, column=column, list=of,
                           is_open=(Agenda.merged_into_id.is_(None),))
              for name, column, of in (("agendas", Agenda.lead_department_id, DistrictList.DEPARTMENTS),
                                       ("places_of_agendas", Agenda.neighbourhoods, DistrictList.NEIGHBOURHOODS),
                                       ("audiences_of_agendas", Agenda.audiences, DistrictList.AUDIENCES))}
