"""Copies of a box's key: taken out by two officials, put back by one who holds a copy."""

from hashlib import sha256

from civic_forum.accounts.models import User
from civic_forum.kernel.errors import Conflict, Refusal
from civic_forum.kernel.i18n import _
from civic_forum.kernel.work import use_case

from .. import keyring
from ..queries import boxes, confirmations
from ..rules.boxes import ConfirmedAction
from . import confirmations as four_eyes
from .counting import require_official


def export(box_id: bytes, *, by: User) -> bytes | None:
    """Propose that K be copied, or confirm what another official proposed and get K: for a safe, never for a backup.

    None until a second official asks too. Every export stands in the audit log; destroying the key asks for the copies.
    """
    require_official(by)
    pending = confirmations.alive(box_id, ConfirmedAction.EXPORT_KEY)
    if pending is None:
        four_eyes.propose(ConfirmedAction.EXPORT_KEY, box_id, by=by)
    elif pending.proposed_by_id != by.id:
        four_eyes.confirm(pending.id, by=by)
        return keyring.exported(box_id)
    return None


def put_back(box_id: bytes, key: bytes, *, by: User) -> None:
    """Put a copy of K where it was lost. Raises Refusal for another key, Conflict where it is there or destroyed."""
    require_official(by)
    with use_case(by) as work:
        box = boxes.held(box_id)
        if sha256(key).digest() != box.key_sha256:
            raise Refusal(_("이 투표함의 열쇠가 아니에요. 다른 복사본을 찾아 주세요."))
        if keyring.is_there(box_id) and keyring.key_sha256(box_id) == box.key_sha256:
            raise Conflict(_("열쇠가 제자리에 있어요. 되돌릴 것이 없어요."))
        keyring.put_back(box_id, key)
        work.record("ballots.key_put_back", f"ballot_box:{box_id.hex()}")
