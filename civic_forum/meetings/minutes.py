"""Minutes of a meeting, drawn from what is written down of it."""

from collections.abc import Iterator, Mapping
from typing import Any

from civic_forum.bodies.models import Membership
from civic_forum.platform.i18n import _, day

from . import labels, queries
from .models import Meeting, MeetingItem
from .rules import Answer


def sections(meeting: Meeting) -> list[dict[str, Any]]:
    """A section for each item, as minutes hold them (`forums.minutes`)."""
    members = queries.named(meeting)
    return [{"key": f"item-{item.number}", "title": f"{item.number}. {item.title}",
             "text": "\n".join(_lines(item, members))} for item in meeting.items]


def entry_of(entry: str | int) -> str:
    """An answer in writing, or the votes of a candidate, in words."""
    return _("%(count)s표", count=entry) if isinstance(entry, int) else str(labels.ANSWER[Answer(entry)])


def outsider(number: int) -> str:
    """A candidate who is no member, for everybody."""
    return _("위원이 아닌 후보 %(number)s", number=number)


def answers(item: MeetingItem, members: Mapping[int, Membership]) -> list[str]:
    """Answers in writing, or votes of candidates, by seat and number."""
    return [f"{outsider(number) if isinstance(key, str) else f'{members[key].seat.name} {number}'}: {entry_of(entry)}"
            for key, entry, number in item.named or ()]


def _lines(item: MeetingItem, members: Mapping[int, Membership]) -> Iterator[str]:
    yield str(labels.KIND[item.kind])
    if item.closed_by is None:
        yield from filter(None, [item.reported])
        yield from (f"- {opinion}" for opinion in item.opinions)
        yield from (f"- {answer}" for answer in answers(item, members))
    if item.result:
        yield _("결과: %(result)s", result=labels.RESULT[item.result])
    if (earlier := item.undoes) and earlier.meeting.forum.announced_at:
        yield _("%(day)s 회의에서 정한 것을 바꿨어요.", day=day(earlier.meeting.starts_on))
    if votes := item.votes:
        yield _("찬성 %(yes)s, 반대 %(no)s, 기권 %(abstained)s", yes=votes.yes, no=votes.no, abstained=votes.abstained)
