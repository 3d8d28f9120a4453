"""Personal data of registrations for forums: for the download, and for leaving."""

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.blocks import sections
from civic_forum.platform import keys
from civic_forum.platform.i18n import _, day
from civic_forum.platform.work import going_on

from ..queries import locked
from ..rules import Place, Stage
from . import operations, queries
from .models import RecordingConsent


def collect(user: User) -> list[dict[str, object]]:
    return [{
        "number": registration.submission.number, "forum": forum.title, "way": str(registration.way),
        "place": str(registration.place), "asked_at": registration.asked_at.isoformat(), "needs": registration.needs,
        "needs_in_words": (
            keys.unseal(operations.NEEDS, registration.needs_sealed) if registration.needs_sealed else None),
        "age_group": registration.age_group and str(registration.age_group),
        "neighbourhood": registration.neighbourhood_id,
        "came_at": registration.came_at and registration.came_at.isoformat(),
        "agreed_to_be_recorded": consent and consent.given,
    } for registration, forum, consent in queries.of_user(user.id)]


def on_me(user: User) -> dict[str, object] | None:
    """Forums that somebody registered for, on their own page; the newest first."""
    return sections.kept_for_one(_registered, user.id)


def _registered(user_id: int) -> dict[str, object] | None:
    forums = [forum for registration, forum, _consent in reversed(queries.of_user(user_id))
              if registration.place is not Place.WITHDRAWN]
    return {"label": _("신청한 자리"), "key": "forums", "place": 50, "total": len(forums), "items": [
        (forum.title, f"/forums/{forum.slug}", day(forum.starts_at)) for forum in forums]} if forums else None


def erase(user: User, session) -> None:
    """Places that are still to come go to those who wait; of those that were, only that somebody was there stays."""
    forums = {forum.id for registration, forum, _consent in queries.of_user(user.id)
              if registration.place is not Place.WITHDRAWN and forum.stage is not Stage.FINISHED}
    for forum_id in sorted(forums):
        forum = locked(forum_id)
        operations.withdraw(going_on(), forum, queries.of(forum_id, user.id))
    for registration, _forum, _consent in queries.of_user(user.id):
        registration.needs, registration.needs_sealed, registration.age_group, registration.neighbourhood_id = (
            [], None, None, None)
    session.execute(sa.delete(RecordingConsent).filter_by(user_id=user.id))
