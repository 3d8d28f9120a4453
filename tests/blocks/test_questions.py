"""Questions made at the desk: a form, checks, readers, kept days, of each type."""

from datetime import UTC, date, datetime, timedelta

import pytest
from werkzeug.datastructures import MultiDict

from civic_forum.blocks import questions, submissions
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from civic_forum.platform.personal_numbers import PersonalNumber
from civic_forum.platform.question_rows import Question, QuestionType, Reader
from civic_forum.platform.work import use_case

NOW = datetime(2030, 5, 1, 9, tzinfo=UTC)
TYPED = {QuestionType.LINE: {"": "골목"}, QuestionType.TEXT: {"": "어두워요.\n밤마다요."},
         QuestionType.NUMBER: {"": "1,200"},
         QuestionType.MONEY: {"-for": ["칸", "등"], "-won": ["8,200", "1800"]}, QuestionType.CHOICE: {"": "1"},
         QuestionType.SEVERAL: {"": ["0", "2"]}, QuestionType.SCALE: {"": "4"}, QuestionType.DAY: {"": "2030-06-02"},
         QuestionType.PLACE: {"": "초등학교 뒷문"}}
READ = {QuestionType.LINE: "골목", QuestionType.TEXT: "어두워요.\n밤마다요.", QuestionType.NUMBER: "1,200",
        QuestionType.MONEY: "칸 8,200원, 등 1,800원, 모두 1만 원", QuestionType.CHOICE: "나", QuestionType.SEVERAL: "가, 다",
        QuestionType.SCALE: "4 / 5", QuestionType.DAY: "2030. 6. 2.(일)", QuestionType.PLACE: "초등학교 뒷문"}


def question(number, kind, *, reader=Reader.PUBLIC, **more):
    row = Question(about_kind="matter", about_id=1, number=number, type=kind, label=f"질문 {number}", help="",
                   options=["가", "나", "다"] if kind in (QuestionType.CHOICE, QuestionType.SEVERAL) else [],
                   reader=reader,
                   **{"needed": False, "most": None, "keep_days": None} | more)
    db.session.add(row)
    return row


def typed(app, part, **values):
    data = MultiDict((name, text) for name, value in values.items()
                     for text in (value if isinstance(value, list) else [value]))
    with app.test_request_context(method="POST", data=data):
        return part.form()(meta={"csrf": False}).part()


@pytest.fixture
def rows(town):
    rows = [question(number, kind) for number, kind in enumerate(TYPED, 1)]
    db.session.flush()
    return rows


def sheet_of(rows, part):
    with use_case(None) as work:
        submission = submissions.begin(work.session, "call", at=NOW, coded=False, drawn=True).submission
        sheet = questions.begin(work.session, submission, "matter", 1, at=NOW)
        questions.save(sheet, rows, part, at=NOW)
        return sheet


def test_an_answer_of_each_type_is_typed_kept_and_read(app, rows):
    part = questions.part_of(rows)
    by_name = {questions.name_of(row): TYPED[row.type] for row in rows}
    answered = typed(app, part, **{f"{name}{end}": value for name, ends in by_name.items()
                                       for end, value in ends.items()})
    sheet = sheet_of(rows, answered)
    assert questions.why_frozen("matter", 1) and questions.why_frozen("matter", 2) is None
    assert {answer.question.type: answer.text for answer in questions.answers(sheet, rows, {Reader.PUBLIC})} == READ
    with app.test_request_context():
        again = questions.filled(sheet, rows, part, version=1)
        assert again[questions.name_of(rows[3])].rows[:2] == [("칸", "8200"), ("등", "1800")]


@pytest.mark.parametrize(("kind", "more", "wrong", "error"), [
    (QuestionType.CHOICE, {}, {"": "3"}, Refusal), (QuestionType.SCALE, {}, {"": "6"}, Refusal),
    (QuestionType.SEVERAL, {"most": 1}, {"": ["0", "1"]}, Refusal),
    (QuestionType.NUMBER, {"most": 5}, {"": "6"}, Refusal),
    (QuestionType.LINE, {"needed": True}, {"": " "}, Refusal), (QuestionType.LINE, {"most": 2}, {"": "세 글자"}, Refusal),
    (QuestionType.CHOICE, {"needed": True}, {}, Refusal), (QuestionType.DAY, {"needed": True}, {"": ""}, Refusal),
    (QuestionType.MONEY, {"most": 10}, {"-for": ["칸"], "-won": ["11"]}, Refusal),
    (QuestionType.MONEY, {}, {"-for": ["칸"], "-won": ["-1"]}, Refusal),
    (QuestionType.MONEY, {}, {"-for": ["900101-1234568"], "-won": ["1"]}, PersonalNumber),
    (QuestionType.TEXT, {}, {"": "900101-1234568"}, PersonalNumber)])
def test_a_wrong_answer_is_refused_at_its_field(app, kind, more, wrong, error):
    with app.app_context():
        row = question(1, kind, **more)
        db.session.flush()
        name = questions.name_of(row)
        with pytest.raises(error) as refused:
            typed(app, questions.part_of([row]), **{f"{name}{end}": value for end, value in wrong.items()}).check()
        assert refused.value.field == name
        if more.get("needed"):
            typed(app, questions.part_of([row], draft=True), **{f"{name}": ""}).check()


@pytest.mark.both
def test_a_sealed_answer_is_in_no_column_and_goes_on_its_day(town):
    with use_case(None):
        rows = [question(1, QuestionType.LINE, reader=Reader.SEALED, keep_days=90), question(2, QuestionType.LINE),
                question(3, QuestionType.LINE, reader=Reader.OFFICE, keep_days=200)]
    first, second, third = map(questions.name_of, rows)
    part = questions.part_of(rows)(**{first: "김가산 010-1234-5678", second: "골목", third: "12-3"})
    sheet = sheet_of(rows, part)
    assert sheet.answers == {second: "골목", third: "12-3"} and "가산".encode() not in (sheet.sealed or b"")
    read = questions.answers(sheet, rows, {Reader.PUBLIC, Reader.OFFICE})
    assert [answer.text for answer in read] == ["골목", "12-3"]
    assert questions.answers(sheet, rows, set(Reader))[0].text == "김가산 010-1234-5678"
    last = date(2030, 5, 1)
    with use_case(None) as work:
        questions.over(work.session, "matter", 1, last)
    for days, there in ((89, {first, second, third}), (90, {second, third}), (200, {second})):
        with use_case(None) as work:
            questions.forget(work.session, last + timedelta(days=days))
        db.session.refresh(sheet)
        assert {*sheet.answers, *questions.unsealed(sheet)} == there
    assert sheet.forget_on is None


@pytest.mark.parametrize(("part", "field"), [
    (dict(type=QuestionType.CHOICE, options="가"), "options"),
    (dict(type=QuestionType.CHOICE, options="가\n가"), "options"),
    (dict(type=QuestionType.SCALE, most=11), "most"), (dict(type=QuestionType.LINE, most=201), "most"),
    (dict(type=QuestionType.LINE, reader=Reader.SEALED), "keep_days")])
def test_a_question_that_cannot_be_asked_is_refused(part, field):
    with pytest.raises(Refusal) as refused:
        questions.Asked(**dict(label="무엇인가요?", reader=Reader.PUBLIC) | part).check()
    assert refused.value.field == field
