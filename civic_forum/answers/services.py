"""Every change to duties and answers."""

from datetime import timedelta

import sqlalchemy as sa

from civic_forum.accounts.models import AccessRecord, User
from civic_forum.accounts.rules import LOOK_UP_LEAST, LOOK_UP_MOST
from civic_forum.blocks.approval import Approval, declare
from civic_forum.district.models import Department
from civic_forum.journeys import operations as journeys
from civic_forum.platform import clock, periods, plain_text
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _, _l, local
from civic_forum.platform.personal_numbers import refuse_secret
from civic_forum.platform.policy import require
from civic_forum.platform.text_checks import words_given
from civic_forum.platform.work import Work, use_case
from civic_forum.proposals import operations as proposals
from civic_forum.proposals import queries as proposals_queries
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.rules import Mover, State, allowed, is_over

from . import labels, operations, personal_data, policy, rules
from .events import (AnswerPublished, AnswerSentBack, AnswerSubmitted, CompletionRequested, CorrectionSubmitted,
                     DutyChanged, ProposalAssigned, ProposalCarriedOn, ProposalCompleted, ProposalFiled,
                     ProposalReferred, ProposalReturned, ReferralUndone, SecondReviewAsked)
from .models import (Answer, AnswerVersion, Assignment, Duty, DutyPause, FormalFiling, Referral, SecondReview,
                     Understanding)
from .personal_data import sealed
from .policy import RIGHTS, may_write
from .queries import records as queries
from .queries.records import AnswerCase
from .rules import AnswerKind, AnswerState, AnswerText, AssignmentState, DutyEnd, DutyKind


# Use-cases of the desk: texts checked, cases judged, referred, given to departments


def assign(proposal_id: int, department_id: int, *, note: str = "", by: User) -> Assignment:
    """Give it to the department that answers; whichever had it before has it no more."""
    note = words_given(note, 0, rules.NOTE_MOST, "note")
    with use_case(by) as work:
        case = locked_case(proposal_id)
        require(by, policy.may_assign, case)
        department = _department(work, department_id)
        if case.lead is not None and case.lead.department_id == department.id:
            raise Conflict(_("이미 %(name)s에서 맡고 있어요.", name=department.name))
        _end_draft(work, case)
        for assignment in case.at_work:
            if assignment.is_lead or assignment.department_id == department.id:
                _end(work, assignment, AssignmentState.ENDED)
        return _assigned(work, case, department, is_lead=True, state=AssignmentState.ASKED, note=note)


def ask_department(proposal_id: int, department_id: int, *, note: str, by: User) -> Assignment:
    """Ask another department what it thinks; the answer stays with the one that has it."""
    note = words_given(note, 1, rules.NOTE_MOST, "note")
    with use_case(by) as work:
        case = locked_case(proposal_id)
        require(by, policy.may_ask_department, case)
        department = _department(work, department_id)
        if any(assignment.department_id == department.id for assignment in case.at_work):
            raise Conflict(_("이미 %(name)s에서 보고 있어요.", name=department.name))
        return _assigned(work, case, department, is_lead=False, state=AssignmentState.ASKED, note=note)


def take(proposal_id: int, *, by: User) -> Assignment:
    """Take what was given to the own department, or what nobody has."""
    with use_case(by) as work:
        case = locked_case(proposal_id)
        require(by, policy.may_take, case)
        nobody_has_it = case.lead is None
        own = [assignment for assignment in case.at_work if assignment.department_id in by.department_ids()
               and (nobody_has_it or assignment.state is AssignmentState.ASKED)]
        if own:
            own[0].state, own[0].is_lead = AssignmentState.TAKEN, own[0].is_lead or nobody_has_it
            work.record("answers.took", case.proposal, department=own[0].department_id)
            return own[0]
        department = _department(work, min(by.department_ids()))
        return _assigned(work, case, department, is_lead=True, state=AssignmentState.TAKEN, note="")


def give_back(proposal_id: int, *, note: str, by: User) -> Assignment:
    """Say why it is not for the own department, or what it thinks; the others read the note."""
    note = words_given(note, 1, rules.NOTE_MOST, "note")
    with use_case(by) as work:
        case = locked_case(proposal_id)
        require(by, policy.may_return, case)
        own = next(assignment for assignment in case.at_work if assignment.department_id in by.department_ids())
        if own.is_lead:
            _end_draft(work, case)
        own.note = note
        _end(work, own, AssignmentState.RETURNED)
        work.record("answers.gave_back", case.proposal, department=own.department_id)
        if own.is_lead:
            work.emit(ProposalReturned(proposal_id, own.id))
        work.emit(DutyChanged(proposal_id))
        return own


