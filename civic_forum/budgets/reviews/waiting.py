"""Work that waits at the desk around reviews: to be given out, to be written, to be answered."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from civic_forum.accounts.rules import Role
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.i18n import _, local
from civic_forum.platform.waiting import DeskLine, Waiting

from .. import rules as phases
from ..models import BudgetPhase, BudgetRound
from ..rules import Phase, ProjectState
from ..projects.models import EligibilityReview, Project, SecondLook
from . import rules
from .queries import OPEN

BY_ITS_DAY = timedelta(0)
"""A review has its own last moment."""
ANSWERED_WITHIN = timedelta(days=7)
GIVEN_OUT_WITHIN = timedelta(days=3)
PREPARED_FROM = timedelta(days=14)
"""Before the vote begins."""


def _of_project(column, project_id) -> sa.ScalarSelect:
    return sa.select(column).where(Project.id == project_id).correlate_except(Project).scalar_subquery()


def _shown(project_id) -> tuple[sa.ScalarSelect, sa.ScalarSelect]:
    """Round and code, and the title; a hidden one has no title here."""
    named = BudgetRound.title.concat(" · ").concat(Project.code)
    return (sa.select(named).join(Project, Project.round_id == BudgetRound.id).where(Project.id == project_id)
            .correlate_except(Project, BudgetRound).scalar_subquery(),
            _of_project(sa.case((Project.hidden_at.is_(None), Project.title)), project_id))


def to_review(user) -> sa.Select | None:
    """Reviews of the departments of this official."""
    if not user.department_ids():
        return None
    frozen = sa.exists().where(Project.id == EligibilityReview.project_id, BudgetRound.id == Project.round_id,
                               BudgetRound.opened_at.is_not(None))
    note = sa.case((EligibilityReview.is_second_opinion, sa.literal("opinion")),
                   (EligibilityReview.second_look_id.is_not(None), sa.literal("look")))
    code, title = _shown(EligibilityReview.project_id)
    return sa.select(EligibilityReview.id, EligibilityReview.due_at, code, title, note).where(
        EligibilityReview.department_id.in_(user.department_ids()), OPEN, ~frozen)


def to_answer(user) -> sa.Select | None:
    """Requests for a second look, for moderators."""
    if not user.has(Role.MODERATOR):
        return None
    frozen = sa.exists().where(Project.id == SecondLook.project_id, BudgetRound.id == Project.round_id,
                               BudgetRound.opened_at.is_not(None))
    return sa.select(SecondLook.id, SecondLook.at, *_shown(SecondLook.project_id), sa.null()).where(
        SecondLook.answered_at.is_(None), ~frozen)


def to_give_out(user) -> list[Waiting] | None:
    """Rounds with projects that no department has yet, for moderators: one line for each round."""
    if not user.has(Role.MODERATOR):
        return None
    how_many = sa.select(sa.func.count()).where(
        Project.round_id == BudgetRound.id, Project.state == ProjectState.HANDED_IN).correlate(
        BudgetRound).scalar_subquery()
    rows = db.session.execute(sa.select(BudgetRound, how_many).where(
        BudgetRound.opened_at.is_(None), BudgetRound.announced_at.is_not(None), how_many > 0)
        .options(selectinload(BudgetRound.phases)))
    now = clock.now()
    return [Waiting(budget_round.id, local(_since(budget_round) + GIVEN_OUT_WITHIN).date(), budget_round.slug,
                    budget_round.title, str(count))
            for budget_round, count in rows if rules.takes_reviews(budget_round.phases, now)]


def _since(budget_round: BudgetRound):
    """Moment at which reviews could begin."""
    return next(span.starts_at for span in phases.in_order(budget_round.phases) if span.phase is not Phase.COLLECTING)


def to_open(user) -> list[Waiting] | None:
    """Rounds whose vote begins soon and is not open yet, for moderators: everything before it is due by then."""
    return _begun(user, Phase.VOTING, clock.now() + PREPARED_FROM, BudgetRound.opened_at.is_(None),
                  BudgetRound.announced_at.is_not(None), BudgetRound.decided_in.is_(None))


def to_enter(user) -> list[Waiting] | None:
    """Rounds with chosen projects of which nobody has said yet what the council did, for moderators."""
    return _begun(user, Phase.IN_BUDGET, clock.now(), sa.exists().where(
        Project.round_id == BudgetRound.id, Project.state == ProjectState.CHOSEN))


def _begun(user, phase: Phase, by: datetime, *conditions: sa.ColumnElement[bool]) -> list[Waiting] | None:
    """Rounds of which a phase has begun by then, for moderators."""
    if not user.has(Role.MODERATOR):
        return None
    rows = db.session.execute(sa.select(BudgetRound.id, BudgetPhase.starts_at, BudgetRound.slug, BudgetRound.title)
                              .join(BudgetPhase, BudgetPhase.round_id == BudgetRound.id)
                              .where(BudgetPhase.phase == phase, BudgetPhase.starts_at <= by, *conditions))
    return [Waiting(round_id, local(starts_at).date(), slug, title) for round_id, starts_at, slug, title in rows]


def review_lines(cases: list[Waiting]) -> list[DeskLine]:
    why = {"opinion": _("다른 부서가 의견을 물었어요."), "look": _("재검토 요청을 받아들여 다시 검토해요."), None: _("적격성 검토를 기다려요.")}
    return [DeskLine(f"/desk/reviews/{case.id}", case.title or _("가린 사업"), (case.ref,), why[case.note])
            for case in cases]


def look_lines(cases: list[Waiting]) -> list[DeskLine]:
    return [DeskLine(f"/desk/reviews/second-looks/{case.id}", case.title or _("가린 사업"), (case.ref,),
                     _("제안한 사람이 검토를 다시 봐 달라고 했어요.")) for case in cases]


def giving_lines(cases: list[Waiting]) -> list[DeskLine]:
    return [DeskLine("/desk/reviews?show=unassigned", case.title, (),
                     _("사업 %(count)s개에 검토할 부서를 정해 주세요.", count=case.note)) for case in cases]


def opening_lines(cases: list[Waiting]) -> list[DeskLine]:
    return [DeskLine(f"/desk/budgets/{case.ref}", case.title, (),
                     _("명부를 확정하고 배정 예산마다 투표함을 준비해요. 두 담당관이 함께 열어요.")) for case in cases]


def council_lines(cases: list[Waiting]) -> list[DeskLine]:
    return [DeskLine(f"/desk/budgets/{case.ref}/council", case.title, (),
                     _("선정한 사업은 예산안에 담아 구의회가 의결해야 확정돼요.")) for case in cases]
