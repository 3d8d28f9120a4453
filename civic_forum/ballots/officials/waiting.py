"""Work that waits at the desk of those who see a vote through: confirmations, paper, objections."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.accounts.models import User
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.i18n import _, local
from civic_forum.platform.waiting import DeskLine, Waiting

from ..labels import ACTION, STAGE
from ..models import BallotBox, Confirmation
from ..observing.models import Objection
from ..officers.models import Officer
from ..paper.models import PaperBatch, PaperEntry
from ..officers import queries as officers
from ..paper.queries import last_return
from ..policy import why_own_list
from ..queries import title
from ..rules.boxes import CONFIRMATION_LASTS, ConfirmationState, ConfirmedAction, stage_of
from .queries import state_of

OVER = sa.and_(BallotBox.closed_at.is_not(None), BallotBox.published_at.is_(None), BallotBox.rehearsal.is_(False))
TO_OFFICIATE = (sa.select(BallotBox, Confirmation, Officer)
                .outerjoin(Confirmation, sa.and_(Confirmation.box_id == BallotBox.id, Confirmation.ended_at.is_(None)))
                .outerjoin(Officer, sa.and_(Officer.user_id == sa.bindparam("user"), *officers.IN_OFFICE))
                .where(OVER | Confirmation.id.is_not(None))
                .order_by(BallotBox.closes_at, sa.func.length(BallotBox.subject), BallotBox.subject, Confirmation.id))
UNSETTLED = (sa.select(PaperBatch.number, PaperEntry.typist_id, PaperEntry.finished_at, BallotBox)
             .join(BallotBox, BallotBox.id == PaperBatch.box_id)
             .outerjoin(PaperEntry, sa.and_(PaperEntry.box_id == PaperBatch.box_id,
                                            PaperEntry.batch == PaperBatch.number))
             .options(joinedload(BallotBox.roll))
             .where(PaperBatch.settled_at.is_(None)).order_by(PaperBatch.box_id, PaperBatch.number))
UNANSWERED = (sa.select(Objection.id, Objection.lodged_at, Objection.title, Objection.box_id)
              .where(Objection.answered_at.is_(None)))
TYPED_WITHIN = timedelta(days=1)
"""After the last paper may come back."""
CONFIRM = "confirm:"
"""Before the note of what waits for a second official."""
PAGE = {ConfirmedAction.EXPORT_KEY: "/key", ConfirmedAction.STRIKE: "/strikes"}
"""Pages on which a proposal is confirmed, if not on that of the vote."""
COUNTED_WITHIN = timedelta(days=3)
"""After the last paper may come back, or the close."""
ANSWERED_WITHIN = timedelta(days=7)


def to_officiate(user: User) -> list[Waiting]:
    """Proposals of other officials that this one could confirm now; votes that are over, until one proposes the next
    step or they are published."""
    tasks, over, now = [], {}, clock.now()
    for box, proposed, own in db.session.execute(TO_OFFICIATE, {"user": user.id}):
        if not officers.office_with(box, own).may_act:
            continue
        alive = proposed is not None and state_of(proposed, box) is ConfirmationState.PENDING
        over[box.id] = None if alive else over.get(box.id, box)
        if alive and proposed.proposed_by_id != user.id:
            ends = proposed.proposed_at + CONFIRMATION_LASTS
            due_on = local(ends if box.opened_at else min(ends, box.opens_at)).date()
            tasks.append((due_on, box, f"{CONFIRM}{ACTION[proposed.action]}", PAGE.get(proposed.action, "")))
    for box in over.values():
        if box is not None and box.closed_at is not None and box.published_at is None and not box.rehearsal:
            due_on = local((box.paper_until or box.closed_at) + COUNTED_WITHIN).date()
            tasks.append((due_on, box, str(STAGE[stage_of(box, now)]), ""))
    return [Waiting(place, due_on, f"{box.id.hex()}{page}", title(box), note)
            for place, (due_on, box, note, page) in enumerate(tasks)]


def to_type(user: User) -> list[Waiting]:
    """Batches that this person could type now."""
    return _batches(user, lambda finished, begun: user.id in begun or (
        user.id not in finished and len(finished | begun) < 2))


def to_settle(user: User) -> list[Waiting]:
    """Batches whose differences this person could settle."""
    return _batches(user, lambda finished, _begun: len(finished) == 2 and user.id not in finished)


def _batches(user: User, wanted) -> list[Waiting]:
    """Unsettled batches, by who has finished typing them and who types them, in one statement; no own list."""
    batches: dict[tuple[BallotBox, int], tuple[set[int], set[int]]] = {}
    for number, typist_id, finished_at, box in db.session.execute(UNSETTLED):
        finished, begun = batches.setdefault((box, number), (set(), set()))
        if typist_id is not None:
            (finished if finished_at else begun).add(typist_id)
    return [Waiting(place, local(last_return(box) + TYPED_WITHIN).date(), f"{box.id.hex()}/batches/{number}",
                    title(box), str(number))
            for place, ((box, number), who) in enumerate(batches.items())
            if wanted(*who) and not why_own_list(user, box.roll)]


def objections(user: User) -> list[Waiting] | None:
    """Without an answer; for those who can give one in the name of a department."""
    if not user.department_ids():
        return None
    return [Waiting(objection_id, local(lodged_at + ANSWERED_WITHIN).date(), box_id.hex(), name)
            for objection_id, lodged_at, name, box_id in db.session.execute(UNANSWERED)]


def officiate_lines(tasks: list[Waiting]) -> list[DeskLine]:
    why = {True: _("다른 담당관이 제안했어요. 두 번째 사람이 확인해야 해요."), False: _("돌아온 종이를 입력하고 표를 세서 두 담당관이 공개해요.")}
    return [DeskLine(f"/desk/votes/{task.ref}", task.title, (task.note.removeprefix(CONFIRM),),
                     why[task.note.startswith(CONFIRM)]) for task in tasks]


def typed_lines(tasks: list[Waiting]) -> list[DeskLine]:
    return [DeskLine(f"/desk/votes/{task.ref}", task.title, (_("묶음 %(number)s", number=task.note),))
            for task in tasks]


def differing_lines(tasks: list[Waiting]) -> list[DeskLine]:
    return [DeskLine(f"/desk/votes/{task.ref}/differences", task.title, (_("묶음 %(number)s", number=task.note),),
                     _("두 사람이 다르게 읽었어요.")) for task in tasks]


def objection_lines(tasks: list[Waiting]) -> list[DeskLine]:
    return [DeskLine(f"/desk/votes/{task.ref}/objections", task.title) for task in tasks]