def refer(proposal_id: int, *, to: str, note: str, as_complaint: bool, by: User) -> Referral:
    """Pass on as a civil complaint or to another body; out of the duty, and the author is told."""
    to = words_given(to, rules.TO_LEAST, rules.TO_MOST, "to")
    note = words_given(note, rules.ASKED_LEAST, rules.ASKED_MOST, "note")
    with use_case(by) as work:
        case = locked_case(proposal_id)
        require(by, policy.may_refer, case)
        proposal = case.proposal
        _end_draft(work, case)
        referral = Referral(proposal_id=proposal.id, as_complaint=as_complaint, to=to, note=note, at=work.at,
                            by_id=by.id)
        work.session.add(referral)
        operations.end_duty(work.session, proposal.id, DutyEnd.REFERRED, at=work.at)
        operations.end_assignments(work.session, case, at=work.at)
        link = f"/proposals/{proposal.number}#referral"
        if proposal.state is State.IN_AGENDA or not allowed(proposal.state, Mover.OFFICIAL, State.ANSWERED):
            journeys.add(work.session, proposal.journey_id, "referred", at=work.at, evidence=to, link=link)
        else:
            operations.answered(work.session, proposal, at=work.at, evidence=_referred_to(to), link=link)
        work.record("answers.referred", proposal, as_complaint=as_complaint)
        work.emit(ProposalReferred(proposal.id))
        return referral


def see_contact(proposal_id: int, *, reason: str, by: User) -> tuple[str, str]:
    """Real name and contact of a formal proposal; that somebody looked, and why, is written down."""
    with use_case(by) as work:
        case = locked_case(proposal_id)
        require(by, policy.may_see_contact, case)
        reason = words_given(reason, LOOK_UP_LEAST, LOOK_UP_MOST, "reason")
        work.session.add(AccessRecord(by_id=by.id, user_id=case.proposal.author_id, reason=reason, at=work.at))
        work.record("answers.saw_contact", case.proposal)
        return personal_data.unsealed(case.filing)


def forget_contacts(days: int) -> int:
    """Throw away real names and contacts of formal proposals whose duty to answer ended so many days ago, and that
    nobody has to answer again; returns how many."""
    with use_case(None) as work:
        owed = sa.exists().where(Duty.proposal_id == FormalFiling.proposal_id, sa.or_(
            Duty.ended_at.is_(None), Duty.ended_at >= work.at - timedelta(days=days)))
        return work.session.execute(sa.update(FormalFiling).where(
            FormalFiling.name_sealed.is_not(None), FormalFiling.at < work.at - timedelta(days=days), ~owed)
            .values(name_sealed=None, contact_sealed=None)
            .execution_options(synchronize_session=False)).rowcount


def _referred_to(to: str) -> str:
    return _("%(to)s 소관이라 넘겼어요", to=to)


def _department(work: Work, department_id: int) -> Department:
    department = work.session.get(Department, department_id)
    if department is None:
        raise Refusal(_("부서를 골라 주세요."), field="department")
    return department


def _assigned(work: Work, case: AnswerCase, department: Department, *, is_lead: bool, state: AssignmentState,
              note: str) -> Assignment:
    made = operations.assign(work.session, case.proposal.id, department.id, is_lead=is_lead, state=state, note=note,
                             at=work.at, by_id=work.actor.id)
    work.record("answers.assigned", case.proposal, department=department.id, lead=is_lead)
    work.emit(ProposalAssigned(case.proposal.id, department.id, is_lead))
    return made


def _end(work: Work, assignment: Assignment, state: AssignmentState) -> None:
    assignment.state, assignment.ended_at = state, work.at
    work.session.flush()


def _end_draft(work: Work, case: AnswerCase) -> None:
    """End the draft of a department: the next one does not read it."""
    if case.draft is not None and case.draft.state is not AnswerState.PUBLISHED:
        work.session.delete(case.draft)
        work.session.flush()


def locked_case(proposal_id: int) -> queries.AnswerCase:
    """Raises NotFound."""
    return queries.case(proposals_queries.locked(proposal_id))


