"""Agendas that come apart, that are carried on by others, and that stand by themselves again."""

from collections.abc import Sequence

from civic_forum.accounts.models import User
from civic_forum.journeys import operations as journeys
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.text_checks import words_given
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.work import Work, use_case

from .. import rules
from .. import operations
from ..events import AgendaMerged, AgendaMergeUndone, AgendaPublished, ProposalUngrouped
from ..models import Agenda, AgendaDescent, AgendaLink
from ..policy import may_change, may_moderate, may_undo_merge
from ..queries import links, records
from ..rules import AgendaState, Descent
from .grouping import end_link
from .making import check_slug, tell_grouped


def split(agenda_id: int, link_ids: Sequence[int], slug: str | None, question: str, reason: str, *, by: User) -> Agenda:
    """Let some proposals of an agenda become one of their own, which begins unpublished unless the first is public.

    Merging it into the first again brings them back.
    """
    require(by, may_moderate)
    reason = words_given(reason, rules.WHY_LEAST, rules.WHY_MOST, "reason")
    question = words_given(question, rules.QUESTION_LEAST, rules.QUESTION_MOST, "question")
    check_slug(slug)
    with use_case(by) as work:
        agenda = records.locked(agenda_id)
        require(by, may_change, agenda)
        there = links.open_of(agenda.id)
        leaving = [link for link in there if link.id in set(link_ids)]
        if not leaving or len(leaving) != len(set(link_ids)) or len(leaving) == len(there):
            raise Conflict(_("이 의제에 있는 제안 가운데 일부를 골라 주세요. 그 사이에 바뀌었다면 새로 고쳐 주세요."))
        operations.locked(link.proposal_id for link in leaving)
        fresh = operations.open_agenda(work, slug, question)
        fresh.lead_department_id, fresh.published_at = agenda.lead_department_id, agenda.published_at and work.at
        fresh.neighbourhoods, fresh.audiences = list(agenda.neighbourhoods), list(agenda.audiences)
        operations.keep_version(work, fresh)
        held = {link.proposal_id for link in leaving}
        for link in links.standing(agenda.id):
            if link.proposal_id in held:
                end_link(work, link, reason)
        for place, link in enumerate(leaving, 1):
            made = operations.add_link(work, fresh, link.proposal, link.relation, link.why, place)
            if fresh.published_at:
                tell_grouped(work, fresh, made)
        if fresh.published_at:
            work.emit(AgendaPublished(fresh.id))
        _descend(work, agenda, fresh, Descent.SPLIT, reason)
        return fresh


def merge(agenda_id: int, into_id: int, reason: str, *, by: User) -> AgendaDescent:
    """Let one agenda carry on what another one holds; the other stays readable and points there.

    Links stay where they were made, so that undoing merges in any order gives the state before.
    """
    require(by, may_moderate)
    reason = words_given(reason, rules.WHY_LEAST, rules.WHY_MOST, "reason")
    if agenda_id == into_id:
        raise Conflict(_("다른 의제를 골라 주세요."))
    with use_case(by) as work:
        work.at = operations.take_turn(work.session)
        pair = {id_: records.locked(id_) for id_ in sorted((agenda_id, into_id))}
        agenda, into = pair[agenda_id], pair[into_id]
        for side in pair.values():
            require(by, may_change, side)
        if agenda.published_at and not into.published_at:
            raise Conflict(_("공개한 의제는 공개한 의제와 합칠 수 있어요."))
        if agenda.state in rules.UNDECIDED and into.state not in {*rules.UNDECIDED, AgendaState.PREPARING}:
            raise Conflict(_("이미 결정한 의제와는 합칠 수 없어요. 이 의제에서 무엇을 정했는지 먼저 알려 주세요."))
        coming, there = links.open_of(agenda.id), {link.proposal_id for link in links.open_of(into.id)}
        if len(there | {link.proposal_id for link in coming}) > rules.MOST_GROUPED:
            raise Refusal(_("의제 하나에 %(most)s개까지 묶을 수 있어요.", most=rules.MOST_GROUPED))
        operations.locked(link.proposal_id for link in coming)
        agenda.state_before, agenda.state, agenda.merged_into_id = agenda.state, AgendaState.CLOSED, into.id
        made = _descend(work, agenda, into, Descent.MERGED, reason)
        _tell(work, into, [link for link in coming if link.proposal_id not in there])
        work.emit(AgendaMerged(agenda.id, into.id))
        return made


def undo(descent_id: int, reason: str, *, by: User) -> AgendaDescent:
    """Let an agenda that was merged stand by itself again: with its state, and with every proposal it held that nobody
    let out of the agendas meanwhile. What was merged into it before comes along."""
    require(by, may_moderate)
    reason = words_given(reason, rules.WHY_LEAST, rules.WHY_MOST, "reason")
    with use_case(by) as work:
        work.at = operations.take_turn(work.session)
        descent = records.merge_of(descent_id)
        require(by, may_undo_merge, descent)
        carrier = links.carrier(records.by_id(descent.to_id))
        held = {id_: records.locked(id_) for id_ in sorted({descent.from_id, descent.to_id, carrier})}
        agenda, into = held[descent.from_id], held[descent.to_id]
        agenda.state, agenda.state_before, agenda.merged_into_id = agenda.state_before, None, None
        descent.undone_at = work.at
        work.session.flush()
        back = links.open_of(agenda.id)
        operations.locked(link.proposal_id for link in back)
        for side, other in ((agenda, into), (into, agenda)):
            named = _named(other)
            named["evidence"] = " · ".join(part for part in (named["evidence"], reason) if part)[:300]
            journeys.add(work.session, side.journey_id, "agenda_merge_undone", at=work.at, **named)
        work.record("agendas.agenda_merge_undone", agenda, other=into.slug)
        _tell(work, agenda, back)
        if held[carrier].published_at and not agenda.published_at:
            _let_go(work, held[carrier], back)
        work.emit(AgendaMergeUndone(agenda.id, into.id))
        return descent


def _let_go(work: Work, carrier: Agenda, gone: list[AgendaLink]) -> None:
    """They go back into an agenda that was never published: all that people see is that they left."""
    still = {link.proposal_id for link in links.standing(carrier.id)}
    for link in gone:
        if link.proposal_id not in still:
            journeys.add(work.session, link.proposal.journey_id, "ungrouped", at=work.at, evidence=carrier.question,
                         link=f"/agendas/{carrier.slug}")
            work.emit(ProposalUngrouped(carrier.id, link.proposal_id, link.id))


def _tell(work: Work, agenda: Agenda, told: list[AgendaLink]) -> None:
    """Word to the authors of proposals that stand in another public agenda now; they may object to that."""
    if agenda.published_at:
        for link in told:
            tell_grouped(work, agenda, link)


def _named(agenda: Agenda) -> dict[str, str | None]:
    """Name of another agenda in a public step. What is not public yet keeps its words to itself."""
    if agenda.published_at is None:
        return {"evidence": None, "link": None}
    return {"evidence": agenda.question, "link": f"/agendas/{agenda.slug}"}


def _descend(work: Work, agenda: Agenda, other: Agenda, descent: Descent, reason: str) -> AgendaDescent:
    made = work.store(AgendaDescent(from_id=agenda.id, to_id=other.id, descent=descent, reason=reason, at=work.at,
                                    by_id=work.actor.id))
    for side, step, where in ((agenda, f"agenda_{descent}", other), (other, f"agenda_{descent}_from", agenda)):
        journeys.add(work.session, side.journey_id, step, at=work.at, **_named(where))
    work.record(f"agendas.{descent}", agenda, other=other.slug)
    return made
