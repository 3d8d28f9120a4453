"""Votes of every kind, from casts to both editions of their record, made by the site's own rules."""

import copy
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from io import BytesIO
from zipfile import ZipFile

from civic_forum.ballots.box import closing
from civic_forum.ballots.box.sealing import (Channel, EntryType, ballot_entry, fingerprint, objection_entry,
                                             paper_entry, roll_leaf, roll_root)
from civic_forum.ballots.counting.rules import Cell, Paper, breakdown_json
from civic_forum.ballots.rules import signing
from civic_forum.ballots.rules.log import Tree, canonical_json, instant, leaf_hash, root, stamp
from civic_forum.ballots.models import Count
from civic_forum.ballots.record import editions, figures, outcomes
from civic_forum.ballots.box.additions import Grown
from civic_forum.ballots.record.editions import PaperOpening, Record, RollLine, count_json, live_txt, objection_json
from civic_forum.ballots.rules.choices import BoxRule, Kind
from civic_forum.ballots.rules.signing import HeadKind
from civic_forum.budgets.counting import box as budget_outcome
from tests.ballots.box.scene import Scene

SEED, OTHER_SEED = bytes(range(32)), bytes(range(1, 33))
OBSERVERS = [bytes([number]) * 32 for number in (7, 8, 9)]
OPENS, CLOSES, ENDS = "2026-03-02T00:00:00Z", "2026-03-08T15:00:00Z", "2026-03-12T01:00:00Z"
DRAWN = "2026-03-14T11:35:00Z"
"""The lottery of that Saturday."""
HIDDEN_HOURS = timedelta(hours=1)
LEAST_SHEETS = 10
FIRST_ADDED = 4
"""Entries that were added to the roll before the last signed count."""


@dataclass
class Vote:
    """The way a vote is held; what is not said is as usual."""

    rule: BoxRule
    definition: dict = field(default_factory=dict)
    """Parts of the definition beside the usual ones."""
    voters: int = 40
    on_paper: int = 12
    luck: int = 1
    grows: int = 0
    """Entries added to the roll while the vote is open."""
    closes_early: bool = False
    amiss: Callable[[Scene], None] | None = None
    """An act of a writer of the database before the close."""
    choose: Callable[[Scene], bytes] | None = None
    breakdown: bool = True
    reasons: bool = True
    alarmed: Callable[[dict, bytes], object] | None = None
    """The lines of `alarms.json` beside what a vote of no more than this has; gets it and the fingerprint."""
    counts_amiss: bool = False
    """One signed count fell, and one is of more than there were at the close."""
    lie: Callable[[dict], object] | None = None
    """A change that makes the published definition say otherwise than what the vote was held and counted by."""
    changes: int = 5
    """Voters who change their ballot."""
    piles: tuple[int, ...] = (1, 2)
    """Numbers of the piles of paper."""
    format: int = 2
    acts: tuple[dict, ...] = ()
    """Of staff, in every signed count."""
    acts_fell: bool = False
    """Each count but the first one tells an act of the first kind and desk less."""
    confirmed: Callable[[list[dict]], object] | None = None
    """A change of the acts that two officials confirmed."""
    closes_late: int = 0
    """Seconds."""


@dataclass
class Made:
    """A vote that was held: its record, what observers and voters keep, and both editions member by member."""

    vote: Vote
    record: Record
    scene: Scene
    closing: closing.Closing
    mine: list[bytes]
    """Of every cast in its order."""
    public: dict[str, bytes]
    observers: dict[str, bytes]

    @property
    def heads(self) -> list[dict]:
        return [dict(head) for head in self.record.heads]

    def receipt(self, mine: bytes, *, late: bool = False) -> dict:
        """The file that a voter has."""
        marks = {leaf.mark: number for number, leaf in enumerate(self.closing.leaves)}
        number = marks[closing.mark(self.record.fingerprint, mine)]
        leaf = self.closing.leaves[number].hash
        public_key, signature = signing.signed(SEED, signing.promise(self.record.fingerprint, leaf))
        receipt = {"format": 2, "fingerprint": self.record.fingerprint.hex(), "leaf": leaf.hex(), "mine": mine.hex(),
                   "public_key": public_key.hex(), "signature": signature.hex(), "tracker": signing.tracker(leaf)}
        proof = [node.hex() for node in Tree([leaf.hash for leaf in self.closing.leaves]).inclusion_proof(number)]
        return receipt | ({"head": self.heads[1], "number": number, "proof": proof} if late else {})

    def live(self) -> list[bytes]:
        """`mine` of the ballots that count."""
        return [one.mine for one in self.closing.live]


