"""Which proposals belong to an agenda. A link is never changed and never deleted: it ends, and another one begins."""

from collections.abc import Sequence

from civic_forum.accounts.models import User
from civic_forum.journeys import steps as journeys
from civic_forum.kernel.errors import Conflict, Refusal
from civic_forum.kernel.i18n import _, _n
from civic_forum.kernel.policy import require
from civic_forum.kernel.work import Work, use_case
from civic_forum.proposals import steps as proposal_steps
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.policy import is_public
from civic_forum.proposals.rules import Mover, State

from .. import rules, steps
from ..events import ProposalUngrouped
from ..models import Agenda, AgendaDescent, AgendaLink
from ..policy import may_change, may_moderate
from ..queries import links, records
from ..rules import AgendaState, Descent, Relation
from .making import check_slug, keep_version, open_agenda, tell_grouped
from .words_given import between, ending_given, why_given


def group(agenda_id: int, proposal_ids: Sequence[int], relation: Relation, why: str, *, by: User) -> list[AgendaLink]:
    """Take proposals into an agenda, all or none. Their states stay as they are.

    Raises Refusal for too many at once, Conflict for one that is there already, is core elsewhere, or is not open.
    """
    require(by, may_moderate)
    why, wanted = why_given(why), sorted(set(proposal_ids))
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
        held = steps.locked(wanted)
        _check(held, {link.proposal_id for link in there}, relation)
        made = [_link(work, agenda, held[one], relation, why, place)
                for place, one in enumerate(wanted, len(there) + 1)]
        work.record("agendas.grouped", agenda, proposals=[one.number for one in held.values()], relation=relation.value)
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
            held[one].number for one in taken)))


def _link(work: Work, agenda: Agenda, proposal: Proposal, relation: Relation, why: str, place: int) -> AgendaLink:
    link = AgendaLink(agenda_id=agenda.id, proposal_id=proposal.id, relation=relation, why=why, position=place,
                      at=work.at, by_id=work.actor.id)
    work.session.add(link)
    work.session.flush()
    return link


def _end(work: Work, link: AgendaLink, why: str) -> None:
    link.ended_at, link.ended_by_id, link.ended_why = work.at, work.actor.id, why
    work.session.flush()


def change(link_id: int, relation: Relation, why: str, *, by: User) -> AgendaLink:
    """Say anew what a proposal is to the agenda; what was said before stays on record."""
    why = why_given(why)
    with use_case(by) as work:
        link = _open(link_id, by)
        if (link.relation, link.why) == (relation, why):
            return link
        steps.locked([link.proposal_id])
        if relation is Relation.CORE and link.relation is not Relation.CORE and links.core_elsewhere([link.proposal_id]):
            raise Conflict(_("다른 의제의 중심 제안이에요. 한 제안은 한 의제에서만 중심이 될 수 있어요."))
        _end(work, link, _("관계나 까닭을 고쳤어요."))
        fresh = _link(work, link.agenda, link.proposal, relation, why, link.position)
        work.record("agendas.relation_changed", link.agenda, proposal=link.proposal.number, relation=relation.value)
        if link.agenda.published_at:
            journeys.add(work.session, link.agenda.journey_id, "agenda_relation", at=work.at,
                         evidence=link.proposal.title, link=f"/proposals/{link.proposal.number}")
        return fresh


def ungroup(link_id: int, reason: str, *, by: User) -> AgendaLink:
    """Let a proposal out of an agenda. In no agenda any more, it goes back to the state before it was taken up."""
    reason = ending_given(reason)
    with use_case(by) as work:
        link = _open(link_id, by)
        proposal = steps.locked([link.proposal_id])[link.proposal_id]
        _end(work, link, reason)
        if not links.is_grouped(proposal.id):
            proposal_steps.leave_agenda(work.session, proposal, at=work.at, evidence=reason)
        work.record("agendas.ungrouped", link.agenda, proposal=proposal.number)
        if link.agenda.published_at:
            journeys.add(work.session, link.agenda.journey_id, "agenda_let_go", at=work.at, evidence=proposal.title,
                         link=f"/proposals/{proposal.number}")
            journeys.add(work.session, proposal.journey_id, "ungrouped", at=work.at, evidence=link.agenda.question,
                         link=f"/agendas/{link.agenda.slug}")
            work.tell(ProposalUngrouped(link.agenda_id, proposal.id, link.id))
        return link


def _open(link_id: int, by: User) -> AgendaLink:
    """The link, its agenda locked. Raises Conflict where another moderator has ended it."""
    require(by, may_moderate)
    link = records.locked_link(link_id)
    require(by, may_change, link.agenda)
    if link.ended_at is not None:
        raise Conflict(_("이미 의제에서 나온 제안이에요. 화면을 새로 고쳐 확인해 주세요."))
    return link


