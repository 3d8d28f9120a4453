"""The votes of the sample district: polls as their entries say, and who votes in them; steps/polls.json says when."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import TYPE_CHECKING

from werkzeug.datastructures import FileStorage

from civic_forum.accounts.models import User
from civic_forum.ballots.models import Objection
from civic_forum.ballots.rules.boxes import ConfirmedAction
from civic_forum.ballots.counting import closing, publication
from civic_forum.ballots.observing import services as objections
from civic_forum.ballots.officials import services as confirmations
from civic_forum.ballots.rolls import services as roll_services
from civic_forum.platform.base import db
from civic_forum.platform.i18n import SEOUL
from civic_forum.platform.work import use_case
from civic_forum.polls import process
from civic_forum.polls.models import Poll
from civic_forum.polls.queries import records
from civic_forum.polls.parts import OptionText
from civic_forum.polls import services as making

from .ballots import Electorate, voters
from .casting import OBSERVER, TypedPapers, Voting, observers_sign
from .people import read
from .pictures import picture_of

if TYPE_CHECKING:
    from .steps import Script

LEFT_OUT = ("generator", "paper", "expected")
"""Of an entry: what is not told when the poll is made."""


def resolved(value: object, loaded: datetime):
    """The entry with every `{"days", "time"}` as the moment or the day, and `{"years"}` as the year, of this
    loading."""
    if isinstance(value, dict):
        if "days" in value and set(value) <= {"days", "time"}:
            day = loaded.astimezone(SEOUL).date() + timedelta(days=value["days"])
            if "time" not in value:
                return day.isoformat()
            return datetime.combine(day, time.fromisoformat(value["time"]), SEOUL).isoformat()
        if set(value) == {"years"}:
            return loaded.astimezone(SEOUL).year + value["years"]
        return {name: resolved(one, loaded) for name, one in value.items()}
    return [resolved(one, loaded) for one in value] if isinstance(value, list) else value


@dataclass
class Vote:
    """A poll with its generated voters."""

    entry: dict
    electorate: Electorate | None = None
    """Once it has a roll."""

    @property
    def poll(self) -> Poll:
        return db.session.query(Poll).filter_by(slug=self.entry["slug"]).one()

    def voting(self, script: "Script") -> Voting:
        spoiled = [one["place"] for one in self.entry.get("paper", {}).get("spoiled", ())]
        return Voting(self.poll.box, self.electorate, script.people, spoiled)

    def papers(self, script: "Script") -> TypedPapers:
        return TypedPapers(self.entry["paper"], self.electorate, script.people)


def make(slug: str, imported: bool = False, *, script: "Script", by: User) -> Poll:
    """A poll as polls.json tells it. `imported`: its roll will be a list of invented people, brought as a file."""
    entry = next(one for one in read("polls")["polls"] if one["slug"] == slug)
    script.polls[slug] = vote = Vote(entry := resolved(entry, script.loaded))
    if imported:
        entry["eligibility"]["check"] = "imported"
    poll = making.create({name: value for name, value in entry.items() if name not in LEFT_OUT}, by=by)
    for option in entry.get("options", ()):
        if picture := picture_of(slug, option["number"]):
            _hang(vote.poll, option["number"], picture, option["picture_alt"], by)
    return poll


def _hang(poll: Poll, number: int, picture: bytes, description: str, by: User) -> None:
    option = records.option(poll.id, number)
    said = OptionText(**{field.name: getattr(option, field.name) for field in fields(OptionText)
                         if field.name not in ("proposal_number", "agenda_slug")})
    process.edit_option(poll.id, number, said, version=poll.version, description=description,
                        picture=FileStorage(BytesIO(picture), filename=f"{poll.slug}-{number}.jpg"), by=by)


def bring_roll(slug: str, *, script: "Script", by: User) -> None:
    """Invented people, and holders of sample accounts: those who vote, and those who have not yet."""
    vote = script.polls[slug]
    who, made = vote.entry["eligibility"], vote.entry["generator"]
    vote.electorate = Electorate(voters(vote.entry), date.fromisoformat(who["roll_fixed_on"]),
                                 [script.identities[name] for name in made.get("accounts_voted", ())])
    others = {script.identities[name]: who["neighbourhoods"][0] for name in made.get("accounts_not_yet", ())}
    roll_services.import_list(vote.electorate.roll(others), roll_id=vote.poll.roll_id, by=by)


def confirm(slug: str, action: ConfirmedAction, second: str, *, script: "Script", by: User) -> None:
    """Propose and confirm: one official after another."""
    proposed = confirmations.propose(action, script.polls[slug].poll.box_id, by=by)
    confirmations.confirm(proposed.id, by=script.people.user(second))


def hold(slug: str, day: int, shares: Sequence[int], *, script: "Script") -> None:
    """Everybody whose turn is on this day votes; `shares`: how much of the vote falls on each day."""
    script.polls[slug].voting(script).hold(day, shares)


def leave_unreturned(slug: str, *, script: "Script") -> None:
    script.polls[slug].papers(script).leave_unreturned(script.polls[slug].voting(script))


def close(slug: str, *, script: "Script") -> None:
    closing.close(script.polls[slug].poll.box_id)


def type_in(slug: str, *, script: "Script") -> None:
    script.polls[slug].papers(script).type_in(script.polls[slug].poll.box_id)


def count(slug: str, copies: str, second: str, *, script: "Script", by: User) -> None:
    """Count, write and check the record; observers sign, then two officers have all destroyed."""
    box_id = script.polls[slug].poll.box_id
    publication.carry_on(box_id, by=by)
    observers_sign(box_id, by=script.people.user(OBSERVER))
    publication.advance(box_id, copies=copies, by=script.people.user(by.sign_in_name))
    publication.advance(box_id, by=script.people.user(second))


def publish(slug: str, *, script: "Script", by: User) -> None:
    publication.advance(script.polls[slug].poll.box_id, by=by)


def lodge(slug: str, title: str, text: str, *, script: "Script", by: User) -> Objection:
    return objections.lodge(script.polls[slug].poll.box_id, title=title, text=text, by=by)


def answer_objection(objection_id: int, answer: str, outcome: str, answered_for: str) -> None:
    """In the name of a department that has no sample account."""
    with use_case(None) as work:
        objection = work.session.get(Objection, objection_id)
        objection.answer, objection.outcome, objection.answered_at = answer, outcome, work.at
        objection.answered_for = answered_for
        work.record("ballots.objection_answered", objection)
