"""Use-cases of paper at the desk, audited by number."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime


from civic_forum.accounts.models import User
from civic_forum.platform import clock
from civic_forum.platform.base import database_now, db, store
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal, existing
from civic_forum.platform.i18n import _, end, moment
from civic_forum.platform.plain_text import clean
from civic_forum.platform.policy import require
from civic_forum.platform.text_checks import words_given
from civic_forum.platform.work import Work, use_case

from .. import queries as boxes
from ..box import ledger_file, voters
from ..box.ledger import Written
from ..box.locking import acting, take_lock
from ..box.sealing import BoxKeys, Channel, OpenedRow
from ..desk import counts as desk_counts
from ..desk.services import add_visitor, newcomer, visitor_of, why_alone, why_not_own
from ..events import PaperAct
from ..keys import keyring
from ..models import BallotBox
from .models import PaperSheet
from ..policy import may_issue_paper, why_own_list
from ..rolls import queries as rolls
from ..rules.boxes import BoxStage, SheetState, stage_of
from . import queries, withdrawals

LARGEST_NUMBER = 999_999
REASON_LEAST, REASON_MOST = 2, 200
"""Characters of the reason for which an online ballot is withdrawn. It stands in the audit log, beside no name."""


@dataclass(frozen=True)
class Issued:
    """A sheet that was handed out. Whether an online ballot was withdrawn for it is told to the clerk, kept nowhere."""

    number: int
    withdrew: bool
    written: Written


def issue(box_id: bytes, visit: str, *, number: int | None = None, by_post: bool = False, reason: str = "",
          by) -> Issued | None:
    """Give the person whom the clerk has just looked up a paper ballot; withdraws what they cast online, for a reason,
    which takes two clerks: None where another one hands the paper out. They are told. Raises as `issue_to`, and Denied
    without a look-up, for another neighbourhood, and for oneself."""
    add_visitor([boxes.required(box_id)], box_id, visit, lambda *who: _check_newcomer(*who, number, by), by=by)
    person, account_id = visitor_of(visit, box_id, by=by, at=clock.now())
    beside = withdrawals.who_began(withdrawals.subject_of(box_id, person))
    with _at_the_desk(box_id, by, beside=beside) as (work, actor, box, at, named):
        entry = rolls.entry(box.roll_id, person)
        account = db.session.get(User, account_id or 0, populate_existing=True)
        _check_served(actor, box, person, entry, account)
        issued = issue_to(box, person, at=at, number=number, by_post=by_post, may_withdraw=lambda: bool(
            _reason(reason) and withdrawals.is_agreed(work, withdrawals.case_of(box, person, account))))
        named.append(issued.written)
        act, why = ("online_withdrawn", {"reason": _reason(reason)}) if issued.withdrew else ("paper_issued", {})
        work.record("ballots.paper_issued", box, number=issued.number, by_post=by_post, **why)
        work.emit(PaperAct(box_id, account_id, issued.number, act))
        return issued
    return None


def _check_served(actor: User, box: BallotBox, person: bytes, there, account: User | None = None) -> None:
    """Raise what stands against serving this person, whom their entry or sheet has in a neighbourhood."""
    require(actor, why_own_list, box.roll)
    require(actor, may_issue_paper, there and there.neighbourhood_id)
    if why_not := why_not_own(actor, person):
        raise Denied(why_not)
    if refusal := why_alone(box, account):
        raise refusal


def _check_newcomer(box: BallotBox, person: bytes, account: User, number: int | None, by) -> None:
    """Raise what would keep somebody from getting paper who is not on the roll yet."""
    _check_served(by, box, person, newcomer(box, account), account)
    if reason := why_not_issued(box, database_now()):
        raise Conflict(reason)
    _free_number(box, number)


def _reason(text: str) -> str:
    if not REASON_LEAST <= len(clean(text)) <= REASON_MOST:
        raise Refusal(_("온라인으로 투표한 분이에요. 그 표를 거두는 이유를 2자부터 200자까지 적어 주세요."), field="reason")
    return words_given(text, REASON_LEAST, REASON_MOST, "reason")


def replace(box_id: bytes, visit: str, number: int, *, by) -> int:
    """The person whom the clerk has just looked up hands this spoiled sheet back: it never counts, and they get another
    one. Returns its number. Raises Denied as `issue`, Conflict for who has not this sheet, and once it came back."""
    with _at_the_desk(box_id, by) as (work, actor, box, at, named):
        (spoiled, account_id), new = _sheet_of(box, actor, visit, number), queries.next_number(box_id)
        _check_time(box, at)
        named.append(_change_holder(box, spoiled.number, Channel.PAPER_ISSUED, new))
        _hand_out(box, new, spoiled.neighbourhood_id, at, spoiled.by_post)
        spoiled.state = SheetState.SPOILED
        _note(work, box, spoiled, at, "paper_spoiled", account_id, replaced_by=new)
    return new


def take_back(box_id: bytes, visit: str, number: int, *, by) -> int:
    """The same with a sheet that was not used: they may vote online again. Returns its number."""
    with _at_the_desk(box_id, by) as (work, actor, box, at, named):
        sheet, account_id = _sheet_of(box, actor, visit, number)
        named.append(take_in(box, number, at=at))
        _note(work, box, sheet, at, "paper_taken_back", account_id)
    return number


def mark_returned(box_id: bytes, number: int, *, by) -> None:
    """A filled-in sheet came back."""
    with _at_the_desk(box_id, by, number) as (work, _actor, box, at, named):
        named.append(note_return(box, number, at=at))
        work.record("ballots.paper_returned", box, number=number)


def undo_return(box_id: bytes, number: int, reason: str, *, by) -> bool:
    """The number of a return was wrong: two clerks say so by that number, since neither knows whose it is. False where
    another one has to. Not once the sheets that came back are all in batches."""
    beside = withdrawals.who_began(f"{box_id.hex()}:{number}", withdrawals.RETURN)
    with _at_the_desk(box_id, by, number, beside=beside) as (work, _actor, box, at, named):
        reason = words_given(reason, REASON_LEAST, REASON_MOST, "reason")
        _check_unfinished(box)
        sheet = _sheet(box, number)
        if sheet.state is not SheetState.RETURNED:
            raise Conflict(_("%(number)s번 종이는 돌아온 것으로 적혀 있지 않아요.", number=number))
        if queries.reconciliation(box.id).unbatched < 1:
            raise Conflict(_("돌아온 종이를 이미 모두 묶었어요. 묶음을 먼저 풀어 주세요."))
        case = withdrawals.return_of(box, sheet)
        if agreed := withdrawals.is_agreed(work, case, withdrawals.RETURN):
            named.append(_now(box, sheet, SheetState.ISSUED))
            _note(work, box, sheet, at, "paper_return_undone", case.account and case.account.id, reason=reason)
    return agreed


def _sheet_of(box: BallotBox, actor: User, visit: str, number: int) -> tuple[PaperSheet, int | None]:
    """This sheet of the person whom the clerk has just looked up, and their account: who presses twice changes one."""
    person, account_id = visitor_of(visit, box.id, by=actor, at=clock.now())
    keys = keyring.box_keys(box.id, box.key_sha256)
    row = voters.by_key(box.id, keys, keys.row_key(box.id, person), hold=True)
    if row is None or row.paper != number:
        raise Conflict(_("이분이 지금 가진 종이가 아니에요. 신분증을 다시 보고 찾아 주세요."))
    sheet = _handed_out(box, number)
    _check_served(actor, box, person, sheet)
    return sheet, account_id


def _note(work: Work, box: BallotBox, sheet: PaperSheet, at: datetime, act: str, account_id, **details) -> None:
    """Write down by number what was done with a sheet, count it for observers and tell its holder."""
    work.record(f"ballots.{act}", box, number=sheet.number, **details)
    desk_counts.add(box.id, sheet.neighbourhood_id, at, changed=1)
    work.emit(PaperAct(box.id, account_id, sheet.number, act))


@contextmanager
def _at_the_desk(box_id: bytes, by, number: int | None = None, *, beside: Collection[int] = ()) -> Iterator[
        tuple[Work, User, BallotBox, datetime, list[Written]]]:
    """Inside the box's lock; the sheet of this number, if it is there, is handled at the clerk's own desk. Whatever is
    put into the list goes to the ledger after the commit. What the first of two clerks began stays."""
    named: list[Written] = []
    with use_case(by) as work:
        actor = acting(by, may_issue_paper, beside=beside)
        at = take_lock(box_id)
        box = boxes.held(box_id)
        require(actor, why_own_list, box.roll)
        if number is not None and (sheet := queries.sheet(box_id, number)):
            require(actor, may_issue_paper, sheet.neighbourhood_id)
        with suppress(withdrawals.SecondClerk):
            yield work, actor, box, at, named
    ledger_file.append(box_id, named)


def issue_to(box: BallotBox, person: bytes, *, at: datetime, number: int | None = None,
             by_post: bool = False, may_withdraw: Callable[[], bool] = lambda: True) -> Issued:
    """Give somebody of the roll a paper ballot, and withdraw what they cast online; SecondClerk, before
    anything is written, where `may_withdraw` says no. `number` is the one printed on the sheet, to compare. Raises
    Conflict before the opening, after the close, for a number that is in use, and for somebody who has paper already;
    Refusal for a number that leaves others out, and for somebody who is not in the roll."""
    if reason := why_not_issued(box, at):
        raise Conflict(reason)
    entry = rolls.entry(box.roll_id, person)
    if entry is None or entry.struck_at is not None:
        raise Refusal(_("이 투표의 명부에 없거나 명부에서 빠진 분이에요. 종이를 내줄 수 없어요."))
    keys = keyring.box_keys(box.id, box.key_sha256)
    row_key = keys.row_key(box.id, person)
    number = _free_number(box, number)
    withdrew = False

    def issued(before: OpenedRow | None) -> OpenedRow:
        nonlocal withdrew
        if before is not None and before.channel in (Channel.PAPER_ISSUED, Channel.PAPER_RETURNED):
            raise Conflict(_("이미 종이를 받은 분이에요. %(number)s번 종이예요.", number=before.paper))
        withdrew = before is not None and not before.channel.on_paper
        if withdrew and not may_withdraw():
            raise withdrawals.SecondClerk
        return _on_paper(box, keys, row_key, before, Channel.PAPER_ISSUED, number)

    written = voters.change(box.id, keys, row_key, issued)
    _hand_out(box, number, entry.neighbourhood_id, at, by_post, withdrew)
    return Issued(number, withdrew, written)


def _on_paper(box: BallotBox, keys: BoxKeys, row_key: bytes, before: OpenedRow | None, channel: Channel,
              number: int) -> OpenedRow:
    """The next revision of a row, with a paper in place of whatever was there."""
    revision = voters.next_revision(box.id, keys, row_key, before)
    return OpenedRow.on_paper(channel, number, revision, boxes.rule_of(box).length)


def why_not_issued(box: BallotBox, at: datetime) -> str | None:
    """Reason not to hand out paper now, or None."""
    stage = stage_of(box, at)
    if stage.reached(BoxStage.CLOSED):
        ended = min(filter(None, (box.closed_at, box.closes_at)))
        return _("%(moment)s에 투표가 끝나서 종이를 내줄 수 없어요.", moment=end(ended))
    if stage is not BoxStage.OPEN:
        return _("%(moment)s부터 종이를 내줄 수 있어요.", moment=moment(box.opens_at))
    if at >= queries.last_return(box):
        return _("종이를 받는 날이 지나서 더 내줄 수 없어요.")
    return None


def take_in(box: BallotBox, number: int, *, at: datetime) -> Written:
    """An unused sheet was handed back before the close: its holder may vote online again."""
    if reason := why_not_issued(box, at):
        raise Conflict(reason)
    return _now(box, _handed_out(box, number), SheetState.TAKEN_BACK)


def note_return(box: BallotBox, number: int, *, at: datetime) -> Written:
    """The sheet with this number came back, in its outer envelope or at the desk."""
    _check_time(box, at)
    return _now(box, _handed_out(box, number), SheetState.RETURNED)


def _now(box: BallotBox, sheet: PaperSheet, state: SheetState) -> Written:
    """Sheet and row of its holder say the same from now on."""
    written = _change_holder(box, sheet.number, Channel(state.channel), sheet.number)
    sheet.state = state
    db.session.flush()
    return written


def _change_holder(box: BallotBox, number: int, channel: Channel, new_number: int) -> Written:
    keys = keyring.box_keys(box.id, box.key_sha256)
    row_key, holder = voters.by_paper(box.id, keys, number)
    return voters.replace(box.id, keys, row_key, _on_paper(box, keys, row_key, holder, channel, new_number))


def _check_time(box: BallotBox, at: datetime) -> None:
    _check_unfinished(box)
    if at >= queries.last_return(box):
        raise Conflict(_("종이는 %(until)s까지 받았어요. 그 뒤에 온 종이는 돌아오지 않은 것으로 남아요.",
                         until=end(queries.last_return(box))))


def _check_unfinished(box: BallotBox) -> None:
    if box.opened_at is None:
        raise Conflict(_("아직 열리지 않은 투표예요. 담당관 두 명이 열면 종이와 현장 투표를 다룰 수 있어요."))
    if box.finished_at is not None:
        raise Conflict(_("이 투표의 종이는 마무리됐어요. 더 바꿀 수 없어요."))


def _sheet(box: BallotBox, number: int) -> PaperSheet:
    return existing(queries.sheet(box.id, number) if 0 < number <= LARGEST_NUMBER else None,
                    lambda: NotFound(_("%(number)s번 종이는 내준 적이 없어요. 번호를 다시 확인해 주세요.", number=number), field="number"))


def _handed_out(box: BallotBox, number: int) -> PaperSheet:
    """A sheet that somebody has now."""
    sheet = _sheet(box, number)
    if sheet.state is not SheetState.ISSUED:
        raise Conflict({
            SheetState.RETURNED: _("%(number)s번 종이는 이미 돌아왔어요.", number=number),
            SheetState.SPOILED: _("%(number)s번 종이는 못 쓰게 되어 새 종이로 바꿨어요.", number=number),
            SheetState.TAKEN_BACK: _("%(number)s번 종이는 안 쓰고 돌려받았어요.", number=number),
        }[sheet.state])
    return sheet


def _free_number(box: BallotBox, number: int | None) -> int:
    """The number of the next sheet, which one that is typed must be: numbers run from 1 without a gap, or nobody could
    tell a sheet that vanished from one that never was."""
    following = queries.next_number(box.id)
    if number in (None, following):
        return following
    if 0 < number < following:
        raise Conflict(_("%(number)s번 종이는 이미 내줬어요. 겉봉투에 적힌 번호를 다시 확인해 주세요.", number=number),
                       field="number")
    raise Refusal(_("다음 종이는 %(number)s번이에요. 종이는 번호 순서대로 내줘요.", number=following), field="number")


def _hand_out(box: BallotBox, number: int, neighbourhood_id: int | None, at: datetime, by_post: bool,
              withdrew: bool = False) -> None:
    store(db.session, PaperSheet(box_id=box.id, number=number, neighbourhood_id=neighbourhood_id,
                                 state=SheetState.ISSUED, by_post=by_post, withdrew=withdrew))
    desk_counts.add(box.id, neighbourhood_id, at, papers=1, withdrawn=int(withdrew))
