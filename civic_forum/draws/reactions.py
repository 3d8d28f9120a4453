"""Registrations of draws with the rest of the site."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from civic_forum.accounts.models import User
from civic_forum.accounts.personal_data import PERSONAL_DATA, PersonalData
from civic_forum.blocks import sections
from civic_forum.blocks.extensions import ME
from civic_forum.calls.events import ApplicationWithdrawn
from civic_forum.calls.extensions import OWN, RESULTS, UNDRAWN, WHY_NOT_LOTS
from civic_forum.calls.models import Call, CallApplication
from civic_forum.calls.rules import ApplicationState
from civic_forum.platform import hooks, jobs, site_version
from civic_forum.platform.i18n import _, local
from civic_forum.platform.work import going_on

from . import labels, operations, queries
from .models import Draw
from .rules.filling import Reason
from .services import chances, leaving
from .services.values import lottery_at

WHY_NOT_LOTS.add(operations.why_not_lots)
UNDRAWN.add(lambda call: any(entry is None for _draw, entry in queries.of_call(call.id)))
jobs.every(1, "chances of draws")(chances.reckon)
jobs.every(60, "people who make room in draws")(leaving.pass_due)


@hooks.on(ApplicationWithdrawn)
def make_room(fact: ApplicationWithdrawn, _session: Any) -> None:
    """An application that is withdrawn is passed over in the lot, and the next moves up."""
    if (draw := queries.draw_with(fact.call_application_id)) is not None:
        draw = queries.locked(draw.id)
        operations.pass_over(going_on(), draw, queries.person(draw, fact.call_application_id), Reason.SELF)


def on_me(user: Any) -> dict[str, object] | None:
    """Numbers in draws."""
    if site_version.is_unused(Draw.__tablename__):  # a district without any
        return None
    kept: dict[str, object] | None = sections.kept_for_one(_numbers, user.id)
    return kept


def _numbers(user_id: int) -> dict[str, object] | None:
    mine = queries.owned(user_id)
    return {"label": _("내 추첨 번호"), "key": "draws", "place": 46, "total": len(mine), "items": [
        (draw.call.title, f"/draws/{draw.call.slug}", str(operations.number_of(person)))
        for draw, person in mine]} if mine else None


@dataclass(frozen=True)
class OwnNumber:
    """The lot on the page of an own application: what it asks before the list is settled, then its number."""

    asks: bool
    number: int | None
    template: str = "draws/own.html"


def on_application(application: CallApplication) -> OwnNumber | None:
    call = application.call
    if not (call.is_by_lot or call.listed_at) or application.state is ApplicationState.DRAFT:
        return None
    draw = queries.draw_with(application.id) if call.listed_at else None
    person = queries.person(draw, application.id) if draw else None
    asks = bool(call.lots) and call.listed_at is None and application.state is ApplicationState.RECEIVED
    return OwnNumber(asks, operations.number_of(person)) if person else OwnNumber(asks, None) if asks else None


@dataclass(frozen=True)
class OfCall:
    """Draws of a call that stand, each with its lottery and what came out of it."""

    draws: Sequence[tuple[Draw, datetime, str]]
    template: str = "draws/on_results.html"


def on_results(call: Call) -> OfCall | None:
    if call.listed_at is None:
        return None
    return OfCall([(draw, local(lottery_at(draw)), labels.balls(entry.figures) if entry else "")
                   for draw, entry in queries.of_call(call.id)])


def collect(user: User) -> list[dict[str, object]]:
    """Own data: number and salt in each list."""
    return [{"call": draw.call.title, "attempt": draw.attempt, "commit": draw.commit.hex(), "number": number,
             "salt": operations.salt(draw.call, draw.attempt, draw.key_id, number).hex()}
            for draw, person in queries.owned(user.id, ended=True) for number in (operations.number_of(person),)]


def erase(user: User, session: Session) -> None:
    """Delete the tie of an application to its number for who took it back; who was drawn keeps it for the result."""
    for person in queries.gone(user.id):
        session.delete(person)


ME.add(on_me)
PERSONAL_DATA["draws"] = PersonalData(collect=collect, erase=erase)
RESULTS.add_section(on_results)
OWN.add_section(on_application)
