"""Notices of acts of moderators on one's texts or account, and how to appeal. The page of each act says why."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from civic_forum.kernel import hooks
from civic_forum.kernel.i18n import local
from civic_forum.moderation import labels as moderation
from civic_forum.moderation.events import (ActionEnded, ActionTaken, AppealDecided, AppealMade, BulkTaken, BulkUndone,
                                           ReportMade, ReportsClosed, TakedownAsked, TakedownDecided)
from civic_forum.moderation.models import Appeal, BulkAction, ModerationAction, Report, TakedownRequest
from civic_forum.moderation.queries import appeals, reports, takedowns
from civic_forum.moderation.rules import ActionKind, Ended

from .. import steps
from ..queries import recipients
from ..rules import NoticeKind

STEP = {ActionKind.HIDE: "hidden", ActionKind.TAKEDOWN: "takedown", ActionKind.WARN: "warn", ActionKind.MUTE: "mute",
        ActionKind.BLOCK: "block"}


@hooks.on(ActionTaken)
def tell_whose_it_is(fact: ActionTaken, session) -> None:
    action = session.get_one(ModerationAction, fact.action_id)
    _tell(session, action, **_said(action), once=f"action:{action.id}", at=action.at)


@hooks.on(ActionEnded)
def tell_that_it_ended(fact: ActionEnded, session) -> None:
    """Tell that an act ended; what ended with an appeal is told with its decision."""
    action = session.get_one(ModerationAction, fact.action_id)
    if action.ended_how != Ended.APPEAL_UPHELD:
        _tell(session, action, step="action_ended", once=f"action-end:{action.id}", at=action.ended_at)


@hooks.on(AppealDecided)
def tell_who_appealed(fact: AppealDecided, session) -> None:
    appeal = session.get_one(Appeal, fact.appeal_id)
    _tell(session, session.get_one(ModerationAction, appeal.action_id), once=f"appeal-decision:{appeal.id}",
          step="appeal_upheld" if appeal.upheld else "appeal_declined", at=appeal.decided_at)


@hooks.on(TakedownDecided)
def tell_whose_text_stays_hidden(fact: TakedownDecided, session) -> None:
    """Refused, the text is shown again, which is told as the end of the act."""
    takedown = session.get_one(TakedownRequest, fact.takedown_id)
    action = session.scalar(sa.select(ModerationAction).filter_by(takedown_id=takedown.id).limit(1))
    if takedown.granted and action is not None:
        _tell(session, action, step="takedown_granted", once=f"takedown-granted:{takedown.id}", at=takedown.decided_at)


def _said(action: ModerationAction) -> dict[str, object]:
    """Step and details of an act."""
    step, details = STEP[action.kind], {"rule": str(moderation.rule(action.rule))}
    if action.until is not None:
        details["until"] = local(action.until).date().isoformat()
        step += "_until"
    return {"step": step, "details": details}


def _tell(session, action: ModerationAction, **said) -> None:
    if action.user_id is not None:
        steps.tell(session, recipients.one(action.user_id), kind=NoticeKind.MODERATION, title="",
                   about=f"{action.subject_kind}:{action.subject_id}", url=f"/moderation/actions/{action.id}", **said)


@hooks.on(BulkTaken)
def tell_whose_they_are(fact: BulkTaken, session) -> None:
    """However many texts of somebody are hidden at once, their author is told once, and once of what befell the
    account."""
    bulk = session.get_one(BulkAction, fact.bulk_id)
    firsts = sa.select(sa.func.min(ModerationAction.id)).filter_by(bulk_id=bulk.id).group_by(ModerationAction.kind)
    for one in session.scalars(sa.select(ModerationAction).where(ModerationAction.id.in_(firsts))
                               .order_by(ModerationAction.id)).all():
        _tell_all(session, bulk, one.kind, **_said(one), once=f"bulk:{bulk.id}:{one.kind}", at=bulk.at)


@hooks.on(BulkUndone)
def tell_that_all_ended(fact: BulkUndone, session) -> None:
    bulk = session.get_one(BulkAction, fact.bulk_id)
    for kind in ActionKind:
        _tell_all(session, bulk, kind, ended_at=bulk.undone_at, step="action_ended", once=f"bulk-end:{bulk.id}",
                  at=bulk.undone_at)


def _tell_all(session, bulk: BulkAction, kind: ActionKind, ended_at: datetime | None = None, **said) -> None:
    which = {"kind": kind} | ({"ended_at": ended_at} if ended_at else {})
    people = sa.select(ModerationAction.user_id).filter_by(bulk_id=bulk.id, **which).where(
        ModerationAction.user_id.is_not(None))
    steps.tell(session, people, kind=NoticeKind.MODERATION, title="", about=f"bulk:{bulk.id}", url="/me/actions",
               **said)


@hooks.on(ReportMade)
def tell_of_report(fact: ReportMade, session) -> None:
    """Moderators hear of a thing once a day, however many report it; whoever wrote it does not, for when it was
    reported may say by whom. What it is about stands at the desk alone."""
    report = session.get_one(Report, fact.report_id)
    about = f"{report.subject_kind}:{report.subject_id}"
    _tell_moderators(session, f"report:{report.id}", "duty_report", once=f"report:{about}:{local(report.at).date()}",
                     at=report.at, url=f"/desk/reports/{report.subject_kind}/{report.subject_id}",
                     but=[reports.author_of(report.subject_kind, report.subject_id)])


@hooks.on(ReportsClosed)
def tell_who_reported(fact: ReportsClosed, session) -> None:
    """Tell who reported what became of it, once to each, however many of theirs were closed at once; whose text it was
    is not said."""
    first = session.get_one(Report, fact.report_ids[0])
    people = sa.select(Report.by_id).where(Report.id.in_(fact.report_ids))
    steps.tell(session, people, kind=NoticeKind.MODERATION, about=f"report:{first.id}", title="", url="/me/reports",
               step=f"report_{first.closed_how}", once=f"report-closed:{first.id}", at=first.closed_at)


@hooks.on(AppealMade)
def tell_of_appeal(fact: AppealMade, session) -> None:
    """Neither who acted nor who granted what was asked decides."""
    case = appeals.case(fact.appeal_id)
    _tell_moderators(session, f"appeal:{case.appeal.id}", "duty_appeal", but=[one.id for one in case.decided.before],
                     at=case.appeal.at, url=f"/desk/appeals/{case.appeal.id}")


@hooks.on(TakedownAsked)
def tell_of_takedown_request(fact: TakedownAsked, session) -> None:
    """Once for a text while requests about it wait: the desk lists each of them."""
    takedown = session.get_one(TakedownRequest, fact.takedown_id)
    if takedowns.first_waiting(takedown) == takedown.id:
        _tell_moderators(session, f"takedown:{takedown.id}", "duty_takedown",
                         but=[takedowns.case(takedown.id).author_id],
                         at=takedown.at, url=f"/desk/takedowns/{takedown.id}")


def _tell_moderators(session, about: str, step: str, *, url: str, at: datetime, once: str | None = None,
                     but: Iterable[int] = ()) -> None:
    steps.tell(session, recipients.but(recipients.moderators(), *but), kind=NoticeKind.DUTY, about=about, step=step,
               title="", url=url, once=once or about, at=at)
