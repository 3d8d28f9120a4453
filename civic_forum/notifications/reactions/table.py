"""Table of what is told to whom: fact, recipients, step, subject, and what makes it the same notice. `{proposal.title}`
is filled in from the record whose number the fact carries (`queries.cases`)."""

import json
from operator import attrgetter

import sqlalchemy as sa

from civic_forum.accounts import events as accounts
from civic_forum.accounts.rules import Role, StaffAct
from civic_forum.agendas import events as agendas
from civic_forum.agendas.queries import links
from civic_forum.agendas.rules import OBJECTION_PERIOD, WITHDRAWAL_PERIOD
from civic_forum.answers import events as answers
from civic_forum.ballots import events as ballots
from civic_forum.ballots.policy import OFFICIALS
from civic_forum.ballots.rolls import queries as rolls
from civic_forum.comments.events import CommentWritten
from civic_forum.platform.i18n import last_day
from civic_forum.moderation import events as moderation
from civic_forum.moderation.labels import rule
from civic_forum.moderation.models import ModerationAction, Report
from civic_forum.moderation.queries import appeals, cases, takedowns
from civic_forum.moderation.queries.texts import texts
from civic_forum.moderation.rules import ActionKind, Ended
from civic_forum.commitments import events as commitments
from civic_forum.opinions import events as opinions
from civic_forum.opinions.labels import why_out
from civic_forum.opinions.proposing import author_of_statement
from civic_forum.opinions.rules import StatementState
from civic_forum.outcomes import events as outcomes
from civic_forum.outcomes.queries import participants
from civic_forum.proposals import events as proposals
from civic_forum.proposals.rules import State

from .. import kinds_told  # noqa: F401 (rows name kinds, which are there once their modules are imported)
from ..queries import recipients
from ..queries.cases import Case, owed
from ..rules import NoticeKind
from ..told import About, Choice, To, Told
from .gatherings import GATHERINGS
from .people import DUTY, FORUM, MINE, MODERATION, OUTCOME, REPLY, SUPPORTED, VOTE, on_day, one


def _concerned(name: str) -> To:
    """Supporters and followers of the proposal whose id a case has under this name."""
    return To(SUPPORTED, lambda it: recipients.concerned([attrgetter(name)(it)]))


def _but_authors(name: str) -> To:
    return To(SUPPORTED, lambda it: recipients.but(_concerned(name).people(it), it.merged.author_id, it.into.author_id))


def _department(name: str, only: str | None = None) -> To:
    """Officials of a department; of these only one, as long as they work there."""

    def people(it: Case) -> sa.Select:
        officials = recipients.staff(Role.OFFICIAL, department_id=attrgetter(name)(it))
        return recipients.among(officials, attrgetter(only)(it)) if only else officials

    return To(DUTY, people)


def _moderators_but(ids) -> To:
    return To(DUTY, lambda it: recipients.but(recipients.moderators(), *ids(it)))


def _acted_on(kind: ActionKind) -> To:
    """Authors and accounts for whom an act of this kind on many things was taken back."""
    return To(MODERATION, lambda it: sa.select(ModerationAction.user_id).filter_by(
        bulk_id=it.bulk.id, kind=kind, ended_at=it.bulk.undone_at).where(ModerationAction.user_id.is_not(None)))


def under(action: ModerationAction) -> dict[str, object]:
    """The rule under which a moderator acted, and until when."""
    return {"rule": str(rule(action.rule))} | ({"until": on_day(action.until)} if action.until else {})


def _days_to_object(it: Case) -> dict[str, object]:
    return {"until": on_day(it.merge.at + OBJECTION_PERIOD)}


def _is_no_news(it: Case) -> bool:
    """A rehearsal is for those who prepare it."""
    return it.box.rehearsal or it.box.roll is None


def _misses_quorum(it: Case) -> bool:
    return bool(it.box.result) and json.loads(it.box.result)["outcome"].get("quorum") == 0


