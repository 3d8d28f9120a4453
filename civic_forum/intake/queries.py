"""SELECTs of intake."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.accounts.models import User
from civic_forum.accounts.rules import Role
from civic_forum.answers.queries.records import duty_about
from civic_forum.blocks import listing, submissions
from civic_forum.blocks.filters import Filter
from civic_forum.blocks.kinds import Ref
from civic_forum.blocks.listing import Listing
from civic_forum.blocks.orders import Order
from civic_forum.blocks.submissions import Submission
from civic_forum.district.filters import neighbourhood
from civic_forum.forums.models import Forum
from civic_forum.forums.rules import Form
from civic_forum.journeys.models import JourneyEntry
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _, _l, local
from civic_forum.platform.waiting import DeskLine, Staff, Waiting
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.rules import DECIDED_WAY

from . import labels
from .claims.models import Claim
from .models import IntakeItem
from .policy import Reached
from .rules import CHECKED_AT_ONCE, ITEM, KIND, WAITING, Became, ItemForm

DONE_SHOWN = 3
STANDS = Submission.withdrawn_at.is_(None)
READ = sa.and_(IntakeItem.checked_at.is_not(None), IntakeItem.hidden_at.is_(None), STANDS)
"""Condition of a text that everybody reads."""

UNSORTED = sa.and_(READ, IntakeItem.became.is_(None), IntakeItem.typed_reply.is_(None))
UNCHECKED = sa.and_(IntakeItem.checked_at.is_(None), IntakeItem.returned_because.is_(None),
                    IntakeItem.hidden_at.is_(None), IntakeItem.about_kind.is_(None), IntakeItem.act.is_(None))


@dataclass(frozen=True)
class Counts:
    """Numbers of all that was handed in and stands."""

    all: int
    became: Mapping[Became | None, int]
    forms: Mapping[ItemForm, int]

    @property
    def settled(self) -> int:
        return sum(count for became, count in self.became.items() if became not in (None, Became.DUTY))


def missing() -> NotFound:
    return NotFound(_("이 번호로 받은 것이 없어요. 번호를 다시 확인해 주세요."))


def _rows() -> sa.Select:
    return sa.select(IntakeItem).join(IntakeItem.submission).where(READ).options(
        sa.orm.contains_eager(IntakeItem.submission), joinedload(IntakeItem.forum), joinedload(IntakeItem.audience))


ITEMS = listing.declare(Listing(
    "intake", _rows, endpoint="intake.show_list",
    filters=(Filter("became", _l("어떻게 됐나요"), IntakeItem.became, labels.BECAME),
             Filter("form", _l("어떻게 받았나요"), IntakeItem.form, labels.FORM, _l("말과 종이 모두")),
             neighbourhood(IntakeItem.neighbourhood_id)),
    orders=(Order("newest", None, (IntakeItem.day.desc(), IntakeItem.id.desc())),)))
"""Texts that everybody reads, the latest first."""


def counts() -> Counts:
    """Of everything that stands and is not hidden, also where the text waits for a second person."""
    rows = db.session.execute(sa.select(IntakeItem.became, IntakeItem.form, sa.func.count()).join(
        IntakeItem.submission).where(STANDS, IntakeItem.hidden_at.is_(None)).group_by(
        IntakeItem.became, IntakeItem.form)).all()
    became: dict[Became | None, int] = {}
    forms: dict[ItemForm, int] = {}
    for end, form, count in rows:
        became[end] = became.get(end, 0) + count
        forms[form] = forms.get(form, 0) + count
    return Counts(sum(became.values()), became, forms)


def named(number: str) -> IntakeItem | None:
    """The one that was handed in under this number."""
    return db.session.scalar(sa.select(IntakeItem).join(IntakeItem.submission).where(
        Submission.number == number, Submission.handed_in_at.is_not(None)))


def of_ids(item_ids: Collection[int]) -> Sequence[IntakeItem]:
    return db.session.scalars(sa.select(IntakeItem).where(IntakeItem.id.in_(item_ids)).options(
        joinedload(IntakeItem.submission))).all()


def topics(ids: sa.Select) -> sa.Select:
    """Those with these ids, as lists of what is owed name them."""
    return sa.select(IntakeItem.id, sa.case((READ, IntakeItem.text)).label("title"),
                     sa.literal(0).label("support_count"),
                     (sa.literal("/intake/") + Submission.number).label("url")).join(IntakeItem.submission).where(
        IntakeItem.id.in_(ids))


def owner(item: IntakeItem) -> sa.Select:
    """Id of somebody who handed it in or claimed it."""
    return sa.select(Submission.owner_id).where(Submission.id == item.submission_id, Submission.owner_id.is_not(None))


def by_number(typed: str) -> IntakeItem:
    """Raises Refusal for a wrong number, NotFound for one that nobody handed in."""
    submission = submissions.by_number(KIND, typed)
    return existing(db.session.scalar(sa.select(IntakeItem).filter_by(submission_id=submission.id)), missing)


def locked(item_id: int) -> IntakeItem:
    """An item read again, and locked until the transaction ends. Raises NotFound."""
    return existing(db.session.scalar(sa.select(IntakeItem).filter_by(id=item_id).with_for_update(of=IntakeItem)
                                      .execution_options(populate_existing=True)), missing)


def locked_by_key(key: str) -> IntakeItem:
    """The same, by the key of its row."""
    return existing(db.session.scalar(sa.select(IntakeItem).filter_by(row_key=key).with_for_update(of=IntakeItem)
                                      .execution_options(populate_existing=True)), missing)


def held(item_ids: Collection[int]) -> list[IntakeItem]:
    """Items read again with their submissions, and locked in one order until the transaction ends: of what is not
    locked PostgreSQL shows how it was before whoever takes it back. Raises NotFound."""
    items = list(db.session.scalars(
        sa.select(IntakeItem).join(IntakeItem.submission).where(IntakeItem.id.in_(item_ids)).order_by(IntakeItem.id)
        .with_for_update(of=(IntakeItem, Submission)).options(sa.orm.contains_eager(IntakeItem.submission))
        .execution_options(populate_existing=True)))
    if not items or len(items) != len(set(item_ids)):
        raise missing()
    return items


def by_id(item_id: int) -> IntakeItem:
    """Raises NotFound."""
    return existing(db.session.get(IntakeItem, item_id), missing)


def reached(item: IntakeItem) -> Reached:
    """Those who may call whoever handed it in."""
    duty = duty_about(Ref(ITEM, item.id)) if item.became is Became.DUTY else None
    return Reached(item.neighbourhood_id, duty.department_id if duty and duty.ended_at is None else None)


def of_keys(keys: Collection[str]) -> Mapping[str, IntakeItem]:
    """Rows that came before, by their keys."""
    rows = db.session.scalars(sa.select(IntakeItem).where(IntakeItem.row_key.in_(keys)))
    return {item.row_key: item for item in rows}


def typed_by(user_id: int, pass_id: int | None = None, limit: int = 20) -> Sequence[IntakeItem]:
    """The last that somebody typed, or a helper with a pass of theirs: what a second person still reads first, then a
    few others; without what waits at a window."""
    rows = db.session.scalars(sa.select(IntakeItem).where(IntakeItem.typed_by_id == user_id, sa.or_(
        sa.literal(pass_id is None), IntakeItem.pass_id == pass_id), sa.or_(
        sa.and_(IntakeItem.about_kind.is_(None), IntakeItem.act.is_(None)), IntakeItem.became.is_not(None))).order_by(
        IntakeItem.checked_at.is_not(None), IntakeItem.id.desc()).limit(limit).options(
        joinedload(IntakeItem.submission))).all()
    open_ones = [item for item in rows if item.state in WAITING]
    return open_ones + [item for item in rows if item.state not in WAITING][:DONE_SHOWN]


def to_check(reader_id: int, limit: int = 50) -> Sequence[IntakeItem]:
    """Items that wait for a second person and that somebody else typed, the oldest first."""
    return db.session.scalars(sa.select(IntakeItem).join(IntakeItem.submission).where(
        UNCHECKED, STANDS, IntakeItem.typed_by_id != reader_id).options(
        joinedload(IntakeItem.submission)).order_by(IntakeItem.typed_at, IntakeItem.id).limit(limit)).all()


def of_one_sheet(items: Sequence[IntakeItem]) -> list[IntakeItem]:
    """The first of these that one person reads at once: with one photograph, or without any; a number that was used
    twice and what nobody could read are looked at alone."""
    plain = [item for item in items if item.clash_id is None and item.text]
    sheet = plain[0].attachment_set_id if plain else None
    return [item for item in plain if item.attachment_set_id == sheet][:CHECKED_AT_ONCE]


def waiting(staff: Staff) -> sa.Select:
    """Texts that others typed, for the desk."""
    return _lines_of(IntakeItem.typed_at, UNCHECKED, IntakeItem.typed_by_id != staff.id)


def lines(rows: list[Waiting]) -> list[DeskLine]:
    return [DeskLine(f"/desk/intake/items/{row.id}/check", row.title or _("글이 없는 쪽지"), (row.ref or "",))
            for row in rows]


def replying(staff: Staff) -> sa.Select:
    """Replies that others typed and that somebody may confirm, for the desk."""
    return _lines_of(IntakeItem.sorted_at, _replies_of(staff.roles, staff.departments),
                     IntakeItem.sorted_by_id != staff.id)


def reply_lines(rows: list[Waiting]) -> list[DeskLine]:
    return [DeskLine("/desk/intake/replies", row.title or "", (row.ref or "",)) for row in rows]


def to_confirm(actor: User, limit: int = 50) -> Sequence[IntakeItem]:
    """Items with a reply that waits for a second person such as this one, the oldest first."""
    return db.session.scalars(sa.select(IntakeItem).join(IntakeItem.submission).where(
        _replies_of(actor.roles, actor.department_ids()), STANDS).order_by(IntakeItem.id).limit(limit).options(
        sa.orm.contains_eager(IntakeItem.submission), joinedload(IntakeItem.answering_department))).all()


def _replies_of(roles: Collection[Role], departments: Collection[int]) -> Any:
    own = sa.true() if Role.MODERATOR in roles else IntakeItem.answering_department_id.in_(departments)
    return sa.and_(IntakeItem.typed_reply.is_not(None), IntakeItem.hidden_at.is_(None), own)


def printed(typed: str) -> str | None:
    """A number that was printed and that nobody handed in yet; None for any other. Raises Refusal for a wrong one."""
    return db.session.scalar(sa.select(Submission.number).filter_by(
        kind=KIND, number=submissions.read_number(typed), handed_in_at=None))


def _lines_of(when: Any, *conditions: Any) -> sa.Select:
    """Items that wait for a second person, for the desk."""
    number = sa.select(Submission.number).where(Submission.id == IntakeItem.submission_id).scalar_subquery()
    return sa.select(IntakeItem.id, when, number, IntakeItem.text, sa.null()).where(
        sa.exists().where(Submission.id == IntakeItem.submission_id, STANDS), *conditions)


def to_sort(limit: int = 50) -> Sequence[IntakeItem]:
    """Checked items of which nobody said yet what becomes of them, the oldest first."""
    return db.session.scalars(sa.select(IntakeItem).join(IntakeItem.submission).where(
        UNSORTED).order_by(IntakeItem.id).limit(limit).options(
        sa.orm.contains_eager(IntakeItem.submission), joinedload(IntakeItem.neighbourhood))).all()


def unsorted() -> int:
    """Number of those."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(IntakeItem).join(IntakeItem.submission).where(
        UNSORTED)) or 0


