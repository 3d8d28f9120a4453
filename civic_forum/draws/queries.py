"""SELECTs of draws, of those in their lists, and of what is noted about them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from civic_forum.accounts.models import Affiliation, User
from civic_forum.accounts.rules import Verification
from civic_forum.blocks import listing
from civic_forum.blocks.listing import Listing
from civic_forum.blocks.orders import Order
from civic_forum.blocks.seats import SeatWay
from civic_forum.blocks.submissions import Submission
from civic_forum.bodies.models import BodySeat, MemberChange, Membership
from civic_forum.calls import queries as calls
from civic_forum.calls.models import Call, CallApplication
from civic_forum.calls.rules import ApplicationState, WhyNot
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _, local
from civic_forum.platform.question_rows import AnswerSheet

from .models import Draw, DrawEntry, DrawObserved, DrawPassed, DrawPerson

MOST_LINES, MOST_SHOWN, MOST_LATE = 20_000, 50, 20


DRAWS = listing.declare(Listing(
    "draws", lambda: sa.select(Draw).join(Draw.call).where(Draw.committed_at.is_not(None)).options(
        contains_eager(Draw.call)), (Order("newest", None, (Draw.id.desc(),)),), endpoint="draws.show_list", size=50))


def missing() -> NotFound:
    return NotFound(_("이런 추첨은 없어요. 모집 화면에서 찾아보세요."))


def last_of(call: Call) -> Draw | None:
    """The last attempt that did not end; where all did, the last."""
    return db.session.scalar(sa.select(Draw).filter_by(call_id=call.id).order_by(
        Draw.ended_at.is_not(None), Draw.attempt.desc()).limit(1))


def attempts(call: Call) -> int:
    """Number of the last attempt; 0 without any."""
    return db.session.scalar(sa.select(sa.func.max(Draw.attempt)).filter_by(call_id=call.id)) or 0


def published(slug: str, attempt: int | None = None) -> Draw:
    """A draw that was committed: the last attempt, where none is named. Raises NotFound."""
    wanted = Draw.attempt == attempt if attempt else sa.true()
    return existing(db.session.scalar(sa.select(Draw).join(Draw.call).where(
        Call.slug == slug, Draw.committed_at.is_not(None), wanted).options(contains_eager(Draw.call)).order_by(
        Draw.attempt.desc()).limit(1)), missing)


def earlier(draw: Draw) -> Sequence[Draw]:
    """Committed attempts before, the last in front."""
    return db.session.scalars(sa.select(Draw).where(
        Draw.call_id == draw.call_id, Draw.attempt < draw.attempt, Draw.committed_at.is_not(None)).order_by(
        Draw.attempt.desc()).limit(MOST_SHOWN)).all()


def locked(draw_id: int) -> Draw:
    """Read again, and locked behind its call until the transaction ends. Raises NotFound, also for one whose list was
    made anew meanwhile."""
    known = existing(db.session.get(Draw, draw_id), missing)
    calls.locked(known.call_id)
    return existing(db.session.scalar(sa.select(Draw).filter_by(id=draw_id).with_for_update(of=Draw)
                                      .execution_options(populate_existing=True)), missing)


def known(draw_id: int) -> Draw:
    return db.session.get_one(Draw, draw_id)


def draw_with(application_id: int) -> Draw | None:
    """The committed draw that stands and has this application in its list."""
    return db.session.scalar(sa.select(Draw).join(DrawPerson, DrawPerson.draw_id == Draw.id).where(
        DrawPerson.application_id == application_id, Draw.committed_at.is_not(None), Draw.ended_at.is_(None)).order_by(
        Draw.attempt.desc()).limit(1))


def standing(call_id: int) -> sa.Select[Any]:
    """Applications that stand, with who handed them in and what they answered."""
    return sa.select(CallApplication, AnswerSheet).join(CallApplication.submission).join(
        AnswerSheet, AnswerSheet.submission_id == Submission.id).where(
        CallApplication.call_id == call_id, CallApplication.state == ApplicationState.RECEIVED).options(
        contains_eager(CallApplication.submission)).order_by(CallApplication.id)


def of_ids(ids: Collection[int]) -> Sequence[CallApplication]:
    """Applications with the proposals that are nominated by them, in the order in which they were begun."""
    return db.session.scalars(sa.select(CallApplication).where(CallApplication.id.in_(ids)).options(
        joinedload(CallApplication.submission), joinedload(CallApplication.proposal)).order_by(
        CallApplication.id).limit(MOST_LINES)).all()


def applicants(call_id: int) -> list[tuple[CallApplication, AnswerSheet, User | None]]:
    """Those, in the order in which they were begun."""
    rows = db.session.execute(standing(call_id).outerjoin(User, User.id == Submission.owner_id).add_columns(User)
                              .options(joinedload(User.person)).limit(MOST_LINES))
    return [(application, sheet, owner) for application, sheet, owner in rows]


def ways(users: Collection[int]) -> dict[int, Verification]:
    """Account → way in which its person was verified last."""
    return dict(db.session.execute(sa.select(User.id, Affiliation.how).join(Affiliation, sa.or_(
        Affiliation.user_id == User.id, Affiliation.person_id == User.person_id)).where(
        User.id.in_(users), Affiliation.how != Verification.DECLARED).order_by(Affiliation.at)).all())


def not_listed(call_id: int) -> dict[str, int]:
    """Numbers of those who handed in and do not stand, by the names of DRAWS.md."""
    withdrawn = CallApplication.state == ApplicationState.WITHDRAWN
    kind = sa.case((withdrawn, "withdrawn"), (CallApplication.why_not == WhyNot.NOT_ELIGIBLE, "not_eligible"),
                   else_="incomplete")
    return dict(db.session.execute(sa.select(kind, sa.func.count()).join(CallApplication.submission).where(
        CallApplication.call_id == call_id, Submission.handed_in_at.is_not(None), sa.or_(
            withdrawn, CallApplication.state == ApplicationState.OUT)).group_by(kind)).all())


def people(draw_id: int) -> Sequence[DrawPerson]:
    return db.session.scalars(sa.select(DrawPerson).filter_by(draw_id=draw_id).limit(MOST_LINES)).all()


def person(draw: Draw, application_id: int) -> DrawPerson:
    """Raises NotFound for somebody who is not in the list."""
    return existing(db.session.get(DrawPerson, (draw.id, application_id)), missing)


def own(draw: Draw, user_id: int) -> Sequence[DrawPerson]:
    """Those of the applications that somebody handed in."""
    return db.session.scalars(sa.select(DrawPerson).join(
        CallApplication, CallApplication.id == DrawPerson.application_id).join(CallApplication.submission).where(
        DrawPerson.draw_id == draw.id, Submission.owner_id == user_id).limit(MOST_SHOWN)).all()


def owned(user_id: int, *, ended: bool = False) -> Sequence[tuple[Draw, DrawPerson]]:
    """Committed draws in whose lists somebody stands, the newest first; those too that ended."""
    return db.session.execute(sa.select(Draw, DrawPerson).join(DrawPerson, DrawPerson.draw_id == Draw.id).join(
        CallApplication, CallApplication.id == DrawPerson.application_id).join(CallApplication.submission).join(
        Draw.call).where(Submission.owner_id == user_id, Draw.committed_at.is_not(None),
                         sa.true() if ended else Draw.ended_at.is_(None))
        .options(contains_eager(Draw.call)).order_by(Draw.id.desc()).limit(MOST_SHOWN)).all()


def gone(user_id: int) -> Sequence[DrawPerson]:
    """Those of somebody's applications that were taken back."""
    return db.session.scalars(sa.select(DrawPerson).join(
        CallApplication, CallApplication.id == DrawPerson.application_id).join(CallApplication.submission).where(
        Submission.owner_id == user_id, CallApplication.state == ApplicationState.WITHDRAWN).limit(MOST_LINES)).all()


