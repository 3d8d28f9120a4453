"""The votes of the sample district: polls as their entries say, and who votes in polls and rounds; steps/polls.json
says when."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import fields
from datetime import date
from functools import cached_property
from io import BytesIO
from typing import TYPE_CHECKING

from werkzeug.datastructures import FileStorage

from civic_forum.accounts.models import User
from civic_forum.ballots.box import watching
from civic_forum.ballots.models import BallotBox
from civic_forum.ballots.observing.models import Objection
from civic_forum.ballots.rules.boxes import ConfirmedAction
from civic_forum.ballots.counting import closing, publication
from civic_forum.ballots.observing import services as objections
from civic_forum.ballots.officers import services as officers
from civic_forum.ballots.officers.queries import granted
from civic_forum.ballots.officials import services as confirmations
from civic_forum.ballots.rolls import services as roll_services
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict
from civic_forum.platform.work import use_case
from civic_forum.polls import process
from civic_forum.polls.models import Poll
from civic_forum.polls.queries import records
from civic_forum.polls.parts import OptionText
from civic_forum.polls import services as making

from .ballots import Citizen, Electorate, Voter, voters
from .casting import OBSERVER, TypedPapers, Voting, observers_sign
from .people import read
from .pictures import picture_of
from .timeline import resolved

if TYPE_CHECKING:
    from .steps import Script

LEFT_OUT = ("generator", "paper", "expected")
"""Of an entry: what is not told when the poll is made."""


class Vote(ABC):
    """A poll, or a round with a ballot for each of its envelopes, and the generated voters of its entry."""

    def __init__(self, entry: dict, script: "Script"):
        self.entry, self.script = entry, script

    @cached_property
    @abstractmethod
    def everybody(self) -> Electorate:
        """The people in the roll, and their ballots."""

    @property
    @abstractmethod
    def rolls(self) -> list[int]:
        """Ids of its rolls."""

    @property
    @abstractmethod
    def boxes(self) -> dict[bytes, Electorate]:
        """Id of a box → who votes in it and how."""

    def electorate(self, voters: Iterable[Voter]) -> Electorate:
        accounts = [self.script.identities[name] for name in self.entry["generator"].get("accounts_voted", ())]
        return Electorate(voters, date.fromisoformat(self.entry["eligibility"]["roll_fixed_on"]), accounts)

    def voting(self) -> list[Voting]:
        """One for each box."""
        spoiled = [sheet["place"] for sheet in self.entry.get("paper", {}).get("spoiled", ())]
        return [Voting(db.session.get_one(BallotBox, box_id), electorate, self.script.people, spoiled)
                for box_id, electorate in self.boxes.items()]

    def papers(self) -> list[tuple[bytes, TypedPapers]]:
        return [(box_id, TypedPapers(self.entry["paper"], electorate, self.script.people))
                for box_id, electorate in self.boxes.items()]


class PollVote(Vote):
    @property
    def poll(self) -> Poll:
        return db.session.query(Poll).filter_by(slug=self.entry["slug"]).one()

    @cached_property
    def everybody(self) -> Electorate:
        return self.electorate(voters(self.entry))

    @property
    def rolls(self) -> list[int]:
        return [self.poll.roll_id]

    @property
    def boxes(self) -> dict[bytes, Electorate]:
        return {self.poll.box_id: self.everybody}


def make(slug: str, imported: bool = False, *, script: "Script", by: User) -> Poll:
    """A poll as polls.json tells it. `imported`: its roll will be a list of invented people, brought as a file."""
    entry = next(poll for poll in read("polls")["polls"] if poll["slug"] == slug)
    script.votes[slug] = vote = PollVote(entry := resolved(entry, script.loaded), script)
    if imported:
        entry["eligibility"]["check"] = "imported"
    poll = making.create({name: value for name, value in entry.items() if name not in LEFT_OUT}, by=by)
    for option in entry.get("options", ()):
        if picture := picture_of(slug, option["number"]):
            _hang(vote.poll, option["number"], picture, option["picture_alt"], by)
    return poll


def _hang(poll: Poll, number: int, picture: bytes, description: str, by: User) -> None:
    option = records.option(poll.id, number)
    text = OptionText(**{field.name: getattr(option, field.name) for field in fields(OptionText)
                         if field.name not in ("proposal_number", "agenda_slug")})
    process.edit_option(poll.id, number, text, version=poll.version, description=description,
                        picture=FileStorage(BytesIO(picture), filename=f"{poll.slug}-{number}.jpg"), by=by)


def bring_roll(name: str, *, script: "Script") -> None:
    """Invented people, and holders of sample accounts: those who vote, and those who have not yet; by a command of
    whoever runs the server, so that every clerk serves them."""
    vote = script.votes[name]
    not_yet = vote.entry["generator"].get("accounts_not_yet", {})
    people = vote.everybody.roll({script.identities[who]: place for who, place in not_yet.items()})
    for roll_id in vote.rolls:
        roll_services.import_list(people, roll_id, by=None)


def name_officers(name: str, *, script: "Script", by: User) -> None:
    """All officers there are, for every box of the vote."""
    positions = [officer.id for officer in granted()]
    officers.name(next(iter(script.votes[name].boxes)), positions, by=by)


def confirm(name: str, action: ConfirmedAction, second: str, note: str | None = None, *, script: "Script",
            by: User) -> None:
    """Propose and confirm: one official after another, in the same words where there are some."""
    first = by.sign_in_name
    for box_id in script.votes[name].boxes:
        proposed = confirmations.propose(action, box_id, note=note, by=script.people.user(first))
        confirmations.confirm(proposed.id, note=note, by=script.people.user(second))


def hold(name: str, day: int, shares: Sequence[int], *, script: "Script") -> None:
    """Everybody whose turn is on this day votes, after the count of the day before is signed; `shares`: how much of the
    vote falls on each day."""
    watching.sign_due()
    for voting in script.votes[name].voting():
        voting.hold(day, shares)


def come(name: str, choices: Sequence[int], *, script: "Script", by: User) -> None:
    """Somebody who was verified after the day of the roll is added to it as they vote."""
    citizen, account_id = Citizen(script.identities[by.sign_in_name], ""), by.id
    for voting in script.votes[name].voting():
        voting.online(citizen, choices, account_id)


def leave_unreturned(name: str, *, script: "Script") -> None:
    vote = script.votes[name]
    for voting, (_box_id, papers) in zip(vote.voting(), vote.papers(), strict=True):
        papers.leave_unreturned(voting)


def close(name: str, *, script: "Script") -> None:
    for box_id in script.votes[name].boxes:
        closing.close(box_id)


def type_in(name: str, *, script: "Script") -> None:
    for box_id, papers in script.votes[name].papers():
        papers.type_in(box_id)


def carry_on(name: str, *, script: "Script", by: User) -> None:
    """Go on with the count until officers have to give a reason or type a draw."""
    first = by.sign_in_name
    for box_id in script.votes[name].boxes:
        with suppress(Conflict):
            publication.carry_on(box_id, by=script.people.user(first))


def count(name: str, copies: str, second: str, *, script: "Script", by: User) -> None:
    """Count, write and check the record; observers sign, then two officers have all destroyed."""
    first = by.sign_in_name
    for box_id in script.votes[name].boxes:
        publication.carry_on(box_id, by=script.people.user(first))
        observers_sign(box_id, by=script.people.user(OBSERVER))
        publication.advance(box_id, copies=copies, by=script.people.user(first))
        publication.advance(box_id, by=script.people.user(second))


def publish(name: str, *, script: "Script", by: User) -> None:
    first = by.sign_in_name
    for box_id in script.votes[name].boxes:
        publication.advance(box_id, by=script.people.user(first))


def lodge(slug: str, title: str, text: str, *, script: "Script", by: User) -> Objection:
    return objections.lodge(script.votes[slug].poll.box_id, title=title, text=text, by=by)


def answer_objection(objection_id: int, answer: str, outcome: str, answered_for: str) -> None:
    """In the name of a department that has no sample account."""
    with use_case(None) as work:
        objection = work.session.get(Objection, objection_id)
        objection.answer, objection.outcome, objection.answered_at = answer, outcome, work.at
        objection.answered_for = answered_for
        work.record("ballots.objection_answered", objection)
