"""The consultation in a hall as its pages show it, and halls in which one stands."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from civic_forum.opinions import answering, results
from civic_forum.opinions import queries as opinions
from civic_forum.opinions.models import Consultation, OpinionMap, Statement
from civic_forum.opinions.policy import may_answer, why_not_open
from civic_forum.opinions.results import Result
from civic_forum.platform import clock
from civic_forum.platform.base import db

from ..models import Forum
from . import rules


class InHall:
    """Parts of it that a page shows; each is read once it is asked for, and nothing where none stands there."""

    def __init__(self, forum: Forum, viewer: Any = None) -> None:
        self.forum, self.viewer = forum, viewer

    @cached_property
    def consultation(self) -> Consultation | None:
        return db.session.get(Consultation, self.forum.consultation_id) if self.forum.consultation_id else None

    @cached_property
    def why_over(self) -> str | None:
        """Reason against any answer: it closed meanwhile."""
        return self.consultation and why_not_open(self.consultation)

    @cached_property
    def statements(self) -> Mapping[int, Statement]:
        """By number, those that are asked."""
        return {statement.number: statement for statement in opinions.statements(self.forum.consultation_id)
                if statement.is_asked}

    @cached_property
    def is_personal(self) -> bool:
        """True if the page itself shows somebody their next statement; elsewhere the script asks for it."""
        return self.consultation is not None and self.viewer is not None and self.viewer.is_authenticated

    @cached_property
    def position(self) -> answering.Position:
        consultation = self.consultation
        return answering.position(consultation, opinions.draw(consultation.id), by=self.viewer)

    @property
    def statement(self) -> Statement | None:
        """The next one that the viewer is asked."""
        return self.statements.get(self.position.next)

    @cached_property
    def why_not(self) -> str | None:
        return may_answer(self.viewer, answering.asked(self.consultation, self.viewer))

    @cached_property
    def _latest(self) -> OpinionMap | None:
        return opinions.latest_map(self.forum.consultation_id)

    @cached_property
    def result(self) -> Result | None:
        return self._latest and results.read(self._latest.published, self.statements.keys())

    @property
    def result_at(self):
        return self._latest and self._latest.at

    @cached_property
    def offered(self) -> list[Consultation]:
        """Open ones that the host may put into the hall, the one that the forum is about in front."""
        offered = [card.consultation for card in opinions.open_now(clock.now())]
        about = self.forum.about_one("consultation")
        own = about and db.session.get(Consultation, about)
        if own is not None and own not in offered and own.announced_at is not None and why_not_open(own) is None:
            offered.append(own)
        return sorted(offered, key=lambda consultation: consultation.id != about)


def part(forum: Forum, viewer: Any) -> InHall:
    return InHall(forum, viewer)


def halls(consultation_id: int) -> list[int]:
    """Forums in whose hall it stands."""
    return list(db.session.scalars(sa.select(Forum.id).filter_by(consultation_id=consultation_id).order_by(Forum.id)))


def halls_to_tell(consultation_id: int) -> list[int]:
    """Those that are to hear that there are more answers."""
    return list(db.session.scalars(sa.select(Forum.id).where(
        Forum.consultation_id == consultation_id,
        Forum.consultation_told + rules.TOLD_EVERY <= opinions.answers_of_all(consultation_id)).order_by(Forum.id)))
