"""Registrations of moderation with the rest of the site."""

from datetime import timedelta

from civic_forum.accounts.models import User
from civic_forum.accounts.personal_data import PERSONAL_DATA, PersonalData
from civic_forum.agendas.events import AuthorObjected
from civic_forum.agendas.models import AuthorObjection
from civic_forum.blocks import moderated
from civic_forum.blocks.extensions import ME
from civic_forum.blocks.kinds import Ref
from civic_forum.budgets.events import ProjectEdited, ProjectHandedIn
from civic_forum.budgets.projects.models import Project
from civic_forum.comments.events import CommentChanged, CommentWritten
from civic_forum.comments.models import Comment
from civic_forum.platform import clock, hooks, jobs
from civic_forum.platform.i18n import _, _l
from civic_forum.platform.waiting import DeskEntry, DeskLine, DeskWork, ENTRIES, WORK, Waiting
from civic_forum.proposals.events import ProposalEdited, ProposalPublished
from civic_forum.proposals.models import Proposal

from . import labels, noticing, queries, services
from .events import ActionEnded
from .models import ModerationAction
from .operations import notice
from .queries import actions, appeals, queue, takedowns
from .queries import waves as signals
from .queries.things import shown
from .rules import APPEAL_DAYS


def _collect_acts(user: User) -> list[dict[str, object]]:
    return [{"what": act.kind, "about": str(Ref(act.subject_kind, act.subject_id)), "rule": act.rule,
             "reason": act.reason, "at": act.at.isoformat(), "until": act.until and act.until.isoformat(),
             "ended": act.ended_how}
            for act in actions.about(user)]


def own_acts(user: User) -> dict | None:
    count = actions.count_about(user)
    return {"label": _("나에게 한 조치"), "url": "/me/actions", "total": count} if count else None


@jobs.every(minutes=1, name="moderation.over")
def end_over() -> int:
    return services.cases.end_over()


PERSONAL_DATA["moderation"] = PersonalData(collect=_collect_acts, erase=lambda user, session: None)
ME.add(own_acts)
ENTRIES["moderation.waves"] = DeskEntry("moderation.moderate", _l("여러 글 한꺼번에 가리기"), "moderation_desk.wave")


def appeal_lines(waiting: list[Waiting]) -> list[DeskLine]:
    return [DeskLine(f"/desk/appeals/{case.ref}", case.title, (), _("조치를 그대로 둘지 되돌릴지 정해 주세요.")) for case in waiting]


def _collect_appeals(user: User) -> list[dict[str, object]]:
    return [{"action": appeal.action_id, "text": appeal.text, "at": appeal.at.isoformat(), "upheld": appeal.upheld,
             "decision": appeal.decision} for appeal in appeals.of_user(user)]


def _erase_appeals(user: User, _session) -> None:
    """Erase own words of somebody; how things ended stays in the ledger."""
    for appeal in appeals.of_user(user):
        appeal.text = ""


WORK["moderation.appeals"] = DeskWork("moderation.moderate", _l("이의 살펴보기"), appeals.for_desk, appeal_lines,
                                                 within=timedelta(days=APPEAL_DAYS))
PERSONAL_DATA["appeals"] = PersonalData(collect=_collect_appeals, erase=_erase_appeals)


@hooks.on(CommentWritten)
@hooks.on(CommentChanged)
def look_at_comment(fact, session) -> None:
    comment = session.get_one(Comment, fact.comment_id)
    _look(session, "comment", comment.id, comment.source)


@hooks.on(ProposalPublished)
@hooks.on(ProposalEdited)
def look_at_proposal(fact, session) -> None:
    proposal = session.get_one(Proposal, fact.proposal_id)
    _look(session, "proposal", proposal.id, f"{proposal.title}\n{proposal.problem}\n{proposal.wish}")


@hooks.on(AuthorObjected)
def look_at_objection(fact: AuthorObjected, session) -> None:
    objection = session.get_one(AuthorObjection, fact.objection_id)
    _look(session, "author_objection", objection.id, objection.text)


