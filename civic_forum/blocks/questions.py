"""Questions that are rows, made at the desk: form, checks, readers, export, erasure.

A feature has questions about its record (`about_kind`, `about_id`); its submissions answer them on one
`AnswerSheet` each. They are frozen by the first answer, a draft's too.

    questions.part_of(rows).form()      the form
    questions.save(sheet, rows, form.part(), at=…)
    questions.answers(sheet, rows, {Reader.PUBLIC})
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, make_dataclass
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civic_forum.platform import keys, plain_text
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _, _l
from civic_forum.platform.question_rows import HELP_MOST, LABEL_MOST, AnswerSheet, Question, QuestionType, Reader
from civic_forum.platform.submission_rows import Submission

from . import answer_fields
from .part_fields import PartField, Text
from .parts import Day, Number, OneOf, Part, Tick, line, said_by

MOST, MOST_OPTIONS, MOST_STEPS, OPTION_MOST = 30, 20, 10, 100
LINE_MOST, TEXT_MOST, TEXT_USUAL, NUMBER_MOST, KEEP_MOST = 200, 3_000, 1_000, 10**12, 3_650
_SEAL = "answers.sealed"
LATEST: dict[str, int] = {}
"""Kind → days after its close from which on a thing that was never decided counts as over since that close."""

TYPES = {
    QuestionType.LINE: _l("한 줄 글"), QuestionType.TEXT: _l("긴 글"), QuestionType.NUMBER: _l("숫자"),
    QuestionType.MONEY: _l("금액 줄"), QuestionType.CHOICE: _l("하나 고르기"), QuestionType.SEVERAL: _l("여럿 고르기"),
    QuestionType.SCALE: _l("정도 고르기"), QuestionType.DAY: _l("날짜"), QuestionType.PLACE: _l("곳(말로)"),
    QuestionType.FILE: _l("파일")}
READERS = {Reader.PUBLIC: _l("모두가 봐요"), Reader.OFFICE: _l("구청만 봐요"), Reader.SEALED: _l("봉인해요")}


@dataclass(frozen=True, kw_only=True)
class Lines(Text):
    """A list of different short texts, one on a line."""

    longest: int
    lines: int

    def check(self, name: str, value: str) -> None:
        texts = lines_of(value)
        if len(texts) > self.lines or len(set(texts)) < len(texts) or any(len(text) > self.longest for text in texts):
            raise Refusal(_("서로 다르게 %(most)s개까지, 하나에 %(longest)s자까지 적어요.", most=self.lines, longest=self.longest),
                          field=name)

    def shown(self, value: Any) -> str:
        return ", ".join(value)

    def typed(self, record: Any, name: str) -> dict[str, object]:
        return {name: self.value(record, name)}

    def value(self, record: Any, name: str) -> str:
        return "\n".join(getattr(record, name))

    def write(self, record: Any, name: str, value: Any) -> None:
        setattr(record, name, lines_of(value))


@dataclass(frozen=True, kw_only=True)
class Asked(Part):
    """A question, as the desk makes it."""

    label: str = line(_l("질문"), LABEL_MOST, needed=True, empty="")
    help: str = line(_l("설명"), HELP_MOST, optional=True)
    type: QuestionType | None = said_by(OneOf(label=_l("무엇으로 답하나요"), of=QuestionType, labels=TYPES,
                                                    attrs={"columns": 2}), None)
    needed: bool = said_by(Tick(label=_l("꼭 답해야 해요")), False)
    options: str = said_by(Lines(label=_l("고를 것"), most=MOST_OPTIONS * (OPTION_MOST + 1), rows=4, optional=True,
                                 lines=MOST_OPTIONS, longest=OPTION_MOST, hint=_l(
        "한 줄에 하나씩. 정도 고르기는 첫 줄에 가장 낮은 말, 끝줄에 가장 높은 말을 적어요.")), "")
    most: int | None = said_by(Number(label=_l("가장 많이"), optional=True, least=1, most=NUMBER_MOST, hint=_l(
        "글은 글자 수, 숫자와 금액은 가장 큰 값, 여럿 고르기는 개수, 정도 고르기는 단계 수예요.")), None)
    reader: Reader | None = said_by(OneOf(label=_l("누가 답을 보나요"), of=Reader, labels=READERS), None)
    keep_days: int | None = said_by(Number(label=_l("끝난 뒤 며칠 뒤에 지우나요"), optional=True, least=1, most=KEEP_MOST,
                                           hint=_l("비우면 기록과 함께 남아요. 봉인하는 답은 꼭 정해요.")), None)

    def check(self) -> None:
        """Raises Refusal at the field."""
        super().check()
        if self.type in (QuestionType.CHOICE, QuestionType.SEVERAL) and len(lines_of(self.options)) < 2:
            raise Refusal(_("고를 것을 둘 이상 적어 주세요."), field="options")
        if self.type is QuestionType.SCALE and not 2 <= (self.most or 5) <= MOST_STEPS:
            raise Refusal(_("정도는 2단계에서 %(most)s단계까지예요.", most=MOST_STEPS), field="most")
        if self.type in _LONGEST and (self.most or 1) > _LONGEST[self.type]:
            raise Refusal(_("%(longest)s자까지 쓸 수 있어요.", longest=f"{_LONGEST[self.type]:,}"), field="most")
        if self.reader is Reader.SEALED and self.keep_days is None:
            raise Refusal(_("봉인하는 답은 언제 지우는지 정해 주세요."), field="keep_days")
        if self.type is QuestionType.FILE and self.reader is not Reader.OFFICE:
            raise Refusal(_("파일은 구청만 볼 수 있어요. 모두가 보거나 봉인할 것은 글로 물어 주세요."), field="reader")


_LONGEST: Mapping[QuestionType | None, int] = {
    QuestionType.LINE: LINE_MOST, QuestionType.PLACE: LINE_MOST, QuestionType.TEXT: TEXT_MOST}


class AnswerPart(Part):
    """Base of the parts that are made of questions; their fields are never kept."""

    @classmethod
    def fields(cls) -> dict[str, PartField]:  # type: ignore[override]
        return cls.__dict__["made_fields"]  # type: ignore[no-any-return]

    @classmethod
    def check_field(cls, name: str, value: Any) -> None:
        super().check_field(name, value)
        if cls.fields()[name].needed and value in (None, "", []):
            raise Refusal(_("여기에 답해 주세요."), field=name)

    def check(self) -> None:
        """Raises Refusal at the first field that is empty although it is needed, or is not of its kind."""
        super().check()
        for name in self.fields():
            self.check_field(name, getattr(self, name))


class Answer(NamedTuple):
    """An answer as it is read; `text` is empty where there is none, or where it was erased."""

    question: Question
    value: Any
    text: str


def lines_of(text: str | None) -> list[str]:
    return [line for each in (text or "").splitlines() if (line := plain_text.clean(each))]


def name_of(question: Question) -> str:
    """Field of its form, and key of its answer."""
    return f"q{question.id}"


def field_of(question: Question, *, needed: bool) -> PartField:
    """Declaration of the field that a question is answered in. A file is no field: it lies in the set of the sheet."""
    hint = " ".join(filter(None, (question.help, who_reads(question))))
    common: dict[str, Any] = {"label": question.label, "hint": hint, "needed": needed, "optional": not question.needed}
    kind, most, options = question.type, question.most, tuple(question.options)
    is_public = question.reader is Reader.PUBLIC
    if kind in (QuestionType.LINE, QuestionType.PLACE):
        return Text(most=most or LINE_MOST, public=is_public, **common)
    if kind is QuestionType.TEXT:
        return Text(most=most or TEXT_USUAL, rows=6, public=is_public, **common)
    if kind is QuestionType.NUMBER:
        return Number(most=most or NUMBER_MOST, **common, sentence=_(
            "0에서 %(most)s 사이로 적어 주세요.", most=f"{most or NUMBER_MOST:,}"))
    if kind is QuestionType.MONEY:
        return answer_fields.Money(most=most, **common)
    if kind is QuestionType.CHOICE:
        return answer_fields.Choice(options=options, **common)
    if kind is QuestionType.SEVERAL:
        return answer_fields.Several(options=options, most=most, **common)
    if kind is QuestionType.SCALE:
        return answer_fields.Scale(most=most or 5, ends=options, **common)
    return Day(**common)


def who_reads(question: Question) -> str:
    """Sentence beneath a question: who reads the answer, and how long it is kept."""
    sentences = [f"{READERS[question.reader]}."]
    if question.keep_days is not None:
        sentences.append(_("끝나고 %(days)s일 뒤에 지워요.", days=f"{question.keep_days:,}"))
        if latest := LATEST.get(question.about_kind):
            sentences.append(_("결과가 없으면 마감하고 %(days)s일 뒤에 지워요.", days=f"{max(latest, question.keep_days):,}"))
    return " ".join(sentences)


def part_of(questions: Sequence[Question], *, draft: bool = False) -> type[AnswerPart]:
    """The part with a field for each question; of a draft none is needed."""
    return made_of({name_of(question): field_of(question, needed=question.needed and not draft)
                    for question in questions if question.type is not QuestionType.FILE})


def made_of(fields: Mapping[str, PartField]) -> type[AnswerPart]:
    """The part with these fields."""
    made = make_dataclass("Answers", [(name, Any, said_by(field, None)) for name, field in fields.items()],
                          bases=(AnswerPart,), frozen=True, kw_only=True)
    made.made_fields = fields  # type: ignore[attr-defined]
    return made


def of(about_kind: str, about_id: int) -> list[Question]:
    """In their order."""
    return list(db.session.scalars(sa.select(Question).filter_by(about_kind=about_kind, about_id=about_id)
                                   .order_by(Question.number).limit(MOST)))


def why_frozen(about_kind: str, about_id: int) -> str | None:
    """Sentence where somebody has begun to answer. Ask it under the lock of what the questions are about: whoever
    begins a sheet shares that lock."""
    is_begun = db.session.scalar(sa.select(sa.exists().where(
        AnswerSheet.about_kind == about_kind, AnswerSheet.about_id == about_id)))
    return _("이미 답하기 시작한 사람이 있어서 질문을 바꿀 수 없어요.") if is_begun else None


def begin(session: Session, submission: Submission, about_kind: str, about_id: int, *, at: datetime) -> AnswerSheet:
    """An empty sheet of this submission."""
    sheet = AnswerSheet(submission=submission, about_kind=about_kind, about_id=about_id, answers={}, saved_at=at,
                        version=1)
    session.add(sheet)
    session.flush()
    return sheet


def save(sheet: AnswerSheet, questions: Sequence[Question], part: AnswerPart, *, at: datetime) -> None:
    """Check the answers and write them, sealed ones apart. Raises Refusal at the field."""
    part.check()
    values = {name_of(question): sheet.answers.get(name_of(question)) if question.type is QuestionType.FILE
              else _kept(getattr(part, name_of(question))) for question in questions}
    secret = {name_of(question) for question in questions if question.reader is Reader.SEALED}
    sheet.answers = {name: value for name, value in values.items() if name not in secret and _says(value)}
    _put_sealed(sheet, {name: value for name, value in values.items() if name in secret and _says(value)})
    sheet.saved_at, sheet.version = at, sheet.version + 1


def filled(sheet: AnswerSheet, questions: Sequence[Question], part: type[AnswerPart], **options: Any) -> Any:
    """The form of who answers, with what they wrote before, sealed answers included."""
    values = dict.fromkeys(part.fields()) | sheet.answers | unsealed(sheet)
    for question in questions:
        if question.type is QuestionType.DAY and (written := values.get(name_of(question))):
            values[name_of(question)] = date.fromisoformat(written)
    return part.form().of(SimpleNamespace(**values, about=None), **options)


def answers(sheet: AnswerSheet, questions: Sequence[Question], readers: Collection[Reader]) -> list[Answer]:
    """Answers that these may read, in the order of the questions; a sealed one is opened for `Reader.SEALED` alone."""
    values = (sheet.answers or {}) | (unsealed(sheet) if Reader.SEALED in readers else {})
    return [_read(question, values.get(name_of(question))) for question in questions
            if question.reader in readers and question.type is not QuestionType.FILE]


def unsealed(sheet: AnswerSheet) -> dict[str, Any]:
    return json.loads(keys.unseal(_SEAL, sheet.sealed)) if sheet.sealed else {}


def over(session: Session, about_kind: str, about_id: int, last_day: date | None) -> None:
    """The thing of these questions is over: from now on answers are erased on their days. None: it goes on."""
    first = min((question.keep_days for question in of(about_kind, about_id) if question.keep_days), default=None)
    session.execute(sa.update(AnswerSheet).filter_by(about_kind=about_kind, about_id=about_id).values(
        over_on=last_day, forget_on=None if first is None or last_day is None else last_day + timedelta(days=first)))


def forget(session: Session, today: date, *, most: int = 500) -> list[AnswerSheet]:
    """Erase answers whose day has come, of so many sheets at most; these sheets."""
    due = list(session.scalars(sa.select(AnswerSheet).where(AnswerSheet.forget_on <= today).limit(most)
                               .with_for_update(skip_locked=True)))
    for sheet in due:
        days = {name_of(question): (sheet.over_on or today) + timedelta(days=question.keep_days)
                for question in of(sheet.about_kind, sheet.about_id) if question.keep_days}
        _drop(sheet, {name for name, day in days.items() if day <= today})
        sheet.forget_on = min((day for day in days.values() if day > today), default=None)
    return due


def erase(sheet: AnswerSheet, questions: Sequence[Question], *, keeps_public: bool) -> None:
    """Drop the answers of somebody who leaves; those that everybody has read may stay, as of nobody."""
    _drop(sheet, {name_of(question) for question in questions
                  if not (keeps_public and question.reader is Reader.PUBLIC)})


def collect(sheet: AnswerSheet, questions: Sequence[Question]) -> dict[str, str]:
    """Own data of who answered: question → answer."""
    return {answer.question.label: answer.text for answer in answers(sheet, questions, set(Reader)) if answer.text}


def _drop(sheet: AnswerSheet, names: Collection[str]) -> None:
    sheet.answers = {name: value for name, value in sheet.answers.items() if name not in names}
    _put_sealed(sheet, {name: value for name, value in unsealed(sheet).items() if name not in names})


def _put_sealed(sheet: AnswerSheet, values: Mapping[str, Any]) -> None:
    sheet.sealed = keys.seal(_SEAL, json.dumps(values, ensure_ascii=False)) if values else None


def _read(question: Question, value: Any) -> Answer:
    if not _says(value):
        return Answer(question, None, "")
    if question.type is QuestionType.DAY:
        value = date.fromisoformat(value)
    return Answer(question, value, field_of(question, needed=False).shown(value))


def _kept(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _says(value: Any) -> bool:
    return value not in (None, "", [])
