"""Fields of an application: those that every call asks, then the questions of the call; and of the check before."""

from typing import Any

from civic_forum.accounts.identity import NAME_MOST
from civic_forum.blocks import answer_fields, questions
from civic_forum.blocks.part_fields import Day, Number, PartField, Text
from civic_forum.blocks.questions import AnswerPart
from civic_forum.platform.folding import folded
from civic_forum.platform.i18n import _, _l
from civic_forum.platform.question_rows import AnswerSheet, Question, QuestionType
from civic_forum.polls.parts import Joined
from civic_forum.proposals.pickers import PROPOSAL

from ..models import Call, CallApplication
from ..rules import TITLE_MOST, Applicants
from . import rules

CONTACT_MOST = 100


def about_fields(call: Call, *, draft: bool = False) -> dict[str, PartField]:
    """Title, theme, group."""
    is_group, is_both = call.applicants is Applicants.GROUP, call.applicants is Applicants.BOTH
    fields: dict[str, PartField] = {"title": Text(label=_("신청 제목"), most=TITLE_MOST, needed=not draft, hint=_(
        "무엇을 하려는지 한 줄로 적어요. 뽑히면 모두가 봐요."))}
    if call.themes:
        fields["theme"] = answer_fields.Choice(label=_("주제"), options=call.themes, needed=not draft)
    if is_group or is_both:
        fields["group_name"] = Text(
            label=_("모임 이름"), most=rules.GROUP_MOST, needed=is_group and not draft, optional=is_both,
            hint=_("혼자 신청하면 비워 두세요.") if is_both else _("뽑히면 모두가 봐요."))
        fields["people"] = Number(label=_("모임 사람 수"), least=1, most=rules.PEOPLE_MOST, optional=is_both,
                                  needed=is_group and not draft)
    return fields


def part_of(call: Call, rows: list[Question], *, draft: bool = False) -> type[AnswerPart]:
    """All fields of the form."""
    return questions.made_of(about_fields(call, draft=draft) | questions.part_of(rows, draft=draft).fields())


def filled(application: CallApplication, sheet: AnswerSheet, rows: list[Question]) -> Any:
    """The form as it was saved last."""
    themes = application.call.themes
    theme = str(themes.index(application.theme)) if application.theme in themes else None
    return questions.filled(sheet, rows, part_of(application.call, rows, draft=True), version=sheet.version,
                            title=application.title, theme=theme, group_name=application.group_name or "",
                            people=application.people)


def nomination(rows: list[Question]) -> type[AnswerPart]:
    """A proposal, and the questions of the call about it."""
    return questions.made_of({"proposal": Joined(
        label=_l("제안"), pickable=PROPOSAL, column="proposal_id", id_of=int, needed=True, hint=_l(
            "부서가 하기로 했거나 검토하기로 답변한 제안만 추천할 수 있어요. 제목에 있는 낱말이나 접수번호로 찾아요."), attrs={"follows": _l(
                "추천하면 제안의 처리 과정에 남고, 글쓴이와 공감한 사람에게 바로 알려요.")})} | questions.part_of(rows).fields())


def typed_in(call: Call, rows: list[Question]) -> type[AnswerPart]:
    """The same at a desk, with the way in which it came and the contact of somebody without an account."""
    return questions.made_of({
        "by_way": answer_fields.Choice(label=_("어떻게 받았나요"), options=(_("종이"), _("창구에서 말로")), needed=True),
        "contact": Text(label=_("이름과 전화번호"), most=CONTACT_MOST, public=False, optional=True, hint=_(
            "봉인해요. 마감하고 1년 뒤에 지워요."))} | (_certified() if call.course_id else {}) | (
            _named() if call.is_by_lot else {}) | part_of(call, rows, draft=True).fields())


def _certified() -> dict[str, PartField]:
    """Proof of the hours that a call asks for, by who is named on it; it is not kept."""
    return {"certificate": Text(label=_("교육 마침 쪽지의 번호"), most=CONTACT_MOST, public=False, needed=True),
            "person_name": _named()["person_name"]}


def _named() -> dict[str, PartField]:
    """Identity to which a line of a lot is bound."""
    return {"person_name": Text(label=_("신분증의 이름"), most=NAME_MOST, public=False, needed=True),
            "born": Day(label=_("태어난 날"), needed=True)}


def write(application: CallApplication, rows: list[Question], part: Any) -> None:
    """Put the common fields into their columns, and the sum of all lines of money."""
    theme, name = getattr(part, "theme", None), getattr(part, "group_name", None) or None
    lines = [getattr(part, questions.name_of(question)) for question in rows if question.type is QuestionType.MONEY]
    application.title = part.title or ""
    application.theme = None if theme is None else application.call.themes[theme]
    application.group_name, application.group_folded = name, folded(name)[:rules.GROUP_MOST] if name else None
    application.people = getattr(part, "people", None) if name else None
    application.asked = sum(map(answer_fields.total, lines)) if lines else None


def takes_files(question: Question) -> bool:
    return question.type is QuestionType.FILE


def checked_before(call: Call, year: int) -> type[AnswerPart]:
    """The questions by which somebody sees whether they may apply; of what is answered nothing is kept."""
    yes_or_no = (_("아니요"), _("네"))
    fields: dict[str, PartField] = {
        "group": answer_fields.Choice(label=_("어떻게 신청하나요"), options=(_("혼자"), _("모임")), needed=True),
        "people": Number(label=_("모임이 몇 명인가요"), least=0, most=rules.PEOPLE_MOST, needed=True,
                         hint=None if call.applicants is Applicants.GROUP else _("혼자면 0이라고 적어요.")),
        "resident": answer_fields.Choice(label=_("우리 구에 살거나 일하거나 다니나요"),
                                         options=yes_or_no, needed=True),
        "born": Number(label=_("태어난 해"), least=year - 130, most=year, needed=True)}
    return questions.made_of({name: fields[name] for name in rules.conditions(call)})