@hooks.on(ProjectHandedIn)
@hooks.on(ProjectEdited)
def look_at_project(fact, session) -> None:
    project = session.get_one(Project, fact.project_id)
    _look(session, "project", project.id, f"{project.title}\n{project.text}\n{project.place}\n{project.scope}")


@jobs.every(5, "signals")
def look_around() -> int:
    return services.signals.look_around()


def _look(session, kind: str, subject_id: int, text: str) -> None:
    notice(session, kind, {subject_id: text}, noticing.signals_of(text, signals.word_keys()), at=clock.now())


ENTRIES["moderation.signals"] = DeskEntry("moderation.moderate", _l("저절로 알아차린 것 보기"),
                                                  "moderation_desk.list_signals")
ENTRIES["moderation.words"] = DeskEntry("moderation.moderate", _l("살펴보는 낱말 고치기"), "moderation_desk.watched_words")


LOOKED_AT_WITHIN = timedelta(days=1)
"""How long a report may wait."""


def _collect_reports(user: User) -> list[dict[str, object]]:
    return [{"about": str(Ref(report.subject_kind, report.subject_id)), "rule": report.rule,
             "sentence": report.sentence, "at": report.at.isoformat(), "ended": report.closed_how}
            for report in queries.reports_by(user)]


def _erase_reports(user: User, _session) -> None:
    """The moderators still learn what was reported and why; what somebody added in own words goes."""
    for report in queries.reports_by(user):
        report.sentence = ""


def own_reports(user: User) -> dict | None:
    count = queue.count_by(user)
    return {"label": _("내가 한 신고"), "url": "/me/reports", "total": count} if count else None


def report_lines(waiting: list[Waiting]) -> list[DeskLine]:
    """Each by what the reported thing says, and under which rules how many reported it."""
    things = [(ref.kind, ref.id) for case in waiting if (ref := Ref.read(case.ref or ""))]
    known, named = shown(things), queue.rules_of(things)
    excerpts = {about: known[about].text for about in things if about in known}
    return [DeskLine(f"/desk/reports/{kind}/{number}", excerpts.get((kind, number)) or _("지운 글"),
                     (str(labels.SUBJECT[kind]),
                      *(f"{labels.rule(rule)} {count}" for rule, count in named[kind, number])),
                     _("원칙을 어겼는지 정해 주세요.")) for kind, number in things]


moderated.say_rules(labels.RULE)
PERSONAL_DATA["reports"] = PersonalData(collect=_collect_reports, erase=_erase_reports)
ME.add(own_reports)
ENTRIES["moderation.reports"] = DeskEntry("moderation.moderate", _l("신고 살펴보기"), "moderation_desk.queue")
WORK["moderation.reports"] = DeskWork("moderation.moderate", _l("신고 살펴보기"), queue.waiting_for_desk, report_lines,
                                                 within=LOOKED_AT_WITHIN)


@hooks.on(ActionEnded)
def close_request(fact: ActionEnded, session) -> None:
    """The block ended before anybody had decided: its time was over, or an appeal against it was upheld."""
    action = session.get_one(ModerationAction, fact.action_id)
    request = takedowns.of_action(session, action)
    if request is not None:
        request.granted, request.decided_at = False, action.ended_at


def takedown_lines(waiting: list[Waiting]) -> list[DeskLine]:
    return [DeskLine(f"/desk/takedowns/{case.ref}", case.title, (), _("권리를 침해하는 글인지 살펴 주세요.")) for case in waiting]


jobs.keep_for("RETAIN_TAKEDOWN_CONTACTS_DAYS", "contacts of requests")(services.takedowns.forget_contacts)
WORK["moderation.takedowns"] = DeskWork("moderation.moderate", _l("게시중단 살펴보기"), takedowns.for_desk,
                                                   takedown_lines, within=timedelta(days=takedowns.ANSWER_DAYS))
