"""Surveys: made, answered once by each person, counted and published by two."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from civic_forum.accounts.identity import hash_of
from civic_forum.accounts.models import User
from civic_forum.accounts.queries import people, sessions
from civic_forum.accounts.rules import Role, same_person
from civic_forum.blocks import questions, submissions
from civic_forum.blocks.answer_fields import Scale
from civic_forum.blocks.questions import AnswerPart
from civic_forum.blocks.two_people import Strength, TwoPeople
from civic_forum.opinions.parts import Times
from civic_forum.platform import keys, typed_codes
from civic_forum.platform.base import insert_all
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _, local
from civic_forum.platform.policy import require
from civic_forum.platform.question_rows import Question, QuestionType
from civic_forum.platform.work import Work, unlogged_transaction, use_case

from . import policy, queries, rules
from .models import Survey, SurveyAnswer, SurveyLetter, SurveyMark
from .parts import Findings, Wording
from .policy import Asked, may_answer
from .process import proposed_slug
from .rules import KIND, Way

_PURPOSE = "survey"


def begin(wording: Wording, times: Times, *, by: User) -> Survey:
    """A survey that only those who prepare it see. Raises Refusal, Denied for another department's."""
    with use_case(by) as work:
        made = Survey(slug=proposed_slug(wording.title, work.at), written_by_id=by.id)
        for part in (wording, times):
            part.write(made)
        require(by, policy.may_prepare, made)
        work.session.add(made)
        work.record("surveys.made", made)
        return made


# Answers


def marks_of(survey_id: int, user: Any) -> list[bytes]:
    """Marks of an account: its own and, once it is verified, that of its person under whichever account."""
    names = [b"account/%d" % user.id]
    if user.person is not None:
        names.append(b"person/" + hash_of(user.person, keys.FIRST) + user.person.distinguisher.to_bytes(4, "big"))
    return [_mark(survey_id, name) for name in names]


def _mark(survey_id: int, name: bytes) -> bytes:
    return keys.keyed_hash(_PURPOSE, b"%d/%s" % (survey_id, name), keys.FIRST)


def has_answered(survey_id: int, user: Any) -> bool:
    return queries.has(SurveyMark, survey_id, marks_of(survey_id, user))


def answer(survey_id: int, part: AnswerPart, code: str = "", *, by: Any) -> None:
    """Hand answers in, once. Raises Denied, Conflict for who has answered, and Refusal at a question or the code."""
    with unlogged_transaction() as session:
        actor = (sessions.as_they_are(by.id) if by.is_authenticated else None) or by
        survey = queries.locked(survey_id, shared=True)
        way = policy.way_of(actor, survey, bool(code))
        require(actor, may_answer, Asked(survey, way))
        marks = [] if way is Way.FREE else [_letter(survey_id, code)] if way is Way.LETTER else marks_of(
            survey_id, actor)
        keep(session, survey, part, way, marks)


def _letter(survey_id: int, code: str) -> bytes:
    mark = _mark(survey_id, b"letter/" + typed_codes.normalised(code)[:40].encode())
    if not queries.has(SurveyLetter, survey_id, [mark]):
        raise Refusal(_("이 코드로 답할 수 있는 편지가 없어요. 편지에 적힌 글자를 다시 확인해 주세요."), field="code")
    return mark


def type_paper(survey_id: int, part: AnswerPart, sheet: int | None, *, by: User) -> list[int] | None:
    """Answers on paper, under the number that stands on the sheet: counted once a second person has typed the same.
    Numbers of the questions that were typed differently before, where what is typed now waits instead; None for the
    first. Results that were proposed before wait no more."""
    if sheet is None or not 1 <= sheet <= rules.SHEET_MOST:
        raise Refusal(_("종이에 적은 번호를 1에서 %(most)s 사이로 적어 주세요.", most=f"{rules.SHEET_MOST:,}"), field="sheet")
    with use_case(by) as work:
        survey = queries.locked(survey_id)
        require(by, policy.may_type_paper, survey)
        survey.results = None
        work.record("surveys.paper_typed", survey, sheet=sheet)
        if (before := queries.typed_before(survey_id, sheet)) is not None:
            return _again(survey, before, part, by)
        kept = keep(work.session, survey, part, Way.PAPER, [_mark(survey_id, b"paper/%d" % sheet)], _(
            "이 번호의 종이는 두 사람이 이미 적었어요."))
        kept.paper, kept.typed_by_id = sheet, by.id
        return None


def _again(survey: Survey, before: SurveyAnswer, part: AnswerPart, by: User) -> list[int]:
    """Compare what is counted; texts of the first stay where the second leaves them out."""
    if same_person(by, before.typed_by):
        raise Conflict(_("이 번호의 종이는 이미 적었어요. 다른 담당자가 한 번 더 적어요."))
    sheet, asked, first = before.sheet, queries.questions_of(survey), dict(before.sheet.answers)
    questions.save(sheet, asked, part, at=survey.opens_at)
    names = {questions.name_of(question): question for question in asked}
    differing = [question.number for name, question in names.items()
                 if question.type in rules.COUNTED and first.get(name) != sheet.answers.get(name)]
    sheet.answers = {name: value for name, value in first.items() if names[name].type in rules.WRITTEN} | sheet.answers
    before.paper, before.typed_by_id = (before.paper, by.id) if differing else (None, None)
    return differing


