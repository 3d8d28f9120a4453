"""Trial elections. Their files are large and only read where they are needed."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import defer, joinedload

from civic_forum.blocks.slugs import SLUG
from civic_forum.kernel import paging
from civic_forum.kernel.base import db
from civic_forum.kernel.errors import NotFound
from civic_forum.kernel.i18n import _

from ..models import BudgetRound, BudgetTrial, CommitteeMember

PAGE = 20
_WITHOUT_FILE = defer(BudgetTrial.source)


@dataclass(frozen=True, slots=True)
class TrialRow:
    """A trial as a list shows it."""

    id: int
    slug: str
    title: str
    imported_at: datetime
    counted_at: datetime | None
    failed: str | None
    published_at: datetime | None


def missing() -> NotFound:
    return NotFound(_("이런 모의 계산은 없어요. 주소를 다시 확인하거나 모의 계산 목록에서 찾아보세요."))


def by_slug(slug: str) -> BudgetTrial:
    """Without its file, with its round. Raises NotFound."""
    found = None
    if SLUG.fullmatch(slug):
        found = db.session.scalar(sa.select(BudgetTrial).filter_by(slug=slug).options(
            _WITHOUT_FILE, joinedload(BudgetTrial.round)))
    if found is None:
        raise missing()
    return found


def of_round(round_id: int) -> list[sa.Row]:
    """Slug and title of the round's trials, the newest first."""
    return list(db.session.execute(sa.select(BudgetTrial.slug, BudgetTrial.title).filter_by(round_id=round_id)
                                   .order_by(BudgetTrial.id.desc()).limit(PAGE)))


def is_taken(slug: str) -> bool:
    return db.session.scalar(sa.select(BudgetTrial.id).filter_by(slug=slug)) is not None


def locked(trial_id: int) -> BudgetTrial:
    """Read again without its file, and locked until this transaction ends. Raises NotFound."""
    found = sa.select(BudgetTrial).filter_by(id=trial_id).options(_WITHOUT_FILE).with_for_update(of=BudgetTrial)
    trial = db.session.scalar(found.execution_options(populate_existing=True))
    if trial is None:
        raise missing()
    return trial


def file_of(trial_id: int) -> bytes:
    """As it was given. Raises NotFound."""
    found = db.session.scalar(sa.select(BudgetTrial.source).filter_by(id=trial_id))
    if found is None:
        raise missing()
    return found


def waiting() -> list[int]:
    """Those that nobody has counted yet, the oldest first."""
    return list(db.session.scalars(sa.select(BudgetTrial.id).where(
        BudgetTrial.counted_at.is_(None), BudgetTrial.failed.is_(None)).order_by(BudgetTrial.id)))


def to_count(trial_id: int) -> tuple[bytes, str] | None:
    """Its file and its step; None where it is counted, or gone."""
    found = db.session.execute(sa.select(BudgetTrial.source, BudgetTrial.step).where(
        BudgetTrial.id == trial_id, BudgetTrial.counted_at.is_(None), BudgetTrial.failed.is_(None))).first()
    return found and (found.source, found.step)


def listed(after: str | None = None, *, everything: bool, limit: int = PAGE) -> paging.Page[TrialRow]:
    """The newest first; without `everything` only those that are published. Raises Invalid for a wrong `after`."""
    found = sa.select(BudgetTrial.id, BudgetTrial.slug, BudgetTrial.title, BudgetTrial.imported_at,
                      BudgetTrial.counted_at, BudgetTrial.failed, BudgetTrial.published_at)
    if not everything:
        found = found.where(BudgetTrial.published_at.is_not(None))
    if (place := paging.parts(after, int)) is not None:
        found = found.where(BudgetTrial.id < place[0])
    rows = db.session.execute(found.order_by(BudgetTrial.id.desc()).limit(limit + 1))
    return paging.page_of([TrialRow(*row) for row in rows], limit, lambda line: (line.id,))


def sits_on_committee(user_id: int) -> bool:
    """Of whichever round."""
    return db.session.scalar(sa.select(CommitteeMember.id).filter_by(user_id=user_id).limit(1)) is not None


def rounds_to_prepare() -> list[tuple[str, str]]:
    """Address and title of rounds whose vote was not opened yet, the newest first."""
    return [(slug, title) for slug, title in db.session.execute(
        sa.select(BudgetRound.slug, BudgetRound.title).where(BudgetRound.opened_at.is_(None))
        .order_by(BudgetRound.year.desc(), BudgetRound.id.desc()).limit(PAGE))]
