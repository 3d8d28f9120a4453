"""WTForms for tables: of hosts, table hosts and those who sit there."""

from wtforms import SelectChoice, SelectField, StringField, TextAreaField

from civic_forum.platform import plain_text
from civic_forum.platform.forms import PUBLIC
from civic_forum.platform.i18n import _l

from .. import labels
from ..forms import LiveForm
from ..rules import Seating, Way
from . import rules


def number_in(field: StringField) -> int | None:
    """Value typed as a number of four digits at most; None for all else."""
    return plain_text.number((field.data or "").strip(), digits=4)


class QuestionForm(LiveForm):
    question = StringField(_l("모든 테이블에 물을 질문"), render_kw={"maxlength": rules.LONGEST_QUESTION} | PUBLIC)


class MakeForm(LiveForm):
    size = StringField(_l("한 테이블에 몇 명"))


class SeatForm(LiveForm):
    how = SelectField(_l("어떻게 앉을까요"), validate_choice=False,
                      choices=[SelectChoice(how.value, label) for how, label in labels.SEATING.items()])
    who = SelectField(_l("누구를 앉힐까요"), validate_choice=False,
                      choices=[SelectChoice("came", _l("들어온 사람")), SelectChoice("all", _l("신청한 사람 모두"))])

    @property
    def chosen(self) -> Seating:
        return Seating(self.how.data) if self.how.data in set(Seating) else Seating.RANDOM


class TableForm(LiveForm):
    name = StringField(_l("테이블 이름"), render_kw=PUBLIC)
    places = StringField(_l("자리 수"))
    way = SelectField(_l("누가 앉나요"), validate_choice=False, choices=[
        SelectChoice("", _l("현장과 온라인 모두")), SelectChoice("on_site", _l("현장 참여자")),
        SelectChoice("online", _l("온라인 참여자"))])
    host_account = StringField(_l("이끔이의 로그인 이름"))
    host_name = StringField(_l("이끔이 이름 (계정이 없는 분)"), render_kw=PUBLIC)

    @property
    def for_way(self) -> Way | None:
        return Way(self.way.data) if self.way.data in set(Way) else None


class OpenForm(LiveForm):
    minutes = StringField(_l("몇 분 동안"))


class NumberForm(LiveForm):
    """A table, a number of people."""

    number = StringField()


class MoveForm(LiveForm):
    person = StringField()
    to = StringField()


class NoteForm(LiveForm):
    text = StringField(_l("쪽지 쓰기"), render_kw={"maxlength": rules.LONGEST_NOTE} | PUBLIC)


class MessageForm(LiveForm):
    text = StringField(_l("이야기하기"), render_kw={"maxlength": rules.LONGEST_MESSAGE} | PUBLIC)


class ResultForm(LiveForm):
    result = TextAreaField(_l("우리 테이블의 결과"), render_kw={"maxlength": rules.LONGEST_RESULT} | PUBLIC)


class ArrangeForm(LiveForm):
    """WTForms for what to do with the notes that were chosen, or with a group."""

    do = StringField()
    group = StringField()
    title = StringField(_l("묶음 이름"), render_kw={"maxlength": rules.LONGEST_GROUP} | PUBLIC)

    @property
    def group_id(self) -> int | None:
        return plain_text.number(self.group.data)