def keep(session: Any, survey: Survey, part: AnswerPart, way: Way, marks: Collection[bytes],
         twice: str | None = None) -> SurveyAnswer:
    """Marks and answers, in rows that nothing joins and that say no time."""
    if queries.has(SurveyMark, survey.id, marks):
        raise Conflict(twice or _("이미 답했어요. 한 사람이 한 번 답해요."))
    asked, at, last = queries.questions_of(survey), survey.opens_at, local(survey.closes_at).date()
    submission = submissions.hand_in(session, KIND, at=at)
    sheet = questions.begin(session, submission, KIND, survey.id, at=at)
    questions.save(sheet, asked, part, at=at)
    if not sheet.answers:
        raise Refusal(_("하나라도 답해 주세요."), field=next(iter(part.fields())))
    days = [question.keep_days for question in asked if question.keep_days]
    sheet.over_on, sheet.forget_on = last, last + timedelta(days=min(days)) if days else None
    kept = SurveyAnswer(submission_id=submission.id, survey_id=survey.id, way=way)
    session.add_all([kept, *(SurveyMark(survey_id=survey.id, mark=mark) for mark in marks)])
    return kept


def print_letters(survey_id: int, count: int, *, by: User) -> list[str]:
    """So many more letters: their codes, which are kept nowhere. Raises Denied, Refusal at `count`."""
    if not 1 <= count <= rules.LETTERS_MOST:
        raise Refusal(_("한 번에 1장에서 %(most)s장까지 인쇄해요.", most=rules.LETTERS_MOST), field="count")
    codes = [typed_codes.fresh() for _each in range(count)]
    with use_case(by) as work:
        survey = queries.locked(survey_id)
        require(by, policy.may_print_letters, survey)
        insert_all(SurveyLetter, ("survey_id", "mark"), sorted(
            (survey.id, _mark(survey.id, b"letter/" + code.encode())) for code in codes))
        work.record("surveys.letters_printed", survey, count=count)
    return codes


# Results


def count(survey: Survey) -> dict[str, Any]:
    """Counts as they are published: of those who can answer once, and apart of those who answered freely."""
    sheets, asked = queries.sheets(survey.id), queries.questions_of(survey)
    groups = {group: [sheet.answers for way, sheet in sheets if (way is Way.FREE) == (group == "free")]
              for group in ("known", "free")}
    letters = queries.number_of(SurveyLetter, survey.id)
    are_open = {Way.PERSON: survey.by_person or survey.by_account, Way.ACCOUNT: survey.by_account,
                Way.LETTER: survey.by_letter and letters, Way.PAPER: survey.by_paper}
    return {"people": {group: len(answers) for group, answers in groups.items()},
            "ways": rules.hidden({str(way): sum(came is way for came, _sheet in sheets)
                                  for way, is_open in are_open.items() if is_open}),
            "letters": letters, "typed_once": queries.number_of(SurveyAnswer, survey.id) - len(sheets),
            "questions": [{"number": question.number, "label": question.label, "type": str(question.type)} | {
                group: _counted(question, [each.get(questions.name_of(question)) for each in answers])
                for group, answers in groups.items()} for question in asked]}


def _counted(question: Question, values: Sequence[Any]) -> list[Any] | None:
    """Cells of a question; None of one that the office alone reads."""
    return rules.counted(question.type, _names(question), values, needed=question.needed) \
        if question.type in rules.COUNTED else None


def _names(question: Question) -> list[str]:
    field = questions.field_of(question, needed=False)
    if isinstance(field, Scale):
        return [field.word(step) for step in range(1, field.most + 1)]
    if question.type is QuestionType.NUMBER:
        return [name for first, name in rules.BANDS.items() if question.most is None or first <= question.most]
    return list(question.options)


def written(survey: Survey) -> dict[Question, list[str]]:
    """Texts of those who answered, for the office: each question's by themselves, in the order of the alphabet."""
    sheets = queries.sheets(survey.id)
    return {question: sorted(text for _way, sheet in sheets for answer in questions.answers(
        sheet, [question], {question.reader}) if (text := answer.text))
            for question in queries.questions_of(survey) if question.type in rules.WRITTEN}


def subject_of(survey: Survey) -> str:
    return f"survey:{survey.id}"


def _held(subject: str, signers: frozenset[int]) -> Survey:
    people.held(*signers)
    return queries.locked(int(subject.removeprefix("survey:")))


def _publish(work: Work, survey: Survey) -> None:
    """Marks and letters are needed no more: nobody answers any more."""
    survey.published_at = work.at
    survey.version += 1
    for table in (SurveyMark, SurveyLetter):
        work.session.execute(sa.delete(table).filter_by(survey_id=survey.id))


PUBLISHING: TwoPeople[Survey] = TwoPeople(
    name="surveys.results", strength=Strength.PLAIN, lasts=timedelta(days=14), may=policy.may_publish, held=_held,
    shown=lambda survey: [survey.summary, survey.missing, survey.results],
    signatory=people.signatory_of(Role.OFFICIAL, Role.MODERATOR), held_for=people.held_for, carry_out=_publish)


def propose(survey_id: int, findings: Findings, *, by: User) -> None:
    """Count, and let the results wait for another person. Raises Denied, Refusal."""
    with use_case(by) as work:
        survey = _held(f"survey:{survey_id}", frozenset((by.id,)))
        require(by, policy.may_publish, survey)
        findings.write(survey)
        survey.results = count(survey)
        PUBLISHING.begin(work, subject_of(survey), survey)
        work.record("surveys.results_proposed", survey)


# Own data


def collect(user: User) -> object:
    """Surveys that somebody has answered, until their marks are gone; what, nobody can tell."""
    return {"answered": [survey.title for survey in queries.unpublished()
                         if has_answered(survey.id, user)]}


def erase(user: User, session: Any) -> None:
    """Drop the marks of the account; that of its person stays until the results, so that nobody answers twice."""
    for survey in queries.unpublished():
        session.execute(sa.delete(SurveyMark).where(
            SurveyMark.survey_id == survey.id, SurveyMark.mark == marks_of(survey.id, user)[0]))
