"""Consultations of the sample district: what opinions.json tells, its people drawn by its rules."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from civic_forum.blocks.kinds import Ref
from civic_forum.opinions import computing, identities, services
from civic_forum.opinions.models import Consultation, Statement
from civic_forum.opinions.operations import BroughtIn, bring_in
from civic_forum.opinions.parts import Answerers, StatementText, Terms, Times, Wording
from civic_forum.opinions.process import PROCESS, STATEMENTS
from civic_forum.opinions.rules import (AGREE, DISAGREE, PASS, Audience, Basis, Became, Moderation, Origin,
                                         StatementState)
from civic_forum.opinions.rules import OUT_FOR
from civic_forum.outcomes.rules import Decision, OutcomeText
from civic_forum.platform.base import db
from civic_forum.platform.i18n import local
from civic_forum.platform.work import use_case
from civic_forum.proposals.models import Proposal

from . import acts
from .ballots import hashed, pick
from .people import read
from .timeline import TimelineEvent, resolved

if TYPE_CHECKING:
    from .steps import Script

PREPARED = timedelta(days=2)
"""So long before its opening it is announced."""
AFTER_ALL = 200_000
INVENTED = "한 줄 의견, 참여한 사람 수, 답은 모두 예시로 지어냈어요."
BASES = {"account": Basis.ACCOUNT, "one_time": Basis.VERIFIED, "link": Basis.LINK, "kiosk": Basis.KIOSK,
         "paper": Basis.PAPER}
UNSAID = "말하지 않음"
ANSWERED_BY = "official2"


def happenings(script: "Script") -> list[TimelineEvent]:
    """Everything that happens to the consultations of the sample."""
    made = [SampleConsultation(resolved(entry, script.loaded), script) for entry in read("opinions")]
    return [TimelineEvent(at, AFTER_ALL + order, what)
            for order, (at, what) in enumerate(event for consultation in made for event in consultation.happenings())]


@dataclass(frozen=True)
class Drawn:
    """Somebody who was drawn: the profile by which they think, and what they said of themselves."""

    number: int
    profile: str
    is_straight: bool = False


class SampleConsultation:
    """A consultation of opinions.json."""

    def __init__(self, entry: dict[str, Any], script: "Script"):
        self.entry, self.script, self.id = entry, script, 0
        self.opens, self.closes = (datetime.fromisoformat(entry[name]) for name in ("opens_at", "closes_at"))

    def happenings(self) -> Iterator[tuple[datetime, Any]]:
        yield self.opens - PREPARED, self.prepare
        yield min(self.closes - timedelta(minutes=1), self.script.loaded - timedelta(minutes=2)), self.hold
        if self.closes < self.script.loaded:
            yield self.closes + timedelta(minutes=1), lambda: computing.compute(self.id)
            answer = self.entry["answer"]
            yield datetime.fromisoformat(answer["at"]), self.answer
            for fate in self.entry["became"]:
                yield datetime.fromisoformat(fate["at"]) + timedelta(minutes=1), lambda fate=fate: self.became(fate)

    def prepare(self) -> None:
        """Write, fill and announce it."""
        entry, by = self.entry, self.script.people.user(self.entry["by"])
        department = self.script.ids[f"department:{entry['department']}"]
        audience = Audience(entry["who"]["kind"])
        made = services.begin(
            Wording(entry["title"], entry["question"], entry["background"], entry["what_follows"], department),
            Times(self.opens, self.closes), Answerers(audience), by=by)
        self.id = self.script.ids[f"consultation:{entry['slug']}"] = made.id
        terms = Terms(entry["own_statements"], Moderation(entry["moderation"]), entry["matrix_published"])
        PROCESS.write(made.id, terms, version=made.version, by=by)
        STATEMENTS.add_all(made.id, [StatementText(seed["text"], {}, bool(seed.get("meta"))) for seed in self.seeds],
                           version=made.version, by=by)
        with use_case(by) as work:
            held = work.session.get_one(Consultation, made.id)
            held.slug, held.invented = entry["slug"], INVENTED
            self._number(held)
        PROCESS.announce(made.id, by=by)

    @cached_property
    def seeds(self) -> list[dict[str, Any]]:
        return [statement for statement in self.entry["statements"] if statement["origin"] == "seed"]

    def _number(self, consultation: Consultation) -> None:
        """Give the statements of the office the numbers of the file, the last first, so that none meets another."""
        for statement, seed in reversed(list(zip(consultation.statements, self.seeds, strict=True))):
            statement.number, statement.source = seed["id"], self._source(seed["source"])
            db.session.flush()

    def _source(self, source: Mapping[str, Any] | None) -> str | None:
        if not source or source["kind"] != "proposal":
            return None
        proposal = db.session.get(Proposal, self.script.ids.get(f"proposal:{source['key']}", 0))
        return str(Ref("proposal", proposal.id)) if proposal else None

    def hold(self) -> None:
        """Statements of residents, answers, and the result of them so far."""
        with use_case(None) as work:
            consultation = work.session.get_one(Consultation, self.id)
            for statement in self.entry["statements"]:
                if statement["origin"] != "seed":
                    work.session.add(self._of_resident(statement))
            work.session.flush()
            bring_in(work, consultation, self._people())
        computing.compute(self.id)

    def _of_resident(self, sentence: Mapping[str, Any]) -> Statement:
        at, out = datetime.fromisoformat(sentence["published"]), sentence.get("taken_out")
        people = self.script.people
        made = Statement(consultation_id=self.id, number=sentence["id"], text=sentence["text"], texts={},
                         origin=Origin.RESIDENT,
                         author_id=people.user(sentence["author"]).id if sentence["author"] else None, created_at=at,
                         published_at=at, state=StatementState.PUBLISHED)
        if out:
            made.hidden_at = made.decided_at = datetime.fromisoformat(out["at"])
            made.hidden_rule, made.why, made.decided_by_id = OUT_FOR[0], out["reason"], people.user(out["by"]).id
        return made

    def _people(self) -> Iterator[BroughtIn]:
        """Everybody who takes part; sample accounts take the first numbers of their profile."""
        made = self.entry["generator"]
        accounts = {profile: iter([name for name, of in made["accounts"].items() if of == profile])
                    for profile in {profile["id"] for profile in self.entry["profiles"]}}
        for person in self.drawn():
            account = None if person.is_straight else next(accounts[person.profile], None)
            yield self._person(person, account)

    def drawn(self) -> Iterator[Drawn]:
        number = 0
        for profile in self.entry["profiles"]:
            for _one in range(profile["participants"]):
                number += 1
                yield Drawn(number, profile["id"])
        for _one in range(self.entry["generator"]["straight_liners"]["count"]):
            number += 1
            yield Drawn(number, self.entry["profiles"][0]["id"], is_straight=True)

    def _person(self, person: Drawn, account: str | None) -> BroughtIn:
        made, seed = self.entry["generator"], self.entry["generator"]["seed"]
        age = pick(made["age_bands"][person.profile], hashed(seed, person.number, "age"))
        channel = pick(made["channels"][age], hashed(seed, person.number, "channel"))
        home = pick(made["neighbourhoods"], hashed(seed, person.number, "home"))
        mark = identities.made(self.id, BASES[channel], f"{seed}/{person.number}")
        if account is not None:
            mark = identities.of_account(self.id, self.script.people.user(account))[0]
        return BroughtIn(mark.value, mark.basis, self.answers(person),
                         self.script.ids[f"neighbourhood:{home}"] if home != UNSAID else None,
                         age if age != UNSAID else None)

    def answers(self, person: Drawn) -> dict[int, int]:
        """Statement number → answer (README of the sample: seen by `p_seen`, then agree, disagree or pass)."""
        answers, seed = {}, self.entry["generator"]["seed"]
        for statement in self.entry["statements"]:
            thinks = statement["responses"][person.profile]
            if hashed(seed, person.number, "seen", statement["id"]) % 10_000 >= round(10_000 * thinks["p_seen"]):
                continue
            drawn = hashed(seed, person.number, "answer", statement["id"]) % 10_000
            agrees, disagrees = (round(10_000 * thinks[name]) for name in ("p_agree", "p_disagree"))
            answer = AGREE if drawn < agrees else DISAGREE if drawn < agrees + disagrees else PASS
            answers[statement["id"]] = AGREE if person.is_straight else answer
        return answers

    def answer(self) -> None:
        """The answer of the office: an outcome of the consultation."""
        answer = self.entry["answer"]
        at = datetime.fromisoformat(answer["at"])
        made = acts.publish_outcome("consultation", self.script.ids[f"department:{answer['department']}"], OutcomeText(
            Decision.PARTLY, self.entry["title"], " ".join(answer["sentences"]), answer["sentences"][1],
            local(at).date(), date(local(at).year, 12, 31), None, None), subject_id=self.id,
            by=self.script.people.user(ANSWERED_BY))
        self.script.ids[f"outcome:{self.entry['slug']}"] = made.id

    def became(self, fate: Mapping[str, Any]) -> None:
        promise = self.script.ids.get(f"commitment:{fate['key']}") if fate["key"] else None
        services.say_what_became(
            self.id, fate["statement"], Became(fate["kind"]), fate["text"],
            f"/commitments/{promise}" if promise else "", by=self.script.people.user(self.entry["by"]))