def judge(answer_id: int, *, understood: bool, by: User) -> Answer:
    """Say whether one understood it; saying it again changes one's mind."""
    with use_case(by) as work:
        answer = queries.locked_answer(answer_id)
        require(by, policy.may_judge, answer)
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


def undo_referral(proposal_id: int, *, reason: str, by: User) -> Referral:
    """Back to where it was: its state, its duty without the time away, and the department that had it."""
    reason = words_given(reason, rules.ASKED_LEAST, rules.NOTE_MOST, "reason")
    with use_case(by) as work:
        case = locked_case(proposal_id)
        require(by, policy.may_undo_referral, case)
        referral, proposal, had_it = case.passed_on, case.proposal, case.passed_on_by
        duty = operations.resume_duty(work.session, proposal_id, DutyEnd.REFERRED)
        proposals.end_answered(work.session, proposal, _before(case, proposal, duty is not None))
        referral.undone_at, referral.undone_by_id, referral.undone_reason = work.at, by.id, reason
        work.session.flush()
        if duty is not None:
            operations.reckon(duty)
        journeys.add(work.session, proposal.journey_id, "referral_undone", at=work.at, evidence=reason,
                     link=f"/proposals/{proposal.number}#referral")
        work.record("answers.undid_referral", proposal)
        if had_it is not None and case.lead is None:
            _give_again(work, proposal, had_it.department_id)
        work.emit(ReferralUndone(proposal_id))
        work.emit(DutyChanged(proposal_id))
        return referral


def _before(case: AnswerCase, proposal: Proposal, is_owed: bool) -> State:
    """The state that passing it on took it out of."""
    if is_owed or proposal.threshold_reached_at is not None or case.filing is not None:
        return State.ANSWER_DUE
    had_ended = is_over(State.GATHERING, proposal.gathering_ends_at, case.passed_on.at)
    return State.LAPSED if had_ended else State.GATHERING


def _give_again(work: Work, proposal: Proposal, department_id: int) -> None:
    state = AssignmentState.TAKEN if department_id in work.actor.department_ids() else AssignmentState.ASKED
    operations.assign(work.session, proposal.id, department_id, is_lead=True, state=state, note="", at=work.at,
                      by_id=work.actor.id)
    work.record("answers.assigned", proposal, department=department_id, lead=True)
    work.emit(ProposalAssigned(proposal.id, department_id, True))


# Use-cases of the author: filing, completing, withdrawing, a second review


def file(proposal_id: int, *, name: str, contact: str, by: User) -> FormalFiling:
    """Make it a formal proposal: an answer is due within one calendar month, whatever the support."""
    name = words_given(name, rules.NAME_LEAST, rules.NAME_MOST, "name", sealed=True)
    contact = words_given(contact, rules.CONTACT_LEAST, rules.CONTACT_MOST, "contact", sealed=True)
    with use_case(by) as work:
        case = locked_case(proposal_id)
        require(by, policy.may_file, case)
        filing = FormalFiling(proposal_id=proposal_id, name_sealed=sealed(name),
                              contact_sealed=sealed(contact), at=work.at)
        work.session.add(filing)
        proposals.move(work.session, case.proposal, State.ANSWER_DUE, Mover.AUTHOR, at=work.at)
        operations.begin_duty(work.session, proposal_id, DutyKind.FORMAL, at=work.at, days=None, working=False)
        work.record("answers.filed", case.proposal)
        work.emit(ProposalFiled(proposal_id))
        work.emit(DutyChanged(proposal_id))
        return filing


def complete(proposal_id: int, *, reply: str, by: User) -> None:
    """Give what was asked for; the clock goes on from today."""
    reply = words_given(reply, rules.ASKED_LEAST, rules.REPLY_MOST, "reply")
    with use_case(by) as work:
        case = locked_case(proposal_id)
        require(by, policy.may_reply, case)
        pause = next(pause for pause in queries.pauses_of(case.duty.id) if pause.to_day is None)
        pause.to_day, pause.reply = local(work.at).date(), reply
        case.duty.paused_on = None
        work.session.flush()
        operations.reckon(case.duty)
        journeys.add(work.session, case.proposal.journey_id, "completed", at=work.at)
        work.record("answers.completed", case.proposal)
        work.emit(ProposalCompleted(proposal_id, pause.id))
        work.emit(DutyChanged(proposal_id))


