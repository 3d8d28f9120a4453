"""Registrations of projects and their reviews with the rest of the site."""

from civic_forum.accounts.personal_data import PERSONAL_DATA, PersonalData
from civic_forum.platform.i18n import _l
from civic_forum.platform.waiting import ENTRIES, WORK, DeskEntry, DeskWork

from .projects import own_data as personal_data
from .reviews import waiting


PERSONAL_DATA["projects"] = PersonalData(collect=personal_data.collect, erase=personal_data.erase)
ENTRIES["budgets.reviews"] = DeskEntry("budgets.see_reviews", _l("적격성 검토"), "budget_desk.reviews")
WORK.update({
    "budgets.give_out": DeskWork("budgets.see_reviews", _l("검토할 부서 정하기"), waiting.to_give_out,
                                 waiting.giving_lines),
    "budgets.review": DeskWork("budgets.see_reviews", _l("적격성 검토"), waiting.to_review, waiting.review_lines,
                               within=waiting.BY_ITS_DAY),
    "budgets.second_look": DeskWork("budgets.see_reviews", _l("재검토 요청"), waiting.to_answer, waiting.look_lines,
                                    within=waiting.ANSWERED_WITHIN),
    "budgets.open": DeskWork("budgets.see_reviews", _l("투표 열기"), waiting.to_open, waiting.opening_lines),
    "budgets.council": DeskWork("budgets.see_reviews", _l("의결과 실행 적기"), waiting.to_enter, waiting.council_lines),
})
