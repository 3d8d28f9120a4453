"""Calls of the sample district: calls.json, made, applied for, judged and decided by the services on its days."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha384
from typing import TYPE_CHECKING, Any

from civic_forum.accounts.models import User
from civic_forum.ballots.box.closing import lottery_held_at
from civic_forum.blocks import questions
from civic_forum.blocks.questions import Asked
from civic_forum.bodies import queries as bodies
from civic_forum.bodies import services as members
from civic_forum.calls import parts, services
from civic_forum.calls import queries as calls
from civic_forum.calls.applying import parts as applying
from civic_forum.calls.applying import services as applications
from civic_forum.calls.applying.services import Typed
from civic_forum.calls.following import queries as following
from civic_forum.calls.following import services as seats
from civic_forum.calls.judging import queries as judged
from civic_forum.calls.judging import services as judging
from civic_forum.calls.judging.rules import Proposed
from civic_forum.calls.models import Call
from civic_forum.calls.process import PROCESS, QUESTIONS
from civic_forum.calls.rules import Applicants, CallKind, ScoresShown, Step, WhyNot
from civic_forum.draws.rules.lots import AFTER_LOTTERY, lottery_from
from civic_forum.draws.services import holding, lists, values
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.i18n import local
from civic_forum.platform.question_rows import QuestionType, Reader
from civic_forum.proposals.models import Proposal

from .bodies import read_bodies
from .timeline import instant

if TYPE_CHECKING:
    from .steps import Script

OFFICIAL, SECOND, ANNOUNCER = "office13", "office12", "moderator1"
CONTACT = "모임 대표 (전화는 종이에)"
"""Of groups that came on paper, and answers of everybody to the question for it."""
Entry = dict[str, Any]


class SampleCall:
    """Acts on one call, each with its moment."""

    def __init__(self, entry: Entry, script: "Script"):
        self.entry, self.script = entry, script
        self.numbers: dict[str, str] = {}
        self.codes: dict[str, str | None] = {}
        """Receipt number → code on the slip."""

    def acts(self) -> Iterator[tuple[datetime, Any]]:
        entry = self.entry
        yield self._at(entry["made"]), self.make
        for application in entry["applications"]:
            at = application.get("at") or entry["closes"]
            yield self._at(at) - timedelta(hours=0 if "at" in application else 3), partial(self.apply, application)
        for name, act in (("reviewed", self.review), ("scoring", self.begin_scoring), ("scored", self.score),
                          ("released", self.release), ("committed", self.commit), ("decided", self.decide),
                          ("left", self.leave), ("seated", self.seat)):
            if name in entry:
                yield self._at(entry[name]), act
        if "committed" in entry:
            yield lottery_held_at(lottery_from(self._at(entry["committed"]))) + 2 * AFTER_LOTTERY, self.draw

    def _at(self, text: str) -> datetime:
        return instant(text, self.script.loaded)

    def _user(self, name: str) -> User:
        return self.script.people.user(name)

    @property
    def call(self) -> Call:
        return calls.slugged(self.slug)

    def make(self) -> None:
        entry, by, ids = self.entry, self._user(OFFICIAL), self.script.ids
        eligible = parts.Eligible(**entry["eligible"] | {"applicants": Applicants(entry["eligible"]["applicants"])})
        wording = parts.Wording(
            title=entry["title"], kind=CallKind(entry["kind"]), text=entry["text"], themes=entry["themes"],
            elsewhere=entry["elsewhere"], department_id=ids[f"department:{entry['department']}"])
        call = services.begin(wording, eligible, by=by)
        self.slug, number = call.slug, call.id
        choosing = entry["choosing"]
        if "body" in choosing:
            choosing = choosing | {
                "body_id": ids[f"body:{choosing['body']}"], "scores_shown": ScoresShown(choosing["scores_shown"]),
                "scores_until": local(self.script.loaded).date() + timedelta(days=entry["scores_until"])}
            choosing.pop("body")
        for part in (wording, eligible, parts.Times(self._at(entry["opens"]), self._at(entry["closes"])),
                     parts.Choosing(**choosing), parts.Amounts(**entry["amounts"], filled_id=self._filled)):
            PROCESS.write(number, part, version=self._version(), by=by)
        for asked in entry["questions"]:
            QUESTIONS.add(number, question(asked), version=self._version(), by=by)
        self.prepare()
        PROCESS.announce(number, by=self._user(ANNOUNCER))

    @property
    def _filled(self) -> int | None:
        return self.script.ids[f"body:{self.entry['fills']}"] if "fills" in self.entry else None

    def prepare(self) -> None:
        """More that a call has before it is announced."""

    def _version(self) -> int:
        db.session.expire_all()
        return self.call.version

    def apply(self, application: Entry) -> None:
        """As somebody does online, or an official for who came with a paper."""
        call, name = self.call, application.get("by")
        rows = calls.questions_of(call)
        if "proposal" in application:
            of = db.session.get_one(Proposal, self.script.ids[f"proposal:{application['proposal']}"]).number
            part = applying.nomination(rows)(proposal=of, **{questions.name_of(rows[0]): application["why"]})
            number = applications.nominate(call.id, part, by=self._user(OFFICIAL)).number
        elif name is None:
            born = local(self.script.loaded).date() - timedelta(days=365 * application["age"] + 100) if (
                call.is_by_lot) else None
            named = {"person_name": f"예시 {application['key']}", "born": born} if born else {}
            typed = applying.typed_in(call, rows)(
                by_way=application.get("by_way", 0), contact=CONTACT, **named, **self._answers(call, application))
            slip = applications.type_in(call.id, typed, by=self._user(OFFICIAL))
            number, self.codes[slip.submission.number] = slip.submission.number, slip.code
        else:
            by = self._user(name)
            number = applications.begin(call.id, by=by).number
            part = applying.part_of(call, rows)(**self._answers(call, application))
            applications.hand_in(call, number, Typed(part), arrived_at=clock.now(), by=by)
            if application.get("agrees"):
                lists.agree(self.slug, number, by=by)
        self.numbers[application["key"]] = number

    def _answers(self, call: Call, application: Entry) -> dict[str, Any]:
        rows, answers = calls.questions_of(call), application["answers"] | {"money": application.get("money")}
        keys = {asked["label"]: asked["key"] for asked in self.entry["questions"]}
        values = {questions.name_of(row): answers.get(keys[row.label], CONTACT if row.reader is Reader.SEALED else None)
                  for row in rows}
        theme = {"theme": call.themes.index(application["theme"])} if call.themes else {}
        group = {"group_name": application["group"], "people": application["people"]} if "group" in application else {}
        return values | {"title": application["title"]} | theme | group

    def review(self) -> None:
        by, call = self._user(OFFICIAL), self.call
        for application in self.entry["applications"]:
            if "out" in application:
                judging.note_step(self.slug, self.numbers[application["key"]], Step.COMPLETE, True, "", by=by)
                judging.note_step(self.slug, self.numbers[application["key"]], Step.REVIEW, False, application["out"],
                                  by=by)
        for step in (Step.COMPLETE, Step.REVIEW) if call.has_review else (Step.COMPLETE,):
            judging.pass_rest(self.slug, step, by=by)

    def begin_scoring(self) -> None:
        judging.begin_scoring(self.slug, by=self._user(OFFICIAL))

    def score(self) -> None:
        """Every juror, first of whom they stay away."""
        jurors = {entry["key"]: entry["user"] for entry in read_bodies()["memberships"] if entry["user"]}
        scored = [application for application in self.entry["applications"] if "scores" in application]
        for application in scored:
            for key, reason in application.get("conflicts", {}).items():
                judging.note_conflict(self.slug, self.numbers[application["key"]], reason, by=self._user(jurors[key]))
        for key in sorted({key for application in scored for key in application["scores"]}):
            by = self._user(jurors[key])
            judging.open_applications(self.slug, by=by)
            for application in scored:
                if key in application["scores"]:
                    judging.score(self.slug, self.numbers[application["key"]], application["scores"][key], "", by=by)

    def release(self) -> None:
        judging.RELEASE.propose(judging.subject_of(self.call), by=self._user(OFFICIAL))
        judging.RELEASE.confirm(judging.subject_of(self.call), by=self._user(SECOND))

    def commit(self) -> None:
        if self.call.has_scores:  # equal points are left
            judging.fill_by_rule(self.slug, by=self._user(OFFICIAL))
        subject = holding.subject_of(lists.make_list(self.slug, by=self._user(OFFICIAL)))
        lists.COMMIT.propose(subject, by=self._user(OFFICIAL))
        lists.COMMIT.confirm(subject, by=self._user(SECOND))

    def draw(self) -> None:
        """Values that are invented; the lottery of that day had others."""
        for name in (OFFICIAL, SECOND):
            values.enter(self.slug, *self.entry["figures"], sha384(self.slug.encode()).hexdigest(), by=self._user(name))

    def leave(self) -> None:
        """The first of those who were chosen at a desk."""
        number = min(each.submission.number for each in following.chosen(self.call) if (
            each.submission.number in self.codes))
        applications.withdraw(self.call, number, code=self.codes[number] or "")

    def seat(self) -> None:
        """A term of the body is proposed to those who were chosen, and confirmed at the body."""
        begins, until = (local(self.script.loaded).date() + timedelta(days=days) for days in self.entry["term"])
        seats.propose_seats(self.slug, seats.Term(self.entry["seat"], begins, until), by=self._user(OFFICIAL))
        for change in bodies.changes(self._filled or 0):
            members.approve(change.id, by=self._user(SECOND))

    def _by_lot(self) -> dict[str, Entry]:
        """Key of each that had equal points → what the lot gave it."""
        equal = {key: judged.application(self.call, self.numbers[key]) for key in self.entry.get("equal", ())}
        order = sorted(equal, key=lambda key: equal[key].lot_place or 0)
        return {key: ({"reserve_place": place} if place else {"won": equal[key].asked}) | {
            "reason": self.entry["reasons"][place]} for place, key in enumerate(order)}

    def decide(self) -> None:
        by, by_lot = self._user(OFFICIAL), self._by_lot()
        for application in self.entry["applications"]:
            if "out" not in application and not self.call.is_by_lot:
                application |= by_lot.get(application["key"], {})
                why_not = application.get("why_not")
                judging.propose(self.slug, self.numbers[application["key"]], Proposed(
                    won=application.get("won"), prize=application.get("prize"),
                    reserve_place=application.get("reserve_place"),
                    why_not=WhyNot(why_not) if why_not else None), application.get("reason", ""), by=by)
        judging.propose_decision(self.slug, by=by)
        judging.DECISION.confirm(judging.subject_of(self.call), by=self._user(SECOND))


def question(asked: Entry, part: type[Asked] = Asked) -> Asked:
    """A question as the desk makes it."""
    return part(label=asked["label"], help=asked.get("help", ""), type=QuestionType(asked["type"]),
                needed=asked.get("needed", False), options="\n".join(asked.get("options", ())), most=asked.get("most"),
                reader=Reader(asked["reader"]), keep_days=asked.get("keep_days"))
