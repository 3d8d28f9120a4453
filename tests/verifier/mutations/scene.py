"""A true record, what people kept of it, and the voters whose ballots are touched."""

import random
from dataclasses import dataclass, field

from tests.verifier import making
from tests.verifier.making import Cast, Vote

PLACES = (0.0, 0.34, 0.5, 1.0)


def index(items, place: float) -> int:
    return round(place * (len(items) - 1))


@dataclass
class Scene:
    """A true record, both editions of it, and what people kept: the things a forger is up against."""

    vote: Vote
    public: bytes
    observers: bytes
    heads: list[dict]
    kept: dict = field(default_factory=dict)  # what was made once for many mutations

    @classmethod
    def of(cls, vote: Vote) -> "Scene":
        return cls(vote, *making.editions(vote), making.kept_heads(vote))

    def members(self, edition: str) -> dict[str, bytes]:
        if edition not in self.kept:
            public = self.public if edition == "choices" else b""
            self.kept[edition] = making.compile_record(self.vote, edition, public)
        return dict(self.kept[edition])

    def receipts(self, *, late: bool = False) -> list[dict]:
        """Of the voters whose ballots the forgeries below touch."""
        if ("receipts", late) in self.kept:
            return self.kept["receipts", late]
        touched = {id(cast): cast for place in PLACES for cast in ballots_of(self.vote, *voter_at(self.vote, place))}
        for pick in (changed_voter, withdrawn_voter):
            touched.update((id(cast), cast) for cast in ballots_of(self.vote, *pick(self.vote)))
        receipts = [making.receipt_of(self.vote, cast, late=late) for cast in touched.values()]
        return self.kept.setdefault(("receipts", late), receipts)


def voters(vote) -> dict[bytes, list[Cast]]:
    found: dict[bytes, list[Cast]] = {}
    for cast in vote.casts:
        found.setdefault(cast.tag, []).append(cast)
    return found


def voter_at(vote, place) -> list[Cast]:
    live = [casts for casts in voters(vote).values() if casts[-1].kind == "ballot"]
    return live[index(live, place)]


def changed_voter(vote) -> list[Cast]:
    return next(casts for casts in voters(vote).values() if len(casts) == 2 and casts[1].kind == "ballot")


def withdrawn_voter(vote) -> list[Cast]:
    return next(casts for casts in voters(vote).values() if casts[-1].kind == "withdrawal")


def ballots_of(vote, *casts) -> list[Cast]:
    return [cast for cast in casts if cast.kind == "ballot"]


def another(choice: bytes, options: int) -> bytes:
    """A choice of one option that is not the one given."""
    wanted = next(at for at in range(options) if choice != one_of(at, options))
    return one_of(wanted, options)


def one_of(at: int, options: int) -> bytes:
    return b"\0" + b"".join(int(number == at).to_bytes(2, "big") for number in range(options))


def new_cast(vote, kind, tag, revision, luck) -> Cast:
    chance = random.Random(luck)
    choice = one_of(0, vote.box["rule"]["options"]) if kind == "ballot" else b""
    return Cast(kind, tag, revision, chance.randbytes(32), chance.randbytes(32), choice)
