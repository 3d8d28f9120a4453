"""Names and birth dates that staff ask for: wrong ones are counted, and make whoever goes on wait."""

from datetime import timedelta

from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.errors import TooMany
from civic_forum.platform.i18n import _

from .models import User
from .queries import people

PAUSES = (0, 0, 1, 5, 15)
"""Minutes to wait after so many wrong names or birth dates of a day; after five until tomorrow."""


def refuse_guessing(work, actor: User, about: User | None = None) -> None:
    """Ask before a name and birth date are looked at, with the rows of both held, so that two at once are counted one
    after the other. Raises TooMany for a member of staff who, or somebody for whom, was wrong too often today."""
    whose = [AuditEntry.actor_id == actor.id] + ([AuditEntry.subject == f"user:{about.id}"] if about else [])
    for of_whom in whose:
        count, last = people.wrong_names(people.today(work.at), of_whom)
        if count >= len(PAUSES):
            raise TooMany(_("오늘은 이름이나 생년월일을 다섯 번 틀렸어요. 내일 다시 하거나 다른 담당자에게 부탁해 주세요."), retry_after=86_400)
        if last and work.at < last + timedelta(minutes=PAUSES[count]):
            raise TooMany(_("이름이나 생년월일이 여러 번 틀려서 잠시 멈췄어요. %(minutes)s분 뒤에 다시 해 주세요.", minutes=PAUSES[count]),
                          retry_after=60 * PAUSES[count])


def note_wrong_name(work, about: User | None = None) -> None:
    """Count a name or birth date that is not the person's. The refusal is raised after the commit."""
    work.record(people.WRONG_NAME, about or f"user:{work.actor.id}")
