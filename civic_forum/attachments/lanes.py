"""The lanes of the processes that read files: what takes moments, and beside it what takes long."""

from dataclasses import dataclass

from civic_forum.platform.i18n import _
from civic_forum.platform.lanes import Lane


def _crowded() -> str:
    return _("지금은 올리는 파일이 많아요. 저장되지 않았으니 잠시 뒤에 다시 올려 주세요.")


def _enough() -> str:
    return _("앞에 보낸 파일을 아직 읽고 있어요. 다 올라간 뒤에 다시 올려 주세요.")


@dataclass(frozen=True)
class ReadingLane:
    """A lane, and the seconds of a processor that a file may take in it."""

    lane: Lane
    seconds: int


QUICK = ReadingLane(Lane(places=2, most=40, most_of_one=5, patience_s=20, crowded=_crowded, enough=_enough), 2)
SLOW = ReadingLane(Lane(places=2, most=16, most_of_one=3, patience_s=30, crowded=_crowded, enough=_enough), 15)
