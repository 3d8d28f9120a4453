"""Voting in the sample: online, on paper and at the kiosk, in an order that tells nothing; typing the paper, and what
observers sign."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import accumulate
from secrets import token_bytes

from civic_forum.accounts.models import User
from civic_forum.ballots.box import voters
from civic_forum.ballots.box.casting import CastForm
from civic_forum.ballots import queries as boxes
from civic_forum.ballots.box.sealing import Channel
from civic_forum.ballots.desk import services as desk
from civic_forum.ballots.kiosk import devices as kiosk_devices
from civic_forum.ballots.kiosk import services as kiosk
from civic_forum.ballots.observing import queries as observed
from civic_forum.ballots.observing import services as observing
from civic_forum.ballots.observing.sample import SEEDS, statement
from civic_forum.ballots.paper import batches
from civic_forum.ballots.paper import services as papers
from civic_forum.ballots.voting import services as casting
from civic_forum.ballots.models import BallotBox
from civic_forum.platform.base import db

from .ballots import Citizen, Electorate, Voter
from .people import Crowd, read

DESK = read("polls")["desk"]
"""Why somebody is looked up, why a paper ballot takes the place of one that was cast online, and which clerk is at the
desk of a neighbourhood; a moderator serves the others."""


@dataclass(frozen=True, order=True)
class Turn:
    """Somebody's turn to vote, at a point between 0 and 1 of the days of the vote."""

    at: float
    neighbourhood: str
    number: int
    revision: int


class Voting:
    """The generated ballots going into one box."""

    def __init__(self, box: BallotBox, electorate: Electorate, people: Crowd, spoiled_in: Collection[str] = ()):
        """`spoiled_in`: neighbourhoods where the first who votes on paper spoils a sheet."""
        self.id, self.fingerprint, self.rule = box.id, box.fingerprint, boxes.rule_of(box)
        self.electorate, self.people = electorate, people
        on_paper = [voter for voter in reversed(electorate.voters) if voter.channel == "paper"]
        self.spoilers = {voter.neighbourhood: voter for voter in on_paper if voter.neighbourhood in spoiled_in}
        self.voters = {(voter.neighbourhood, voter.number): voter for voter in electorate.voters}

    def hold(self, day: int, shares: Sequence[int]) -> None:
        """Everybody whose turn is on this day; `shares`: how much of the vote falls on each day."""
        ends = [end / sum(shares) for end in accumulate(shares)]
        begins = ends[day - 1] if day else 0.0
        for turn in sorted(self._turns()):
            if begins <= turn.at < ends[day]:
                self._take(self.voters[turn.neighbourhood, turn.number], turn.revision)

    def _turns(self):
        for voter in self.voters.values():
            points = sorted(_point(voter, revision) for revision in range(len(voter.revisions)))
            for revision, at in enumerate(points):
                yield Turn(at, voter.neighbourhood, voter.number, revision)

    def _take(self, voter: Voter, revision: int) -> None:
        citizen = self.electorate.citizen(voter)
        if voter.channel == "online":
            self.online(citizen, voter.revisions[revision])
        elif voter.channel == "assisted":
            self.assisted(citizen, voter.ballot)
        else:
            self._on_paper(voter, citizen)
        db.session.remove()

    def online(self, citizen: Citizen, chosen: Sequence[int], account_id: int | None = None) -> None:
        """Open the ballot and cast it. `account_id`: of somebody who may be added to the roll by that."""
        casting.cast_as(self.id, [citizen.person], self._form(citizen, chosen), Channel.ONLINE, account_id)

    def assisted(self, citizen: Citizen, chosen: Sequence[int]) -> None:
        """The clerk opens the kiosk, the person votes alone in this box and leaves out others of the round."""
        clerk = self.clerk(citizen)
        handed = kiosk.issue(self.id, self._visit(citizen, clerk), by=clerk)
        here = self._kiosk()
        secret = kiosk.enter(handed.code, here)
        while (box_id := kiosk.voter(secret, here).box_id) != self.id:
            kiosk.skip(secret, box_id, here)
        kiosk.use(secret, self._form(citizen, chosen), here)
        kiosk.leave(secret)

    def _kiosk(self) -> str:
        if not self.people.kiosk:
            made = kiosk_devices.register("예시 기기", None, by=self.people.user("administrator"))
            self.people.kiosk = kiosk_devices.join(made.handed.code)
        return self.people.kiosk

    def issue(self, citizen: Citizen) -> int:
        """Hand out a paper ballot, by a second one of staff where it takes an online one; returns its number."""
        issued = self._handed(citizen, self.clerk(citizen)) or self._handed(citizen, self.people.user("moderator2"))
        return issued.number

    def _handed(self, citizen: Citizen, by: User) -> papers.Issued | None:
        return papers.issue(self.id, self._visit(citizen, by), reason=DESK["withdrawn"], by=by)

    def _on_paper(self, voter: Voter, citizen: Citizen) -> None:
        number, clerk = self.issue(citizen), self.clerk(citizen)
        if self.spoilers.get(voter.neighbourhood) == voter:
            number = papers.replace(self.id, self._visit(citizen, clerk), number, by=clerk)
        papers.mark_returned(self.id, number, by=clerk)

    def clerk(self, citizen: Citizen) -> User:
        return self.people.user(DESK["clerks"].get(citizen.neighbourhood, "moderator1"))

    def choice(self, chosen: Sequence[int]) -> bytes:
        return self.rule.encode(dict.fromkeys(chosen, 1)) if chosen else self.rule.blank_choice()

    def _form(self, citizen: Citizen, chosen: Sequence[int]) -> CastForm:
        state = voters.standing(self.id, citizen.person).state
        db.session.rollback()
        return CastForm(self.fingerprint, token_bytes(16), state, token_bytes(16), self.choice(chosen))

    def _visit(self, citizen: Citizen, by: User) -> str:
        matches = desk.look_up(self.id, citizen.identity, DESK["reason"], by=by)
        return next(match.visit for match in matches if match.person == citizen.person)


