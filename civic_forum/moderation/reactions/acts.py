"""Acts: those on oneself, their end by the clock, and the way to one act on many texts."""

from civic_forum.accounts.models import User
from civic_forum.accounts.personal_data import PERSONAL_DATA, PersonalData
from civic_forum.blocks.extensions import ME
from civic_forum.blocks.kinds import Ref
from civic_forum.platform import jobs
from civic_forum.platform.i18n import _, _l
from civic_forum.platform.waiting import ENTRIES, DeskEntry

from .. import services
from ..queries import actions


def _collect(user: User) -> list[dict[str, object]]:
    return [{"what": act.kind, "about": str(Ref(act.subject_kind, act.subject_id)), "rule": act.rule,
             "reason": act.reason, "at": act.at.isoformat(), "until": act.until and act.until.isoformat(),
             "ended": act.ended_how}
            for act in actions.about(user)]


def own_acts(user: User) -> dict | None:
    count = actions.count_about(user)
    return {"label": _("나에게 한 조치"), "url": "/me/actions", "total": count} if count else None


@jobs.every(minutes=1, name="moderation.over")
def end_over() -> int:
    return services.end_over()


PERSONAL_DATA["moderation"] = PersonalData(collect=_collect, erase=lambda user, session: None)
ME.add(own_acts)
ENTRIES["moderation.waves"] = DeskEntry("moderation.moderate", _l("여러 글 한꺼번에 가리기"),
                                                "moderation_desk.wave")
