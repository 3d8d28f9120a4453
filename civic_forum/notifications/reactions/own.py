"""Registrations of notices with the rest of the site: the number in the header, one's own data, how long they are
kept."""

from civic_forum.accounts.beside import BESIDE_USER
from civic_forum.accounts.personal_data import PERSONAL_DATA, PersonalData
from civic_forum.blocks.extensions import ME
from civic_forum.platform import jobs
from civic_forum.platform.i18n import _

from .. import personal_data, services
from ..queries import notices


def own_notices(user) -> dict[str, object]:
    return {"label": _("알림"), "url": "/me/notices", "total": user.beside[UNREAD]}


UNREAD = "unread_notices"
BESIDE_USER[UNREAD] = notices.unread_of_user
ME.add(own_notices)
PERSONAL_DATA["notifications"] = PersonalData(collect=personal_data.collect, erase=personal_data.erase)


@jobs.keep_for("RETAIN_NOTICES_DAYS", "notices")
def forget_notices(days: int) -> int:
    return services.forget(days)


@jobs.every(minutes=60, name="notices of deadlines")
def tell_of_deadlines() -> int:
    return services.tell_of_deadlines() + services.tell_who_is_silent()
