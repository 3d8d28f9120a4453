"""Trial elections. Their files are large and only read where they are needed."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import defer, joinedload

from civic_forum.blocks import listing
from civic_forum.blocks.filters import Filter, words
from civic_forum.blocks.listing import Chosen, Listing
from civic_forum.blocks.orders import Order
from civic_forum.blocks.slugs import SLUG
from civic_forum.platform import paging
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _, _l

from ..committee.models import CommitteeMember
from ..models import BudgetRound
from .models import BudgetTrial

PAGE = 20
_WITHOUT_FILE = defer(BudgetTrial.source)


def missing() -> NotFound:
    return NotFound(_("이런 모의 계산은 없어요. 주소를 다시 확인하거나 모의 계산 목록에서 찾아보세요."))


def by_slug(slug: str) -> BudgetTrial:
    """Without its file, with its round. Raises NotFound."""
    trial = None
    if SLUG.fullmatch(slug):
        trial = db.session.scalar(sa.select(BudgetTrial).filter_by(slug=slug).options(
            _WITHOUT_FILE, joinedload(BudgetTrial.round)))
    if trial is None:
        raise missing()
    return trial


def of_round(round_id: int) -> list[sa.Row]:
    """Slug and title of the round's trials, the newest first."""
    return list(db.session.execute(sa.select(BudgetTrial.slug, BudgetTrial.title).filter_by(round_id=round_id)
                                   .order_by(BudgetTrial.id.desc()).limit(PAGE)))


def is_taken(slug: str) -> bool:
    return db.session.scalar(sa.select(BudgetTrial.id).filter_by(slug=slug)) is not None


def locked(trial_id: int) -> BudgetTrial:
    """Read again without its file, and locked until this transaction ends. Raises NotFound."""
    statement = sa.select(BudgetTrial).filter_by(id=trial_id).options(_WITHOUT_FILE).with_for_update(of=BudgetTrial)
    return existing(db.session.scalar(statement.execution_options(populate_existing=True)), missing)


def file_of(trial_id: int) -> bytes:
    """As it was given. Raises NotFound."""
    return existing(db.session.scalar(sa.select(BudgetTrial.source).filter_by(id=trial_id)), missing)


def waiting() -> list[int]:
    """Those that nobody has counted yet, the oldest first."""
    return list(db.session.scalars(sa.select(BudgetTrial.id).where(
        BudgetTrial.counted_at.is_(None), BudgetTrial.failed.is_(None)).order_by(BudgetTrial.id)))


def to_count(trial_id: int) -> tuple[bytes, str] | None:
    """Its file and its step; None where it is counted, or gone."""
    trial = db.session.execute(sa.select(BudgetTrial.source, BudgetTrial.step).where(
        BudgetTrial.id == trial_id, BudgetTrial.counted_at.is_(None), BudgetTrial.failed.is_(None))).first()
    return trial and (trial.source, trial.step)


def _rows(everything: bool) -> sa.Select:
    statement = sa.select(BudgetTrial.id, BudgetTrial.slug, BudgetTrial.title, BudgetTrial.imported_at,
                          BudgetTrial.counted_at, BudgetTrial.failed, BudgetTrial.published_at)
    return statement if everything else statement.where(BudgetTrial.published_at.is_not(None))


_UNCOUNTED, _FINE = BudgetTrial.counted_at.is_(None), BudgetTrial.failed.is_(None)
TRIALS = listing.declare(Listing(
    "trials", _rows, endpoint="budget_desk.trials", size=PAGE, check_scope=(True,),
    filters=(Filter("state", _l("상태"), None, {"counting": _l("세는 중"), "counted": _l("다 셈"), "failed": _l("세지 못함")},
                    _l("모든 상태"), {"counting": sa.and_(_UNCOUNTED, _FINE), "counted": sa.and_(~_UNCOUNTED, _FINE),
                                  "failed": ~_FINE}),
             Filter("shown", _l("공개"), None, {"yes": _l("모두에게 공개"), "no": _l("공개 전")}, _l("공개 여부 모두"),
                    {"yes": BudgetTrial.published_at.is_not(None), "no": BudgetTrial.published_at.is_(None)}),
             words("q", _l("제목에 있는 낱말"), BudgetTrial.title, most=50)),
    orders=(Order("newest", _l("최신순"), (BudgetTrial.id.desc(),)), Order("oldest", _l("오래된순"), (BudgetTrial.id,)))))


def listed(after: str | None = None, *, everything: bool, wanted: Chosen | None = None,
           limit: int = 0) -> paging.Page[Any]:
    """Without `everything` only those that are published. Raises Invalid for a wrong `after`."""
    return (wanted or TRIALS.of()).page(after, limit=limit, scope=(everything,))


def sits_on_committee(user_id: int) -> bool:
    """Of whichever round."""
    return db.session.scalar(sa.select(CommitteeMember.id).filter_by(user_id=user_id).limit(1)) is not None


def rounds_to_prepare() -> list[tuple[str, str]]:
    """Address and title of rounds whose vote was not opened yet, the newest first."""
    return [(slug, title) for slug, title in db.session.execute(
        sa.select(BudgetRound.slug, BudgetRound.title).where(BudgetRound.opened_at.is_(None))
        .order_by(BudgetRound.year.desc(), BudgetRound.id.desc()).limit(PAGE))]
