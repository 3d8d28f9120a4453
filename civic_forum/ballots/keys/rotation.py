"""A new signing key: only while no vote is under way, for one record has one signer."""

from civic_forum.platform.errors import Conflict
from civic_forum.platform.i18n import _

from .. import queries as boxes
from ..box import locking
from . import keyring


def rotate() -> int:
    """Make the next signing key inside the use-case that is open; returns its id. Raises Conflict before the first and
    while a box, also of a rehearsal, is prepared, open, or closed with its K still there."""
    locking.take_signing_alone()
    if not keyring.signing_numbers():
        raise Conflict(_("서명 열쇠가 아직 없어요. 첫 투표를 준비할 때 만들어져요."))
    if under_way := boxes.under_way():
        raise Conflict(_("준비했거나 아직 끝나지 않은 투표가 %(count)s개 있어서 서명 열쇠를 바꿀 수 없어요. 가장 먼저 시작하는 투표: %(name)s",
                         count=len(under_way), name=boxes.title(under_way[0])))
    return keyring.add_signing_key()
