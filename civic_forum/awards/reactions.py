"""Registrations of awards with the rest of the site, and the personal data of a juror."""

from dataclasses import dataclass

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.accounts.personal_data import PERSONAL_DATA, PersonalData
from civic_forum.platform.base import db
from civic_forum.platform.i18n import _l
from civic_forum.platform.waiting import DeskEntry, DeskLine, DeskWork, ENTRIES, WORK, Waiting
from civic_forum.proposals.queries.detail import Detail
from civic_forum.platform.web import visitor
from civic_forum.proposals.extensions import BODY

from . import queries
from .models import AwardJuror, AwardScore


@dataclass(frozen=True)
class AwardSection:
    """Awards on the page of a proposal."""

    template: str
    awarded: bool
    nominee_id: int | None
    """With which the reader, its author, may decline."""


def on_proposal(detail: Detail) -> AwardSection | None:
    """Asks nothing but for an author whose proposal was nominated."""
    proposal, steps_taken, viewer = detail.proposal, detail.steps_taken, visitor()
    awarded = "awarded" in steps_taken
    own = "nominated" in steps_taken and viewer.is_authenticated and viewer.id == proposal.author_id
    nominee_id = queries.open_nominee(proposal.id) if own else None
    return AwardSection("awards/on_proposal.html", awarded, nominee_id) if awarded or nominee_id else None


def collect(user: User) -> dict[str, list[dict[str, object]]]:
    """On which juries somebody was, and what they gave."""
    return {
        "juries": [{"round": juror.round_id, "at": juror.noted_at and juror.noted_at.isoformat()}
                   for juror in db.session.scalars(sa.select(AwardJuror).filter_by(user_id=user.id)
                                                   .order_by(AwardJuror.round_id))],
        "award_scores": [{"nominee": score.nominee_id, "points": score.points, "at": score.at.isoformat()}
                         for score in db.session.scalars(sa.select(AwardScore).filter_by(juror_id=user.id)
                                                         .order_by(AwardScore.nominee_id))],
    }


def erase(_user: User, _session) -> None:
    """Nothing goes: scores count without a name."""


def score_lines(waiting: list[Waiting]) -> list[DeskLine]:
    return [DeskLine(f"/desk/awards/nominees/{nominee.ref}", nominee.title, (nominee.note,)) for nominee in waiting]


WORK["awards.score"] = DeskWork("awards.see_desk", _l("포상 심사"), queries.to_score, score_lines)
ENTRIES["awards"] = DeskEntry("awards.see_desk", _l("제안 포상"), "award_desk.index")
BODY.add_section(on_proposal)
PERSONAL_DATA["awards"] = PersonalData(collect=collect, erase=erase)
