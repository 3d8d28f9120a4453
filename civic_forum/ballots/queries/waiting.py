"""What waits at the desk of those who see a vote through: confirmations, paper, objections."""

import json
from datetime import timedelta

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.kernel.base import db
from civic_forum.kernel.i18n import _, local
from civic_forum.kernel.registries import DeskLine, Waiting

from ..models import BallotBox, Confirmation, Objection, PaperBatch, PaperEntry
from ..rules.boxes import CONFIRMATION_LASTS, ConfirmationState
from ..words import ACTION
from .confirmations import state_of

PROPOSED = (sa.select(Confirmation, BallotBox).join(BallotBox, BallotBox.id == Confirmation.box_id)
            .where(Confirmation.ended_at.is_(None), Confirmation.proposed_by_id != sa.bindparam("me")))
UNSETTLED = (sa.select(PaperBatch.number, PaperEntry.typist_id, PaperEntry.finished_at, BallotBox)
             .join(BallotBox, BallotBox.id == PaperBatch.box_id)
             .outerjoin(PaperEntry, sa.and_(PaperEntry.box_id == PaperBatch.box_id,
                                            PaperEntry.batch == PaperBatch.number))
             .where(PaperBatch.settled_at.is_(None)).order_by(PaperBatch.box_id, PaperBatch.number))
UNANSWERED = (sa.select(Objection.id, Objection.lodged_at, Objection.title, Objection.box_id)
              .where(Objection.answered_at.is_(None)))
TYPED_WITHIN = timedelta(days=1)
"""After the last paper may come back."""
ANSWERED_WITHIN = timedelta(days=7)


def _title(box: BallotBox) -> str:
    return json.loads(box.definition)["subject_title"]


def confirmations(user: User) -> list[Waiting]:
    """What other officials proposed and this one could confirm now."""
    rows = db.session.execute(PROPOSED, {"me": user.id})
    return [Waiting(one.id, local(one.proposed_at + CONFIRMATION_LASTS).date(), box.id.hex(), _title(box),
                    str(ACTION[one.action]))
            for one, box in rows if state_of(one, box) is ConfirmationState.PENDING]


def to_type(user: User) -> list[Waiting]:
    """Batches that this person could type now."""
    return _batches(lambda finished, begun: user.id in begun or (
        user.id not in finished and len(finished | begun) < 2))


def to_settle(user: User) -> list[Waiting]:
    """Batches whose differences this person could settle."""
    return _batches(lambda finished, _begun: len(finished) == 2 and user.id not in finished)


def _batches(wanted) -> list[Waiting]:
    """Unsettled batches, by who has finished typing them and who types them; in one statement."""
    typists: dict[tuple[bytes, int], tuple[set[int], set[int]]] = {}
    of: dict[tuple[bytes, int], BallotBox] = {}
    for number, typist_id, finished_at, box in db.session.execute(UNSETTLED):
        of[box.id, number] = box
        finished, begun = typists.setdefault((box.id, number), (set(), set()))
        if typist_id is not None:
            (finished if finished_at else begun).add(typist_id)
    return [Waiting(place, _typed_by(of[key]), f"{of[key].id.hex()}/batches/{key[1]}", _title(of[key]), str(key[1]))
            for place, (key, who) in enumerate(typists.items()) if wanted(*who)]


def _typed_by(box: BallotBox):
    return local((box.paper_until or box.closed_at or box.closes_at) + TYPED_WITHIN).date()


def objections(user: User) -> list[Waiting] | None:
    """Without an answer; for those who can give one in the name of a department."""
    if not user.department_ids():
        return None
    return [Waiting(id, local(lodged_at + ANSWERED_WITHIN).date(), box_id.hex(), title)
            for id, lodged_at, title, box_id in db.session.execute(UNANSWERED)]


def confirmation_lines(found: list[Waiting]) -> list[DeskLine]:
    return [DeskLine(f"/desk/votes/{one.ref}", one.title, (one.note,),
                     _("다른 담당자가 제안했어요. 두 번째 사람이 확인해야 해요.")) for one in found]


def typed_lines(found: list[Waiting]) -> list[DeskLine]:
    return [DeskLine(f"/desk/votes/{one.ref}", one.title, (_("묶음 %(number)s", number=one.note),)) for one in found]


def differing_lines(found: list[Waiting]) -> list[DeskLine]:
    return [DeskLine(f"/desk/votes/{one.ref}/differences", one.title, (_("묶음 %(number)s", number=one.note),),
                     _("두 사람이 다르게 읽었어요.")) for one in found]


def objection_lines(found: list[Waiting]) -> list[DeskLine]:
    return [DeskLine(f"/desk/votes/{one.ref}/objections", one.title) for one in found]
