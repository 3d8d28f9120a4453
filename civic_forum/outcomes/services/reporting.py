"""Telling what was done of what was promised."""

from dataclasses import replace

from civic_forum.accounts.models import User
from civic_forum.platform.errors import Refusal
from civic_forum.platform.text_checks import words_given
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.work import use_case

from .. import policy, rules, steps
from ..models import OutcomeReport
from ..queries import records
from ..rules import Progress, ReportText
from .text_checks import money_given, report_day_given
from .writing import APPROVAL


def report(outcome_id: int, given: ReportText, *, seen: int, by: User) -> OutcomeReport:
    """Tell everybody. `seen`: how many reports there were when it was written, so that nothing is told twice."""
    text = words_given(given.text, rules.REPORT_LEAST, rules.REPORT_MOST, "text")
    money_given(given.spent, "spent")
    with use_case(by) as work:
        case, outcome = APPROVAL.held(outcome_id)
        require(by, policy.may_report, outcome)
        told = records.reports(outcome.id)
        APPROVAL.refuse_unseen(len(told), seen)
        _check(given, outcome.decided_on, told)
        return steps.report(work, case, replace(given, text=text), number=seen + 1, by_id=by.id)


def _check(given: ReportText, decided_on, told: list[OutcomeReport]) -> None:
    if given.progress is Progress.PROMISED:
        raise Refusal(_("실행하고 있는지, 마쳤는지 골라 주세요."), field="progress")
    if len(told) >= rules.MOST_REPORTS:
        raise Refusal(_("알림은 %(most)s번까지 올릴 수 있어요.", most=rules.MOST_REPORTS))
    report_day_given(given.on, max([decided_on, *(one.on for one in told)]))