def ask_review(proposal_id: int, *, reason: str, by: User) -> SecondReview:
    """Ask once for another look at a proposal that was declined; a new duty begins."""
    reason = words_given(reason, rules.REASON_LEAST, rules.REASON_MOST, "reason")
    with use_case(by) as work:
        case = locked_case(proposal_id)
        require(by, policy.may_ask_review, case)
        review = SecondReview(proposal_id=proposal_id, reason=reason, at=work.at)
        work.session.add(review)
        operations.begin_duty(work.session, proposal_id, DutyKind.SECOND_REVIEW, at=work.at, days=None, working=False)
        if case.lead is None:
            operations.assign(work.session, proposal_id, case.final.department_id, is_lead=True,
                              state=AssignmentState.ASKED, note="", at=work.at, by_id=by.id)
        journeys.add(work.session, case.proposal.journey_id, "second_review", at=work.at)
        work.record("answers.asked_review", case.proposal)
        work.emit(SecondReviewAsked(proposal_id))
        work.emit(DutyChanged(proposal_id))
        return review


def ask_completion(proposal_id: int, *, asked: str, by: User) -> DutyPause:
    """Ask the author for what is missing; the clock stands still from today."""
    asked = words_given(asked, rules.ASKED_LEAST, rules.ASKED_MOST, "asked")
    with use_case(by) as work:
        case = locked_case(proposal_id)
        require(by, policy.may_ask_completion, case)
        today = local(work.at).date()
        pause = DutyPause(duty_id=case.duty.id, asked=asked, from_day=today, asked_by_id=by.id)
        work.session.add(pause)
        case.duty.paused_on = today
        journeys.add(work.session, case.proposal.journey_id, "completion", at=work.at,
                     link=f"/proposals/{case.proposal.number}#answers")
        work.record("answers.asked_completion", case.proposal)
        work.emit(CompletionRequested(proposal_id))
        work.emit(DutyChanged(proposal_id))
        return pause


# Use-cases of a department: an answer written, carried out, its days reckoned


LONGEST = {"text": rules.TEXT_MOST, "reason": rules.REASON_MOST, "document_number": 60, "team": 60, "phone": 30}


def preview(case: AnswerCase, text: AnswerText) -> Answer:
    """The answer that `save` would keep, for its writer to look at; nothing is kept."""
    answer = Answer(department=case.lead.department, version=1)
    _write(answer, _checked(text))
    return answer


def _held(answer_id: int) -> tuple[AnswerCase, Answer]:
    """The proposal first, as everywhere, then the answer."""
    proposal = proposals_queries.locked(queries.answer(answer_id).proposal_id)
    answer = queries.locked_answer(answer_id)
    return queries.case(proposal), answer


def _write(answer: Answer, text: AnswerText) -> None:
    for name, value in vars(text).items():
        setattr(answer, name, value)
    answer.outcome = text.outcome if text.kind is AnswerKind.FINAL else None


def _published(work: Work, case: AnswerCase, answer: Answer) -> None:
    _refuse_words(answer)
    again = any(earlier.kind is AnswerKind.FINAL for earlier in case.published if earlier is not answer)
    operations.publish(work.session, case.proposal, answer, at=work.at, again=again)
    if answer.kind is AnswerKind.FINAL:
        operations.end_assignments(work.session, case, at=work.at, but_lead=True)
    work.emit(DutyChanged(case.proposal.id))


def _refuse_words(answer: Answer) -> None:
    """Raises Conflict for what was written before a day, a month, a quarter or a year had to be chosen."""
    if answer.by_when and periods.last_day(answer.by_when) is None:
        raise Conflict(_("언제까지인지가 글로 적혀 있어요. 되돌린 뒤 날, 달, 분기, 해 가운데 하나로 골라 주세요."))


def _corrected(work: Work, case: AnswerCase, answer: Answer, _before: AnswerText, why: str) -> None:
    _refuse_words(answer)
    journeys.add(work.session, case.proposal.journey_id, "corrected", at=work.at, evidence=why,
                 link=f"/answers/{answer.id}/versions")


