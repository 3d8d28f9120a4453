"""Proposals of an agenda. A link is never changed and never deleted: it ends, and another one begins."""

from collections.abc import Sequence

from civic_forum.accounts.models import User
from civic_forum.journeys import operations as journeys
from civic_forum.proposals import operations as proposal_steps
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.text_checks import words_given
from civic_forum.platform.i18n import _, _n
from civic_forum.platform.policy import require
from civic_forum.platform.work import Work, use_case
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.policy import is_public
from civic_forum.proposals.rules import Mover, State

from .. import rules
from .. import operations
from ..events import ProposalUngrouped
from ..models import Agenda, AgendaLink
from ..policy import may_change, may_moderate
from ..queries import links, records
from ..rules import Relation
from .making import tell_grouped


def group(agenda_id: int, proposal_ids: Sequence[int], relation: Relation, why: str, *, by: User) -> list[AgendaLink]:
    """Take proposals into an agenda, all or none. Their states stay as they are.

    Raises Refusal for too many at once, Conflict for one that is there already, is core elsewhere, or is not open.
    """
    require(by, may_moderate)
    why, wanted = words_given(why, rules.WHY_LEAST, rules.WHY_MOST, "why"), sorted(set(proposal_ids))
    if not wanted:
        raise Refusal(_("묶을 제안을 하나 이상 골라 주세요."), field="proposals")
    if len(wanted) > rules.MOST_AT_ONCE:
        raise Refusal(_("한 번에 %(most)s개까지 묶을 수 있어요. 지금 고른 것은 %(count)s개예요. 나누어 묶어 주세요.",
                        most=rules.MOST_AT_ONCE, count=len(wanted)), field="proposals")
    with use_case(by) as work:
        agenda = records.locked(agenda_id)
        require(by, may_change, agenda)
        there = links.open_of(agenda.id)
        if len(there) + len(wanted) > rules.MOST_GROUPED:
            raise Refusal(_("의제 하나에 %(most)s개까지 묶을 수 있어요. 의제를 나누어 주세요.", most=rules.MOST_GROUPED),
                          field="proposals")
        held = operations.locked(wanted)
        _check(held, {link.proposal_id for link in there}, relation)
        made = [operations.add_link(work, agenda, held[proposal_id], relation, why, place)
                for place, proposal_id in enumerate(wanted, len(there) + 1)]
        work.record("agendas.grouped", agenda, proposals=[proposal.number for proposal in held.values()],
                    relation=relation.value)
        if agenda.published_at:
            journeys.add(work.session, agenda.journey_id, "agenda_grouped", at=work.at,
                         evidence=_n("제안 %(num)s개를 더 묶었어요.", "제안 %(num)s개를 더 묶었어요.", len(made)))
            for link in made:
                tell_grouped(work, agenda, link)
        return made


def _check(held: dict[int, Proposal], there: set[int], relation: Relation) -> None:
    for proposal in held.values():
        if not is_public(proposal) or proposal.hidden_at:
            raise Conflict(_("공개한 제안만 묶을 수 있어요: %(number)s", number=proposal.number or "—"))
        if proposal.state is State.WITHDRAWN:
            raise Conflict(_("거둔 제안은 묶을 수 없어요: %(number)s", number=proposal.number))
        if proposal.state is State.MERGED:
            raise Conflict(_("다른 제안과 합쳐진 제안이에요. 합쳐진 쪽을 묶어 주세요: %(number)s", number=proposal.number))
        if proposal.id in there:
            raise Conflict(_("이미 이 의제에 있는 제안이에요: %(number)s", number=proposal.number))
    if relation is Relation.CORE and (taken := links.core_elsewhere(list(held))):
        raise Conflict(_("다른 의제의 중심 제안이에요. 이어진 제안으로 묶어 주세요: %(numbers)s", numbers=", ".join(
            held[proposal_id].number for proposal_id in taken)))


def end_link(work: Work, ended: AgendaLink, why: str) -> None:
    """The link stays on record, with who ended it and why."""
    ended.ended_at, ended.ended_by_id, ended.ended_why = work.at, work.actor.id, why
    work.session.flush()


