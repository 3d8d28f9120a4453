"""Setting a vote back to before its count, inside the caller's transaction. Nothing that was signed is lost."""

from hashlib import sha256

import sqlalchemy as sa

from civic_forum.platform.base import db
from civic_forum.platform.i18n import Language, _, speaking
from civic_forum.platform.work import Work

from ..box.alarms import announce, decided_by
from ..models import BallotBox, Confirmation, EarlierResult
from ..queries import observed
from ..rules.boxes import ConfirmedAction

COUNTED = ("tied_at", "counted_at", "result", "result_signature", "public_sha256", "observers_sha256", "recorded_at")
"""Columns of a box that its count and its record have set."""


def set_back(work: Work, box: BallotBox, reason: str) -> EarlierResult:
    """Keep what was signed and make the box, whose lock the caller holds, one that nobody has counted; everybody reads
    the reason and the digest of the result. What was proposed on its record is void."""
    kept = EarlierResult(
        box_id=box.id, number=len(observed.earlier(box.id)) + 1, result=box.result,
        result_signature=box.result_signature,
        public_sha256=box.public_sha256, observers_sha256=box.observers_sha256, counted_at=box.counted_at,
        set_back_at=work.at)
    work.session.add(kept)
    work.session.flush()
    table = BallotBox.__table__  # as its table alone: no use of the model unsets any of these
    work.session.execute(sa.update(table).where(table.c.id == box.id).values(dict.fromkeys(COUNTED)))
    db.session.refresh(box)
    work.session.execute(sa.update(Confirmation).values(ended_at=work.at).where(
        Confirmation.box_id == box.id, Confirmation.ended_at.is_(None),
        Confirmation.action == ConfirmedAction.DESTROY_KEY))
    with speaking(Language.KO):  # for everybody, whatever language the page of the official is in
        announce(work, box.subject, kind="notice", title=_("세기 전으로 되돌렸어요"), text=_(
            "센 결과를 공개하기 전에 되돌리고 다시 세기로 했어요. %(decided)s 까닭: %(reason)s 되돌린 결과의 확인값: %(digest)s",
            decided=decided_by(box), reason=reason, digest=sha256(kept.result.encode()).hexdigest()))
    return kept
