"""Paper ballots inside the caller's transaction: handed out, replaced, taken back, returned.

The caller has taken the box's lock (`locking.take_lock`) and holds its row (`queries.boxes.held`): casting goes on
meanwhile, other paper of the same box waits. `at` is the database's clock as the lock returned it.
"""

from dataclasses import dataclass
from datetime import datetime

from civic_forum.kernel.base import db
from civic_forum.kernel.errors import Conflict, NotFound, Refusal
from civic_forum.kernel.i18n import _, moment

from .. import keyring
from ..models import BallotBox, PaperSheet, Participation
from ..queries import casts, papers, rolls
from ..rules.boxes import BoxStage, Channel, SheetState, stage_of
from .casting import PAPER, hold_participation, set_channel, withdraw

LARGEST_NUMBER = 999_999


@dataclass(frozen=True)
class Issued:
    """A sheet that was handed out. Whether an online ballot was withdrawn for it is told to the clerk, kept nowhere."""

    number: int
    withdrew: bool


def issue(box: BallotBox, person: bytes, *, at: datetime, number: int | None = None,
          by_post: bool = False) -> Issued:
    """Give somebody of the roll a paper ballot, and withdraw what they cast online.

    `number` is the one printed on the sheet; without it the next of the box. Raises Conflict before the opening,
    after the close, for a number that is in use, and for somebody who has paper already; Refusal for somebody who
    is not in the roll.
    """
    if reason := why_not_issued(box, at):
        raise Conflict(reason)
    entry = rolls.entry(box.roll_id, person) if box.roll_id else None
    if entry is None or entry.struck_at is not None:
        raise Refusal(_("이 투표의 명부에 없거나 명부에서 빠진 분이에요. 종이를 내줄 수 없어요."))
    row_key = keyring.box_keys(box.id).row_key(box.id, person)
    before = hold_participation(box.id, row_key, Channel.PAPER_ISSUED)
    if before in PAPER:
        held = papers.participation(box.id, row_key)
        raise Conflict(_("이미 종이를 받은 분이에요. %(number)s번 종이예요.", number=held.paper_number))
    withdrew = before is not None and withdraw(box.id, row_key)
    sheet = _hand_out(box, number, entry.neighbourhood_id, by_post)
    set_channel(box.id, row_key, Channel.PAPER_ISSUED, sheet.number)
    return Issued(sheet.number, withdrew)


def why_not_issued(box: BallotBox, at: datetime) -> str | None:
    """What the moment has against handing out paper."""
    stage = stage_of(box, at)
    if stage.reached(BoxStage.CLOSED):
        ended = min(filter(None, (box.closed_at, box.closes_at)))
        return _("%(moment)s에 투표가 끝나서 종이를 내줄 수 없어요.", moment=moment(ended))
    if stage is not BoxStage.OPEN:
        return _("%(moment)s부터 종이를 내줄 수 있어요.", moment=moment(box.opens_at))
    if at >= papers.last_return(box):
        return _("종이를 받는 날이 지나서 더 내줄 수 없어요.")
    return None


def replace(box: BallotBox, number: int, *, at: datetime, new_number: int | None = None) -> int:
    """A spoiled sheet was handed back: it never counts, and its holder gets another one. Returns the new number."""
    _check_time(box, at)
    spoiled, holder = _handed_out(box, number)
    return _exchange(box, spoiled, holder, SheetState.SPOILED, new_number)


def take_back(box: BallotBox, number: int, *, at: datetime) -> int | None:
    """An unused sheet was handed back before the close.

    Whoever had cast nothing before is free to vote online again: None. Whoever had cannot, because a withdrawal is
    the last word of a tag, and gets another paper: its number.
    """
    if reason := why_not_issued(box, at):
        raise Conflict(reason)
    unused, holder = _handed_out(box, number)
    if casts.latest(box.id, holder.row_key) is not None:
        return _exchange(box, unused, holder, SheetState.TAKEN_BACK, None)
    unused.state = SheetState.TAKEN_BACK
    db.session.delete(holder)
    db.session.flush()
    return None


