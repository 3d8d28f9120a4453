"""Registrations of notices with the rest of the site: the number in the header, one's own data, how long they are
kept."""

from civic_forum.kernel import jobs
from civic_forum.kernel.i18n import _
from civic_forum.kernel.registries import PersonalData, registries

from .. import personal_data, services
from ..queries import notices


def own_notices(user) -> dict[str, object]:
    return {"label": _("알림"), "url": "/me/notices", "total": user.beside[UNREAD]}


UNREAD = "unread_notices"
registries.beside_user[UNREAD] = notices.unread_of_user
registries.sections.setdefault("me", []).append(own_notices)
registries.personal_data["notifications"] = PersonalData(collect=personal_data.collect, erase=personal_data.erase)


@jobs.keep_for("RETAIN_NOTICES_DAYS", "notices")
def forget_notices(days: int) -> int:
    return services.forget(days)


@jobs.every(minutes=60, name="notices of deadlines")
def tell_of_deadlines() -> int:
    return services.tell_of_deadlines() + services.tell_who_is_silent()
