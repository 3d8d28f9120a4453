"""Days of commitments for a calendar."""

from collections.abc import Iterable

from flask import current_app

from civic_forum.platform import calendar_file, clock
from civic_forum.platform.i18n import _

from .models import Commitment

MOST = 500


def write(commitments: Iterable[Commitment]) -> bytes:
    """A calendar with a whole day for each of these."""
    return calendar_file.calendar([_entry(commitment) for commitment in commitments], current_app.config["SITE_NAME"],
                                  _("구청이 한 약속"))


def _entry(commitment: Commitment) -> calendar_file.Entry:
    assert commitment.next_due_on is not None
    site = current_app.config["URL"].rstrip("/")
    url = f"{site}/commitments/{commitment.id}"
    return calendar_file.Entry(
        uid=f"commitment-{commitment.id}@{site.split('//')[-1]}", sequence=commitment.version, stamped_at=clock.now(),
        starts_at=commitment.next_due_on, ends_at=None,
        title=_("여기까지 하기로 했어요: %(title)s", title=commitment.title), text=url, place="", url=url)