def _point(voter: Voter, revision: int) -> float:
    """Moment at which somebody votes: scattered, and the same at every loading."""
    text = f"turn|{voter.neighbourhood}|{voter.number}|{revision}"
    return int(sha256(text.encode()).hexdigest()[:12], 16) / 16**12


class TypedPapers:
    """Content of `paper` of a sample poll."""

    def __init__(self, entry: dict, electorate: Electorate, people: Crowd):
        self.entry, self.people = entry, people
        self.electorate = electorate
        self.sheets = [list(voter.ballot) for voter in electorate.voters if voter.channel == "paper"]

    def leave_unreturned(self, voting: Voting) -> None:
        """Two people take a sheet and never bring it back; one had voted online, which is withdrawn by it."""
        for number, told in enumerate(self.entry["unreturned"], 1):
            citizen = self.electorate.abstainer(told["neighbourhood"], number)
            if told["had_online_ballot"]:
                voting.online(citizen, [1])
            voting.issue(citizen)
            db.session.remove()

    def type_in(self, box_id: bytes) -> None:
        """Two people type each batch; a third decides what they read differently."""
        first, second = (self.people.user(name) for name in self.entry["typed_by"][0])
        for number, sheets in enumerate(self._batches(), 1):
            assert batches.open_batch(box_id, len(sheets), by=first) == number
            self._type(box_id, number, self._as_read(number, sheets, "first"), first)
            self._type(box_id, number, self._as_read(number, sheets, "second"), second)
            if told := self._differences(number):
                batches.settle(box_id, number, {gap["sheet"]: batches.Decision(_typed(gap["settled"]), gap["note"])
                                                for gap in told}, by=self.people.user(self.entry["settled_by"]))
            db.session.remove()

    def _batches(self) -> Iterator[list[list[int]]]:
        rest = iter(self.sheets)
        for size in self.entry["batches"]:
            yield [next(rest) for _sheet in range(size)]

    def _differences(self, number: int) -> list[dict]:
        return [difference for difference in self.entry["differences"] if difference["batch"] == number]

    def _as_read(self, number: int, sheets: list[list[int]], who: str) -> list[list[int]]:
        read = list(sheets)
        for difference in self._differences(number):
            read[difference["sheet"] - 1] = difference[who]
        return read

    def _type(self, box_id: bytes, number: int, sheets: list[list[int]], by: User) -> None:
        for position, chosen in enumerate(sheets, 1):
            batches.type_sheet(box_id, number, position, _typed(chosen), by=by)
        batches.finish_typing(box_id, number, by=by)


def _typed(chosen: list[int]) -> str:
    return " ".join(map(str, chosen)) or "기권"


OBSERVER = "observer1"


def observers_sign(box_id: bytes, *, by: User) -> None:
    """Both agree."""
    box = boxes.by_id(box_id)
    about = box.fingerprint, observed.result_sha256(box), box.observers_sha256
    observing.take(box_id, json.dumps([statement(seed, *about).to_json() for seed in SEEDS]).encode(), by=by)