def of_owner(user_id: int) -> Sequence[IntakeItem]:
    """All that somebody handed in or claimed."""
    return db.session.scalars(sa.select(IntakeItem).join(IntakeItem.submission).where(
        Submission.owner_id == user_id).order_by(IntakeItem.id).options(
        sa.orm.contains_eager(IntakeItem.submission))).all()


def of_person(user_id: int, limit: int = 100) -> Sequence[tuple[IntakeItem, bool]]:
    """Items that somebody handed in or claimed, the latest first; True where it is theirs, not only claimed."""
    is_owner = Submission.owner_id == user_id
    waits = sa.exists().where(Claim.item_id == IntakeItem.id, Claim.user_id == user_id, Claim.ended_at.is_(None))
    rows = db.session.execute(sa.select(IntakeItem, sa.func.coalesce(is_owner, sa.false())).join(
        IntakeItem.submission).where(sa.or_(is_owner, waits)).order_by(IntakeItem.id.desc()).limit(limit).options(
        sa.orm.contains_eager(IntakeItem.submission)))
    return [(item, bool(is_own)) for item, is_own in rows]


def claim(claim_id: int) -> Claim:
    """Raises NotFound."""
    return existing(db.session.get(Claim, claim_id, populate_existing=True), missing)


def claim_of(item_id: int, user_id: int) -> Claim | None:
    return db.session.scalar(sa.select(Claim).filter_by(item_id=item_id, user_id=user_id))