def _is_of_office(it: Case) -> bool:
    """A statement with which the consultation began, or whose author left."""
    return it.statement.author_id is None


def _why_out(it: Case) -> dict[str, object]:
    """Word for which a statement was taken out, and until when one moderator alone keeps it so."""
    until = {"until": on_day(it.statement.out_until)} if it.statement.out_until else {}
    return {"why": why_out(it.statement)} | until if it.statement.is_taken_out else {}


def _is_nobodys(it: Case) -> bool:
    return it.action.user_id is None


AUTHOR = one(MINE, "proposal.author_id")
OF_MERGED, OF_INTO = one(MINE, "merged.author_id"), one(MINE, "into.author_id")
MODERATORS = To(DUTY, lambda _it: recipients.moderators())
LEAD = _department("lead_id")
WRITTEN_BY = _department("answer.department_id")
ELECTORATE = To(VOTE, lambda it: recipients.may_take_part(rolls.rule_of(it.box.roll)))
OFFICERS = To(DUTY, lambda _it: recipients.staff(*OFFICIALS))
OBSERVERS = To(VOTE, lambda it: it.observers)
VOTER = one(VOTE, "fact.user_id")
ALL_OF_OUTCOME = [To(MINE, lambda it: recipients.authors(it.decided)),
                  To(OUTCOME, lambda it: participants.of(it.outcome)),
                  To(OUTCOME, lambda it: recipients.concerned(it.decided))]
"""Authors of its proposals first, then all who took part or wanted to hear of it."""
WROTE, WROTE_RESULT = one(MODERATION, "statement.author_id"), one(OUTCOME, "statement.author_id")
WHOSE = one(MODERATION, "action.user_id")

PAPER_ACTS = ("paper_issued", "online_withdrawn", "paper_spoiled", "paper_taken_back", "paper_return_undone")
OF_VOTES = ("poll", "envelope", "budget_round")
OWN = About("proposal:{proposal.id}", "{own_url}", "{proposal.title}")
OWED = About("{owed.about}", "{owed.url}", kinds=("forum", "intake_item", "evaluation"))
OWED_AT_DESK = About("{owed.about}", "/desk/answers/duties/{duty.id}", kinds=("forum", "intake_item", "evaluation"))
DESK = About("proposal:{proposal.id}", "/desk/answers/{proposal.number}")
HELD = About("held:{proposal.id}", "/desk/held")
THREAD = About("{thread.kind}:{thread.owner_id}", "/comments/{comment.id}", kinds=("proposal", "agenda", "project"))
AGENDA = About("agenda:{agenda.id}", "/agendas/{agenda.slug}")
GROUPED = About("proposal:{proposal.id}", "/proposals/{proposal.number}#of-agendas", "{proposal.title}")
MERGED = About("proposal:{merged.id}", "/proposals/{merged.number}#lineage", "{merged.title}")
INTO = About("proposal:{into.id}", "/proposals/{into.number}#lineage", "{into.title}")
OBJECTED = About("{objected.about}", "{objected.url}", "{objected.title}", kinds=("agenda", "proposal"))
OBJECTION = About("objection:{author_objection.id}", "/desk/author-objections/{author_objection.id}")
INVITED = About("{invitation.about}", "{invitation.url}", kinds=OF_VOTES)
COUNTED = About("{box.subject}", "{box_url}", kinds=OF_VOTES)
STRUCK = About("{invitation.about}", "{entry_url}", kinds=OF_VOTES)
OBSERVED = About("{box.subject}", "/votes/{box_name}/observation", kinds=OF_VOTES)
CONFIRMED = About("{box.subject}", "/desk/votes/{box_name}", kinds=OF_VOTES)
OBJECTIONS = About("{box.subject}", "/votes/{box_name}/objections", kinds=OF_VOTES)
OBJECTIONS_AT_DESK = About("{box.subject}", "/desk/votes/{box_name}/objections", kinds=OF_VOTES)
ROLL = About("{roll.subject}", "{roll.url}", kinds=OF_VOTES)
ROLL_AT_DESK = About("{roll.subject}", "{roll.desk_url}", kinds=OF_VOTES)
OWN_STATEMENT = About("consultation:{consultation.id}", "/consultations/{consultation.slug}/mine")
DECIDED = About("outcome:{outcome.id}", "/outcomes/{outcome.id}", "{outcome.title}")
PREPARED = About("outcome:{outcome.id}", "{prepared.desk_url}")
KEPT = About("commitment:{commitment.id}", "/desk/commitments/{commitment.id}")
TEXT = About("{action.subject_kind}:{action.subject_id}", "/moderation/actions/{action.id}", kinds=(*texts(), "user"))
BULK = About("bulk:{bulk.id}", "/me/actions")
REPORT = About("report:{report.id}", "/desk/reports/{report.subject_kind}/{report.subject_id}")
REPORTS = About("report:{closed.id}", "/me/reports")
APPEAL = About("appeal:{appeal.id}", "/desk/appeals/{appeal.id}")
OWN_ACCOUNT = About("user:{fact.user_id}", "/me")
MANY_ACTS = About("user:{fact.by_id}", "/security")
TOUCHED = {act: f"staff_{act}" for act in StaffAct if act is not StaffAct.POSTED}
TAKEDOWN = About("takedown:{takedown.id}", "/desk/takedowns/{takedown.id}")

