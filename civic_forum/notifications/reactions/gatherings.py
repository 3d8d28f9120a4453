"""Told of gatherings, bodies, visits, calls, and what was handed in outside the browser."""

from operator import attrgetter

from civic_forum.bodies import events as bodies
from civic_forum.calls import events as calls
from civic_forum.calls.following import events as following
from civic_forum.calls.judging import events as judging
from civic_forum.calls.judging import queries as applications
from civic_forum.calls.rules import ApplicationState, CallKind
from civic_forum.draws import events as draws
from civic_forum.draws import queries as lots
from civic_forum.draws.rules.filling import OBJECTION
from civic_forum.evaluations import events as evaluations
from civic_forum.forums import events as forums
from civic_forum.forums import queries as halls
from civic_forum.forums.minutes.rules.drafting import corrections_until
from civic_forum.intake import events as intake
from civic_forum.meetings import events as meetings
from civic_forum.platform.i18n import last_day
from civic_forum.visits import events as visits

from ..queries import recipients
from ..rules import NoticeKind
from ..told import About, Choice, To, Told
from .people import DUTY, FORUM, MINE, SUPPORTED, on_day, one

HANDED_IN = About("intake_item:{intake_item.id}", "/intake/{intake_item.number}")
CLAIMED = About("intake_item:{claim.item_id}", "/intake/{claim.item.number}")
APPLIED = About("call_application:{call_application.id}",
                "/calls/{call_application.call.slug}/mine/{call_application.number}")
BODY = About("body:{body.id}", "/bodies/{body.slug}")
MEETING = About("forum:{forum.id}", "/forums/{forum.slug}")
PLACE = About("forum:{forum.id}", "/forums/{forum.slug}/registration")
CALL_RESULTS = About("call:{call.id}", "/calls/{call.slug}/results")
DRAW = About("call:{draw.call_id}", "/draws/{draw.call.slug}")
MINUTES = About("forum:{forum.id}", "/forums/{forum.slug}/minutes")
TOOK_PART = To(FORUM, lambda it: recipients.took_part(it.forum.id))
SITTING = To(DUTY, lambda it: recipients.members(it.fact.body_id))
PANEL = To(DUTY, lambda it: recipients.members(it.evaluation.body_id))
REGISTERED = one(FORUM, "registration.user_id")

