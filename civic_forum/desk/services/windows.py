"""Acts for somebody who stands at a window."""

from dataclasses import dataclass

from civic_forum.accounts.identity import Identity
from civic_forum.accounts.models import DeskCheck, User
from civic_forum.accounts.queries import people, sessions
from civic_forum.accounts.rules import Evidence, StaffAct
from civic_forum.accounts.services import once, staff_acts
from civic_forum.platform import clock
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.work import Work, use_case
from civic_forum.proposals import operations
from civic_forum.proposals.events import SupportTakenBack
from civic_forum.proposals.models import Support
from civic_forum.proposals.policy import may_support, why_closed
from civic_forum.proposals.queries import records


@dataclass(frozen=True)
class Seen:
    """Somebody at a window, as the clerk reads their card."""

    who: Identity
    neighbourhood_id: int
    """Home of somebody without an account."""
    evidence: Evidence
    sign_in_name: str = ""
    """Of one of several of the same name and birthday."""


def support(number: str, seen: Seen, *, back: bool = False, by: User) -> int:
    """Add the 공감 of somebody at a window, or take it `back`; where theirs stands already the answer is the same. They
    are told whatever comes of it, so that no clerk learns in silence what somebody supports. Returns the number in the
    register that the person signs.

    Raises NotFound, Denied for who is no clerk, TooMany for who named nobody too often today, and as `supports.support`
    does, once the act was noted.
    """
    with use_case(by) as work:
        # First, or an act that comes to nothing would say in silence whether there is an account.
        if reason := why_closed(records.by_number(number)):
            raise Conflict(reason, field="proposal")
        user = once.at_window(work, seen.who, seen.neighbourhood_id, evidence=seen.evidence,
                              sign_in_name=seen.sign_in_name)
        check, refusal = _change(work, number, seen, user, back) if user else (None, None)
    if refusal is not None:
        raise refusal
    if check is None:
        raise Refusal(_("같은 이름과 생년월일로 확인된 분이 있어요. 로그인 이름을 물어 적거나 ‘주민 확인하기’에서 구별해 주세요."), field="sign_in_name")
    return check.id


def _change(work: Work, number: str, seen: Seen, user: User, back: bool) -> tuple[DeskCheck, Refusal | None]:
    """The noted act, and the reason why nothing came of it."""
    work.session.flush()
    caller, proposal = sessions.as_they_are(user.id), records.locked(records.by_number(number).id)
    if reason := why_closed(proposal):
        raise Conflict(reason, field="proposal")
    standing = work.session.get(Support, (proposal.id, user.id)) if back else None
    none = Conflict(_("이 제안에는 이분의 공감이 없어요."), field="proposal") if back and standing is None else None
    if none is not None and user.created_at == work.at:
        raise none  # an account made just now is not kept for nothing
    act = StaffAct.SUPPORT_BACK if back else StaffAct.SUPPORT
    [check] = staff_acts.tell(work, user, act, place=people.home(user), evidence=seen.evidence)
    work.record("proposals.support_ended_at_window" if back else "proposals.supported_at_window", proposal)
    work.at = clock.now()  # under the lock, as `supports.support`
    if standing is not None:
        work.session.delete(standing)
        operations.count_support(work.session, proposal, -1, as_resident=standing.as_resident)
        work.emit(SupportTakenBack(proposal.id, user.id))
    if back:
        return check, none
    try:
        if not operations.stands(proposal, caller):
            require(caller, may_support, proposal)
            operations.add_support(work, proposal, caller, at_desk=True)
    except Refusal as refusal:
        return check, refusal
    return check, None
