"""Sheets as they are read at one moment, and their files. Nothing of them is kept."""

from collections.abc import Mapping

from civic_forum.blocks.sheets import Book, Sheet, SheetKind
from civic_forum.platform import policy, subprocess_call, work
from civic_forum.platform.errors import Denied, NotFound, Unavailable
from civic_forum.platform.i18n import _, language
from civic_forum.platform.lanes import AGAIN_S, Lane

from . import making
from .parts import Paper

SECONDS, MEGABYTES = 20, 1024
"""Of a processor and of memory for one file."""


def _crowded() -> str:
    return _("지금은 만드는 파일이 많아요. 잠시 뒤에 다시 받아 주세요.")


LANE = Lane(places=1, most=40, most_of_one=10, patience_s=30, crowded=_crowded, enough=_crowded)


def load(kind: SheetKind, key: str, query: Mapping[str, str], by: object) -> Sheet | Book:
    """The sheet with this key, all of it as it is at one moment. Raises Denied and NotFound."""
    if kind.permission and (reason := policy.why_not(by, kind.permission)):
        raise Denied(reason)
    with work.one_moment():
        sheet = kind.load(key, query)
    if sheet is None:
        raise NotFound(_("이런 문서는 없어요."))
    return sheet


def file(ending: str, papers: tuple[Paper, ...], title: str) -> bytes:
    """The file with this ending. Raises Unavailable where it took too long."""
    work.let_go()  # whoever waits for their turn holds no connection
    words = language().mark
    with LANE.turn():
        if not subprocess_call.serves_pages():
            return making.make(ending, papers, title, words)
        try:
            return bytes(subprocess_call.call_limited(SECONDS, MEGABYTES, making.make, ending, papers, title, words))
        except subprocess_call.NoAnswer as ended:
            raise Unavailable(_crowded(), retry_after=AGAIN_S) from ended
