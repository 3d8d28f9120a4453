"""A second look (재검토 요청): asked for by whoever proposed a project, granted or declined by a moderator."""

from civic_forum.accounts.models import User
from civic_forum.journeys import steps as journeys
from civic_forum.platform.errors import NotFound
from civic_forum.platform.text_checks import words_given
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.work import Work, use_case

from ..projects.models import EligibilityReview, SecondLook
from ..projects.services import held
from ..policy import reviews as policy
from ..policy.interests import may_decide
from ..queries import interests
from ..queries import reviews as queries
from ..rules import reviews as rules
from ..steps import reviews as steps


def ask(project_id: int, *, text: str, by: User) -> SecondLook:
    """Say what the review overlooked; everybody reads it. Once for each review, within the days of the round."""
    text = words_given(text, rules.ASK_LEAST, rules.ASK_MOST, "text")
    with use_case(by) as work:
        _round, project = held(project_id)
        require(by, policy.may_ask_second_look, queries.looked(project))
        look = SecondLook(project_id=project.id, user_id=by.id, text=text, at=work.at)
        work.session.add(look)
        journeys.add(work.session, project.journey_id, "project_second_look", at=work.at)
        work.record("budgets.second_look_asked", look, project=project.id)
        return look


def grant(look_id: int, department_id: int, *, answer: str, by: User) -> EligibilityReview:
    """Have it reviewed again, by the same department or another one."""
    answer = words_given(answer, rules.ASK_LEAST, rules.ASK_MOST, "answer")
    with use_case(by) as work:
        look = _answered(work, look_id, answer, granted=True, by=by)
        review = steps.begin(work, look.project, department_id, note=_("재검토 요청을 받아들였어요."), look_id=look.id)
        work.record("budgets.second_look_granted", look, department=department_id)
        return review


def decline(look_id: int, *, answer: str, by: User) -> SecondLook:
    """The review stands; the answer says why."""
    answer = words_given(answer, rules.ASK_LEAST, rules.ASK_MOST, "answer")
    with use_case(by) as work:
        look = _answered(work, look_id, answer, granted=False, by=by)
        journeys.add(work.session, look.project.journey_id, "project_look_declined", at=work.at, evidence=answer[:300])
        work.record("budgets.second_look_declined", look)
        return look


def _answered(work: Work, look_id: int, answer: str, *, granted: bool, by: User) -> SecondLook:
    """The request with its answer, its round and project locked."""
    project_id = queries.project_of_look(look_id)
    held(project_id)
    look = queries.locked_look(look_id)
    if look is None:
        raise NotFound(_("없는 재검토 요청이에요. 목록에서 다시 찾아보세요."))
    require(by, policy.may_answer_look, look)
    require(by, may_decide, interests.proposers({look.project.envelope_id}))
    look.is_granted, look.answer, look.answered_at, look.answered_by_id = granted, answer, work.at, by.id
    work.session.flush()
    return look
