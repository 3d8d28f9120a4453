"""Registrations of projects and their reviews with the rest of the site."""

from civic_forum.kernel.base import db
from civic_forum.kernel.i18n import _l
from civic_forum.kernel.registries import AttachmentKind, DeskEntry, DeskWork, PersonalData, ThreadKind, registries

from . import hiding, personal_data
from .models import Project
from .policy import projects as policy
from .queries import projects, records, waiting
from .steps.projects import KIND, address


def _asks(*predicates):
    """Predicates on the record, for those who know only its id."""

    def ask(actor, project_id: int) -> str | None:
        project = db.session.get(Project, project_id)
        if project is None:
            return str(records.no_project())
        return next((reason for one in predicates if (reason := one(actor, project))), None)

    return ask


registries.threads[KIND] = ThreadKind(
    why_not_read=_asks(policy.may_read_project, policy.may_read_hidden), why_not_write=_asks(policy.may_comment),
    url=lambda project_id: address(db.session.get_one(Project, project_id)), titles=projects.titles)
registries.attachments[KIND] = AttachmentKind(why_not_read=_asks(policy.may_read_project, policy.may_read_hidden))
registries.reportable |= hiding.REPORTABLE
registries.personal_data["projects"] = PersonalData(collect=personal_data.collect, erase=personal_data.erase)
registries.desk["budgets.reviews"] = DeskEntry("budgets.see_reviews", _l("적격성 검토"), "budget_desk.reviews")
registries.work |= {
    "budgets.give_out": DeskWork("budgets.see_reviews", _l("검토할 부서 정하기"), waiting.to_give_out,
                                 waiting.giving_lines),
    "budgets.review": DeskWork("budgets.see_reviews", _l("적격성 검토"), waiting.to_review, waiting.review_lines,
                               within=waiting.BY_ITS_DAY),
    "budgets.second_look": DeskWork("budgets.see_reviews", _l("재검토 요청"), waiting.to_answer, waiting.look_lines,
                                    within=waiting.ANSWERED_WITHIN),
    "budgets.open": DeskWork("budgets.see_reviews", _l("투표 열기"), waiting.to_open, waiting.opening_lines),
    "budgets.council": DeskWork("budgets.see_reviews", _l("의결과 실행 적기"), waiting.to_enter, waiting.council_lines),
}