def listed(draw_id: int) -> Sequence[tuple[DrawPerson, CallApplication, User | None]]:
    """All in a list, with who handed each in."""
    return db.session.execute(sa.select(DrawPerson, CallApplication, User).join(
        CallApplication, CallApplication.id == DrawPerson.application_id).join(CallApplication.submission).outerjoin(
        User, User.id == Submission.owner_id).where(DrawPerson.draw_id == draw_id).options(
        contains_eager(CallApplication.submission), joinedload(User.person)).order_by(
        CallApplication.id).limit(MOST_LINES)).all()


def going(call_id: int) -> Sequence[tuple[DrawPerson, str]]:
    """Those who are to be passed over in draws of a call that stand, with their receipt numbers."""
    return db.session.execute(sa.select(DrawPerson, Submission.number).join(
        CallApplication, CallApplication.id == DrawPerson.application_id).join(CallApplication.submission).join(
        Draw, Draw.id == DrawPerson.draw_id).where(
        Draw.call_id == call_id, Draw.ended_at.is_(None), DrawPerson.leaving.is_not(None)).limit(MOST_SHOWN)).all()


def entries(draw_id: int) -> Sequence[DrawEntry]:
    """The last ones, in the order in which they were typed."""
    return db.session.scalars(sa.select(DrawEntry).filter_by(draw_id=draw_id).order_by(DrawEntry.id.desc())
                              .limit(MOST_SHOWN)).all()[::-1]


