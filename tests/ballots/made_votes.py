"""A whole vote made in memory with the rules alone, of any size and always the same: for records and the verifier."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from random import Random

from civic_forum.ballots.formats.record import (
    ObjectionOpening,
    PaperOpening,
    Record,
    WhatOpening,
    WhoOpening,
)
from civic_forum.ballots.rules.choices import BoxRule, Kind
from civic_forum.ballots.rules.counting import (
    Batch,
    Cell,
    Opening,
    Paper,
    Participations,
    breakdown_json,
    result_json,
    standing,
)
from civic_forum.ballots.rules.encoding import canonical_json, digest, stamp
from civic_forum.ballots.rules.log import (
    EntryType,
    ballot_entry,
    leaf_hash,
    objection_entry,
    paper_entry,
    withdrawal_entry,
)
from civic_forum.ballots.rules.receipts import Receipt
from civic_forum.ballots.rules.sealing import BoxKeys
from civic_forum.ballots.rules.signing import HeadKind, head_message, public_key, sign
from civic_forum.ballots.rules.tree import Tree

OPENS, CLOSES = datetime(2026, 7, 17, tzinfo=UTC), datetime(2026, 7, 23, 15, tzinfo=UTC)
SIX_OF_EIGHTEEN = BoxRule(Kind.APPROVAL, 18, 6)
SPOILED, TAKEN_BACK, UNRETURNED, INVALID = 1, 1, 2, 1


@dataclass
class MadeVote:
    """A closed vote, its signing seed, and the receipt of every ballot in log order."""

    record: Record
    seed: bytes
    key: bytes
    leaves: list[bytes]
    receipts: list[Receipt] = field(default_factory=list)


@dataclass
class _Leaf:
    """A ballot or withdrawal before it has a number."""

    type: EntryType
    n1: bytes
    tag: bytes
    revision: int
    n2: bytes
    choice: bytes
    entry: bytes
    hash: bytes


def a_choice(rule: BoxRule, random: Random) -> bytes:
    """Any accepted choice; every twelfth or so the explicit blank."""
    if random.random() < 1 / 12:
        return rule.blank_choice()
    numbers = range(1, rule.options + 1)
    if rule.kind is Kind.YES_NO:
        return rule.encode({number: random.randint(1, 3) for number in numbers})
    if rule.kind is Kind.POINTS:
        return rule.encode({random.choice(numbers): random.randint(1, rule.limit)})
    count = rule.limit if rule.exactly else random.randint(1, rule.limit)
    return rule.encode(dict.fromkeys(random.sample(numbers, count), 1))


def make_vote(
    live: int = 10,
    *,
    rule: BoxRule = SIX_OF_EIGHTEEN,
    publishes: str = "totals",
    withdrawn: int = 1,
    batches: int = 2,
    objections: int = 2,
    rehearsal: bool = False,
    chance: int = 0,
) -> MadeVote:
    """A vote with so many live ballots. One voter in ten changed theirs; `withdrawn` more took paper instead."""
    random = Random(chance)
    key, seed, box = (random.randbytes(length) for length in (32, 32, 16))
    definition = _definition(box, key, rule, publishes, rehearsal)
    fingerprint = digest("box/1", definition)
    logged = _online(random, key, box, fingerprint, rule, live, withdrawn)
    entries = [leaf.entry for leaf in logged]
    closing = len(entries)
    # Whoever took their ballot back brings the paper, so that there are at least that many sheets.
    paper = _paper(random, fingerprint, rule, batches, max(2, withdrawn), entries)
    objected = _objections(random, fingerprint, objections, entries)
    leaves = [leaf_hash(entry) for entry in entries]
    tree = Tree(leaves)
    moments = [(HeadKind.OPENING, 0, OPENS), (HeadKind.CLOSING, closing, CLOSES)]
    moments.append((HeadKind.FINAL, len(leaves), CLOSES + timedelta(days=1)))
    heads = [_head(seed, fingerprint, kind, size, tree.root_of(size), at) for kind, size, at in moments]
    record = _counted(Random(chance), rule, definition, heads, entries, logged, paper, objected)
    receipts = [Receipt.issue(seed, fingerprint, leaf) for leaf in leaves[: min(closing, 200)]]
    return MadeVote(record, seed, key, leaves, receipts)


def _definition(box, key, rule, publishes, rehearsal) -> bytes:
    options = [
        {"number": number, "title": f"{number}번 사업", "text": "좁은 길을 밝게"}
        for number in range(1, rule.options + 1)
    ]
    return canonical_json(
        {
            "format": 1,
            "id": box.hex(),
            "subject_title": "나풀나풀 온라인 주민투표",
            "question": "어느 사업을 먼저 할까요?",
            "description": "일주일 동안 여섯 개까지 고를 수 있어요.",
            "rule": rule.to_json(),
            "options": options,
            "eligibility": {"area": "구민", "roll": {"source": "verified", "fixed_on": "2026-07-10"}},
            "opens_at": stamp(OPENS),
            "closes_at": stamp(CLOSES),
            "binding": "결과를 예산안에 반영해요.",
            "publishes": publishes,
            "rehearsal": int(rehearsal),
            "key_sha256": sha256(key).hexdigest(),
        }
    )


def _head(seed, fingerprint, kind, size, root, at) -> dict:
    return {
        "at": stamp(at),
        "fingerprint": fingerprint.hex(),
        "format": 1,
        "kind": kind.value,
        "number": kind.number,
        "public_key": public_key(seed).hex(),
        "root": root.hex(),
        "signature": sign(seed, head_message(fingerprint, kind, kind.number, size, root, at)).hex(),
        "size": size,
    }


def _online(random, key, box, fingerprint, rule, live, withdrawn) -> list[_Leaf]:
    """Everything cast before the close, sorted by leaf hash."""
    keys = BoxKeys(key)
    logged = []
    for voter in range(live + withdrawn):
        row_key = keys.row_key(box, random.randbytes(32))
        tag = keys.tag(row_key)
        ballots = random.randint(2, 4) if random.random() < 0.1 else 1
        kinds = [EntryType.BALLOT] * ballots + [EntryType.WITHDRAWAL] * (voter >= live)
        for revision, kind in enumerate(kinds, start=1):
            cast_id = keys.cast_id(row_key, random.randbytes(16))
            n1, n2 = keys.n1(cast_id, revision), keys.n2(cast_id, revision)
            choice = b""
            if kind is EntryType.BALLOT:
                choice = a_choice(rule, random)
                entry = ballot_entry(fingerprint, n1, tag, revision, n2, choice)
            else:
                entry = withdrawal_entry(fingerprint, n1, tag, revision, n2)
            logged.append(_Leaf(kind, n1, tag, revision, n2, choice, entry, leaf_hash(entry)))
    return sorted(logged, key=lambda leaf: leaf.hash)


def _paper(random, fingerprint, rule, batches, sheets, entries) -> list[PaperOpening]:
    """Batches of paper, each with one sheet that does not count; appends their entries."""
    paper = []
    for number in range(1, batches + 1):
        batch = Batch(number, sheets + INVALID, sheets, INVALID)
        n, n2 = random.randbytes(32), random.randbytes(32)
        choices = [a_choice(rule, random) for _ in range(sheets)]
        paper.append(PaperOpening(len(entries), n, batch, n2, choices))
        entries.append(paper_entry(fingerprint, n, canonical_json(batch.to_json()), n2, choices))
    return paper


def _objections(random, fingerprint, objections, entries) -> list[ObjectionOpening]:
    """Objections of observers, the last of several with its words withheld; appends their entries."""
    made = []
    for number in range(1, objections + 1):
        n = random.randbytes(32)
        words = {"title": f"이의 {number}", "text": "투표함 옆에 아무도 없었어요."}
        withheld = "이름이 들어 있어요." if number == objections > 1 else None
        made.append(ObjectionOpening(len(entries), n, words, withheld))
        entries.append(objection_entry(fingerprint, n, canonical_json(words)))
    return made


def _counted(random, rule, definition, heads, entries, logged, paper, objected) -> Record:
    found = standing(
        Opening(number, leaf.tag, leaf.revision, leaf.type) for number, leaf in enumerate(logged)
    )
    live = [WhatOpening(number, logged[number].n2, logged[number].choice) for number in found.live]
    totals = rule.tally([what.choice for what in live] + [choice for batch in paper for choice in batch.choices])
    counted = sum(batch.batch.counted for batch in paper)
    invalid = sum(batch.batch.invalid for batch in paper)
    lost = SPOILED + TAKEN_BACK + UNRETURNED
    sheets = Paper(counted + invalid + lost, counted, invalid, SPOILED, TAKEN_BACK, UNRETURNED)
    assisted = len(live) // 10
    people = Participations(len(live) - assisted, assisted, UNRETURNED, counted + invalid)
    cells = _cells(random, people)
    result = result_json(
        final_root=bytes.fromhex(heads[-1]["root"]),
        final_size=heads[-1]["size"],
        totals=totals,
        found=found,
        participations=people,
        paper=sheets,
        roll=sum(cell.roll for cell in cells),
        breakdown=breakdown_json("neighbourhood", cells),
    )
    return Record(
        definition=definition,
        heads=heads,
        entries=entries,
        openings=[WhoOpening(number, leaf.n1, leaf.tag, leaf.revision) for number, leaf in enumerate(logged)],
        choices=live,
        paper=paper,
        objections=objected,
        participations=people,
        result=canonical_json(result),
    )


def _cells(random, people) -> list[Cell]:
    """The turnout of five neighbourhoods, the last with fewer than ten."""
    names = ["강남동", "신창동", "연천동", "고해동", "복지동"]
    voted = [0] * 5
    for voter in range(people.total):
        voted[4 if voter < 3 else random.randrange(4)] += 1
    return [Cell(name, 3 * count + people.paper_issued, count) for name, count in zip(names, voted, strict=True)]
