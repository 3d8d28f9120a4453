"""Desk pages of questions that are rows (`blocks.questions_desk`), with their form as those who answer will see it."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import render_template

from civic_forum.platform.i18n import _l
from civic_forum.platform.question_rows import Question
from civic_forum.platform.web import visitor

from . import questions
from .ordered import Ordered
from .ordered_pages import OrderedPages
from .process import R
from .process_pages import Desk
from .questions_desk import refuse_second_file


def mount(*, desk: Desk[R], asked: Ordered[R, Question],
          part_of: Callable[[Sequence[Question]], type[questions.AnswerPart]] = questions.part_of) -> None:
    """Give the desk the pages; `part_of` makes what people answer."""
    def page(record: Any, form: Any, question: Question | None = None) -> str:
        preview = part_of(record.questions).form()(formdata=None)
        return render_template("blocks/process/questions.html", desk=desk, record=record, form=form, question=question,
                               preview=preview, labels=questions, **asked.rights(visitor(), record))

    pages = OrderedPages(
        desk=desk, ordered=asked, form=asked.part.form(), list_page=page,
        page=lambda record, question, form: page(record, form, question),
        added=_l("질문을 넣었어요."), removed=_l("질문을 뺐어요. 뒤의 번호가 하나씩 당겨졌어요."),
        add=lambda id_, form, **who: asked.add(id_, form.part(), then=refuse_second_file, **who),
        edit=lambda id_, number, form, **who: asked.edit(id_, number, form.part(), then=refuse_second_file, **who))
    pages.mount()