def typists(slug: str) -> set[int]:
    """Ids of the officials who typed values of a draw of this call."""
    return set(db.session.scalars(sa.select(DrawEntry.by_id).join(Draw, Draw.id == DrawEntry.draw_id).join(
        Draw.call).where(Call.slug == slug).distinct().limit(MOST_SHOWN)))


def values(draw_id: int) -> DrawEntry | None:
    """The last on which two agree."""
    return db.session.scalar(sa.select(DrawEntry).filter_by(draw_id=draw_id, agrees=True).order_by(DrawEntry.id.desc())
                             .limit(1))


def of_call(call_id: int) -> Sequence[tuple[Draw, DrawEntry | None]]:
    """Its committed draws that stand, the first in front, with the values on which two agree last."""
    last = sa.select(sa.func.max(DrawEntry.id)).where(
        DrawEntry.draw_id == Draw.id, DrawEntry.agrees).correlate(Draw).scalar_subquery()
    return db.session.execute(sa.select(Draw, DrawEntry).outerjoin(DrawEntry, DrawEntry.id == last).where(
        Draw.call_id == call_id, Draw.committed_at.is_not(None), Draw.ended_at.is_(None)).order_by(
        Draw.attempt).limit(MOST_SHOWN)).all()


def corrected(entry: DrawEntry) -> list[DrawEntry]:
    """Values that two had agreed on before these."""
    return [each for each in entries(entry.draw_id) if each.agrees and each.id < entry.id]


def passed(draw_id: int) -> Sequence[DrawPassed]:
    return db.session.scalars(sa.select(DrawPassed).filter_by(draw_id=draw_id).order_by(DrawPassed.position)
                              .limit(MOST_LINES)).all()


def passed_now(draw_id: int, number: int) -> DrawPassed | None:
    """The entry by which a number is passed over."""
    return db.session.scalar(sa.select(DrawPassed).filter_by(draw_id=draw_id, number=number, restored_at=None))


def seats_kept(draw: Draw) -> int:
    """Seats that people in the list of a draw that ended hold, or are to hold, by lot in the body of its call."""
    counts = (sa.select(sa.func.count()).select_from(kept).join(BodySeat, BodySeat.id == kept.seat_id).where(
        BodySeat.body_id == draw.call.filled_id, kept.way == SeatWay.DRAW, kept.user_id.in_(owners(draw.id)),
        kept.begins >= local(draw.made_at).date(), new).scalar_subquery()
        for kept, new in ((Membership, sa.true()), (MemberChange, MemberChange.membership_id.is_(None))))
    return sum(db.session.execute(sa.select(*counts)).one())


def observed(draw_id: int) -> Sequence[DrawObserved]:
    return db.session.scalars(sa.select(DrawObserved).filter_by(draw_id=draw_id).order_by(DrawObserved.at)
                              .limit(MOST_SHOWN)).all()


def leaving(now: datetime) -> Sequence[DrawPerson]:
    """Those whose days to object are over and who are not passed over yet, in draws that stand."""
    return db.session.scalars(sa.select(DrawPerson).join(Draw, Draw.id == DrawPerson.draw_id).where(
        DrawPerson.leaves_at <= now, DrawPerson.leaving.is_not(None), Draw.ended_at.is_(None)).limit(MOST_SHOWN)).all()


def without_chance() -> Sequence[Draw]:
    """Committed draws whose chance nobody has reckoned."""
    return db.session.scalars(sa.select(Draw).where(
        Draw.committed_at.is_not(None), Draw.chance.is_(None)).limit(MOST_LATE)).all()


def to_change(listed: Collection[int], chosen: Collection[int]) -> Sequence[CallApplication]:
    """Decided ones whose state is not what the lot says now, read again and locked."""
    drawn = CallApplication.id.in_(chosen)
    return db.session.scalars(sa.select(CallApplication).where(CallApplication.id.in_(listed), sa.or_(
        sa.and_(drawn, CallApplication.state == ApplicationState.NOT_CHOSEN),
        sa.and_(~drawn, CallApplication.state == ApplicationState.CHOSEN))).order_by(CallApplication.id)
        .with_for_update(of=CallApplication).execution_options(populate_existing=True)).all()


def owners(draw_id: int) -> sa.Select[Any]:
    """Ids of the accounts in the list of a draw."""
    return sa.select(Submission.owner_id).join(CallApplication, CallApplication.submission_id == Submission.id).join(
        DrawPerson, DrawPerson.application_id == CallApplication.id).where(
        DrawPerson.draw_id == draw_id, Submission.owner_id.is_not(None))