def open_claims(limit: int = 50) -> Sequence[Claim]:
    """Those that wait for two clerks, the oldest first."""
    return db.session.scalars(sa.select(Claim).filter_by(ended_at=None).order_by(Claim.id).limit(limit).options(
        joinedload(Claim.user), joinedload(Claim.item).joinedload(IntakeItem.submission))).all()


def is_shared(item: IntakeItem) -> bool:
    """True where another item is about the same thing."""
    return bool(db.session.scalar(sa.select(sa.exists().where(
        IntakeItem.about_kind == item.about_kind, IntakeItem.about_id == item.about_id, IntakeItem.id != item.id))))


def has_won(item: IntakeItem) -> bool:
    """True where its proposal was decided or has a prize."""
    proposal_id = item.about_one("proposal") if item.became is Became.PROPOSAL else None
    return proposal_id is not None and bool(db.session.scalar(sa.select(sa.or_(
        Proposal.state.in_(DECIDED_WAY), sa.exists().where(
            JourneyEntry.journey_id == Proposal.journey_id, JourneyEntry.step == "awarded"))).where(
        Proposal.id == proposal_id)))


def with_contacts(limit: int = 2_000) -> Sequence[IntakeItem]:
    """Those with which somebody left how to reach them, the latest first."""
    return db.session.scalars(sa.select(IntakeItem).join(IntakeItem.submission).where(
        Submission.contact_sealed.is_not(None)).order_by(IntakeItem.id.desc()).limit(limit).options(
        sa.orm.contains_eager(IntakeItem.submission))).all()


def today() -> date:
    return local(clock.now()).date()


def visits(limit: int = 30) -> Sequence[Forum]:
    """Visits until tomorrow, the latest first."""
    return db.session.scalars(sa.select(Forum).where(
        Forum.form == Form.VISIT, Forum.is_closed.is_(False), Forum.cancelled_because.is_(None),
        Forum.starts_at <= clock.now() + timedelta(days=1))
        .order_by(Forum.starts_at.desc()).limit(limit)).all()
