"""Own data of somebody who applied."""

from secrets import token_bytes
from typing import Any

from sqlalchemy.orm import Session

from civic_forum.blocks import questions, sections
from civic_forum.platform import site_version
from civic_forum.platform.i18n import _
from civic_forum.platform.work import going_on

from .. import labels
from .. import queries as calls
from ..models import CallApplication
from ..rules import ApplicationState
from . import queries, rules, services


def collect(user: Any) -> list[dict[str, object]]:
    return [{"call": application.call.title, "number": application.number, "title": application.title,
             "theme": application.theme, "group": application.group_name, "people": application.people,
             "state": str(state(application)), "reason": application.reason if application.call.decided_at else None,
             "answers": questions.collect(
                 queries.sheet_of(application), calls.questions_of(application.call))}
            for application in queries.of_owner(user.id, most=queries.EVERY)]


def on_me(user: Any) -> dict[str, object] | None:
    """Drafts and what was handed in, with its state; the newest first."""
    if site_version.is_unused(CallApplication.__tablename__):
        return None
    return sections.kept_for_one(_applications, user.id)  # type: ignore[no-any-return]


def _applications(user_id: int) -> dict[str, object] | None:
    mine = [each for each in queries.of_owner(user_id) if each.state is not ApplicationState.WITHDRAWN]
    return {"label": _("내가 낸 신청"), "key": "applications", "place": 45, "total": len(mine), "items": [
        (application.title or application.call.title, address(application), labels.STATE[state(application)])
        for application in mine]} if mine else None


def state(application: Any) -> ApplicationState:
    """The state that its owner reads: of what is being looked at nothing before the call is decided."""
    return rules.state_shown(application.state, is_decided=application.call.decided_at is not None)


def address(application: Any) -> str:
    """Page of one's own application: the form of a draft, else its state."""
    page = "apply" if application.state is ApplicationState.DRAFT else "mine"
    return f"/calls/{application.call.slug}/{page}/{application.number}"


def erase(user: Any, session: Session) -> None:
    """A draft goes; what was handed in and not decided is taken back, and who waits as a reserve, or could still come
    in by lot, gives way; of what was chosen the public answers stay, as of nobody."""
    for known in queries.of_owner(user.id, most=queries.EVERY):
        calls.locked(known.call_id, shared=known.call.listed_at is None)
        application = queries.held(known.id)
        if application.state is ApplicationState.DRAFT:
            services.drop(session, application)
            continue
        waits = application.call.is_by_lot and application.state is ApplicationState.NOT_CHOSEN
        if waits or rules.may_withdraw(application.state) and application.state is not ApplicationState.CHOSEN:
            services.take_back(going_on(), application)
        services.clear(session, application, queries.sheet_of(application),
                       keeps_public=application.state is ApplicationState.CHOSEN)
        application.mark = token_bytes(32)
    session.flush()
