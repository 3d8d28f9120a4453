"""Paper at the desk: who gets which number, and what became of it. Audited by number, never by person."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from civic_forum.accounts.queries import people
from civic_forum.kernel.errors import Denied
from civic_forum.kernel.i18n import _
from civic_forum.kernel.policy import require
from civic_forum.kernel.work import Work, use_case

from ..models import BallotBox
from ..policy.desk import DeskVisit, may_issue_paper
from ..queries import boxes, papers, rolls
from ..steps import papers as steps
from ..steps.desk import is_own
from ..steps.locking import take_lock
from ..steps.papers import Issued
from .desk import person_of


def issue(box_id: bytes, visit: str, *, number: int | None = None, by_post: bool = False, by) -> Issued:
    """Give the person whom the clerk has just looked up a paper ballot; withdraws what they cast online.

    Raises as `steps.papers.issue`, and Denied without a look-up, for another neighbourhood, and for oneself.
    """
    with _at_the_desk(box_id, by) as (work, actor, box, at):
        person = person_of(visit, box_id, by=actor, at=work.at)
        entry = rolls.entry(box.roll_id, person) if box.roll_id else None
        require(actor, may_issue_paper, DeskVisit(entry and entry.neighbourhood_id))
        if is_own(actor, person):
            raise Denied(_("내 일을 내가 처리할 수는 없어요. 다른 담당자에게 부탁해 주세요."))
        issued = steps.issue(box, person, at=at, number=number, by_post=by_post)
        _record(work, "ballots.paper_issued", box, number=issued.number, by_post=by_post)
        return issued


def replace(box_id: bytes, number: int, *, new_number: int | None = None, by) -> int:
    """A spoiled sheet is handed back: another one in its place. Returns the new number."""
    with _with_sheet(box_id, number, by) as (work, box, at):
        new = steps.replace(box, number, at=at, new_number=new_number)
        _record(work, "ballots.paper_spoiled", box, number=number, replaced_by=new)
        return new


def take_back(box_id: bytes, number: int, *, by) -> int | None:
    """An unused sheet is handed back; the number of another one where the person cannot vote online any more."""
    with _with_sheet(box_id, number, by) as (work, box, at):
        new = steps.take_back(box, number, at=at)
        _record(work, "ballots.paper_taken_back", box, number=number, **({"replaced_by": new} if new else {}))
        return new


def mark_returned(box_id: bytes, number: int, *, by) -> None:
    """A filled-in sheet came back."""
    with _with_sheet(box_id, number, by) as (work, box, at):
        steps.mark_returned(box, number, at=at)
        _record(work, "ballots.paper_returned", box, number=number)


def undo_return(box_id: bytes, number: int, *, by) -> None:
    """The number of a return was wrong."""
    with _with_sheet(box_id, number, by) as (work, box, _at):
        steps.undo_return(box, number)
        _record(work, "ballots.paper_return_undone", box, number=number)


@contextmanager
def _at_the_desk(box_id: bytes, by) -> Iterator[tuple[Work, object, BallotBox, datetime]]:
    with use_case(by) as work:
        actor = people.held(by.id)[by.id]
        require(actor, may_issue_paper)
        at = take_lock(box_id)
        yield work, actor, boxes.held(box_id), at


@contextmanager
def _with_sheet(box_id: bytes, number: int, by) -> Iterator[tuple[Work, BallotBox, datetime]]:
    """The same for a sheet that is there, at the clerk's own desk."""
    with _at_the_desk(box_id, by) as (work, actor, box, at):
        if (sheet := papers.sheet(box_id, number)) is not None:
            require(actor, may_issue_paper, DeskVisit(sheet.neighbourhood_id))
        yield work, box, at


def _record(work: Work, action: str, box: BallotBox, **details) -> None:
    work.record(action, f"ballot_box:{box.id.hex()}", **details)