GATHERINGS = (
    # Forums: a place can be given back and waited for again, so each time is told anew; of minutes the draft, which may
    # be corrected, and the signed version
    Told(bodies.MembershipBegun, [one(DUTY, "membership.user_id")], "membership_begun", BODY,
         "membership_begun:{membership.id}"),
    Told(bodies.MemberChangeRefused, [one(DUTY, "fact.by_id")], "member_change_refused", BODY,
         "member_change_refused:{fact.change_id}", details=lambda it: {"why": it.fact.reason}),
    Told(bodies.MembershipEnded, [one(DUTY, "membership.user_id")], "membership_ended", BODY,
         "membership_ended:{membership.id}:{moment}"),
    Told(meetings.MeetingNoticed, [SITTING], Choice(
        attrgetter("fact.written"), {False: "meeting_noticed", True: "resolution_noticed"}), MEETING,
        "meeting_noticed:{forum.id}", details=lambda it: {"until": last_day(it.forum.ends_at).isoformat()}),
    Told(meetings.MeetingCancelled, [SITTING], "meeting_cancelled", MEETING, "meeting_cancelled:{forum.id}",
         details=lambda it: {"why": it.forum.cancelled_because}),
    Told(meetings.MeetingKept, [SITTING], "meeting_kept", MEETING, "meeting_kept:{forum.id}"),
    Told(meetings.MinutesSentBack, [one(DUTY, "fact.to_id")], "minutes_sent_back", MEETING,
         "minutes_sent_back:{forum.id}:{moment}", details=lambda it: {"why": it.meeting.sent_back_why}),
    Told(forums.ForumAnnounced, [To(kind, lambda it, who=who: who(halls.proposals_of(it.forum.id))) for kind, who in (
        (MINE, recipients.authors), (SUPPORTED, recipients.concerned))], "in_workshop", PLACE, "workshop:{forum.id}"),
    Told(visits.VisitAnswered, [one(FORUM, "visit_request.by_id")], "visit_answered",
         About("visit_request:{visit_request.id}", "/visits"), "visit_answered:{visit_request.id}"),
    Told(forums.PlaceGiven, [REGISTERED], "forum_place_given", PLACE, "forum_place_given:{registration.id}:{moment}"),
    Told(forums.PlaceTaken, [REGISTERED], "forum_place_taken", PLACE,
         "forum_place_taken:{registration.id}:{moment}", details=lambda it: {"why": it.fact.reason}),
    *(Told(fact, [To(DUTY, lambda it: recipients.at_window(it.registration.submission_id))], "place_at_window",
           About("forum:{forum.id}", "/intake/{registration.submission.number}"),
           "place_at_window:{registration.id}:{moment}", unless=lambda it: it.registration.user_id is not None)
      for fact in (forums.PlaceGiven, forums.PlaceTaken)),
    Told(forums.MinutesPublished, [TOOK_PART], "forum_minutes_draft", MINUTES, "forum_minutes_draft:{forum.id}",
         unless=lambda it: it.fact.signed_at is not None or it.fact.version > 1,
         details=lambda it: {"until": on_day(corrections_until(it.now))}),
    Told(forums.MinutesPublished, [TOOK_PART], "forum_minutes_signed", MINUTES, "forum_minutes_signed:{forum.id}",
         unless=lambda it: it.fact.signed_at is None),

    # Calls: who applied hears of the own result; of a prize authors hear by the journey of their proposal
    *(Told(judging.CallDecided, [To(MINE, lambda it, state=state: applications.owners(it.call.id, state))],
           f"call_{state}", CALL_RESULTS, f"call_{state}:{{call.id}}",
           unless=lambda it: it.call.kind is CallKind.PRIZE) for state in (
        ApplicationState.CHOSEN, ApplicationState.RESERVE, ApplicationState.NOT_CHOSEN, ApplicationState.OUT)),
    Told(judging.ReserveMovedUp, [To(MINE, lambda it: applications.owner(it.fact.application_id))], "call_moved_up",
         CALL_RESULTS, "call_moved_up:{fact.application_id}"),
    Told(following.ChosenRegistered, [REGISTERED], "call_registered", PLACE, "call_registered:{registration.id}"),
    Told(judging.ScoringBegun, [To(DUTY, lambda it: recipients.jurors(it.call.id))], "scoring_begun",
         About("call:{call.id}", "/desk/calls/{call.slug}/scores"), "scoring_begun:{call.id}",
         details=lambda it: {"until": it.call.scores_until.isoformat()}),
    Told(evaluations.EvaluationOpened, [PANEL], "evaluation_opened", About(
        "evaluation:{evaluation.id}", "/evaluations/{evaluation.slug}/grades"), "evaluation_opened:{evaluation.id}",
         details=lambda it: {"until": last_day(it.evaluation.grades_until).isoformat()}),
    Told(evaluations.EvaluationReleased, [PANEL], "evaluation_released", About(
        "evaluation:{evaluation.id}", "/evaluations/{evaluation.slug}"), "evaluation_released:{evaluation.id}"),
    Told(draws.DrawCommitted, [To(MINE, lambda it: lots.owners(it.draw.id))], "draw_committed", DRAW,
         "draw_committed:{draw.id}", details=lambda it: {"commit": it.draw.commit.hex()}),
    Told(draws.DrawDone, [To(MINE, lambda it: lots.owners(it.draw.id))], "draw_done", DRAW,
         "draw_done:{draw.id}:{moment}"),
    Told(draws.DrawEnded, [To(MINE, lambda it: lots.owners(it.draw.id))], "draw_ended", DRAW, "draw_ended:{draw.id}",
         whatever_they_chose=True),
    Told(draws.PassingBegun, [To(MINE, lambda it: applications.owner(it.fact.application_id))], "draw_passing", DRAW,
         "draw_passing:{fact.application_id}:{moment}", details=lambda it: {"until": on_day(
             it.now + OBJECTION)}, whatever_they_chose=True),
    Told(calls.CloseMoved, [To(MINE, lambda it: recipients.applicants(it.call.id))], "close_moved",
         About("call:{call.id}", "/calls/{call.slug}"), "close_moved:{fact.time_id}",
         details=lambda it: {"until": last_day(it.call.closes_at).isoformat()}),

    # Handed in on site: the owner hears what became of it, and of claims
    Told(intake.ItemSorted, [one(MINE, "intake_item.submission.owner_id")],
         Choice(lambda it: it.intake_item.became is None, {False: "item_sorted", True: "item_reopened"}), HANDED_IN,
         "item_sorted:{intake_item.id}:{moment}", unless=lambda it: it.intake_item.submission.owner_id is None),
    Told(intake.ClaimBegun, [one(MINE, "claim.item.submission.owner_id")], "item_claimed", CLAIMED,
         "claimed:{claim.id}"),
    Told(intake.ClaimSettled, [one(MINE, "claim.user_id")],
         Choice(attrgetter("claim.is_granted"), {True: "claim_granted", False: "claim_declined"}), CLAIMED,
         "claim_settled:{claim.id}"),
    Told(intake.TakenForSomebody, [one(NoticeKind.ACCOUNT, "fact.user_id")], "taken_at_window",
         About("user:{fact.user_id}", "/me"),
         "window:{fact.item_id}", whatever_they_chose=True),

    # Calls: whoever applied with an account hears once that it was received
    Told(calls.ApplicationReceived, [one(MINE, "call_application.submission.owner_id")], "application_received",
         APPLIED, "application_received:{call_application.id}",
         unless=lambda it: it.call_application.submission.owner_id is None, even_who_acts=True),
)
