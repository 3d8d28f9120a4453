"""Two proposals that say the same become one that is carried on, and one that stays readable. It can be undone."""

from civic_forum.accounts.models import User
from civic_forum.journeys import operations as journeys
from civic_forum.proposals import operations as proposal_steps
from civic_forum.platform.errors import Conflict
from civic_forum.platform.text_checks import words_given
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.work import use_case
from civic_forum.proposals.events import ThresholdLost
from civic_forum.proposals.rules import State

from .. import rules
from .. import operations
from ..events import MergeUndone, ProposalMerged
from ..models import MergeOptOut, ProposalMerge
from ..policy import may_merge, may_moderate, may_opt_out
from ..queries import merges, union


def merge(merged_id: int, into_id: int, reason: str, *, by: User) -> ProposalMerge:
    """Let one proposal carry another one on; every support keeps its origin, the union of both counts.

    Raises Conflict when one of them was merged meanwhile or is in a state without a way.
    """
    require(by, may_moderate)
    reason = words_given(reason, rules.REASON_LEAST, rules.REASON_MOST, "reason")
    with use_case(by) as work:
        work.at = operations.take_turn(work.session)
        pair = operations.locked((merged_id, into_id))
        merged, into = pair[merged_id], pair[into_id]
        require(by, may_merge, pair.values())
        if merged.state is State.MERGED:
            raise Conflict(_("이미 다른 제안과 합쳐졌어요. 제안 화면에서 확인해 주세요."))
        if into.state is State.MERGED:
            raise Conflict(_("고른 제안은 다른 제안과 합쳐졌어요. 이어 가는 제안을 골라 주세요."))
        proposal_steps.hold_tallies(work.session)
        proposal_steps.merge(work.session, merged, into, at=work.at, evidence=reason[:300])
        made = work.store(ProposalMerge(merged_id=merged.id, into_id=into.id, reason=reason, at=work.at, by_id=by.id))
        operations.opt_out_doubles(work.session, made, at=work.at)
        journeys.add(work.session, into.journey_id, "took_up", at=work.at, evidence=merged.number,
                     link=f"/proposals/{merged.number}")
        operations.count_again(work.session, into)
        work.record("agendas.proposals_merged", made, merged=merged.number, into=into.number)
        proposal_steps.look_at_threshold(work, into)
        work.emit(ProposalMerged(made.id, merged.id, into.id))
        return made


def undo(merge_id: int, reason: str, *, by: User) -> ProposalMerge:
    """Let the proposal stand by itself again, in the state before. Undone ones stay on record."""
    require(by, may_moderate)
    reason = words_given(reason, rules.REASON_LEAST, rules.REASON_MOST, "reason")
    with use_case(by) as work:
        work.at = operations.take_turn(work.session)
        undone = _standing(merge_id)
        above = union.above(undone.merged_id)
        held = operations.locked([undone.merged_id, *above])
        require(by, may_merge, (undone.merged, undone.into))
        undone.undone_at, undone.undone_by_id, undone.undone_reason = work.at, by.id, reason
        proposal_steps.hold_tallies(work.session)
        proposal_steps.move_back(work.session, held[undone.merged_id], at=work.at, evidence=reason[:300])
        operations.note_parting(work, undone)
        for proposal_id in above:
            if operations.lead_back(work.session, held[proposal_id], merged=undone.at, at=work.at,
                                    evidence=reason[:300]):
                work.record("proposals.lost_threshold", held[proposal_id])
                work.emit(ThresholdLost(proposal_id))
        work.emit(MergeUndone(undone.id, undone.merged_id, undone.into_id))
        return undone


def _standing(merge_id: int) -> ProposalMerge:
    """The merge, if it has not been undone. The caller has its turn."""
    merge = merges.merge(merge_id)
    if merge.undone_at is not None:
        raise Conflict(_("이미 되돌린 일이에요. 제안 화면에서 확인해 주세요."))
    return merge


def opt_out(merge_id: int, *, by: User) -> ProposalMerge:
    """Take one's name back: the support stays with the proposal it was given to and counts for no other.

    A second time changes nothing. A threshold that was reached stays reached, as when a support is taken back.
    """
    with use_case(by) as work:
        operations.take_turn(work.session)
        merge = merges.merge(merge_id)
        require(by, may_opt_out, merge)
        if work.session.get(MergeOptOut, (merge.id, by.id)):
            return merge
        if not union.is_supporter(merge.merged_id, by.id):
            raise Conflict(_("합쳐진 제안에 남긴 공감이 없어요."))
        above = union.above(merge.merged_id)
        held = operations.locked(above)
        work.session.add(MergeOptOut(merge_id=merge.id, user_id=by.id, at=work.at))
        for proposal_id in above:
            operations.count_again(work.session, held[proposal_id])
        work.record("agendas.opted_out_of_merge", merge)
        return merge
