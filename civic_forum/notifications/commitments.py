"""News of commitments, several in one and once a week at most for each person; reminders of the office."""

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.accounts.rules import Role
from civic_forum.commitments import days, rules, voters
from civic_forum.commitments.queries import desk as desk_queries
from civic_forum.commitments.models import Commitment, CommitmentDigest, CommitmentNews
from civic_forum.platform import clock
from civic_forum.platform.base import db, upsert
from civic_forum.platform.i18n import local
from civic_forum.platform.work import Work, let_go, use_case

from . import operations
from .queries import recipients
from .rules import NoticeKind

TOLD_EVERY = timedelta(days=7)
AT_ONCE = 500
"""People who are told in one transaction: a kill loses none of them and doubles nothing."""
REMINDED = (7, 0, -7)
"""So many days before the last day of a quarter's report its departments are reminded; negative: after it."""


def tell_news() -> int:
    """Tell those who have to hear of something and were not told within a week. Returns how many were told."""
    voters.note_news()
    told = 0
    while people := _waiting_people():
        with use_case(None) as work:
            _tell(work, people)
        told += len(people)
    return told


def _waiting_people() -> Sequence[int]:
    recently = sa.exists().where(CommitmentDigest.user_id == CommitmentNews.user_id,
                                 CommitmentDigest.at > clock.now() - TOLD_EVERY)
    people = db.session.scalars(sa.select(CommitmentNews.user_id).where(CommitmentNews.told_at.is_(None), ~recently)
                                .distinct().order_by(CommitmentNews.user_id).limit(AT_ONCE)).all()
    let_go()
    return people


def _tell(work: Work, people: Sequence[int]) -> None:
    """One notice for each: about the commitment that moved last, saying of how many others there is news."""
    session, today = work.session, local(work.at).date()
    untold = sa.and_(CommitmentNews.user_id.in_(people), CommitmentNews.told_at.is_(None))
    rows = session.execute(sa.select(
        CommitmentNews.user_id, sa.func.max(CommitmentNews.commitment_id),
        sa.func.count(CommitmentNews.commitment_id.distinct())).where(untold).group_by(CommitmentNews.user_id))
    alike: dict[tuple[int, int], list[int]] = {}
    for user_id, commitment_id, number in rows:
        alike.setdefault((commitment_id, number), []).append(user_id)
    for (commitment_id, number), users in alike.items():
        several = number > 1
        operations.tell(
            session, sa.select(User.id).where(User.id.in_(users)), kind=NoticeKind.OUTCOME,
            about=f"commitment:{commitment_id}", title="", step="commitments_moved" if several else "commitment_moved",
            url="/me/commitments" if several else f"/commitments/{commitment_id}",
            details={"count": number} if several else None, once=f"commitments:{today}", at=work.at)
    session.execute(sa.update(CommitmentNews).where(untold).values(told_at=work.at)
                    .execution_options(synchronize_session=False))
    columns = [{"user_id": user_id, "at": work.at} for user_id in people]
    session.execute(upsert(CommitmentDigest).values(columns).on_conflict_do_update(
        index_elements=["user_id"], set_={"at": work.at}))


def remind() -> int:
    """Remind departments that have still to tell what they did in the last quarter. Returns how many were reminded."""
    today = local(clock.now()).date()
    quarter = days.quarter_before(today)
    last = days.quarter_end(quarter) + timedelta(days=rules.QUARTER_DAYS)
    reached = [before for before in REMINDED if today >= last - timedelta(days=before)]
    if not reached:
        return 0
    with use_case(None) as work:
        departments = work.session.scalars(desk_queries.untold_departments(quarter)).all()
        for department_id in departments:
            operations.tell(work.session, recipients.staff(Role.OFFICIAL, department_id=department_id),
                            kind=NoticeKind.DUTY, about=f"commitment:{_first(department_id, quarter)}", title="",
                            step="duty_quarter", url="/desk/commitments", details={"due": last.isoformat()},
                            once=f"quarter:{quarter}:{min(reached)}:{department_id}", at=work.at)
    return len(departments)


def _first(department_id: int, quarter: str) -> int:
    return db.session.scalar(desk_queries.untold(quarter).where(Commitment.department_id == department_id)
                             .with_only_columns(sa.func.min(Commitment.id)))
