"""Evaluations of the sample district (evaluations.json): this year's by lot, and that of 2016 as it was printed."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from civic_forum.accounts.models import User
from civic_forum.answers.labels import REPLY_OUTCOME
from civic_forum.answers.models import Duty, LaterAnswer, LaterAnswerVersion
from civic_forum.answers.queries import records as duties
from civic_forum.answers.rules import AnswerState, DutyEnd, DutyKind
from civic_forum.answers.services.later import APPROVAL
from civic_forum.blocks.kinds import Ref
from civic_forum.commitments.models import Commitment
from civic_forum.commitments.rules import Status
from civic_forum.evaluations import queries, services
from civic_forum.evaluations.models import Evaluation, EvaluationItem, Grade, Recommendation
from civic_forum.evaluations.parts import ChangeFacts, EvaluationFacts, RecommendationFacts, ResultFacts
from civic_forum.evaluations.rules import RECOMMENDATION, REPLY_DAYS, ChangeKind
from civic_forum.meetings import services as meetings
from civic_forum.meetings.records import ItemRecord, MeetingRecord
from civic_forum.meetings.rules import ItemKind
from civic_forum.meetings.signing.services import MINUTES, signed_as
from civic_forum.platform import rich_text
from civic_forum.platform.base import db
from civic_forum.platform.i18n import SEOUL, local
from civic_forum.platform.work import use_case

from .bodies import SampleBodies, read_bodies
from .people import read
from .timeline import TimelineEvent

if TYPE_CHECKING:
    from .steps import Script

AFTER_MEETINGS, NOON, EVENING = 400_000, time(12), time(19)
PRINTED_AT = datetime(2022, 1, 7, 10, tzinfo=SEOUL)
OFFICE, SECOND = "기획예산과", "moderator1"
PRINTED_NOTE = "권고 {count}건의 글은 자료에 적힌 그대로예요. 자료에는 ‘{state}’라고 적혀 있어요. 답할 부서와 답은 예시로 지어냈어요."
OUTCOMES = {str(label): outcome for outcome, label in REPLY_OUTCOME.items()}
KINDS = {"nammun-kerb": ChangeKind.SLIP, "market-toilet": ChangeKind.SLIP, "recycle-machines": ChangeKind.STATUS,
         "airbase-width": ChangeKind.STATUS}
STATUSES = {"recycle-machines": Status.DROPPED, "airbase-width": Status.CHANGED}
STEPS = {"nammun-kerb": "m3"}
"""Steps of which the day moves; of others the day of the whole."""


def happenings(script: "Script") -> Iterator[TimelineEvent]:
    now, printed = read("evaluations")["evaluations"]
    yield TimelineEvent(PRINTED_AT, AFTER_MEETINGS, partial(_enter_printed, printed, script))
    for order, (at, act) in enumerate(SampleEvaluation(now, script).acts(), 1):
        yield TimelineEvent(at, AFTER_MEETINGS + order, act)


class SampleEvaluation:
    """Acts on this year's evaluation, each with its moment."""

    def __init__(self, entry: dict[str, Any], script: "Script"):
        self.entry, self.script, self.slug = entry, script, ""
        self.bodies = SampleBodies(read_bodies(), script)
        self.today = local(script.loaded).date()
        self.ids: dict[str, int] = {}

    def acts(self) -> Iterator[tuple[datetime, Any]]:
        first, *_rest = self.entry["meetings"]
        for meeting in self.entry["meetings"]:
            yield self._at(meeting["starts_at"], EVENING), partial(self._hold, meeting)
        yield self._at(first["starts_at"], time(20)), self._open
        for number, vote in enumerate(self.entry["change_votes"], 1):
            yield self._at(vote["asked_on"], NOON), partial(self._ask, vote)
            yield self._at(vote["on"], time(21)), partial(self._decide, number, vote)
        last = self.entry["meetings"][-1]["starts_at"]
        yield self._at(last, time(20)), self._grade
        for number, recommendation in enumerate(self.entry["recommendations"], 1):
            yield self._at(recommendation["made_on"], time(20)), partial(self._recommend, recommendation)
            if reply := recommendation["reply"]:
                yield self._at(reply["on"], NOON), partial(self._reply, number, reply)
        yield self._at(self.entry["published"], time(10, 1)), self._release

    def _hold(self, meeting: dict[str, Any]) -> None:
        starts_at = self._at(meeting["starts_at"], time.fromisoformat(meeting["starts_at"]["time"]))
        titles, results = meeting["items"], meeting["results"]
        reported = dict(enumerate(results, start=1 if len(results) == 1 else 0))
        made = meetings.keep(self.script.ids["body:evaluators"], MeetingRecord(
            title=f"공약평가단 {meeting['number']}차 회의: {meeting['title']}", place=meeting["place"], starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=meeting["minutes"]), number=meeting["number"],
            noticed_on=starts_at.date() - timedelta(days=7), came=[("주민", meeting["came"], meeting["of"])],
            items=[ItemRecord(kind=ItemKind.DISCUSSION, title=title, reported=reported.get(place, ""),
                              opinions=meeting["opinions"] if place == len(titles) - 1 else ())
                   for place, title in enumerate(titles)]), by=self.script.people.user("administrator"))
        self.ids[f"meeting:{meeting['number']}"] = made.id
        if made.waits_for_signature:
            MINUTES.confirm(signed_as(made.id), by=self.bodies.official("evaluators"))

    def _open(self) -> None:
        entry, by = self.entry, self._official(OFFICE)
        made = services.make(EvaluationFacts(
            title=entry["title"], body_id=self.script.ids["body:evaluators"],
            department_id=self.script.ids[f"department:{OFFICE}"], begins_on=self._day(entry["period"]["from"]),
            ends_on=self._day(entry["period"]["to"]), grades_until=self._at(entry["sealed_until"], time(10))),
            [(criterion["text"], criterion["points"]) for criterion in entry["criteria"]],
            [self.script.ids[name] for key in entry["commitments"] if (name := f"commitment:{key}") in self.script.ids],
            by=by)
        self.slug = services.open_(made.slug, self.ids["meeting:1"], by=by).slug
        with use_case(None) as work:
            evaluation = work.session.get_one(Evaluation, made.id)
            self.slug = evaluation.slug = entry["slug"]
            work.record("sample_data.evaluation", evaluation)

    def _ask(self, vote: dict[str, Any]) -> None:
        key, kind = vote["commitment"], KINDS[vote["commitment"]]
        services.ask_change(self.slug, self.script.ids[f"commitment:{key}"], ChangeFacts(
            kind=kind, title=vote["what"], before=self._words(vote["from"]), after=self._words(vote["to"]),
            why=vote["why"], until_on=self._day(vote["to"]) if kind is ChangeKind.SLIP else None,
            milestone=STEPS.get(key, ""), status=STATUSES.get(key)), by=self._official(vote["asked_by"]))

    def _decide(self, number: int, vote: dict[str, Any]) -> None:
        votes = vote["votes"]
        noted = services.note_result(self.slug, number, ResultFacts(
            votes_for=votes["for"], votes_against=votes["against"], abstained=votes["abstained"],
            decided_on=self._day(vote["on"]), text=vote["text"]), by=self._official(OFFICE))
        services.RESULT.confirm(services.body_subject(noted), by=self.script.people.user(SECOND))

    def _grade(self) -> None:
        """As members without an account handed their sheets in."""
        with use_case(None) as work:
            evaluation = queries.by_slug(self.slug)
            there = {item.commitment_id for item in queries.items(evaluation.id)}
            for grades in self.entry["grades"]:
                commitment_id = self.script.ids[f"commitment:{grades['commitment']}"]
                if commitment_id not in there:  # promised after the file says that it was chosen
                    work.store(EvaluationItem(evaluation_id=evaluation.id, commitment_id=commitment_id))
                item = queries.item(evaluation.id, commitment_id)
                notes = dict(enumerate(grades["said"]))
                work.session.add_all(Grade(
                    item_id=item.id, membership_id=self.script.ids[f"member:{sheet['member']}"], points=sheet["points"],
                    note=notes.get(place, ""), at=work.at) for place, sheet in enumerate(grades["grades"]))
            work.record("sample_data.grades", evaluation)

    def _recommend(self, recommendation: dict[str, Any]) -> None:
        made = services.recommend(self.slug, RecommendationFacts(
            text=recommendation["text"], made_on=self._day(recommendation["made_on"])),
                           self.script.ids[f"department:{recommendation['department']}"],
                           [self.script.ids[f"commitment:{key}"] for key in recommendation["commitments"]],
                           by=self._official(OFFICE))
        services.RECOMMENDING.confirm(
            services.body_subject(made), by=self.script.people.user(SECOND))

    def _reply(self, number: int, reply: dict[str, Any]) -> None:
        """As a department answered, with a second official."""
        with use_case(None) as work:
            evaluation = queries.by_slug(self.slug)
            recommendation = db.session.query(Recommendation).filter_by(
                evaluation_id=evaluation.id, number=number).one()
            duty, promised = duties.duty_about(Ref(RECOMMENDATION, recommendation.id)), reply["milestone"]
            answer = LaterAnswer(
                duty=duty, department_id=duty.department_id, state=AnswerState.DRAFT, written_at=work.at,
                written_by_id=self._official(OFFICE).id, text=reply["text"], outcome=OUTCOMES[reply["outcome"]],
                document_number=reply["document_number"]["value"], milestone=promised and promised["title"],
                milestone_on=promised and self._day(promised["due"]))
            work.store(answer)
            APPROVAL.publish(work, duty, answer)

    def _release(self) -> None:
        subject = services.subject_of(queries.by_slug(self.slug))
        services.RELEASE.propose(subject, by=self._official(OFFICE))
        services.RELEASE.confirm(subject, by=self.script.people.user(SECOND))

    def _official(self, department: str) -> User:
        return self.script.people.user(self.bodies.officials[department])

    def _words(self, text: Any) -> str:
        if isinstance(text, dict) or text and text[:4].isdecimal():
            day = self._day(text)
            return f"{day.year}. {day.month}. {day.day}."
        return text or ""

    def _day(self, text: Any) -> date:
        return self.today + timedelta(days=text["in_days"]) if isinstance(text, dict) else date.fromisoformat(text)

    def _at(self, text: Any, clock: time) -> datetime:
        return datetime.combine(self._day(text), clock, SEOUL)


