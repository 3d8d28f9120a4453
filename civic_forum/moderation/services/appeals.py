"""Appeals: made by whom an act concerns, decided by another moderator."""

from civic_forum.accounts.models import User
from civic_forum.platform.errors import Conflict
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.text_checks import words_given
from civic_forum.platform.work import use_case

from .. import operations, rules
from ..events import AppealDecided, AppealMade
from ..models import Appeal
from ..policy import may_appeal, may_decide, may_moderate
from ..queries import actions, appeals
from ..rules import Ended


def appeal(action_id: int, *, text: str, by: User) -> Appeal:
    """Say once why an act on one's own text or account is wrong."""
    text = words_given(text, rules.APPEAL_LEAST, rules.APPEAL_MOST, "text")
    with use_case(by) as work:
        acts = actions.locked([action_id])
        if not acts:
            raise actions.missing()
        if appeals.of_action(action_id) is not None and acts[0].user_id == by.id:
            raise Conflict(_("이미 이의를 신청했어요. 다른 운영자의 답을 기다려 주세요."))
        require(by, may_appeal, acts[0])
        made = work.store(Appeal(action_id=action_id, by_id=by.id, text=text, at=work.at))
        work.record("moderation.appealed", made, act=action_id)
        work.emit(AppealMade(made.id))
        return made


def decide_appeal(appeal_id: int, *, upheld: bool, decision: str, by: User) -> Appeal:
    """Uphold it, so that everything is as before the act, or keep the act; the reason goes to whom it concerns."""
    decision = words_given(decision, rules.DECISION_LEAST, rules.DECISION_MOST, "decision")
    with use_case(by) as work:
        held = operations.hold(work, {appeals.case(appeal_id).action.user_id} - {None})
        case = appeals.locked(appeal_id)
        require(held.actor, may_moderate)
        if case.appeal.decided_at is not None:
            raise Conflict(_("다른 운영자가 먼저 정했어요. 새로 고친 뒤 확인해 주세요."))
        require(held.actor, may_decide, case.decided)
        if case.action.ended_at is not None:
            raise Conflict(_("이미 끝난 조치예요. 이의를 더 살펴보지 않아도 돼요."))
        made = case.appeal
        made.upheld, made.decision, made.decided_by_id, made.decided_at = upheld, decision, by.id, work.at
        work.session.flush()
        if upheld:
            operations.end(work, case.action, Ended.APPEAL_UPHELD)
        work.record("moderation.appeal_decided", made, upheld=upheld)
        work.emit(AppealDecided(made.id))
        return made