def take_up(link_id: int, *, by: User) -> Proposal:
    """Say that the proposal is now deliberated as part of the agenda (→ in_agenda); its duty to answer goes on."""
    with use_case(by) as work:
        link = _open(link_id, by)
        if link.agenda.published_at is None:
            raise Conflict(_("의제를 공개한 뒤에 할 수 있어요."))
        proposal = steps.locked([link.proposal_id])[link.proposal_id]
        proposal_steps.move(work.session, proposal, State.IN_AGENDA, Mover.MODERATOR, at=work.at,
                            evidence=link.agenda.question, link=f"/agendas/{link.agenda.slug}")
        work.record("agendas.taken_up", proposal, agenda=link.agenda.slug)
        return proposal


def split(agenda_id: int, link_ids: Sequence[int], slug: str, question: str, reason: str, *, by: User) -> Agenda:
    """Let some proposals of an agenda become one of their own, which begins unpublished unless the first is public."""
    require(by, may_moderate)
    reason = ending_given(reason)
    question = between(question, rules.QUESTION_LEAST, rules.QUESTION_MOST, "question", _("질문"))
    check_slug(slug)
    with use_case(by) as work:
        agenda = records.locked(agenda_id)
        require(by, may_change, agenda)
        there = links.open_of(agenda.id)
        leaving = [link for link in there if link.id in set(link_ids)]
        if not leaving or len(leaving) != len(set(link_ids)) or len(leaving) == len(there):
            raise Conflict(_("이 의제에 있는 제안 가운데 일부를 골라 주세요. 그 사이에 바뀌었다면 새로 고쳐 주세요."))
        steps.locked(link.proposal_id for link in leaving)
        fresh = open_agenda(work, slug, question)
        fresh.lead_department_id, fresh.published_at = agenda.lead_department_id, agenda.published_at and work.at
        keep_version(work, fresh)
        _carry(work, leaving, fresh, reason)
        _descend(work, agenda, fresh, Descent.SPLIT, reason)
        return fresh


def merge_agendas(agenda_id: int, into_id: int, reason: str, *, by: User) -> AgendaDescent:
    """Let one agenda carry on what another one holds; the other stays readable and points there."""
    require(by, may_moderate)
    reason = ending_given(reason)
    if agenda_id == into_id:
        raise Conflict(_("다른 의제를 골라 주세요."))
    with use_case(by) as work:
        pair = {one: records.locked(one) for one in sorted((agenda_id, into_id))}
        agenda, into = pair[agenda_id], pair[into_id]
        for one in pair.values():
            require(by, may_change, one)
        if agenda.published_at and not into.published_at:
            raise Conflict(_("공개한 의제는 공개한 의제와 합칠 수 있어요."))
        leaving, there = links.open_of(agenda.id), {link.proposal_id for link in links.open_of(into.id)}
        if len(there | {link.proposal_id for link in leaving}) > rules.MOST_GROUPED:
            raise Refusal(_("의제 하나에 %(most)s개까지 묶을 수 있어요.", most=rules.MOST_GROUPED))
        steps.locked(link.proposal_id for link in leaving)
        _carry(work, leaving, into, reason, but=there)
        agenda.state_before, agenda.state, agenda.merged_into_id = agenda.state, AgendaState.CLOSED, into.id
        return _descend(work, agenda, into, Descent.MERGED, reason)


def _carry(work: Work, leaving: list[AgendaLink], into: Agenda, reason: str, but: Sequence[int] = ()) -> None:
    """End these links and begin them in another agenda, unless the proposal is there already."""
    for place, link in enumerate(leaving, 1):
        _end(work, link, reason)
        if link.proposal_id not in but:
            fresh = _link(work, into, link.proposal, link.relation, link.why, place)
            if into.published_at:
                tell_grouped(work, into, fresh)


def _descend(work: Work, agenda: Agenda, other: Agenda, descent: Descent, reason: str) -> AgendaDescent:
    made = AgendaDescent(from_id=agenda.id, to_id=other.id, descent=descent, reason=reason, at=work.at,
                         by_id=work.actor.id)
    work.session.add(made)
    for one, step, where in ((agenda, f"agenda_{descent}", other), (other, f"agenda_{descent}_from", agenda)):
        journeys.add(work.session, one.journey_id, step, at=work.at, evidence=where.question,
                     link=f"/agendas/{where.slug}")
    work.record(f"agendas.{descent}", agenda, other=other.slug)
    return made
