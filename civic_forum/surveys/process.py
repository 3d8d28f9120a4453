"""Preparing a survey: what it misses, its questions, letting everybody see it."""

from datetime import datetime

from civic_forum.blocks import questions_desk, slugs
from civic_forum.blocks.process import Gap, Move, PartPage, Process
from civic_forum.opinions.labels import STAGE
from civic_forum.opinions.rules import Stage
from civic_forum.platform.i18n import _, _l, local
from civic_forum.platform.work import Work

from . import policy, queries
from .events import SurveyAnnounced, SurveyEdited
from .models import Survey
from .parts import NAMES, PARTS, SurveyQuestion
from .rules import KIND

RESERVED = frozenset({"new"})


def gaps(survey: Survey, at: datetime) -> list[Gap]:
    """Gaps before everybody may see it."""
    missing = []
    if not survey.questions:
        missing.append(Gap("questions", _("질문을 하나 이상 넣어 주세요."), "questions"))
    if not any((survey.by_account, survey.by_person, survey.by_letter, survey.by_paper, survey.freely)):
        missing.append(Gap("ways", _("어떻게 답하는지 골라 주세요."), "ways"))
    if survey.opens_at <= at:
        missing.append(Gap("opens_at", _("시작이 지났어요. 때를 다시 정해 주세요."), "times"))
    return missing


def _in_step(work: Work, survey: Survey) -> None:
    if survey.announced_at is None:
        survey.written_by_id = work.actor.id
    else:
        survey.announced_by_id = work.actor.id


def proposed_slug(title: str, at: datetime) -> str:
    return slugs.proposed(title, lambda end: queries.slugged(end) is not None, on=local(at).date(), reserved=RESERVED)


PROCESS: Process[Survey] = Process(
    area="surveys", model=Survey, stages=STAGE, locked=queries.locked, gaps=gaps, keep_in_step=_in_step,
    parts={name: PartPage(part, NAMES[name], policy.may_edit) for name, part in PARTS.items()},
    may_announce=policy.may_announce, edited=SurveyEdited, announced=SurveyAnnounced,
    outdated=_l("그 사이에 다른 사람이 이 설문을 고쳤어요. 지금 내용을 확인한 뒤 다시 저장해 주세요."),
    moves=(Move("announce", "announcements", frozenset((Stage.PREPARING,)), Stage.ANNOUNCED,
                lambda *arguments, by: PROCESS.announce(*arguments, by=by), _l("모두에게 알렸어요.")),))
QUESTIONS = questions_desk.ordered(process=PROCESS, kind=KIND, may=policy.may_edit, part=SurveyQuestion)