def _enter_printed(entry: dict[str, Any], script: "Script") -> None:
    """Recommendations and replies of before there was a site, on the days that are written there."""
    printed, office = entry["printed"], script.ids[f"department:{OFFICE}"]
    by_id = script.people.user(SampleBodies(read_bodies(), script).officials[OFFICE]).id
    with use_case(None) as work:
        evaluation = Evaluation(
            slug=entry["slug"], title=entry["title"], printed_body=entry["body_printed"], department_id=office,
            begins_on=_month(entry["period"]["from"]), ends_on=_month(entry["period"]["to"], last=True),
            in_months=True, note=PRINTED_NOTE.format(count=printed["recommendations"], state=printed["state"]),
            created_at=work.at, opened_at=work.at, released_at=work.at)
        work.store(evaluation)
        work.session.add_all(EvaluationItem(evaluation_id=evaluation.id, commitment_id=script.ids[f"commitment:{key}"])
                             for key in entry["commitments"])
        for each in entry["recommendations"]:
            made = work.store(Recommendation(
                evaluation_id=evaluation.id, number=each["number"], text=each["text"], made_on=_month(each["made_on"]),
                department_id=script.ids[f"department:{each['department']}"], confirmed_at=work.at,
                commitments=[work.session.get_one(Commitment, script.ids[f"commitment:{key}"])
                             for key in each["commitments"]]))
            reply, due_on = each["reply"], date.fromisoformat(each["reply_due"])
            promised, at = reply["milestone"], datetime.combine(date.fromisoformat(reply["on"]), NOON, SEOUL)
            duty = work.store(Duty(
                about_kind=RECOMMENDATION, about_id=made.id, kind=DutyKind.LATER, days=REPLY_DAYS, due_on=due_on,
                department_id=script.ids[f"department:{each['department']}"], ended_at=at, ended_how=DutyEnd.ANSWERED,
                started_at=datetime.combine(due_on - timedelta(days=REPLY_DAYS), NOON, SEOUL)))
            answer = work.store(LaterAnswer(
                duty_id=duty.id, department_id=duty.department_id, state=AnswerState.PUBLISHED, version=1,
                text=reply["text"], text_html=rich_text.render(reply["text"]), outcome=OUTCOMES[reply["outcome"]],
                milestone=promised and promised["title"], written_by_id=by_id, written_at=at, published_at=at,
                milestone_on=promised and date.fromisoformat(promised["due"])))
            work.session.add(LaterAnswerVersion(later_answer_id=answer.id, version=1, by_id=by_id, at=at, content={
                "text": reply["text"], "outcome": answer.outcome, "document_number": None}))
        work.record("sample_data.evaluation", evaluation)


def _month(text: str, *, last: bool = False) -> date:
    year, month = map(int, text.split("-"))
    return date(year, month, monthrange(year, month)[1] if last else 1)
