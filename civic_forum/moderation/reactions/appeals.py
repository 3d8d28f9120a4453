"""Appeals on the desk, on the page of an act, and in one's own data."""

from dataclasses import dataclass
from datetime import timedelta

from civic_forum.accounts.models import User
from civic_forum.kernel.i18n import _, _l
from civic_forum.kernel.registries import DeskLine, DeskWork, PersonalData, Waiting, registries

from ..models import Appeal, ModerationAction
from ..policy import may_appeal
from ..queries import appeals
from ..rules import APPEAL_DAYS


@dataclass(frozen=True)
class AppealSection:
    """The appeal against an act, on its page."""

    action: ModerationAction
    appeal: Appeal | None
    due_on: object
    why_not_appeal: str | None
    template: str = "moderation/appeal_section.html"


def on_action(action: ModerationAction, person: User) -> AppealSection | None:
    if action.user_id != person.id:
        return None
    known = appeals.of_action(action.id)
    return AppealSection(action, known, known and appeals.due_on(known), may_appeal(person, action))


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


registries.sections.setdefault("moderation.action", []).append(on_action)
registries.work["moderation.appeals"] = DeskWork("moderation.moderate", _l("이의 살펴보기"), appeals.for_desk, lines,
                                                 within=timedelta(days=APPEAL_DAYS))
registries.personal_data["appeals"] = PersonalData(collect=_collect, erase=_erase)
