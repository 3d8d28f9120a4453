"""One outcome as a record, with its versions."""

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.agendas.models import Agenda
from civic_forum.attachments.models import AttachmentSet
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _
from civic_forum.polls.models import Poll
from civic_forum.polls.queries.results import DECIDES_ABOUT

from ..models import Outcome, OutcomeVersion

MOST_VERSIONS = 100
PICTURES = "outcome"
"""Kind of the sets of pictures before and after."""


def missing() -> NotFound:
    return NotFound(_("이런 결과는 없어요. 결과 목록에서 찾아보세요."))


def public(outcome_id: int) -> Outcome:
    """One that everybody may read. Raises NotFound."""
    outcome = db.session.scalar(sa.select(Outcome).filter_by(id=outcome_id).options(
        joinedload(Outcome.department), joinedload(Outcome.before), joinedload(Outcome.after)))
    if outcome is None or outcome.published_at is None:
        raise missing()
    return outcome


def locked(outcome_id: int) -> Outcome:
    """The public one read again, and locked until the transaction ends. Raises NotFound."""
    outcome = db.session.scalar(sa.select(Outcome).filter_by(id=outcome_id).with_for_update(key_share=True, of=Outcome)
                                .execution_options(populate_existing=True))
    if outcome is None or outcome.published_at is None:
        raise missing()
    return outcome


def of_vote(poll_id: int) -> Outcome | None:
    """The outcome of a vote, or of an agenda about which it decides; a published one first."""
    agendas = sa.select(Agenda.id).join(Poll, DECIDES_ABOUT).where(Poll.id == poll_id)
    return db.session.scalars(sa.select(Outcome).where(sa.or_(
        sa.and_(Outcome.subject == "poll", Outcome.subject_id == poll_id),
        sa.and_(Outcome.subject == "agenda", Outcome.subject_id.in_(agendas))))
        .order_by(Outcome.published_at.is_(None), Outcome.id).limit(1)).first()


def pictures_of(outcome_id: int) -> int | None:
    """Id of the set of its pictures; None before the first."""
    return db.session.scalar(sa.select(AttachmentSet.id).filter_by(kind=PICTURES, owner_id=outcome_id))


def versions(outcome_id: int) -> list[sa.Row]:
    """Number, moment and reason of the versions, the newest first."""
    return list(db.session.execute(
        sa.select(OutcomeVersion.version, OutcomeVersion.at, OutcomeVersion.why).filter_by(outcome_id=outcome_id)
        .order_by(OutcomeVersion.version.desc()).limit(MOST_VERSIONS)))


def version(outcome_id: int, number: int) -> OutcomeVersion:
    """Raises NotFound."""
    return existing(db.session.get(OutcomeVersion, (outcome_id, number)),
                    lambda: NotFound(_("그런 판은 없어요. 목록에서 다시 골라 주세요.")))
