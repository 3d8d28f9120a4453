"""Registrations of plans with the rest of the site."""

from civic_forum.blocks.pages import MENU, USED, Navigation
from civic_forum.district.extensions import OPEN_WORK, Moving
from civic_forum.platform import jobs
from civic_forum.platform.i18n import _l
from civic_forum.platform.waiting import ENTRIES, WORK, DeskEntry, DeskLine, DeskWork, Waiting
from civic_forum.platform.work import use_case
from civic_forum.search import operations as search

from . import queries, services
from . import sheets  # noqa: F401 (it registers itself)
from .events import PlanShown
from .kinds import PUBLIC
from .models import Plan

search.follow(PUBLIC, "plan_id", PlanShown)


@jobs.every(60, "plans of before versions that the search does not have", at_start=True)
def make_findable() -> None:
    with use_case(None) as work:
        search.keep_missing(work.session, PUBLIC)


def force_lines(waits: list[Waiting]) -> list[DeskLine]:
    """Versions that wait for a second person, by their plans."""
    there = queries.versions([wait.id for wait in waits])
    return [DeskLine(f"/desk/plans/{version.plan.slug}/{version.number}", version.plan.title)
            for wait in waits for version in (there[wait.id],)]


MENU["plans"] = Navigation(_l("계획"), "plans.show_list", 42, "results")
USED["plans"] = Plan.__tablename__
ENTRIES["plans"] = DeskEntry("plans.prepare", _l("계획"), "plan_desk.show_list")
WORK["plans.force"] = DeskWork("plans.force", _l("계획 쓰기 시작하기"), queries.to_confirm, force_lines,
                              within=services.FORCE_LASTS)
OPEN_WORK["plans"] = Moving(label=_l("맡은 계획"), model=Plan, column=Plan.department_id, is_open=())