def mark_returned(box: BallotBox, number: int, *, at: datetime) -> None:
    """The sheet with this number came back, in its outer envelope or at the desk."""
    _check_time(box, at)
    sheet, holder = _handed_out(box, number)
    sheet.state, holder.channel = SheetState.RETURNED, Channel.PAPER_RETURNED
    db.session.flush()


def undo_return(box: BallotBox, number: int) -> None:
    """A return was noted for the wrong number. Not once the sheets that came back are all in batches."""
    _check_unfinished(box)
    sheet = _sheet(box, number)
    if sheet.state is not SheetState.RETURNED:
        raise Conflict(_("%(number)s번 종이는 돌아온 것으로 적혀 있지 않아요.", number=number))
    if papers.reconciliation(box.id).unbatched < 1:
        raise Conflict(_("돌아온 종이를 이미 모두 묶었어요. 묶음을 먼저 풀어 주세요."))
    holder = papers.holder(box.id, number)
    sheet.state, holder.channel = SheetState.ISSUED, Channel.PAPER_ISSUED
    db.session.flush()


def _check_time(box: BallotBox, at: datetime) -> None:
    _check_unfinished(box)
    if at >= papers.last_return(box):
        raise Conflict(_("종이는 %(until)s까지 받았어요. 그 뒤에 온 종이는 돌아오지 않은 것으로 남아요.",
                         until=moment(papers.last_return(box))))


def _check_unfinished(box: BallotBox) -> None:
    if box.opened_at is None:
        raise Conflict(_("아직 열리지 않은 투표예요. 담당자 두 명이 열면 종이와 현장 투표를 다룰 수 있어요."))
    if box.finished_at is not None:
        raise Conflict(_("이 투표의 종이는 마무리됐어요. 더 바꿀 수 없어요."))


def _sheet(box: BallotBox, number: int) -> PaperSheet:
    sheet = papers.sheet(box.id, number) if 0 < number <= LARGEST_NUMBER else None
    if sheet is None:
        raise NotFound(_("%(number)s번 종이는 내준 적이 없어요. 번호를 다시 확인해 주세요.", number=number), field="number")
    return sheet


def _handed_out(box: BallotBox, number: int) -> tuple[PaperSheet, Participation]:
    """A sheet that somebody has now, and that somebody."""
    sheet = _sheet(box, number)
    if sheet.state is not SheetState.ISSUED:
        raise Conflict(already(sheet))
    return sheet, papers.holder(box.id, number)


def already(sheet: PaperSheet) -> str:
    """Why nothing more happens with this sheet."""
    return {
        SheetState.RETURNED: _("%(number)s번 종이는 이미 돌아왔어요.", number=sheet.number),
        SheetState.SPOILED: _("%(number)s번 종이는 못 쓰게 되어 새 종이로 바꿨어요.", number=sheet.number),
        SheetState.TAKEN_BACK: _("%(number)s번 종이는 안 쓰고 돌려받았어요.", number=sheet.number),
    }[sheet.state]


def _exchange(box: BallotBox, old: PaperSheet, holder: Participation, state: SheetState,
              new_number: int | None) -> int:
    new = _hand_out(box, new_number, old.neighbourhood_id, old.by_post)
    old.state, holder.paper_number = state, new.number
    db.session.flush()
    return new.number


def _hand_out(box: BallotBox, number: int | None, neighbourhood_id: int | None, by_post: bool) -> PaperSheet:
    if number is None:
        number = papers.next_number(box.id)
    if not 0 < number <= LARGEST_NUMBER:
        raise Refusal(_("종이 번호는 1부터 %(most)s까지예요.", most=f"{LARGEST_NUMBER:,}"), field="number")
    if papers.sheet(box.id, number) is not None:
        raise Conflict(_("%(number)s번 종이는 이미 내줬어요. 겉봉투에 적힌 번호를 다시 확인해 주세요.", number=number),
                       field="number")
    sheet = PaperSheet(box_id=box.id, number=number, neighbourhood_id=neighbourhood_id, state=SheetState.ISSUED,
                       by_post=by_post)
    db.session.add(sheet)
    db.session.flush()
    return sheet
