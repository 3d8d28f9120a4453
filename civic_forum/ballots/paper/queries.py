"""Paper: sheets by number, batches with their typings."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _, end

from ..counting.rules import Paper
from ..models import BallotBox
from ..observing.models import Objection
from .models import PaperBatch, PaperEntry, PaperSheet
from ..policy import Typing
from ..rules.boxes import SheetState
from . import rules

MOST_SHOWN = 200


def boxes_under_way() -> list[BallotBox]:
    """Opened, and not published or with an objection that waits; the one that closes first on top,
    those that are voted on together in the order in which their subjects were made."""
    waits = sa.select(Objection.box_id).where(Objection.answered_at.is_(None))
    return list(db.session.scalars(sa.select(BallotBox).where(
        BallotBox.opened_at.is_not(None), BallotBox.published_at.is_(None) | BallotBox.id.in_(waits))
        .order_by(
            BallotBox.closes_at, sa.func.length(BallotBox.subject), BallotBox.subject, BallotBox.id).limit(MOST_SHOWN)))


def next_number(box_id: bytes) -> int:
    """The number of the next sheet; the caller holds the box."""
    return (db.session.scalar(sa.select(sa.func.max(PaperSheet.number)).filter_by(box_id=box_id)) or 0) + 1


def sheet(box_id: bytes, number: int) -> PaperSheet | None:
    return db.session.get(PaperSheet, (box_id, number), populate_existing=True)


def sheets(box_id: bytes, state: SheetState, neighbourhood_ids: Collection[int] | None) -> list[PaperSheet]:
    """Sheets in this state by number, of these neighbourhoods and of none; None: of all."""
    query = sa.select(PaperSheet).filter_by(box_id=box_id, state=state).order_by(PaperSheet.number).limit(MOST_SHOWN)
    return list(db.session.scalars(_there(query, neighbourhood_ids)))


def counts(box_id: bytes, neighbourhood_ids: Collection[int] | None = None) -> dict[SheetState, int]:
    """Number of sheets by state; one in a state that is none counts as handed out, beside its alarm."""
    state = sa.cast(PaperSheet.state, sa.Text)
    query = sa.select(state, sa.func.count()).where(PaperSheet.box_id == box_id).group_by(state)
    counted = Counter()
    for state, number in db.session.execute(_there(query, neighbourhood_ids)):
        counted[SheetState._value2member_map_.get(state, SheetState.ISSUED)] += number
    return counted


def _there(query, neighbourhood_ids: Collection[int] | None):
    if neighbourhood_ids is None:
        return query
    return query.where(sa.or_(PaperSheet.neighbourhood_id.in_(neighbourhood_ids),
                              PaperSheet.neighbourhood_id.is_(None)))


def batches(box_id: bytes) -> list[PaperBatch]:
    return list(db.session.scalars(sa.select(PaperBatch).filter_by(box_id=box_id).order_by(PaperBatch.number)))


def batch(box_id: bytes, number: int, *, lock: bool = False) -> PaperBatch:
    """Read again. Raises NotFound."""
    return existing(db.session.get(PaperBatch, (box_id, number), with_for_update=lock or None, populate_existing=True),
                    lambda: NotFound(_("그런 묶음이 없어요. 묶음 목록을 새로 열어 확인해 주세요.")))


def finished(box_id: bytes, number: int) -> list[list[bytes]]:
    """The sheets of a batch as those who have finished typed them, in the order in which they did."""
    return [sheets_of(entry) for entry in db.session.scalars(
        sa.select(PaperEntry).filter_by(box_id=box_id, batch=number).where(PaperEntry.finished_at.is_not(None))
        .order_by(PaperEntry.finished_at, PaperEntry.typist_id).execution_options(populate_existing=True))]


def own_entry(box_id: bytes, number: int, typist_id: int) -> PaperEntry | None:
    return db.session.get(PaperEntry, (box_id, number, typist_id), populate_existing=True)


class Difference(NamedTuple):
    """One sheet of a batch that two people read differently; who read it how is not told."""

    sheet: int
    readings: tuple[bytes, bytes]


def differences(batch: PaperBatch) -> list[Difference]:
    """For the third person: empty until two have finished."""
    done = finished(batch.box_id, batch.number)
    if len(done) < 2:
        return []
    first, second = done
    return [Difference(number, tuple(sorted((first[number - 1], second[number - 1]))))
            for number in rules.differences(first, second)]


def sheets_of(entry: PaperEntry) -> list[bytes]:
    return [bytes.fromhex(sheet) for sheet in entry.sheets]


def typing(batch: PaperBatch) -> Typing:
    """The facts that decide who may do the next thing with this batch."""
    return typings(batch.box_id)[batch.number]


def typings(box_id: bytes) -> dict[int, Typing]:
    """The same for every batch of a box, in two statements."""
    typed = {batch.number: ([], [], batch.settled_at is not None) for batch in batches(box_id)}
    rows = db.session.execute(sa.select(PaperEntry.batch, PaperEntry.finished_at, User).join(
        User, User.id == PaperEntry.typist_id).where(PaperEntry.box_id == box_id)
        .order_by(PaperEntry.batch, PaperEntry.finished_at, PaperEntry.typist_id))
    for number, finished_at, user in rows:
        typed[number][0 if finished_at else 1].append(user)
    return {number: Typing(tuple(done), tuple(begun), settled) for number, (done, begun, settled) in typed.items()}


@dataclass(frozen=True)
class Reconciliation:
    """The numbers of sheets by their state, and how far the batches account for those that came back."""

    paper: Paper
    returned: int
    """Sheets that came back, by their numbers."""
    in_batches: int
    """Sheets in batches, settled or not."""
    batches: int
    unsettled: int
    """Batches that nobody has settled."""

    @property
    def unbatched(self) -> int:
        return self.returned - self.in_batches

    @property
    def stranded(self) -> bool:
        """True where fewer sheets than a batch are left beside batches that are all settled: because a return was noted
        for the wrong number, or a sheet vanished. Then a settled batch may be taken apart as well."""
        return 0 < self.unbatched < rules.LEAST_SHEETS and self.batches > 0 and not self.unsettled


def reconciliation(box_id: bytes) -> Reconciliation:
    """The figures as they stand now; before every batch is settled they need not add up."""
    sums = db.session.execute(sa.select(
        sa.func.coalesce(sa.func.sum(PaperBatch.counted), 0), sa.func.coalesce(sa.func.sum(PaperBatch.invalid), 0),
        sa.func.coalesce(sa.func.sum(PaperBatch.sheets), 0), sa.func.count(PaperBatch.number),
        sa.func.count().filter(PaperBatch.settled_at.is_(None))).filter_by(box_id=box_id)).one()
    counted, invalid, *of_batches = (int(figure) for figure in sums)
    by_state = counts(box_id)
    return Reconciliation(Paper.of(by_state, counted=counted, invalid=invalid), by_state.get(SheetState.RETURNED, 0),
                          *of_batches)


def last_return(box: BallotBox) -> datetime:
    """The moment from which no paper is taken back any more."""
    return box.paper_until or box.closed_at or box.closes_at


def why_not_finished(box: BallotBox, at: datetime) -> str | None:
    """Reason why the paper of this box is not done yet, or None when all that came back is typed. What does not agree
    otherwise is an alarm of the count. `at`: the database's clock."""
    figures = reconciliation(box.id)
    if at < last_return(box):
        return _("종이 투표지를 %(until)s까지 받아요. 그 뒤에 마무리해요.", until=end(last_return(box)))
    if figures.unsettled:
        return _("아직 정해지지 않은 종이 묶음이 %(count)s개 있어요. 두 사람이 입력하고 차이를 정해 주세요.",
                 count=figures.unsettled)
    if figures.unbatched > 0:
        return _("돌아온 종이 %(count)s장을 아직 묶지 않았어요. 묶음을 만들어 두 사람이 입력해 주세요.",
                 count=figures.unbatched)
    return None
