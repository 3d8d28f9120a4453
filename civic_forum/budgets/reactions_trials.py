"""Trial elections at the desk, and the worker that counts them."""

from civic_forum.platform import jobs
from civic_forum.platform.i18n import _l
from civic_forum.platform.waiting import ENTRIES, DeskEntry

from .trials import services as trials

ENTRIES["budget.trials"] = DeskEntry("budgets.import_trial", _l("셈 방식 비교하기"), "budget_desk.trials")

jobs.every(1, "trial elections", at_start=True)(trials.count_waiting)
