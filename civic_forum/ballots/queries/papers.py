"""Paper: sheets by number, batches with their typings, and whether it all adds up."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.kernel.base import db
from civic_forum.kernel.i18n import _, moment

from ..models import BallotBox, Objection, PaperBatch, PaperEntry, PaperSheet, Participation
from ..policy.desk import Typing
from ..rules import batches as rules
from ..rules.boxes import Channel, SheetState
from ..rules.counting import Paper

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


def sheets(box_id: bytes, state: SheetState, neighbourhood_ids: Collection[int] | None,
           limit: int = MOST_SHOWN) -> list[PaperSheet]:
    """Sheets in this state by number, of these neighbourhoods and of none; None: of all."""
    found = sa.select(PaperSheet).filter_by(box_id=box_id, state=state).order_by(PaperSheet.number).limit(limit)
    return list(db.session.scalars(_there(found, neighbourhood_ids)))


def counts(box_id: bytes, neighbourhood_ids: Collection[int] | None = None) -> dict[SheetState, int]:
    """How many sheets are in which state."""
    found = sa.select(PaperSheet.state, sa.func.count()).filter_by(box_id=box_id).group_by(PaperSheet.state)
    return dict(db.session.execute(_there(found, neighbourhood_ids)).all())


def _there(found, neighbourhood_ids: Collection[int] | None):
    if neighbourhood_ids is None:
        return found
    return found.where(sa.or_(PaperSheet.neighbourhood_id.in_(neighbourhood_ids),
                              PaperSheet.neighbourhood_id.is_(None)))


def holder(box_id: bytes, number: int) -> Participation | None:
    """Whoever has this paper now, locked; nobody knows who it is."""
    return db.session.scalar(sa.select(Participation).filter_by(box_id=box_id, paper_number=number).with_for_update()
                             .execution_options(populate_existing=True))


def participation(box_id: bytes, row_key: bytes) -> Participation | None:
    """How somebody takes part so far."""
    return db.session.get(Participation, (box_id, row_key), populate_existing=True)


def batches(box_id: bytes) -> list[PaperBatch]:
    return list(db.session.scalars(sa.select(PaperBatch).filter_by(box_id=box_id).order_by(PaperBatch.number)))


def batch(box_id: bytes, number: int, *, lock: bool = False) -> PaperBatch | None:
    return db.session.get(PaperBatch, (box_id, number), with_for_update=lock or None, populate_existing=True)


def entries(box_id: bytes, number: int) -> list[PaperEntry]:
    """Every typing of a batch, finished ones first and in the order in which they were finished."""
    return list(db.session.scalars(
        sa.select(PaperEntry).filter_by(box_id=box_id, batch=number)
        .order_by(PaperEntry.finished_at.is_(None), PaperEntry.finished_at, PaperEntry.typist_id)
        .execution_options(populate_existing=True)))


def own_entry(box_id: bytes, number: int, typist_id: int) -> PaperEntry | None:
    return db.session.get(PaperEntry, (box_id, number, typist_id), populate_existing=True)


@dataclass(frozen=True)
class Difference:
    """One sheet of a batch that two people read differently; who read it how is not told."""

    sheet: int
    readings: tuple[bytes, bytes]


def differences(batch: PaperBatch) -> list[Difference]:
    """For the third person: empty until two have finished."""
    done = [sheets_of(entry) for entry in entries(batch.box_id, batch.number) if entry.finished_at]
    if len(done) < 2:
        return []
    first, second = done
    return [Difference(number, tuple(sorted((first[number - 1], second[number - 1]))))
            for number in rules.differences(first, second)]


def sheets_of(entry: PaperEntry) -> list[bytes]:
    return [bytes.fromhex(sheet) for sheet in entry.sheets]


def typing(batch: PaperBatch) -> Typing:
    """What decides who may do the next thing with this batch."""
    of_batch = entries(batch.box_id, batch.number)
    typists = {user.id: user for user in db.session.scalars(
        sa.select(User).where(User.id.in_([entry.typist_id for entry in of_batch])))} if of_batch else {}
    done = tuple(typists[entry.typist_id] for entry in of_batch if entry.finished_at)
    begun = tuple(typists[entry.typist_id] for entry in of_batch if not entry.finished_at)
    return Typing(done, begun, batch.settled_at is not None)


def typings(box_id: bytes) -> dict[int, Typing]:
    """The same for every batch of a box, in three statements."""
    found = {one.number: ([], [], one.settled_at is not None) for one in batches(box_id)}
    rows = db.session.execute(sa.select(PaperEntry.batch, PaperEntry.finished_at, User).join(
        User, User.id == PaperEntry.typist_id).where(PaperEntry.box_id == box_id)
        .order_by(PaperEntry.batch, PaperEntry.finished_at, PaperEntry.typist_id))
    for number, finished_at, user in rows:
        found[number][0 if finished_at else 1].append(user)
    return {number: Typing(tuple(done), tuple(begun), settled) for number, (done, begun, settled) in found.items()}


@dataclass(frozen=True)
class Reconciliation:
    """What became of every sheet, and how far the batches account for those that came back."""

    paper: Paper
    returned: int
    """Sheets that came back, by their numbers."""
    participations_returned: int
    """People whose paper came back."""
    in_batches: int
    """Sheets in batches, settled or not."""
    unsettled: int
    """Batches that nobody has settled."""

    @property
    def unbatched(self) -> int:
        return self.returned - self.in_batches

    @property
    def issued_adds_up(self) -> bool:
        paper = self.paper
        return paper.issued == paper.counted + paper.invalid + paper.spoiled + paper.taken_back + paper.unreturned

    @property
    def returned_adds_up(self) -> bool:
        return self.returned == self.participations_returned == self.paper.counted + self.paper.invalid

    @property
    def holds(self) -> bool:
        return not self.unsettled and self.issued_adds_up and self.returned_adds_up


def reconciliation(box_id: bytes) -> Reconciliation:
    """The figures as they stand now; before every batch is settled they need not add up."""
    sums = db.session.execute(sa.select(
        sa.func.coalesce(sa.func.sum(PaperBatch.counted), 0), sa.func.coalesce(sa.func.sum(PaperBatch.invalid), 0),
        sa.func.coalesce(sa.func.sum(PaperBatch.sheets), 0),
        sa.func.count().filter(PaperBatch.settled_at.is_(None))).filter_by(box_id=box_id)).one()
    counted, invalid, in_batches, unsettled = (int(figure) for figure in sums)
    by_state = counts(box_id)
    people = db.session.scalar(sa.select(sa.func.count()).select_from(Participation).filter_by(
        box_id=box_id, channel=Channel.PAPER_RETURNED)) or 0
    return Reconciliation(Paper.of(by_state, counted=counted, invalid=invalid), by_state.get(SheetState.RETURNED, 0),
                          people, in_batches, unsettled)


def last_return(box: BallotBox) -> datetime:
    """The moment from which no paper is taken back any more."""
    return box.paper_until or box.closed_at or box.closes_at


def why_not_finished(box: BallotBox, at: datetime) -> str | None:
    """Why the paper of this box is not done yet, in words; None when everything adds up. `at`: the database's clock."""
    found = reconciliation(box.id)
    if at < last_return(box):
        return _("종이 투표지를 %(until)s까지 받아요. 그 뒤에 마무리해요.", until=moment(last_return(box)))
    if found.unsettled:
        return _("아직 정해지지 않은 종이 묶음이 %(count)s개 있어요. 두 사람이 입력하고 차이를 정해 주세요.",
                 count=found.unsettled)
    if found.holds:
        return None
    if found.unbatched > 0:
        return _("돌아온 종이 %(count)s장을 아직 묶지 않았어요. 묶음을 만들어 두 사람이 입력해 주세요.", count=found.unbatched)
    paper = found.paper
    return _("종이 수가 맞지 않아요. 내준 %(issued)s장 = 센 %(counted)s + 무효 %(invalid)s + 못 쓰게 된 %(spoiled)s + 안 쓰고 "
             "돌려받은 %(taken_back)s + 돌아오지 않은 %(unreturned)s, 돌아온 %(returned)s장 = 센 것 + 무효여야 해요.",
             issued=paper.issued, counted=paper.counted, invalid=paper.invalid, spoiled=paper.spoiled,
             taken_back=paper.taken_back, unreturned=paper.unreturned, returned=found.returned)
