"""A consultation as somebody meets it, which its pages share."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from civic_forum.blocks import sections
from civic_forum.platform.errors import Denied
from civic_forum.platform.i18n import _l
from civic_forum.platform.web import login, visitor

from .. import answering, guests, queries
from ..answering import Position
from ..guests import Here
from ..models import Consultation
from ..pages import found
from ..policy import may_answer, stage_of
from ..rules import Stage

WHY_SIGN_IN = _l("이 질문에 답하려면 로그인해 주세요.")


@dataclass(frozen=True)
class Visit:
    """A consultation as somebody meets it: what they answered, and why they may not answer."""

    consultation: Consultation
    stage: Stage
    numbers: Sequence[int]
    position: Position
    why_not: str | None
    here: Here

    @property
    def at_kiosk(self) -> bool:
        return self.here.kiosk is not None and not visitor().is_authenticated

    @property
    def given(self) -> int:
        """Number of statements that were answered, of those that are asked still."""
        return len(self.numbers) - len(self.position.left)

    @property
    def needs_sign_in(self) -> bool:
        return (self.why_not is not None and self.stage is Stage.OPEN and not visitor().is_authenticated
                and not self.consultation.is_for_everyone)

    def require(self) -> None:
        """Raises Denied where they may not answer."""
        if self.why_not:
            raise Denied(self.why_not)


def met(slug: str) -> Visit:
    consultation = found(slug)
    draw, here = draw_of(consultation), guests.here(consultation)
    position = answering.position(consultation, draw, by=visitor(), device=here.device)
    return Visit(consultation, stage_of(consultation), draw.numbers, position,
                 may_answer(visitor(), answering.asked(consultation, visitor(), here.device)), here)


def to_kiosk(slug: str) -> ResponseReturnValue:
    """The way in for the next person, and the way out for the one who is there."""
    return redirect(url_for(".kiosk", slug=slug), 303)


def elsewhere(visit: Visit) -> ResponseReturnValue | None:
    """The way of somebody who has no place of their own here: to sign in, or to the start of a kiosk."""
    if visit.needs_sign_in:
        return login.unauthorized()
    return to_kiosk(visit.consultation.slug) if visit.at_kiosk else None


def draw_of(consultation: Consultation) -> queries.Draw:
    return sections.kept(queries.draw, consultation.id)
