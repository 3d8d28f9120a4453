"""Verdicts of readers on whether an answer is understandable."""

from civic_forum.accounts.models import User
from civic_forum.platform.policy import require
from civic_forum.platform.work import use_case

from .. import policy
from ..models import Answer, Understanding
from ..queries import cases


def judge(answer_id: int, *, understood: bool, by: User) -> Answer:
    """Say whether one understood it; saying it again changes one's mind."""
    with use_case(by) as work:
        answer = cases.locked_answer(answer_id)
        require(by, policy.author.may_judge, answer)
        known = work.session.get(Understanding, (answer_id, by.id))
        if known is None:
            work.session.add(Understanding(answer_id=answer_id, user_id=by.id, understood=understood, at=work.at))
        elif known.understood is understood:
            return answer
        else:
            _count(answer, known.understood, -1)
            known.understood, known.at = understood, work.at
        _count(answer, understood, 1)
        work.record("answers.judged", answer)
        return answer


def _count(answer: Answer, understood: bool, change: int) -> None:
    if understood:
        answer.understood += change
    else:
        answer.not_understood += change