def _checked(text: AnswerText) -> AnswerText:
    """Raises Refusal for a text or a sum that has no room, and for a number that nobody may read."""
    for name, most in LONGEST.items():
        if len(plain_text.clean(getattr(text, name) or "", lines=True)) > most:
            raise Refusal(_("%(most)s자까지 적을 수 있어요. 줄여 주세요.", most=f"{most:,}"), field=name)
    if text.by_when and periods.last_day(text.by_when) is None:
        raise Refusal(_("언제까지인지 날, 달, 분기, 해 가운데 하나로 골라 주세요."), field="by_when")
    if text.cost is not None and not 0 <= text.cost <= rules.MOST_COST:
        raise Refusal(_("드는 돈을 0원부터 10조 원까지 숫자로 적어 주세요."), field="cost")
    refuse_secret(text=text.text, reason=text.reason)
    return text


def _check_complete(text: AnswerText, case: AnswerCase) -> None:
    if (lacks := rules.missing(text)) is not None:
        raise Refusal(labels.MISSING[lacks], field=lacks.field)
    today, last_day = local(clock.now()).date(), periods.last_day(text.by_when)
    if text.dated_on > today:
        raise Refusal(_("오늘까지의 날짜로 적어 주세요."), field="dated_on")
    if last_day and last_day < today and text.by_when not in {answer.by_when for answer in case.published}:
        raise Refusal(_("이미 지난 날이에요. 앞으로 지킬 날을 적어 주세요."), field="by_when")


APPROVAL = declare(Approval(
    rights=RIGHTS, may_write=may_write, model=Answer, text=AnswerText, versions=AnswerVersion, details="details",
    kept=("outcome", "by_when", "cost", "reason", "document_number", "dated_on", "team", "phone", "disclosure"),
    kept_apart=("text",), rendered=("text",), fixed=("kind",), keeps_first=False, notes_submission=True,
    why_least=rules.WHY_LEAST, why_most=rules.WHY_MOST, sent_back_most=rules.NOTE_MOST, locked=locked_case, held=_held,
    begin=lambda _work, case: Answer(proposal_id=case.proposal.id, department=case.lead.department),
    check=_checked, check_complete=_check_complete, write=_write, on_published=_published, on_corrected=_corrected,
    audited=lambda answer: (answer.proposal, {"answer": answer.id}),
    submitted=lambda answer: AnswerSubmitted(answer.id, answer.proposal_id),
    correction_submitted=lambda answer: CorrectionSubmitted(answer.id),
    sent_back=lambda answer: AnswerSentBack(answer.id, answer.proposal_id),
    published=lambda answer: AnswerPublished(answer.id, answer.proposal_id, answer.version),
    changed=_l("그 사이에 다른 담당자가 이 답변을 바꿨어요. 바뀐 내용을 확인한 뒤 다시 해 주세요.")))
save, submit, approve, send_back = APPROVAL.save, APPROVAL.submit, APPROVAL.approve, APPROVAL.send_back
correct, approve_correction = APPROVAL.correct, APPROVAL.approve_correction
send_back_correction = APPROVAL.send_back_correction


def carry_on(proposal_id: int, *, evidence: str, by: User) -> Proposal:
    """Decided → being carried out → done, each with what shows it."""
    evidence = words_given(evidence, rules.EVIDENCE_LEAST, rules.EVIDENCE_MOST, "evidence")
    with use_case(by) as work:
        case = locked_case(proposal_id)
        require(by, policy.may_carry_on, case)
        after = State.IN_PROGRESS if case.proposal.state is State.DECIDED else State.DONE
        proposals.move(work.session, case.proposal, after, Mover.OFFICIAL, at=work.at, evidence=evidence)
        work.record("answers.carried_on", case.proposal, state=after)
        work.emit(ProposalCarriedOn(proposal_id, evidence, after is State.DONE))
        return case.proposal


def reckon() -> int:
    """Bring the last day of every running clock in line with the holidays as they are known now; how many moved."""
    running = list(db.session.execute(sa.select(Duty.proposal_id).where(Duty.ended_at.is_(None)).order_by(Duty.id))
                   .scalars())
    return sum(_moved(proposal_id) for proposal_id in running)


def _moved(proposal_id: int) -> bool:
    with use_case(None) as work:
        proposal = proposals_queries.locked(proposal_id)
        duty = queries.open_duty(proposal_id)
        if duty is None:
            return False
        before = duty.due_on
        operations.reckon(duty)
        if duty.due_on == before:
            return False
        work.record("answers.reckoned", proposal, before=before.isoformat(), due_on=duty.due_on.isoformat())
        work.emit(DutyChanged(proposal_id))
        return True