def change(link_id: int, relation: Relation, why: str, *, by: User) -> AgendaLink:
    """Say anew what a proposal is to the agenda; what was said before stays on record."""
    why = words_given(why, rules.WHY_LEAST, rules.WHY_MOST, "why")
    with use_case(by) as work:
        known, agenda = _open(link_id, by)
        if (known.relation, known.why) == (relation, why):
            return known
        operations.locked([known.proposal_id])
        if (relation is Relation.CORE and known.relation is not Relation.CORE
                and links.core_elsewhere([known.proposal_id])):
            raise Conflict(_("다른 의제의 중심 제안이에요. 한 제안은 한 의제에서만 중심이 될 수 있어요."))
        end_link(work, known, _("관계나 이유를 고쳤어요."))
        fresh = operations.add_link(work, known.agenda, known.proposal, relation, why, known.position)
        work.record("agendas.relation_changed", agenda, proposal=known.proposal.number, relation=relation.value)
        if agenda.published_at:
            fresh.told_at = work.at
            journeys.add(work.session, agenda.journey_id, "agenda_relation", at=work.at,
                         evidence=known.proposal.number, link=f"/proposals/{known.proposal.number}")
        return fresh


def ungroup(link_id: int, reason: str, *, by: User) -> AgendaLink:
    """Let a proposal out of an agenda, and of what was merged into that. In no agenda any more, it goes back to the
    state before it was taken up."""
    reason = words_given(reason, rules.WHY_LEAST, rules.WHY_MOST, "reason")
    with use_case(by) as work:
        known, agenda = _open(link_id, by)
        proposal = operations.locked([known.proposal_id])[known.proposal_id]
        for link in links.standing(agenda.id):
            if link.proposal_id == proposal.id:
                end_link(work, link, reason)
        if not links.is_grouped(proposal.id):
            proposal_steps.leave_agenda(work.session, proposal, at=work.at, evidence=reason)
        work.record("agendas.ungrouped", agenda, proposal=proposal.number)
        if agenda.published_at:
            journeys.add(work.session, agenda.journey_id, "agenda_let_go", at=work.at, evidence=proposal.number,
                         link=f"/proposals/{proposal.number}")
            journeys.add(work.session, proposal.journey_id, "ungrouped", at=work.at, evidence=agenda.question,
                         link=f"/agendas/{agenda.slug}")
            work.emit(ProposalUngrouped(agenda.id, proposal.id, known.id))
        return known


def _open(link_id: int, by: User) -> tuple[AgendaLink, Agenda]:
    """The link, and the agenda that holds the proposal by it, which is locked.

    Raises Conflict where another moderator has ended the link or moved the agenda meanwhile.
    """
    require(by, may_moderate)
    agenda = records.locked(links.carrier(records.link(link_id).agenda))
    link = records.link(link_id)
    if links.carrier(link.agenda) != agenda.id:
        raise Conflict(_("그 사이에 의제가 합쳐졌거나 되돌려졌어요. 화면을 새로 고쳐 확인해 주세요."))
    if link.ended_at is not None:
        raise Conflict(_("이미 의제에서 나온 제안이에요. 화면을 새로 고쳐 확인해 주세요."))
    return link, agenda


def take_up(link_id: int, *, by: User) -> Proposal:
    """Say that the proposal is now deliberated as part of the agenda (→ in_agenda); its duty to answer goes on."""
    with use_case(by) as work:
        known, agenda = _open(link_id, by)
        if agenda.published_at is None:
            raise Conflict(_("의제를 공개한 뒤에 할 수 있어요."))
        proposal = operations.locked([known.proposal_id])[known.proposal_id]
        proposal_steps.move(work.session, proposal, State.IN_AGENDA, Mover.MODERATOR, at=work.at,
                            evidence=agenda.question, link=f"/agendas/{agenda.slug}")
        work.record("agendas.taken_up", proposal, agenda=agenda.slug)
        return proposal