def definition_of(vote: Vote, chance: random.Random) -> dict:
    options = [{"number": at, "title": f"항목 {at}", "text": "설명"} for at in range(1, vote.rule.options + 1)]
    if vote.rule.money:
        options = [option | {"cost": cost} for option, cost in zip(options, vote.rule.money.costs, strict=True)]
    winners = {"kind": "yes"} if vote.rule.kind is Kind.YES_NO else {"kind": "most", "seats": 2}
    usual = {
        "format": vote.format, "id": chance.randbytes(16).hex(), "subject_title": "나풀나풀 온라인 주민투표",
        "question": "무엇을 할까요?", "description": "", "binding": "결과를 그대로 따라요.", "eligibility": {"who": ["구민"]},
        "rule": vote.rule.to_json(),
        "options": options, "opens_at": OPENS, "closes_at": CLOSES, "publishes": "totals", "rehearsal": 0,
        "officers": [],
        "observers": [{"name": f"참관인 {number}", "key": signing.public_key(seed).hex()}
                      for number, seed in enumerate(OBSERVERS, start=1)], "signatures": 2}
    return usual | ({} if "budget" in vote.definition else {"winners": winners}) | vote.definition


def held(vote: Vote) -> Made:
    """The vote from its opening to both editions."""
    chance = random.Random(vote.luck)
    definition, size = definition_of(vote, chance), vote.voters * 2 + 10
    box_id, key = bytes.fromhex(definition["id"]), chance.randbytes(32)
    persons = [number.to_bytes(32, "big") for number in range(size + vote.grows)]
    leaves = [roll_leaf(box_id, chance.randbytes(16), person) for person in persons]
    definition |= {"key_sha256": sha256(key).hexdigest(), "roll": {
        "grows": int(bool(vote.grows)), "root": roll_root(leaves[:size]).hex(), "rule": {"source": "verified"},
        "size": size}}
    told = copy.deepcopy(definition)
    if vote.lie:
        vote.lie(told)
    written = canonical_json(told)
    scene = Scene.of(vote.luck, vote.rule, fingerprint(written), box_id, key)
    mine = _cast(vote, scene, size)
    if vote.amiss:
        vote.amiss(scene)
    total = size + vote.grows
    closed = scene.closed(total)
    if vote.on_paper > 3:
        scene.paper(vote.voters + 2, Channel.PAPER_RETURNED)
    returned = [*closing.states_now(closed, scene.compared(total)).values()].count(Channel.PAPER_RETURNED)
    return _recorded(vote, definition, written, scene, closed, leaves, size, returned, mine)


def _cast(vote: Vote, scene: Scene, size: int) -> list[bytes]:
    choose = vote.choose or Scene.choice
    mine = []
    for number in range(vote.voters):
        mine.append(scene.cast(number, choose(scene), Channel.ASSISTED if number % 11 == 5 else Channel.ONLINE))
    for number in range(min(vote.changes, vote.voters)):
        mine.append(scene.cast(number, choose(scene), scene.voters[scene.key(number)].channel))
    if vote.grows:
        mine.append(scene.cast(size + vote.grows - 1, choose(scene)))
    for number in range(vote.on_paper):
        scene.paper(vote.voters + number)
        if number > 2:
            scene.paper(vote.voters + number, Channel.PAPER_RETURNED)
    if vote.on_paper:
        scene.paper(vote.voters, Channel.PAPER_TAKEN_BACK)
    return mine


