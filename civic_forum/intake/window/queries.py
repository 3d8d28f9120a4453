"""SELECTs of the window."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.accounts.models import User
from civic_forum.accounts.policy import is_moderator
from civic_forum.blocks.submissions import Submission
from civic_forum.budgets.models import BudgetRound, Envelope
from civic_forum.budgets.queries import no_envelope
from civic_forum.district import queries as district
from civic_forum.forums.models import Forum
from civic_forum.forums.rules import Form
from civic_forum.platform.base import db
from civic_forum.platform.errors import existing

from ..models import IntakeItem
from ..queries import STANDS, by_id, missing
from ..rules import ItemForm, WindowAct

SHOWN = 30


@dataclass(frozen=True)
class AtTheWindow:
    """Work that waits at the window of somebody."""

    to_confirm: Sequence[IntakeItem]
    """Proposals that somebody else wrote down."""
    own: Sequence[IntakeItem]
    """Proposals that they wrote down and nobody confirmed yet."""
    to_call: Sequence[IntakeItem]
    """Items of their windows with name and telephone."""
    counts: Sequence[sa.Row[tuple[int | None, ItemForm, WindowAct | None, int]]]
    """Neighbourhood, form, act, number: of everything that was taken at a window."""


def windows(actor: User) -> dict[int, str]:
    """Id → name of the neighbourhoods at whose windows somebody works."""
    own = None if is_moderator(actor) else actor.neighbourhood_ids()
    return {key: name for key, name in district.open_neighbourhood_names().items() if own is None or key in own}


def work_of(actor: User) -> AtTheWindow:
    open_ = db.session.scalars(_items().where(
        IntakeItem.facts.is_not(None))
        .limit(SHOWN)).all()
    to_call = _items().where(Submission.contact_sealed.is_not(None), IntakeItem.neighbourhood_id.in_(windows(actor)))
    return AtTheWindow(
        [item for item in open_ if item.typed_by_id != actor.id and item.returned_because is None],
        [item for item in open_ if item.typed_by_id == actor.id], db.session.scalars(to_call.limit(SHOWN)).all(),
        counts())


def _items() -> sa.Select[tuple[IntakeItem]]:
    return sa.select(IntakeItem).join(IntakeItem.submission).where(STANDS, IntakeItem.hidden_at.is_(None)).order_by(
        IntakeItem.id).options(joinedload(IntakeItem.submission))


def counts() -> Sequence[sa.Row[tuple[int | None, ItemForm, WindowAct | None, int]]]:
    """Numbers of what was taken at no visit, by neighbourhood, form and act, also of what was taken back."""
    kinds = IntakeItem.neighbourhood_id, IntakeItem.form, IntakeItem.act
    return db.session.execute(sa.select(*kinds, sa.func.count()).where(IntakeItem.forum_id.is_(None))
                              .group_by(*kinds)).all()


def facts(item_id: int) -> dict[str, str]:
    """Words of an act that waits for a second clerk. Raises NotFound."""
    return existing(by_id(item_id).facts, missing)


def envelope(envelope_id: int) -> Envelope:
    """Raises NotFound for what is no money of a round."""
    return existing(db.session.get(Envelope, envelope_id), no_envelope)


def envelopes() -> Sequence[Envelope]:
    """Money for which projects may be collected now."""
    return db.session.scalars(sa.select(Envelope).join(Envelope.round).where(
        BudgetRound.announced_at.is_not(None), BudgetRound.opened_at.is_(None), BudgetRound.rehearsal_of_id.is_(None))
        .options(sa.orm.contains_eager(Envelope.round)).order_by(
            Envelope.round_id, Envelope.position).limit(SHOWN)).all()


def gatherings() -> Sequence[Forum]:
    """Forums for which one may register."""
    return db.session.scalars(sa.select(Forum).where(
        Forum.announced_at.is_not(None), Forum.closed_at.is_(None), Forum.cancelled_because.is_(None),
        Forum.form != Form.VISIT).order_by(Forum.starts_at).limit(SHOWN)).all()


def received_at(proposal_id: int) -> str | None:
    """Name of the neighbourhood at whose window a proposal was taken down."""
    place = db.session.scalar(sa.select(IntakeItem.neighbourhood_id).where(
        IntakeItem.about_kind == "proposal", IntakeItem.about_id == proposal_id, IntakeItem.form != ItemForm.SIGNATURE)
        .order_by(IntakeItem.id).limit(1))
    return district.neighbourhood_names().get(place) if place else None
