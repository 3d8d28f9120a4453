"""Preparing a series: what it misses, its steps, letting everybody see it."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from civic_forum.accounts.policy import prepares
from civic_forum.blocks.ordered import Ordered
from civic_forum.blocks.process import Gap, Move, PartPage, Process
from civic_forum.platform.errors import Denied
from civic_forum.platform.i18n import _, _l
from civic_forum.platform.work import Work

from . import labels, policy, queries
from .events import SeriesAnnounced, SeriesEdited
from .models import Series, SeriesStep
from .parts import Step, Wording
from .rules import MOST_STEPS, SeriesKind, is_notice_short
from .settings import notice_days


def gaps(series: Series, _at: datetime) -> list[Gap]:
    """Gaps before everybody may see it."""
    if not series.steps:
        return [Gap("steps", _("단계를 하나 이상 넣어 주세요."), "steps")]
    is_short = series.kind is SeriesKind.ASSEMBLY and is_notice_short(series.steps, notice_days())
    return [Gap("notice", _("투표를 시작하기 %(days)s일 전까지 공고해야 해요. 공고하는 날이나 투표하는 날을 옮겨 주세요.",
                            days=notice_days()), "steps")] if is_short else []


def _in_step(_work: Work, _series: Any) -> None:
    """Nothing follows a series: what stands for its steps has days of its own."""


def _handed(work: Work, series: Any, _part: Any) -> None:
    """Raises Denied for another department, which would prepare what stands for the steps, by who is not of it."""
    is_handed = sa.inspect(series).attrs.department_id.history.has_changes()
    if is_handed and series.department_id and not prepares(work.actor, series) and any(
            step.things for step in series.steps):
        raise Denied(_("이은 것이 있으면 다른 부서로 넘길 수 없어요. 운영자에게 부탁해 주세요."))


PROCESS: Process[Series] = Process(
    area="series", changed=_handed, model=Series, stages=labels.STAGE, locked=queries.locked, gaps=gaps,
    keep_in_step=_in_step,
    parts={"wording": PartPage(Wording, _l("글과 약속"), policy.may_prepare)}, may_announce=policy.may_announce,
    edited=SeriesEdited, announced=SeriesAnnounced,
    outdated=_l("그 사이에 다른 사람이 이 사업을 고쳤어요. 지금 내용을 확인한 뒤 다시 저장해 주세요."),
    moves=(Move("announce", "announcements", frozenset(("preparing",)), "announced",
                lambda *arguments, by: PROCESS.announce(*arguments, by=by), _l("모두에게 알렸어요.")),))
STEPS: Ordered[Series, SeriesStep] = Ordered(
    process=PROCESS, name="step", make=lambda series, number: SeriesStep(series_id=series.id, number=number),
    relation="steps", find=queries.step, part=Step, model=SeriesStep, most=MOST_STEPS,
    too_many=lambda: _("단계는 %(most)s개까지 넣을 수 있어요.", most=MOST_STEPS), may_edit=policy.may_arrange,
    may_arrange=policy.may_arrange)
