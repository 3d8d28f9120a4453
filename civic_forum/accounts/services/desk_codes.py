"""A new start for somebody at the desk who lost the password and has no e-mail."""

from civic_forum.district import queries as district
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.work import use_case

from ..identity import Identity
from ..models import DeskCheck, User
from ..policy.own import may_issue_desk_code
from ..policy.staff import Visit, may_look_up
from ..queries import people
from ..rules import Evidence, Purpose
from ..steps.codes import issue_code


def issue(user: User, who: Identity, *, evidence: Evidence, by: User) -> str:
    """A one-time code for a verified account, given to the person it belongs to; returned once and kept nowhere.

    What the clerk reads on the paper must be the name and birth date of the account. Raises Denied
    for another neighbourhood's account or one with a role, Refusal where it is not that person.
    """
    with use_case(by) as work:
        held = people.held(by.id, user.id)
        actor, user = held[by.id], held[user.id]
        require(actor, may_issue_desk_code, user)
        places = people.belongs_to(user)
        require(actor, may_look_up, Visit(user, places))
        if user.person is None:
            raise Refusal(_("본인 확인을 한 적이 없는 계정이라 주인을 알 수 없어요. 전자우편으로 비밀번호를 바꾸거나 "
                            "새 계정을 만들도록 안내해 주세요."))
        if user.person.identity_hash != who.hash:
            work.record("accounts.desk_code_refused", user)
            refusal = Refusal(_("이 계정의 이름과 생년월일이 아니에요. 신분증을 다시 확인해 주세요."), field="name")
        else:
            refusal = None
            code = issue_code(work.session, user.id, Purpose.DESK_RESET, at=work.at, by_id=actor.id)
            own = actor.neighbourhood_ids() & places
            anywhere = [place.id for place in district.neighbourhoods()]
            work.session.add(DeskCheck(user_id=user.id, person_id=user.person_id, clerk_id=actor.id, at=work.at,
                                       neighbourhood_id=min(own or places or anywhere), purpose="reset_password",
                                       evidence=evidence))
            work.record("accounts.desk_code_issued", user, evidence=evidence)
    if refusal:
        raise refusal
    return code
