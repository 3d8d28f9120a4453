"""Appeals on the desk, on the page of an act, and in one's own data."""

from datetime import timedelta

from civic_forum.accounts.models import User
from civic_forum.accounts.personal_data import PERSONAL_DATA, PersonalData
from civic_forum.platform.i18n import _, _l
from civic_forum.platform.waiting import WORK, DeskLine, DeskWork, Waiting

from ..queries import appeals
from ..rules import APPEAL_DAYS


def lines(found: list[Waiting]) -> list[DeskLine]:
    return [DeskLine(f"/desk/appeals/{one.ref}", one.title, (), _("조치를 그대로 둘지 되돌릴지 정해 주세요."))
            for one in found]


def _collect(user: User) -> list[dict[str, object]]:
    return [{"action": one.action_id, "text": one.text, "at": one.at.isoformat(), "upheld": one.upheld,
             "decision": one.decision} for one in appeals.of_user(user)]


def _erase(user: User, _session) -> None:
    """Erase own words of somebody; how things ended stays in the ledger."""
    for one in appeals.of_user(user):
        one.text = ""


WORK["moderation.appeals"] = DeskWork("moderation.moderate", _l("이의 살펴보기"), appeals.for_desk, lines,
                                                 within=timedelta(days=APPEAL_DAYS))
PERSONAL_DATA["appeals"] = PersonalData(collect=_collect, erase=_erase)
