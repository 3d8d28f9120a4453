"""Evaluations opened, graded and released; changes asked for and voted on; recommendations.

Accounts are locked first, then the evaluation, then what it is about. Who grades locks it shared, who releases alone.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import Delete

from civic_forum.accounts.models import User
from civic_forum.accounts.policy import is_moderator
from civic_forum.accounts.queries import people
from civic_forum.accounts.rules import marks_of
from civic_forum.answers import operations as duties
from civic_forum.blocks import slugs
from civic_forum.blocks.kinds import Ref
from civic_forum.blocks.two_people import Signatory, Strength, TwoPeople
from civic_forum.bodies import queries as bodies
from civic_forum.bodies import rules as body_rules
from civic_forum.commitments.queries import records as commitments
from civic_forum.district.queries import open_department
from civic_forum.platform import clock
from civic_forum.platform.base import upsert
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.platform.i18n import SEOUL, _, local
from civic_forum.platform.policy import Predicate, require
from civic_forum.platform.text_checks import words_given
from civic_forum.platform.work import Work, use_case

from . import policy, queries
from .events import EvaluationEdited, EvaluationOpened, EvaluationReleased
from .models import ChangeVote, Evaluation, EvaluationConflict, EvaluationItem, Grade, Recommendation
from .parts import ChangeFacts, EvaluationFacts, RecommendationFacts, ResultFacts
from .rules import (KIND, MOST_CRITERIA, MOST_ITEMS, MOST_POINTS, NOTE_MOST, REASON_MOST, RECOMMENDATION, REPLY_DAYS,
                    RESERVED, STEPS, TITLE_MOST, are_points, passes)

CONFIRMED_WITHIN = timedelta(days=7)
NOON = time(12)


@contextmanager
def holding(slug: str, may: Predicate, by: User, *, shared: bool = False) -> Iterator[tuple[Work, Evaluation]]:
    """A change of an evaluation, read again under the lock."""
    evaluation_id = queries.by_slug(slug).id
    with use_case(by) as work:
        evaluation = queries.locked(evaluation_id, shared=shared)
        require(by, may, evaluation)
        yield work, evaluation


# Preparing and opening


def make(facts: EvaluationFacts, criteria: Sequence[tuple[str, int]], commitment_ids: Sequence[int], *,
         by: User) -> Evaluation:
    """An evaluation that only its department sees. Raises Refusal, Denied."""
    with use_case(by) as work:
        slug = slugs.proposed(facts.title, lambda end: queries.slugged(end) is not None, on=local(work.at).date(),
                              reserved=RESERVED)
        evaluation = Evaluation(slug=slug, created_by_id=by.id, created_at=work.at, version=0)
        _write(work, evaluation, facts, criteria, commitment_ids)
        work.record("evaluations.made", evaluation)
        return evaluation


def edit(slug: str, facts: EvaluationFacts, criteria: Sequence[tuple[str, int]], commitment_ids: Sequence[int], *,
         version: int, by: User) -> Evaluation:
    """Say it anew. Raises Conflict where somebody else did since."""
    with holding(slug, policy.may_prepare, by) as (work, evaluation):
        if evaluation.version != version:
            raise Conflict(_("그 사이에 다른 사람이 고쳤어요. 지금 내용을 확인한 뒤 다시 저장해 주세요."))
        _write(work, evaluation, facts, criteria, commitment_ids)
        work.record("evaluations.edited", evaluation)
        return evaluation


def _write(work: Work, evaluation: Evaluation, facts: EvaluationFacts, criteria: Sequence[tuple[str, int]],
           commitment_ids: Sequence[int]) -> None:
    facts.write(evaluation)
    require(work.actor, policy.may_handle, evaluation)
    if not is_moderator(work.actor) and bodies.case(facts.body_id).body.department_id != facts.department_id:
        raise Refusal(_("이 위원회를 맡은 부서나 운영자만 평가를 맡길 수 있어요."), field="body_id")
    if len(criteria) > MOST_CRITERIA or any(not 1 <= len(text) <= TITLE_MOST or not 1 <= points <= MOST_POINTS
                                            for text, points in criteria):
        raise Refusal(_("기준을 한 줄에 하나씩, 글 뒤에 점수를 적어 주세요."), field="criteria")
    if facts.in_steps and any(points % STEPS for _text, points in criteria):
        raise Refusal(_("다섯 단계로 매기려면 점수가 5로 나누어져야 해요."), field="criteria")
    chosen = list(dict.fromkeys(commitment_ids))
    if len(chosen) > MOST_ITEMS or len(queries.commitments(chosen)) < len(chosen):
        raise Refusal(_("없는 약속이 있어요. 약속의 번호나 주소를 한 줄에 하나씩 적어 주세요."), field="commitments")
    evaluation.criteria = [{"text": text, "points": points} for text, points in criteria]
    evaluation.version += 1
    work.store(evaluation)
    work.session.execute(sa.delete(EvaluationItem).where(EvaluationItem.evaluation_id == evaluation.id))
    work.session.add_all(EvaluationItem(evaluation_id=evaluation.id, commitment_id=number) for number in chosen)
    work.session.flush()


def open_(slug: str, meeting_id: int | None, *, by: User) -> Evaluation:
    """Everybody sees what is evaluated, members grade it; what a meeting of the body chose stays as it is. Raises
    Refusal, Conflict for what is missing."""
    with holding(slug, policy.may_prepare, by) as (work, evaluation):
        if not evaluation.criteria or not queries.items(evaluation.id):
            raise Conflict(_("기준과 약속을 하나 이상 적어 주세요."))
        if evaluation.grades_until is None or evaluation.grades_until <= work.at:
            raise Conflict(_("점수를 매기는 마지막 때가 지났어요. 먼저 옮겨 주세요."))
        if meeting_id not in {meeting.id for meeting in queries.meetings(evaluation) if meeting.has_begun}:
            raise Refusal(_("약속을 고른 회의를 골라 주세요."), field="meeting")
        evaluation.choice_meeting_id, evaluation.opened_at = meeting_id, work.at
        evaluation.version += 1
        work.record("evaluations.opened", evaluation)
        work.emit(EvaluationOpened(evaluation.id))
        return evaluation


# Grades


@contextmanager
def _grading(slug: str, commitment_id: int, by: User) -> Iterator[tuple[Work, queries.Sheet, EvaluationItem]]:
    evaluation_id = queries.by_slug(slug).id
    with use_case(by) as work:
        sheet = queries.sheet(queries.locked(evaluation_id, shared=True), by)
        require(by, policy.may_grade, sheet)
        yield work, sheet, queries.item(evaluation_id, commitment_id)


def grade(slug: str, commitment_id: int, points: Sequence[int | None], note: str, *, by: User) -> None:
    """Grade a commitment, or anew until the close. Raises Refusal, Denied for a conflict and for who is in charge."""
    note = words_given(note, 0, NOTE_MOST, "note")
    with _grading(slug, commitment_id, by) as (work, sheet, item):
        if reason := sheet.why_not(item):
            raise Denied(reason)
        if not are_points(points, sheet.evaluation.criteria):
            raise Refusal(_("기준마다 0점부터 정한 점수까지 매겨 주세요."), field="points_0")
        values = {"points": list(points), "note": note, "at": work.at}
        seat = sheet.membership.id  # type: ignore[union-attr]
        work.session.execute(upsert(Grade).values(item_id=item.id, membership_id=seat, **values).on_conflict_do_update(
            index_elements=["item_id", "membership_id"], set_=values))
        work.session.execute(_own_grades(item, by).where(Grade.membership_id != seat))
        work.record("evaluations.graded", sheet.evaluation)


def _own_grades(item: EvaluationItem, by: User) -> Delete:
    """DELETE of what a member gave, also by a seat before."""
    return sa.delete(Grade).where(Grade.item_id == item.id, Grade.membership_id.in_(queries.memberships(by.id)))


def note_conflict(slug: str, commitment_id: int, reason: str, *, by: User) -> None:
    """A member has to do with a commitment: does not grade it, and what was given goes."""
    reason = words_given(reason, 2, REASON_MOST, "conflict")
    with _grading(slug, commitment_id, by) as (work, sheet, item):
        key = {"item_id": item.id, "membership_id": sheet.membership.id}  # type: ignore[union-attr]
        work.session.execute(upsert(EvaluationConflict).values(reason=reason, at=work.at, **key)
                             .on_conflict_do_nothing(index_elements=list(key)))
        work.session.execute(_own_grades(item, by))
        work.record("evaluations.conflict_noted", sheet.evaluation)


# Release, and results of votes, by two people


def subject_of(evaluation: Evaluation) -> str:
    return f"{KIND}:{evaluation.id}"


def _held(subject: str, signers: frozenset[int]) -> Evaluation:
    people.held(*signers)
    return queries.locked(int(subject.split(":")[1]))


def _signatory(number: int, evaluation: Evaluation) -> Signatory:
    user = people.held(number)[number]
    may = policy.may_handle(user, evaluation) is None
    return Signatory(id=number, marks=marks_of(user), is_verified_at_desk=False, granted_by=frozenset(),
                     held_since=clock.now() if may else None)


def _release(work: Work, evaluation: Evaluation) -> None:
    if not queries.number_of_graders(evaluation.id):
        raise Conflict(_("아직 아무도 매기지 않았어요."))
    evaluation.released_at = work.at
    evaluation.version += 1
    work.emit(EvaluationReleased(evaluation.id))


RELEASE: TwoPeople[Evaluation] = TwoPeople(
    name="evaluations.release", strength=Strength.PLAIN, lasts=CONFIRMED_WITHIN, may=policy.may_release, held=_held,
    shown=lambda evaluation: [evaluation.slug, evaluation.version, evaluation.least,
                              queries.number_of_graders(evaluation.id)],
    signatory=_signatory, held_for=people.held_for, carry_out=_release)


def ask_change(slug: str, commitment_id: int, facts: ChangeFacts, *, by: User) -> ChangeVote:
    """Put a change of a commitment that the body chose before it. Raises Refusal, Denied, NotFound."""
    with holding(slug, policy.may_read, by) as (work, evaluation):
        commitment = commitments.commitment(commitment_id)
        require(by, policy.may_ask_change, (evaluation, commitment))
        queries.item(evaluation.id, commitment_id)
        if facts.milestone and commitments.ledger(commitment_id).milestone(facts.milestone) is None:
            raise Refusal(_("이런 단계가 없어요. 그 사이에 바뀌었는지 확인해 주세요."), field="milestone")
        vote = ChangeVote(evaluation_id=evaluation.id, number=queries.next_number(ChangeVote, evaluation.id),
                          commitment_id=commitment_id, department_id=commitment.department_id,
                          asked_on=local(work.at).date(), asked_by_id=by.id)
        facts.write(vote)
        work.store(vote)
        work.record("evaluations.change_asked", vote)
        work.emit(EvaluationEdited(evaluation.id))
        return vote


def body_subject(made: ChangeVote | Recommendation) -> str:
    return f"{made.__tablename__}:{made.evaluation_id}:{made.number}"


def _of_body(name: str, read: Callable[[int, int], Any], shown: Callable[[Any], list[Any]],
             carry_out: Callable[[Work, Any], None]) -> TwoPeople[Any]:
    """Something that the body decided, noted by one official and confirmed by another."""
    def held(subject: str, signers: frozenset[int]) -> Any:
        evaluation_id, number = map(int, subject.split(":")[1:])
        _held(f"{KIND}:{evaluation_id}", signers)
        return read(evaluation_id, number)

    return TwoPeople(
        name=name, strength=Strength.PLAIN, lasts=CONFIRMED_WITHIN, held=held,
        may=lambda actor, made: policy.may_recommend(actor, made.evaluation), shown=shown,
        signatory=lambda number, made: _signatory(number, made.evaluation), held_for=people.held_for,
        carry_out=carry_out)


def _decide(work: Work, vote: ChangeVote) -> None:
    if vote.decided_at is not None or vote.voting is None:
        raise Conflict(_("이미 정한 질문이에요."))
    vote.decided_at, vote.approved = work.at, passes(vote.votes_for or 0, vote.voting)
    work.emit(EvaluationEdited(vote.evaluation_id))


RESULT: TwoPeople[ChangeVote] = _of_body(
    name="evaluations.change_result", read=queries.change, carry_out=_decide,
    shown=lambda vote: [vote.evaluation_id, vote.number, ResultFacts.of(vote), ChangeFacts.of(vote)])


def note_result(slug: str, number: int, facts: ResultFacts, *, by: User) -> ChangeVote:
    """Note how the body voted on a change; a second person confirms it. Raises Refusal for numbers that cannot be,
    Conflict for fewer than the quorum."""
    with holding(slug, policy.may_recommend, by) as (work, evaluation):
        vote = queries.change(evaluation.id, number)
        if vote.decided_at is not None:
            raise Conflict(_("이미 정한 질문이에요."))
        if not vote.asked_on <= facts.decided_on <= local(work.at).date():
            raise Refusal(_("물은 날부터 오늘까지의 날을 적어 주세요."), field="decided_on")
        facts.write(vote)
        vote.voting = facts.votes_for + facts.votes_against + facts.abstained
        _refuse_too_few(evaluation, vote)
        RESULT.begin(work, body_subject(vote), vote)
        work.record("evaluations.result_noted", vote)
        return vote


def _refuse_too_few(evaluation: Evaluation, vote: ChangeVote) -> None:
    """Raises Refusal for more votes than seats that vote, Conflict for fewer than the quorum of the body."""
    roster, body = bodies.case(evaluation.body_id).roster, evaluation.body  # type: ignore[arg-type]
    assert body is not None and vote.voting is not None and vote.decided_on is not None
    quorum = body_rules.quorum(body.quorum_share, body.quorum_of)
    members = len(roster.counted(quorum, vote.decided_on))
    if vote.voting > sum(member.seat.votes for member in roster.sitting(vote.decided_on)):
        raise Refusal(_("그날 표결하는 자리보다 표가 많아요."), field="votes_for")
    if not quorum.is_met(vote.voting, members):
        raise Conflict(_("그날은 %(needed)s명이 있어야 정할 수 있어요.", needed=quorum.needed(members)))


# Recommendations


def _publish(work: Work, made: Recommendation) -> None:
    if made.confirmed_at is not None:
        raise Conflict(_("이미 확인한 권고예요."))
    made.confirmed_at = work.at
    duties.owe(work, Ref(RECOMMENDATION, made.id), made.department_id, REPLY_DAYS,
               since=datetime.combine(made.made_on, NOON, SEOUL))
    work.emit(EvaluationEdited(made.evaluation_id))


RECOMMENDING: TwoPeople[Recommendation] = _of_body(
    name="evaluations.recommendation", read=queries.numbered, carry_out=_publish,
    shown=lambda made: [made.evaluation_id, made.number, made.text, made.made_on.isoformat(), made.department_id,
                        [commitment.id for commitment in made.commitments]])


def recommend(slug: str, facts: RecommendationFacts, department_id: int, commitment_ids: Sequence[int], *,
              by: User) -> Recommendation:
    """A recommendation of the body, to which a department replies within a month once a second person confirmed it.
    Raises Refusal."""
    with holding(slug, policy.may_recommend, by) as (work, evaluation):
        about = queries.commitments(commitment_ids)
        if not about or len(about) < len(set(commitment_ids)):
            raise Refusal(_("없는 약속이 있어요. 약속의 번호나 주소를 한 줄에 하나씩 적어 주세요."), field="commitments")
        if not evaluation.begins_on <= facts.made_on <= local(work.at).date():
            raise Refusal(_("평가의 첫날부터 오늘까지의 날을 적어 주세요."), field="made_on")
        if open_department(department_id) is None:
            raise Refusal(_("답할 부서를 골라 주세요."), field="department")
        made = Recommendation(evaluation_id=evaluation.id, commitments=list(about), department_id=department_id,
                              number=queries.next_number(Recommendation, evaluation.id))
        facts.write(made)
        work.store(made)
        RECOMMENDING.begin(work, body_subject(made), made)
        work.record("evaluations.recommended", made)
        return made