def _recorded(vote, definition, written, scene, closed, leaves, size, returned, mine) -> Made:
    chance, prints = scene.chance, scene.box.fingerprint
    rows, invalid = closed.rows(), int(returned > LEAST_SHEETS)
    batches = _batches(vote, scene, returned, invalid)
    entries = [ballot_entry(prints, leaf.mark, leaf.commitment) for leaf in closed.leaves]
    paper = [PaperOpening(len(entries) + at, chance.randbytes(32), _figures(vote.piles[at], len(one), off),
                          chance.randbytes(32), one) for at, (one, off) in enumerate(batches)]
    words = [{"by": f"observer{at}", "text": "종이가 모자랐어요."} for at in (1, 2)]
    lodged = [(chance.randbytes(32), word) for word in words]
    objections = [objection_json(len(entries) + len(paper) + at, n, word, "이름을 가려요." if at else None)
                  for at, (n, word) in enumerate(lodged)]
    entries += [paper_entry(prints, one.n, canonical_json(one.figures), one.n2, one.choices) for one in paper]
    entries += [objection_entry(prints, n, canonical_json(word)) for n, word in lodged]
    totals = vote.rule.tally([*(live.choice for live in closed.live),
                              *(choice for one in paper for choice in one.choices)])
    turnout = figures.turnout(rows, returned, len(leaves))
    counted, out = sum(len(one) for one, _off in batches), sum(state == Channel.PAPER_ISSUED
                                                               for state in closed.states.values())
    kept = out - (returned - rows["paper_returned"])
    papers = Paper(counted + sum(off for _one, off in batches) + kept + rows["paper_taken_back"] + 1, counted,
                   sum(off for _one, off in batches), 1, rows["paper_taken_back"], kept)
    heads, counts = _signed(vote, definition, prints, closed, entries, leaves, size, sum(rows.values()))
    outcome, draw = _outcome(vote, definition, totals, turnout, closed, paper)
    told = figures.alarms(closed.figures, turnout, papers, strikes=1, counts=figures.counts_amiss(
        [Count(number=one["number"], voters=one["voters"]) for one in counts], rows,
        [one.get("acts") for one in counts]),
        early_close={"at": heads[1]["at"], "reason": "큰물이 나서 일찍 마감해요."} if vote.closes_early else None,
        late=None if vote.format == 2 else figures.late(instant(heads[1]["at"]), instant(CLOSES)))
    if vote.grows:
        told |= dict.fromkeys(("additions_forged", "additions_gone", "additions_lost", "additions_other"), 0)
    if vote.alarmed:
        vote.alarmed(told, prints)
    if figures.need_reasons(told) and vote.reasons:
        told["reasons"] = [{"at": ENDS, "text": "원인을 찾아서 막았어요."}]
    few = figures.is_small(totals.ballots)
    result = figures.result(
        final_root=root(list(map(leaf_hash, entries))), final_size=len(entries), totals=totals, rows=rows,
        turned_out=turnout,
        paper=papers, desks=[{"desk": "가산동 주민센터", "issued": papers.issued, "withdrawn": min(1, papers.issued)}],
        outcome=outcomes.of_few(outcome) if few else outcome,
        breakdown=breakdown_json("neighbourhood", _cells(turnout)) if vote.breakdown else None, version=vote.format)
    assert not figures.discrepancies(result, live=len(closed.live), leaves=len(closed.leaves))
    part = _took_part(scene, closed, returned)
    roll = [RollLine(leaf, number in part) for number, leaf in enumerate(leaves)]
    record = Record(written, heads, entries, counts, closed.tokens(prints), sorted(roll[:size]),
                    in_blocks(roll[size:]) if vote.grows else None, closed.live, paper, objections, told, draw,
                    canonical_json(result), _confirmations(vote, definition, prints, told, draw))
    return Made(vote, record, scene, closed, mine, *_members(record))


