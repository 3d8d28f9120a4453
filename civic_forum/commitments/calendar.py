"""Days of commitments for a calendar."""

from collections.abc import Iterable

from civic_forum.blocks.kinds import Ref
from civic_forum.blocks.sharing import Day
from civic_forum.platform import calendar_file, clock, settings
from civic_forum.platform.i18n import _

from .models import Commitment

MOST = 500


def write(commitments: Iterable[Commitment]) -> bytes:
    """A calendar with a whole day for each of these."""
    return calendar_file.calendar([_entry(commitment) for commitment in commitments], settings.value("SITE_NAME"),
                                  _("구청이 한 약속"))


def _entry(commitment: Commitment) -> calendar_file.Entry:
    assert commitment.next_due_on is not None
    day = Day("", _("여기까지 하기로 했어요: %(title)s", title=commitment.title), commitment.next_due_on, begins=True)
    return day.entry(Ref("commitment", commitment.id), commitment.version, clock.now(),
                     f"/commitments/{commitment.id}")
