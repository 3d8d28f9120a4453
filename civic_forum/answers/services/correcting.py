"""Correcting what was published: what it said before stays to be read."""

from dataclasses import asdict
from datetime import date, datetime

from flask import current_app

from civic_forum.accounts.models import User
from civic_forum.journeys import steps as journeys
from civic_forum.kernel import rich_text
from civic_forum.kernel.policy import require
from civic_forum.kernel.work import Work, use_case
from civic_forum.proposals import queries as proposals

from .. import policy, rules
from ..events import AnswerPublished, CorrectionSubmitted
from ..models import Answer, AnswerVersion
from ..queries import cases
from ..rules import AnswerKind, AnswerOutcome, AnswerText, Disclosure
from .text_checks import words_given
from .writing import changed_meanwhile, check_complete, check_lengths

DETAILS = ("outcome", "by_when", "cost", "reason", "document_number", "dated_on", "team", "phone", "disclosure")


def correct(answer_id: int, text: AnswerText, *, why: str, seen: int, by: User) -> Answer:
    """Write the next version and why; a second official approves it where the setting says so."""
    why = words_given(why, rules.WHY_LEAST, rules.WHY_MOST, "why")
    check_lengths(text)
    with use_case(by) as work:
        answer = _locked(answer_id)
        require(by, policy.writing.may_correct, answer)
        if answer.version != seen:
            raise changed_meanwhile()
        check_complete(AnswerText(**asdict(text) | {"kind": answer.kind}))
        given = asdict(text) | {"dated_on": text.dated_on.isoformat(), "why": why, "by_id": by.id,
                                "at": work.at.isoformat()}
        answer.correction = {name: value for name, value in given.items() if name != "kind"}
        work.record("answers.corrected", answer)
        if current_app.config["ANSWERS_NEED_APPROVAL"]:
            work.emit(CorrectionSubmitted(answer.id))
        else:
            _put_in_place(work, answer)
        return answer


def approve_correction(answer_id: int, *, seen: str, by: User) -> Answer:
    """Publish the next version exactly as it was read: `seen` is when it was written."""
    with use_case(by) as work:
        answer = _locked(answer_id)
        require(by, policy.writing.may_approve_correction, answer)
        if answer.correction["at"] != seen:
            raise changed_meanwhile()
        answer.approved_by_id = by.id
        _put_in_place(work, answer)
        return answer


def send_back_correction(answer_id: int, *, by: User) -> Answer:
    """The correction is given up; what was published stays."""
    with use_case(by) as work:
        answer = _locked(answer_id)
        require(by, policy.writing.may_send_back_correction, answer)
        answer.correction = None
        work.record("answers.gave_up_correction", answer)
        return answer


def _locked(answer_id: int) -> Answer:
    """The proposal first, as everywhere, then the answer."""
    proposals.locked(cases.answer(answer_id).proposal_id)
    return cases.locked_answer(answer_id)


def _put_in_place(work: Work, answer: Answer) -> None:
    given = answer.correction
    if answer.version == 1:
        _keep(work, answer, why=None, by_id=answer.written_by_id, at=answer.published_at)
    answer.outcome = given["outcome"] and AnswerOutcome(given["outcome"]) if answer.kind is AnswerKind.FINAL else None
    answer.text, answer.text_html = given["text"], rich_text.render(given["text"])
    for name in ("by_when", "cost", "reason", "document_number", "team", "phone"):
        setattr(answer, name, given[name])
    answer.dated_on, answer.disclosure = date.fromisoformat(given["dated_on"]), Disclosure(given["disclosure"])
    answer.version += 1
    answer.correction = None
    work.session.flush()
    _keep(work, answer, why=given["why"], by_id=given["by_id"], at=work.at)
    proposal = answer.proposal
    journeys.add(work.session, proposal.journey_id, "corrected", at=work.at, evidence=given["why"],
                 link=f"/answers/{answer.id}/versions")
    work.record("answers.published_correction", answer, version=answer.version)
    work.emit(AnswerPublished(answer.id, answer.proposal_id, answer.version))


def _keep(work: Work, answer: Answer, *, why: str | None, by_id: int, at: datetime) -> None:
    details = {name: getattr(answer, name) for name in DETAILS}
    details["dated_on"] = answer.dated_on.isoformat()
    work.session.add(AnswerVersion(answer_id=answer.id, version=answer.version, text=answer.text, details=details,
                                   why=why, by_id=by_id, at=at))
    work.session.flush()
