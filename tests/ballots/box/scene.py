"""A ballot box in memory: casting, paper and what a writer of the database may do to it."""

import random
from dataclasses import dataclass, field

from civic_forum.ballots.box import closing
from civic_forum.ballots.box import sealing as rows
from civic_forum.ballots.box.sealing import BoxKeys, Channel, OpenedRow, commitment, mark
from civic_forum.ballots.box.ledger import NO_PROMISE, Written, line, parse, read
from civic_forum.ballots.rules.choices import BoxRule, Kind

RULE = BoxRule(Kind.APPROVAL, 6, 3)
BOX_ID = bytes(range(16))


@dataclass
class Scene:
    """Tables and ledger of one box; `chance` makes every random value."""

    chance: random.Random
    box: closing.Box
    rows: dict[bytes, closing.VoterRow] = field(default_factory=dict)
    voters: dict[bytes, OpenedRow] = field(default_factory=dict)
    promises: dict[bytes, bytes] = field(default_factory=dict)
    ledger: bytes = b""
    sheets: int = 0

    @classmethod
    def of(cls, seed=1, rule=RULE, fingerprint=b"f" * 32, box_id=BOX_ID, key=bytes(range(32))) -> "Scene":
        return cls(random.Random(seed), closing.Box(box_id, fingerprint, rule, BoxKeys(key)))

    def person(self, number: int) -> bytes:
        return number.to_bytes(32, "big")

    def key(self, number: int) -> bytes:
        return self.box.keys.row_key(self.box.id, self.person(number))

    def roll(self, size: int) -> set[bytes]:
        return {self.key(number) for number in range(size)}

    def cast(self, number: int, choice: bytes, channel=Channel.ONLINE) -> bytes:
        """A cast and its `mine`."""
        mine, form_key = self.chance.randbytes(16), self.chance.randbytes(16)
        row_key, revision = self.key(number), self._revision(number)
        leaf = mark(self.box.fingerprint, mine), commitment(self.box.keys.n(row_key, revision, form_key), choice)
        name = self.box.keys.name(mine)
        self.promises[name] = rows.seal_promise(self.box.keys, self.box.id, name, *leaf)
        self.write(row_key, OpenedRow(channel, 0, revision, form_key, mine, choice), name)
        return mine

    def paper(self, number: int, channel=Channel.PAPER_ISSUED) -> None:
        """A paper that is issued, returned or taken back."""
        row = self.voters.get(self.key(number))
        if row is None or not row.paper:
            self.sheets += 1
        sheet = row.paper if row is not None and row.paper else self.sheets
        self.write(self.key(number), OpenedRow.on_paper(channel, sheet, self._revision(number), self.box.rule.length))

    def _revision(self, number: int) -> int:
        row = self.voters.get(self.key(number))
        return row.revision + 1 if row else 1

    def write(self, row_key: bytes, voter: OpenedRow, name: bytes = NO_PROMISE) -> None:
        sealed = rows.seal_voter(self.box.keys, self.box.id, row_key, voter)
        self.voters[row_key] = voter
        self.rows[row_key] = closing.VoterRow(row_key, int(voter.channel), voter.paper, sealed)
        self.ledger += line(self.box.keys, Written(row_key, voter.revision, name))

    def compared(self, size: int, *, without_ledger=False) -> closing.Comparison:
        named = None if without_ledger else read(parse(self.box.keys, self.ledger))
        return closing.compare(self.box, self.roll(size), self.rows.values(), self.promises, named)

    def closed(self, size: int) -> closing.Closing:
        return closing.close(self.box, self.compared(size), self.chance.randbytes)

    def choice(self) -> bytes:
        """A choice by chance; one in ten is blank."""
        rule = self.box.rule
        if self.chance.random() < .1:
            return rule.blank_choice()
        picked = self.chance.sample(range(1, rule.options + 1), self.chance.randint(1, rule.limit))
        return rule.encode(dict.fromkeys(picked, 1))
