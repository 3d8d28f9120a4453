"""What moderators did about one's texts or account, and how to appeal. The page of each act says why."""

from datetime import datetime

import sqlalchemy as sa

from civic_forum.kernel import clock, hooks
from civic_forum.kernel.i18n import local
from civic_forum.moderation import words as moderation
from civic_forum.moderation.events import (ActionEnded, ActionTaken, AppealDecided, AppealMade, BulkTaken, BulkUndone,
                                           ReportMade, TakedownAsked)
from civic_forum.moderation.models import Appeal, BulkAction, ModerationAction, Report, TakedownRequest
from civic_forum.moderation.rules import ActionKind, Ended

from .. import steps
from ..queries import recipients
from ..rules import NoticeKind

STEP = {ActionKind.HIDE: "hidden", ActionKind.TAKEDOWN: "takedown", ActionKind.WARN: "warn", ActionKind.MUTE: "mute",
        ActionKind.BLOCK: "block"}
MAY_HAVE_NO_END = (ActionKind.TAKEDOWN, ActionKind.BLOCK, ActionKind.MUTE)


@hooks.on(ActionTaken)
def tell_whose_it_is(fact: ActionTaken, session) -> None:
    _tell_of_act(session, session.get_one(ModerationAction, fact.action_id))


@hooks.on(BulkTaken)
def tell_whose_they_are(fact: BulkTaken, session) -> None:
    for action in _of_bulk(session, fact.bulk_id):
        _tell_of_act(session, action)


def _tell_of_act(session, action: ModerationAction) -> None:
    step, details = STEP[action.kind], {"rule": str(moderation.rule(action.rule))}
    if action.until is not None and action.kind in MAY_HAVE_NO_END:
        details["until"] = local(action.until).date().isoformat()
        step += "_until"
    _tell(session, action, step=step, once=f"action:{action.id}", at=action.at, details=details)


@hooks.on(ActionEnded)
def tell_that_it_ended(fact: ActionEnded, session) -> None:
    _tell_of_end(session, session.get_one(ModerationAction, fact.action_id))


@hooks.on(BulkUndone)
def tell_that_all_ended(fact: BulkUndone, session) -> None:
    bulk = session.get_one(BulkAction, fact.bulk_id)
    for action in _of_bulk(session, bulk.id):
        if action.ended_at is not None and action.ended_at == bulk.undone_at:
            _tell_of_end(session, action)


def _tell_of_end(session, action: ModerationAction) -> None:
    """What ended with an appeal is told with its decision, a warning that is over not at all."""
    if action.ended_how != Ended.APPEAL_UPHELD:
        _tell(session, action, step="action_ended", once=f"action-end:{action.id}", at=action.ended_at)


@hooks.on(AppealDecided)
def tell_who_appealed(fact: AppealDecided, session) -> None:
    appeal = session.get_one(Appeal, fact.appeal_id)
    _tell(session, session.get_one(ModerationAction, appeal.action_id), once=f"appeal-decision:{appeal.id}",
          step="appeal_upheld" if appeal.upheld else "appeal_declined", at=appeal.decided_at)


def _tell(session, action: ModerationAction, *, step: str, once: str, at: datetime,
          details: dict[str, object] | None = None) -> None:
    if action.user_id is not None:
        steps.tell(session, recipients.one(action.user_id), kind=NoticeKind.MODERATION, title="", step=step, once=once,
                   about=f"{action.subject_kind}:{action.subject_id}", url=f"/moderation/actions/{action.id}", at=at,
                   details=details)


def _of_bulk(session, bulk_id: int) -> list[ModerationAction]:
    return list(session.scalars(sa.select(ModerationAction).filter_by(bulk_id=bulk_id).order_by(ModerationAction.id)))


@hooks.on(ReportMade)
def tell_of_report(fact: ReportMade, session) -> None:
    """Moderators hear of a thing once a day, however many report it. What it is about stands at the desk alone."""
    report = session.get_one(Report, fact.report_id)
    about = f"{report.subject_kind}:{report.subject_id}"
    _tell_moderators(session, f"report:{report.id}", "duty_report", once=f"report:{about}:{local(report.at).date()}",
                     at=report.at)


@hooks.on(AppealMade)
def tell_of_appeal(fact: AppealMade, session) -> None:
    """Who acted does not decide."""
    appeal = session.get_one(Appeal, fact.appeal_id)
    action = session.get_one(ModerationAction, appeal.action_id)
    _tell_moderators(session, f"appeal:{appeal.id}", "duty_appeal", but=action.by_id, at=appeal.at)


@hooks.on(TakedownAsked)
def tell_of_takedown_request(fact: TakedownAsked, session) -> None:
    takedown = session.get_one(TakedownRequest, fact.takedown_id)
    _tell_moderators(session, f"takedown:{takedown.id}", "duty_takedown", at=clock.now())


def _tell_moderators(session, about: str, step: str, *, at: datetime, once: str | None = None,
                     but: int | None = None) -> None:
    steps.tell(session, recipients.but(recipients.moderators(), but), kind=NoticeKind.DUTY, about=about, step=step,
               title="", url="/desk", once=once or about, at=at)
