"""Background work of attachments."""

from civic_forum.accounts.models import User
from civic_forum.accounts.personal_data import PERSONAL_DATA, PersonalData
from civic_forum.platform import jobs

from . import queries, services


@jobs.every(minutes=60, name="attachments.forget_unnamed")
def forget_unnamed() -> int:
    """Delete blobs that no row names any more."""
    return services.forget_unnamed()


def _collect(user: User) -> list[dict[str, object]]:
    return [{"address": f"/attachments/{file.key}", "name": file.name, "description": file.description,
             "at": file.added_at.isoformat()} for file in queries.added_by(user)]


PERSONAL_DATA["attachments"] = PersonalData(collect=_collect, erase=lambda user, session: None)