def _confirmations(vote, definition, prints, told, draw) -> list[dict] | None:
    """The acts of two officials before the record, signed by the site."""
    if vote.format == 2:
        return None
    by = [officer["position"] for officer in definition["officers"]][:2] or ["담당관", "담당관"]
    acts = [{"action": "open", "at": OPENS, "by": by}]
    if early := told.get("early_close"):
        acts.append({"action": "close_early", "at": early["at"], "by": by, "note": early["reason"]})
    acts += [{"action": "count_anyway", "at": one["at"], "by": by, "note": one["text"]} for one in told["reasons"]]
    if draw:
        acts.append({"action": "draw", "at": DRAWN, "by": by, "note": canonical_json(draw).decode()})
    if vote.confirmed:
        vote.confirmed(acts)
    return [{"confirmation": act, "number": number, "signature": signing.sign(
        SEED, signing.confirmation(prints, number, act)).hex()} for number, act in enumerate(acts, 1)]


def _batches(vote: Vote, scene: Scene, returned: int, invalid: int) -> list[tuple[list[bytes], int]]:
    """Choices of each pile and its invalid sheets, at least ten sheets in each if there are several."""
    choices = [(vote.choose or Scene.choice)(scene) for _ in range(returned - invalid)]
    if not returned:
        return []
    if returned < 2 * LEAST_SHEETS:
        return [(choices, invalid)]
    return [(choices[:LEAST_SHEETS], 0), (choices[LEAST_SHEETS:], invalid)]


def _figures(number: int, counted: int, invalid: int) -> dict:
    return {"number": number, "sheets": counted + invalid, "counted": counted, "invalid": invalid}


