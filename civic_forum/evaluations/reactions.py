"""Registrations of evaluations with the rest of the site; milestones that replies promise; personal data of members."""

from typing import Any

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.accounts.personal_data import PERSONAL_DATA, PersonalData
from civic_forum.answers import labels as answers
from civic_forum.answers.events import LaterAnswerPublished
from civic_forum.answers.models import LaterAnswer
from civic_forum.blocks import sections
from civic_forum.blocks.extensions import ME
from civic_forum.blocks.kinds import Ref
from civic_forum.blocks.pages import MENU, USED, Navigation
from civic_forum.commitments import operations as commitments
from civic_forum.commitments.extensions import ENTRY, PAGE
from civic_forum.commitments.models import Commitment
from civic_forum.commitments.operations import Promised
from civic_forum.commitments.rules import Entry, Ledger
from civic_forum.district.extensions import OPEN_WORK, Moving
from civic_forum.meetings.reactions import SEATS
from civic_forum.platform import hooks, site_version
from civic_forum.platform.i18n import _, _l, local, today
from civic_forum.platform.waiting import ENTRIES, DeskEntry
from civic_forum.platform.work import going_on
from civic_forum.search import operations as search

from . import labels, pictures, queries, settings
from .events import EvaluationEdited, EvaluationOpened, EvaluationReleased
from .kinds import PUBLIC
from .models import ChangeVote, Evaluation, EvaluationConflict, Grade
from .rules import RECOMMENDATION, covered, is_approved

search.follow(PUBLIC, "evaluation_id", EvaluationOpened, EvaluationReleased, EvaluationEdited)


def on_commitment(commitment: Commitment) -> Any:
    """Words of residents on its page."""
    if site_version.is_unused(Evaluation.__tablename__):  # a district without any
        return None
    scores, changes = queries.of_commitment(commitment.id), queries.changes(ChangeVote.commitment_id == commitment.id)
    recommendations = queries.about(commitment.id)
    return sections.written(
        "evaluations/on_commitment.html", scores=scores, changes=changes, recommendations=recommendations,
        today=today(), labels=labels, answers=answers, pictures=pictures) if (
            scores or changes or recommendations) else None


def why_not_changed(commitment: Commitment, ledger: Ledger, entry: Entry) -> str | None:
    """Reason against a change on which the body has to decide and has not, or which it sent back."""
    if not settings.binds() or (change := covered(settings.limits(), ledger, entry)) is None:
        return None
    votes = queries.changes(sa.and_(ChangeVote.commitment_id == commitment.id, ChangeVote.decided_at.is_not(None)))
    if is_approved(change, votes, ledger, on=entry.on):
        return None
    if any(vote.approved is False and vote.kind is change.kind for vote in votes):
        return _("평가단이 돌려보낸 변경이에요. 약속은 그대로 남아요. 바꾸려면 평가단에 다시 물어 주세요.")
    return _("이만큼 바꾸려면 평가단이 먼저 승인해야 해요. 이행 평가 화면에서 물어 주세요.")


@hooks.on(LaterAnswerPublished)
def promise(fact: LaterAnswerPublished, session: Any) -> None:
    """A milestone of a reply is a commitment from then on; once."""
    reply = session.get_one(LaterAnswer, fact.later_answer_id)
    if fact.version > 1 or not reply.milestone or reply.duty.about_kind != RECOMMENDATION:
        return
    commitments.keep(going_on(), Promised(
        origins=(Ref(RECOMMENDATION, reply.duty.about_id),), title=reply.milestone, department_id=reply.department_id,
        promised_on=local(reply.published_at).date(), due_on=reply.milestone_on))


def on_me(user: User) -> dict[str, Any] | None:
    """Evaluations in which one grades now."""
    if site_version.is_unused(Evaluation.__tablename__) or not user.beside.get(SEATS):
        return None
    waiting = queries.to_grade(user.id)
    return {"key": "evaluations", "label": _("이행 평가"), "place": 5, "total": len(waiting), "items": [
        (evaluation.title, f"/evaluations/{evaluation.slug}/grades", str(labels.STAGE[evaluation.stage]))
        for evaluation in waiting]} if waiting else None


def collect(user: User) -> dict[str, list[dict[str, object]]]:
    return {"grades": [{"commitment": commitment_id, "points": grade.points, "note": grade.note,
                        "at": grade.at.isoformat()} for grade, commitment_id in queries.of_user(user.id, Grade)],
            "evaluation_conflicts": [
                {"commitment": commitment_id, "reason": conflict.reason, "at": conflict.at.isoformat()}
                for conflict, commitment_id in queries.of_user(user.id, EvaluationConflict)]}


def erase(user: User, session: Any) -> None:
    """Grades count, of a seat of which nobody knows any more who sat there; why they kept out of one goes."""
    session.execute(sa.update(EvaluationConflict).where(
        EvaluationConflict.membership_id.in_(queries.memberships(user.id))).values(reason=""))


ENTRY.add(why_not_changed)
PAGE.add(on_commitment)
ME.add(on_me)
PERSONAL_DATA["grades"] = PersonalData(collect=collect, erase=erase)
ENTRIES["evaluations"] = DeskEntry("evaluations.handle", _l("이행 평가"), "evaluation_desk.index")
MENU["evaluations"] = Navigation(_l("이행 평가"), "evaluations.index", 42, "results")
USED["evaluations"] = Evaluation.__tablename__
OPEN_WORK["evaluations"] = Moving(label=_l("이행 평가"), model=Evaluation, column=Evaluation.department_id,
                                  is_open=(Evaluation.released_at.is_(None),))
