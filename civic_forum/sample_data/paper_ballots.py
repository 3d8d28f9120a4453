"""The paper of the past sample vote: one sheet spoiled, two never returned, batches typed by two people."""

from collections.abc import Iterator

from civic_forum.accounts.models import User
from civic_forum.ballots.services import batches
from civic_forum.kernel.base import db

from .casting import Voting
from .crowd import Crowd
from .electorate import Electorate


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
                batches.settle(box_id, number, {one["sheet"]: batches.Decision(_typed(one["settled"]), one["note"])
                                                for one in told}, by=self.people.user(self.entry["settled_by"]))
            db.session.remove()

    def _batches(self) -> Iterator[list[list[int]]]:
        rest = iter(self.sheets)
        for size in self.entry["batches"]:
            yield [next(rest) for _sheet in range(size)]

    def _differences(self, number: int) -> list[dict]:
        return [one for one in self.entry["differences"] if one["batch"] == number]

    def _as_read(self, number: int, sheets: list[list[int]], who: str) -> list[list[int]]:
        read = list(sheets)
        for one in self._differences(number):
            read[one["sheet"] - 1] = one[who]
        return read

    def _type(self, box_id: bytes, number: int, sheets: list[list[int]], by: User) -> None:
        for position, chosen in enumerate(sheets, 1):
            batches.type_sheet(box_id, number, position, _typed(chosen), by=by)
        batches.finish_typing(box_id, number, by=by)


def _typed(chosen: list[int]) -> str:
    return " ".join(map(str, chosen)) or "기권"