ACTS = {ActionKind.HIDE: "hidden", ActionKind.TAKEDOWN: "takedown", ActionKind.WARN: "warn", ActionKind.MUTE: "mute",
        ActionKind.BLOCK: "block"}
ACTS_UNTIL = ACTS | {kind: f"{ACTS[kind]}_until" for kind in (ActionKind.TAKEDOWN, ActionKind.MUTE, ActionKind.BLOCK)}
"""Steps of acts that end by themselves."""
ACT = Choice(lambda it: (it.action.kind, it.action.until is not None),
             {(kind, False): step for kind, step in ACTS.items()}
             | {(kind, True): step for kind, step in ACTS_UNTIL.items()})

STATEMENT = Choice(
    lambda it: (it.statement.state, it.statement.is_taken_out, it.statement.out_until is not None),
    {(StatementState.PUBLISHED, False, False): "statement_public",
     (StatementState.PUBLISHED, True, True): "statement_hidden",
     (StatementState.PUBLISHED, True, False): "statement_out",
     (StatementState.REFUSED, False, False): "statement_refused"})

ROWS = (
    # Proposals before everybody reads them: moderators learn the title at the desk alone
    Told(proposals.ProposalHeld, [AUTHOR], "held", OWN, "held:{proposal.id}:{proposal.version}", even_who_acts=True),
    Told(proposals.ProposalHeld, [MODERATORS], "duty_held", HELD, "held:{proposal.id}:{proposal.version}"),
    Told(proposals.ProposalGivenBack, [AUTHOR], "given_back", OWN, "given-back:{proposal.id}:{proposal.version}"),

    # Comments: an author whose comment is answered below the own proposal is told once
    Told(CommentWritten, [one(REPLY, "answered.author_id")], "replied", THREAD, "comment:{comment.id}",
         unless=lambda it: it.answered is None),
    Told(CommentWritten, [one(REPLY, "commented.author_id")], "commented", THREAD, "comment:{comment.id}",
         unless=lambda it: it.commented is None),

    # Answers
    Told(proposals.ThresholdReached, [MODERATORS], "duty_unassigned", DESK,
         "threshold:{proposal.id}:{proposal.threshold_reached_at:%Y%m%d}", unless=lambda it: it.lead_id is not None),
    Told(proposals.StepReached, [MODERATORS], "duty_step", DESK, "step:{proposal.id}:{fact.supports}"),
    Told(proposals.StepReached, [LEAD], "duty_step", DESK, "step:{proposal.id}:{fact.supports}",
         unless=lambda it: it.lead_id is None),
    Told(answers.ProposalFiled, [MODERATORS], "duty_unassigned", DESK, "filed:{proposal.id}",
         unless=lambda it: it.lead_id is not None),
    Told(answers.ProposalReturned, [MODERATORS], "duty_returned", DESK, "returned:{fact.assignment_id}",
         unless=lambda it: it.lead_id is not None),
    Told(answers.ProposalAssigned, [_department("fact.department_id")],
         Choice(lambda it: it.fact.is_lead, {True: "duty_lead", False: "duty_asked"}), DESK,
         "assigned:{assignment_id}"),
    Told(answers.AnswerSubmitted, [WRITTEN_BY], "duty_approve", DESK, "submitted:{answer.id}:{answer.version}"),
    Told(answers.AnswerSentBack, [_department("answer.department_id", only="answer.written_by_id")], "duty_sent_back",
         DESK, "sent-back:{answer.id}:{answer.version}"),
    Told(answers.CorrectionSubmitted, [WRITTEN_BY], "duty_approve", DESK,
         "corrected:{answer.id}:{answer.correction[at]}"),
    Told(answers.SecondReviewAsked, [LEAD], "duty_review", DESK, "review:{proposal.id}",
         unless=lambda it: it.lead_id is None),
    Told(answers.ProposalCompleted, [LEAD], "completed", DESK, "completed:{fact.pause_id}",
         unless=lambda it: it.lead_id is None),

    Told(answers.DutyGiven, [_department("duty.department_id")],
         Choice(lambda it: it.duty.about_kind == "intake_item", {False: "duty_later", True: "duty_item"}), OWED_AT_DESK,
         "owed:{duty.id}:{duty.department_id}"),
    Told(answers.LaterAnswerSubmitted, [_department("later_answer.department_id")], "duty_approve", OWED_AT_DESK,
         "later-submitted:{later_answer.id}:{later_answer.version}"),
    Told(answers.LaterAnswerSentBack, [_department("later_answer.department_id", only="later_answer.written_by_id")],
         "duty_sent_back", OWED_AT_DESK, "later-sent-back:{later_answer.id}:{later_answer.version}"),
    Told(answers.LaterAnswerPublished, [To(FORUM, lambda it: owed(it.duty.about)[1])],
         Choice(lambda it: "corrected" if it.fact.version > 1 else it.duty.about_kind == "intake_item", {
             False: "later_answered", "corrected": "later_corrected", True: "item_answered"}), OWED,
         "later-answer:{later_answer.id}:{fact.version}"),

    # Grouping and merging: authors hear how to object, supporters how to take their name back. Who supports several
    # proposals that come into an agenda hears of it once a day, who supports both that are merged once
    Told(agendas.AgendaPublished, [To(SUPPORTED, lambda it: recipients.concerned(links.proposals_in(it.agenda.id)))],
         "grouped_supported", AGENDA, "grouped:{agenda.id}:{today}"),
    Told(agendas.ProposalGrouped, [AUTHOR], "grouped_mine", GROUPED,
         "grouped:{link.id}:{agenda.id}:{told_at:%Y%m%d%H%M%S}", at=lambda it: it.told_at,
         details=lambda it: {"until": on_day(it.told_at + OBJECTION_PERIOD)}),
    Told(agendas.ProposalGrouped, [_concerned("proposal.id")], "grouped_supported", AGENDA,
         "grouped:{agenda.id}:{today}", unless=lambda it: it.link.told_at == it.agenda.published_at),
    Told(agendas.ProposalMerged, [OF_MERGED], "merged_mine", MERGED, "merge:{merge.id}", details=_days_to_object),
    Told(agendas.ProposalMerged, [OF_INTO], "took_up_mine", INTO, "merge:{merge.id}", details=_days_to_object),
    Told(agendas.ProposalMerged, [_but_authors("merged.id")], "merged_supported", MERGED, "merge:{merge.id}",
         details=lambda it: {"until": on_day(it.merge.at + WITHDRAWAL_PERIOD)}),
    Told(agendas.ProposalMerged, [_but_authors("into.id")], "took_up_supported", INTO, "merge:{merge.id}"),
    # Who withdrew the one that carried the other on has told those concerned there why
    Told(agendas.MergeUndone, [OF_MERGED, _concerned("merged.id")],
         Choice(lambda it: it.into.state is State.WITHDRAWN, {True: "carrier_withdrawn", False: "merge_undone"}),
         MERGED, "parted:{merge.id}"),
    Told(agendas.MergeUndone, [OF_INTO, _concerned("into.id")], "merge_undone", INTO, "parted:{merge.id}",
         unless=lambda it: it.into.state is State.WITHDRAWN),
    Told(agendas.MergeUndone, [MODERATORS], "duty_parted", INTO, "carrier-withdrawn:{into.id}",
         unless=lambda it: it.into.state is not State.WITHDRAWN),
    Told(agendas.ObjectionAnswered, [one(MINE, "author_objection.by_id")], "objection_answered_mine", OBJECTED,
         "objection-answer:{author_objection.id}"),
    Told(agendas.AuthorObjected, [MODERATORS], "duty_objection", OBJECTION, "objection:{author_objection.id}"),

    # Votes: told to everybody who belongs where they are held. Of who voted only the desk's own doing is told, to whom
    # it is about
    Told(ballots.BoxOpened, [ELECTORATE], "vote_opens", INVITED, "vote_opens:{invitation.about}", unless=_is_no_news,
         details=lambda it: {"opens": on_day(it.box.opens_at), "closes": last_day(it.box.closes_at).isoformat()},
         at=lambda it: it.box.opened_at),
    Told(ballots.BoxPublished, [ELECTORATE], Choice(_misses_quorum, {False: "vote_result", True: "quorum_missed"}),
         COUNTED, "vote_result:{box.subject}", unless=_is_no_news, at=lambda it: it.box.published_at),
    # Observers by every channel they have: nothing goes on before they signed
    Told(ballots.BoxClosed, [OBSERVERS], "observe_closed", OBSERVED, "observe_closed:{box_name}",
         unless=lambda it: it.observers is None, whatever_they_chose=True),
    Told(ballots.BoxRecorded, [OBSERVERS], "observe_recount", OBSERVED, "observe_recount:{box_name}",
         unless=lambda it: it.observers is None, whatever_they_chose=True),
    Told(ballots.PaperAct, [VOTER], Choice(lambda it: it.fact.act, {act: act for act in PAPER_ACTS}), INVITED,
         "paper:{box_name}:{random}", whatever_they_chose=True),
    Told(ballots.EntryStruck, [VOTER], "struck", STRUCK, "struck:{fact.confirmation_id}", whatever_they_chose=True),
    Told(ballots.AssistedBallotCast, [VOTER],
         Choice(lambda it: it.desk is None, {True: "assisted", False: "assisted_at"}), INVITED,
         "assisted:{box_name}:{random}", details=lambda it: {"desk": it.desk.name_ko} if it.desk else {},
         whatever_they_chose=True),
    Told(ballots.BoxRecorded, [OFFICERS], "duty_quorum_missed", CONFIRMED, "quorum_missed:{box_name}",
         unless=lambda it: it.box.rehearsal or not _misses_quorum(it)),
    # In a rehearsal one officer may go on alone
    Told(ballots.ConfirmationProposed, [OFFICERS], "duty_confirmation",
         CONFIRMED, "confirmation:{confirmation.id}", unless=lambda it: it.box.rehearsal),
    Told(ballots.VoteObjected, [To(DUTY, lambda _it: recipients.staff(Role.OFFICIAL))], "duty_vote_objection",
         OBJECTIONS_AT_DESK, "vote-objection:{vote_objection.id}"),
    # Answering again replaces what was said, and is told again
    Told(ballots.VoteObjectionAnswered, [one(VOTE, "vote_objection.by_id")], "vote_objection_answered", OBJECTIONS,
         "vote-objection-answer:{vote_objection.id}:{vote_objection.answered_at:%Y%m%d%H%M%S}"),
    Told(ballots.RollObjected, [MODERATORS], "duty_roll_objection", ROLL_AT_DESK, "roll-objection:{roll_objection.id}",
         unless=lambda it: it.roll is None),
    Told(ballots.RollObjectionAnswered, [one(VOTE, "roll_objection.user_id")], "roll_objection_answered", ROLL,
         "roll-objection-answer:{roll_objection.id}", unless=lambda it: it.roll is None),

    *GATHERINGS,

    # Consultations: authors of statements, however often somebody decides anew. Their page says why; what they answered
    # nobody knows here
    Told(opinions.StatementDecided, [WROTE], STATEMENT, OWN_STATEMENT,
         "statement:{statement.id}:{statement.decided_at:%Y%m%d%H%M%S%f}", unless=_is_of_office, details=_why_out),
    Told(opinions.StatementDecided, [one(DUTY, "consultation.created_by_id")], STATEMENT,
         About("consultation:{consultation.id}", "/desk/consultations/{consultation.slug}"),
         "statement:{statement.id}:{statement.decided_at:%Y%m%d%H%M%S%f}", unless=lambda it: not _is_of_office(it),
         details=_why_out),
    Told(opinions.StatementAnswered, [WROTE_RESULT], "statement_answered", OWN_STATEMENT,
         "statement-answer:{statement.id}:{statement.became_at:%Y%m%d%H%M%S%f}", unless=_is_of_office),

    Told(proposals.ProposalPublished, [To(OUTCOME, lambda it: author_of_statement(it.fact.proposal_id))],
         "statement_proposed", OWN, "statement-proposal:{proposal.id}"),

    # Outcomes: submitted again, one is told again
    Told(outcomes.OutcomePublished, ALL_OF_OUTCOME,
         Choice(lambda it: it.fact.version == 1, {True: "outcome_published", False: "outcome_corrected"}), DECIDED,
         "outcome:{outcome.id}:{fact.version}"),
    Told(outcomes.OutcomeSubmitted, [_department("outcome.department_id")], "duty_outcome", PREPARED,
         "outcome-submitted:{outcome.id}:{now:%Y%m%d%H%M%S%f}", unless=lambda it: it.outcome.department_id is None),
    Told(outcomes.OutcomeSentBack, [_department("outcome.department_id", only="outcome.written_by_id")],
         "duty_sent_back", PREPARED, "outcome-sent-back:{outcome.id}:{outcome.version}"),

    # Commitments: people hear of them once a week (`notifications.commitments`), the office at once
    Told(commitments.EntryProposed, [_department("fact.department_id")], "duty_commitment", KEPT,
         "commitment-proposed:{commitment.id}:{fact.number}", unless=lambda it: it.fact.department_id is None),
    Told(commitments.PersonNamed, [one(NoticeKind.DUTY, "fact.user_id")], "duty_in_charge", KEPT,
         "commitment-person:{commitment.id}:{fact.number}"),
    Told(commitments.EntrySentBack, [_department("commitment.department_id", only="fact.by_id")], "duty_sent_back",
         KEPT, "commitment-sent-back:{commitment.id}:{fact.number}",
         unless=lambda it: it.commitment.department_id is None),

    # Accounts: whatever staff did with one, on every channel; many acts of one member of staff alarm
    Told(accounts.AccountTouched, [one(NoticeKind.ACCOUNT, "fact.user_id")], Choice(lambda it: it.fact.act, TOUCHED),
         OWN_ACCOUNT, "staff-act:{fact.user_id}:{fact.act}:{moment}", whatever_they_chose=True),
    Told(accounts.DeputyBegins, [one(DUTY, "fact.user_id")], "duty_deputy", About("user:{fact.user_id}", "/desk"),
         "deputy:{fact.absence_id}", details=lambda it: {"until": it.fact.until.isoformat()}),
    Told(accounts.RoleEnds, [one(DUTY, "fact.user_id")], "role_ends", OWN_ACCOUNT, "role-ends:{fact.grant_id}",
         details=lambda it: {"until": it.fact.until.isoformat()}, whatever_they_chose=True),
    Told(accounts.RoleMoved, [one(DUTY, "fact.user_id")], "role_moved", About("user:{fact.user_id}", "/desk"),
         "role-moved:{fact.grant_id}", details=lambda it: {"place": it.fact.place}, whatever_they_chose=True),
    Told(accounts.RolesEnded, [one(NoticeKind.ACCOUNT, "fact.user_id")], "roles_ended", OWN_ACCOUNT,
         "roles-ended:{fact.user_id}:{moment}", whatever_they_chose=True),
    Told(accounts.WorkReceived, [one(DUTY, "fact.user_id")], "duty_received", About("user:{fact.user_id}", "/desk"),
         "received:{fact.user_id}:{fact.from_id}:{moment}", details=lambda it: {"count": it.fact.count},
         even_who_acts=True),
    Told(accounts.ManyActs, [To(DUTY, lambda _it: recipients.staff(Role.ADMINISTRATOR)),
                             To(DUTY, lambda _it: recipients.staff(Role.OBSERVER))], "duty_many_acts",
         MANY_ACTS, "many-acts:{fact.by_id}:{fact.count}:{today}", whatever_they_chose=True),

    # Moderation: acts on one's texts or account, and how to appeal. The page of each act says why; what ended with an
    # appeal is told with its decision, and a text that is shown again as a request is refused as the end of the act
    Told(moderation.ActionTaken, [WHOSE], ACT, TEXT, "action:{action.id}", unless=_is_nobodys,
         details=lambda it: under(it.action)),
    Told(moderation.ActionEnded, [WHOSE], "action_ended", TEXT, "action-end:{action.id}",
         unless=lambda it: it.action.ended_how == Ended.APPEAL_UPHELD or _is_nobodys(it)),
    Told(moderation.AppealDecided, [WHOSE],
         Choice(lambda it: it.appeal.upheld, {True: "appeal_upheld", False: "appeal_declined"}), TEXT,
         "appeal-decision:{appeal.id}", unless=_is_nobodys),
    Told(moderation.TakedownDecided, [WHOSE], "takedown_granted", TEXT, "takedown-granted:{takedown.id}",
         unless=lambda it: not it.takedown.granted or it.action is None or _is_nobodys(it)),
    Told(moderation.BulkUndone, [_acted_on(kind) for kind in ActionKind], "action_ended", BULK, "bulk-end:{bulk.id}"),
    # Once a day, however many report a thing. Whoever wrote it does not hear of it, for when it was reported may say by
    # whom; what it is about stands at the desk alone
    Told(moderation.ReportMade,
         [_moderators_but(lambda it: [cases.author_of(it.report.subject_kind, it.report.subject_id)])], "duty_report",
         REPORT, "report:{report.subject_kind}:{report.subject_id}:{today}"),
    # Once to each, however many of theirs were closed at once; whose text it was is not said
    Told(moderation.ReportsClosed,
         [To(MODERATION, lambda it: sa.select(Report.by_id).where(Report.id.in_(it.fact.report_ids)))],
         Choice(lambda it: it.closed.closed_how, {"acted": "report_acted", "kept": "report_kept"}), REPORTS,
         "report-closed:{closed.id}"),
    # Neither who acted nor who granted what was asked decides
    Told(moderation.AppealMade,
         [_moderators_but(lambda it: [user.id for user in appeals.case(it.appeal.id).decided.before])], "duty_appeal",
         APPEAL, "appeal:{appeal.id}"),
    # Once for a text while requests about it wait: the desk lists each of them
    Told(moderation.TakedownAsked, [_moderators_but(lambda it: [takedowns.case(it.takedown.id).author_id])],
         "duty_takedown", TAKEDOWN, "takedown:{takedown.id}",
         unless=lambda it: takedowns.first_waiting(it.takedown) != it.takedown.id),
)
