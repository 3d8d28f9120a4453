"""Questions that are rows as children of a process: added, edited, moved, taken away, until somebody begins to answer.

A feature whose model has `questions` (viewonly, in their order) makes `ordered` beside its process, and mounts
`blocks.question_pages` beside its desk.
"""

from typing import Any

from civic_forum.platform.errors import NotFound, Refusal, existing
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import Predicate
from civic_forum.platform.question_rows import Question, QuestionType
from civic_forum.platform.work import Work

from . import questions
from .ordered import Ordered
from .process import Process, R, no_such_place
from .questions import Asked


def ordered(*, process: Process[R], kind: str, may: Predicate, part: type[Asked] = Asked) -> Ordered[R, Question]:
    """The questions of the records of a process; `may`: who prepares one."""
    def may_edit(actor: Any, record: Any) -> str | None:
        return may(actor, record) or questions.why_frozen(kind, record.id)

    def find(record: Any, number: int) -> Question:
        known = {question.number: question for question in questions.of(kind, record.id)}
        return existing(known.get(number), lambda: NotFound(no_such_place()))

    def make(record: Any, number: int) -> Question:
        return Question(about_kind=kind, about_id=record.id, number=number)

    return Ordered(
        process=process, name="question", relation="questions", part=part, model=Question, most=questions.MOST,
        make=make, find=find,
        too_many=lambda: _("질문은 %(most)s개까지 넣을 수 있어요.", most=questions.MOST), may_edit=may_edit,
        may_arrange=may_edit)


def refuse_second_file(_work: Work, asked: Question) -> None:
    """Raises Refusal: the files of a sheet lie in one set."""
    there = questions.of(asked.about_kind, asked.about_id)
    if asked.type is QuestionType.FILE and sum(each.type is QuestionType.FILE for each in there) > 1:
        raise Refusal(_("파일을 받는 질문은 하나만 둘 수 있어요. 한 질문에 여러 파일을 올릴 수 있어요."), field="type")
