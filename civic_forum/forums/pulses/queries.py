"""The pulse that is on, or was on last, with what came of it; and those that are over."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _

from ..models import Forum
from ..rules import PulseKind
from . import rules
from .models import Pulse, PulseHands, PulseResponse


@dataclass(frozen=True)
class Bar:
    value: str
    count: int
    percent: int


@dataclass(frozen=True)
class Pulses:
    """A pulse in the hall."""

    pulse: Pulse | None = None
    bars: tuple[Bar, ...] = ()
    total: int = 0
    hands: int = 0
    """How many of these were counted by hand."""
    mine: str | None = None
    """The viewer's answer, while it is open."""
    further: int = 0
    """How many words are not among the bars."""

    @property
    def is_open(self) -> bool:
        return self.pulse is not None and self.pulse.closed_at is None

    @property
    def is_word(self) -> bool:
        return self.pulse is not None and self.pulse.kind is PulseKind.WORD


def _said(viewer_id: int | None) -> sa.Subquery:
    """Answers by value, and hands, of every pulse: only those of the one that is asked for are read."""
    own = sa.func.max(sa.case((PulseResponse.user_id == viewer_id, 1), else_=0)) if viewer_id else sa.literal(0)
    responses = sa.select(PulseResponse.pulse_id, PulseResponse.value, sa.func.count().label("number"),
                          own.label("mine"), sa.type_coerce(sa.null(), sa.JSON).label("hands")).group_by(
                              PulseResponse.pulse_id, PulseResponse.value)
    hands = sa.select(PulseHands.pulse_id, sa.null(), sa.literal(0), sa.literal(0), PulseHands.counts)
    return sa.union_all(responses, hands).subquery()


def part(forum: Forum, viewer) -> Pulses:
    """The one that is open, or else the last."""
    latest = (sa.select(Pulse.id).filter_by(forum_id=forum.id)
              .order_by(Pulse.closed_at.is_not(None), Pulse.opened_at.desc(), Pulse.id.desc()).limit(1)
              .scalar_subquery())
    return _shown(Pulse.id == latest, viewer)


def _shown(which: sa.ColumnElement[bool], viewer) -> Pulses:
    answers = _said(viewer.id if viewer is not None and viewer.is_authenticated else None)
    rows = db.session.execute(
        sa.select(Pulse, answers.c.value, answers.c.number, answers.c.mine, answers.c.hands)
        .outerjoin(answers, answers.c.pulse_id == Pulse.id).where(which)).all()
    if not rows:
        return Pulses()
    pulse, hands = rows[0].Pulse, [row.hands for row in rows if row.hands is not None]
    responses = {row.value: row.number for row in rows if row.value is not None}
    counts = rules.together(responses, hands, pulse.taken_out) if pulse.closed_at is None else pulse.counts or {}
    return _drawn(pulse, counts, sum(sum(tally.values()) for tally in hands),
                  next((row.value for row in rows if row.mine), None))


def _drawn(pulse: Pulse, counts: dict[str, int], hands: int, mine: str | None) -> Pulses:
    ordered = rules.in_order(pulse.kind, counts)
    percents = rules.percents([count for _value, count in ordered])
    bars = tuple(Bar(*answer, percent) for answer, percent in zip(ordered, percents, strict=True))
    most = rules.SHOWN_WORDS if pulse.kind is PulseKind.WORD else len(bars)
    return Pulses(pulse, bars[:most], sum(counts.values()), hands, mine, len(bars[most:]))


def held(forum_id: int, pulse_id: int) -> Pulse:
    """The pulse read again; the forum's lock, which the caller holds, guards it. Raises NotFound."""
    pulse = db.session.scalar(sa.select(Pulse).filter_by(forum_id=forum_id, id=pulse_id)
                              .execution_options(populate_existing=True))
    return existing(pulse, lambda: NotFound(_("여기에 그런 설문이 없어요. 새로 고친 뒤 다시 해 주세요.")))


def open_one(forum_id: int) -> Pulse | None:
    return db.session.scalar(sa.select(Pulse).filter_by(forum_id=forum_id, closed_at=None))


def response(pulse_id: int, user_id: int) -> PulseResponse | None:
    return db.session.get(PulseResponse, (pulse_id, user_id))


def responses(pulse_id: int) -> dict[str, int]:
    """Numbers of each answer, without hands."""
    return dict(db.session.execute(sa.select(PulseResponse.value, sa.func.count()).filter_by(pulse_id=pulse_id)
                                   .group_by(PulseResponse.value)).all())


def hands(pulse_id: int) -> Sequence[PulseHands]:
    return db.session.scalars(sa.select(PulseHands).filter_by(pulse_id=pulse_id).order_by(PulseHands.id)).all()