def _signed(vote, definition, prints, closed, entries, leaves, size, rows) -> tuple[list[dict], list[dict]]:
    closes = instant(CLOSES) - timedelta(days=1) if vote.closes_early else instant(CLOSES)
    closes += timedelta(seconds=vote.closes_late)
    hashes, live = list(map(leaf_hash, entries)), sha256(live_txt(closed.tokens(prints))).digest()
    added = in_blocks(leaves[size:])
    grown = Grown((), tuple(added), ()) if vote.grows else None
    additions = grown.root if grown else signing.ZEROS
    heads = [head_json(SEED, prints, HeadKind.OPENING, 0, root([]), instant(OPENS)),
             head_json(SEED, prints, HeadKind.CLOSING, len(closed.leaves), closed.root, closes, live=live,
                       additions=additions),
             head_json(SEED, prints, HeadKind.FINAL, len(entries), root(hashes), instant(ENDS), live=live,
                       additions=additions)]
    some = len(added[:FIRST_ADDED])
    told = [(rows // 2, 0), (rows, some)]
    if vote.counts_amiss:
        told = [(rows // 2 + 1, 0), (rows // 2, 0), (rows + 1, some)]
    counts = [count_json(SEED, prints, 2 * at - 1, instant(OPENS) + 20 * at * HIDDEN_HOURS, voters, size,
                         grown and grown.root_of(size), acts=None if vote.format == 2 else _acts(vote, at))
              for at, (voters, size) in enumerate(told, start=1)]
    return heads, counts


def _acts(vote, at: int) -> list[dict]:
    """Acts of staff that the count at this place tells."""
    acts = [dict(act) for act in vote.acts]
    if vote.acts_fell and at > 1:
        acts[0]["number"] -= 1
    return acts


def head_json(seed: bytes, fingerprint: bytes, kind: HeadKind, size: int, root: bytes, at: datetime, *,
              live: bytes = signing.ZEROS, additions: bytes = signing.ZEROS) -> dict:
    """A signed head as people keep it. `live`: SHA-256 of live.txt."""
    public_key, signature = signing.signed(seed, signing.head(fingerprint, kind, size, root, at, live=live,
                                                               additions=additions))
    return {"format": 2, "kind": kind.value, "number": kind.number, "fingerprint": fingerprint.hex(), "size": size,
            "root": root.hex(), "live_sha256": live.hex(), "additions_root": additions.hex(), "at": stamp(at),
            "public_key": public_key.hex(), "signature": signature.hex()}


def in_blocks(leaves: list) -> list:
    """Additions in the order of the record: those of the last count, then those of after it."""
    return sorted(leaves[:FIRST_ADDED]) + sorted(leaves[FIRST_ADDED:])


def _outcome(vote, definition, totals, turnout, closed, paper) -> tuple[dict, dict]:
    """(outcome, draw): the draw only where a tie needs one."""
    draw = {"lottery": lambda: closing.lottery(closing.lottery_number(instant(CLOSES)), [3, 1, 4, 15, 9, 26], 5),
            "dice": lambda: closing.dice([1, 2, 3, 4, 5, 6] * 3 + [6, 1]), None: dict}[definition.get("draw")]()
    order = closing.order(closed.root, draw, range(1, vote.rule.options + 1)) if draw else None
    if "budget" not in definition:
        plain = outcomes.of_poll(definition, totals, turnout)
        if "tied" not in plain or not draw:
            return plain, {}
        return outcomes.of_poll(definition, totals, turnout, lambda tied: sorted(tied, key=order.index)), draw
    votes = {line["option"]: line["votes"] for line in totals.options}
    choices = [vote.rule.chosen(choice) for choice in (*(live.choice for live in closed.live),
                                                       *(choice for one in paper for choice in one.choices))]
    plain = outcomes.with_quorum(definition, turnout, budget_outcome.of_box(definition, votes, totals.ballots, choices))
    if not draw or not outcomes.met_a_tie(plain):
        return plain, {}
    drawn = budget_outcome.of_box(definition, votes, totals.ballots, choices, order)
    return outcomes.with_quorum(definition, turnout, drawn), draw


def _cells(turnout: dict) -> list[Cell]:
    """Four neighbourhoods; one is tiny."""
    tiny, roll = min(3, turnout["total"]), turnout["roll"]
    rest = turnout["total"] - tiny
    shares = [rest - 2 * (rest // 3), rest // 3, rest // 3, tiny]
    rolls = [share + share // 4 for share in shares[:3]]
    return [Cell(name, of, voted) for name, of, voted in zip(("가산동", "독산1동", "시흥1동", "시흥3동"),
                                                             [*rolls, roll - sum(rolls)], shares, strict=True)]


def _took_part(scene: Scene, closed: closing.Closing, returned: int) -> set[int]:
    """Numbers of the persons who took part."""
    found = scene.compared(10_000)
    part = set()
    numbers = {scene.key(number): number for number in range(len(closed.states) * 3 + 100)}
    for row_key, state in closed.states.items():
        now = found.states.get(row_key, state) if state == Channel.PAPER_ISSUED else state
        if now in (Channel.ONLINE, Channel.ASSISTED, Channel.PAPER_RETURNED, closing.DAMAGED, closing.MISSING):
            part.add(numbers[row_key])
    return part


def _members(record: Record) -> tuple[dict[str, bytes], dict[str, bytes]]:
    public, observers = BytesIO(), BytesIO()
    editions.write_editions(record, SEED, public=public, observers=observers)
    return members_of(public), members_of(observers)


def members_of(file: BytesIO) -> dict[str, bytes]:
    with ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def observed(made: Made, seed: bytes, *, agrees: bool = True, text: str = "", zipped_edition: bytes) -> dict:
    """The head that an observer signed."""
    result, edition = sha256(made.record.result).digest(), sha256(zipped_edition).digest()
    public_key, signature = signing.signed(seed,
                                           signing.observed(made.record.fingerprint, result, edition, agrees=agrees,
                                                                   text=text))
    return {"format": 2, "agrees": int(agrees), "edition_sha256": edition.hex(),
            "fingerprint": made.record.fingerprint.hex(),
            "public_key": public_key.hex(), "result_sha256": result.hex(), "signature": signature.hex(), "text": text}


def kinds_of(entries: dict[str, bytes]) -> set[str]:
    """Types of the entries in a log."""
    return {kind for kind in EntryType if kind.encode().hex().encode() in entries["entries.txt"]}


def at(text: str) -> datetime:
    return instant(text)


def later(text: str, **more) -> str:
    """An instant that much later."""
    return stamp(instant(text) + timedelta(**more))
