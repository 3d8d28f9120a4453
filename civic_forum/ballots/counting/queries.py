"""A closed box: what the closing froze, what came later on paper, and the figures that both come to."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from heapq import merge
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from civic_forum.district import queries as district
from civic_forum.district.models import Neighbourhood
from civic_forum.platform.base import db
from civic_forum.platform.i18n import local
from civic_forum.platform.subprocess_call import with_pauses

from ..box import acts_file, additions, additions_file, closing, closing_file, ledger_file, watching
from ..box.additions import Signed
from ..box.closing import Closing, Comparison, DAMAGED, MISSING
from ..box.sealing import BoxKeys, Channel, roll_leaf
from ..keys import keyring
from ..models import BallotBox, Count, LiveToken, RollEntry
from ..observing.models import Objection
from ..paper.models import PaperBatch, PaperSheet
from ..officers import queries as officers
from ..officials import queries as confirmations
from ..paper import queries as papers
from ..published import heads
from ..published import queries as log
from ..queries import grows, rule_of
from ..record import figures
from ..record.editions import PaperOpening, RollLine, count_json, objection_json
from ..rolls import queries as rolls
from ..rules.boxes import ConfirmedAction
from ..rules.log import KEPT_FORMAT, stamp
from .rules import Cell, Paper

TOOK_PART = frozenset({Channel.ONLINE, Channel.ASSISTED, Channel.PAPER_RETURNED, DAMAGED, MISSING})
BY_NEIGHBOURHOOD = "neighbourhood"
ELSEWHERE = "기타"
"""Of the record, so never in another language: people whose neighbourhood the roll does not have."""


@dataclass(frozen=True)
class Ended:
    """A box after its final head: what counts is frozen, papers alone may have come since."""

    box: BallotBox
    frozen: Closing
    found: Comparison

    @cached_property
    def states(self) -> dict[bytes, int]:
        """Row key → state; of papers the one in which they are now."""
        return closing.states_now(self.frozen, self.found)

    @cached_property
    def turnout(self) -> dict[str, int]:
        """Turnout by channel, as the result has it."""
        returned = [*self.states.values()].count(Channel.PAPER_RETURNED)
        added = len(self.frozen.grown.persons) if self.frozen.grown else 0
        return figures.turnout(self.frozen.rows(), returned, rolls.size(self.box.roll_id, self.box.opened_at) + added)

    @cached_property
    def paper(self) -> Paper:
        """Papers as the result has them: a sheet that vanished was handed out all the same if its paper was counted."""
        paper = papers.reconciliation(self.box.id).paper
        accounted = (paper.counted, paper.invalid, paper.spoiled, paper.taken_back, paper.unreturned)
        return replace(paper, issued=max(paper.issued, sum(accounted)))

    @cached_property
    def alarms(self) -> dict[str, Any]:
        """Content of `alarms.json`."""
        box, rows, closed = self.box, self.frozen.rows(), heads.closing(self.box.id).at
        early, anyway = (confirmations.confirmed(box.id, action) for action in (
            ConfirmedAction.CLOSE_EARLY, ConfirmedAction.COUNT_ANYWAY))
        reasons = [{"at": stamp(anyway.confirmed_at), "text": anyway.note}] if anyway and anyway.note else []
        strikes = db.session.scalar(sa.select(sa.func.count()).select_from(RollEntry).where(
            RollEntry.roll_id == box.roll_id, RollEntry.struck_at > box.opened_at))
        return figures.alarms(
            self.frozen.figures, self.turnout, self.paper, sheets=watching.sheets_amiss(box.id, self.found),
            strikes=strikes, counts=figures.counts_amiss(self.counts, rows, self._acts), reasons=reasons,
            officers=map(officers.to_json, officers.changes_of(box)),
            early_close={"at": stamp(box.closed_at), "reason": early.note}
            if early and early.note and closed < box.closes_at else None,
            late=None if box.format == KEPT_FORMAT else figures.late(closed, box.closes_at))

    @cached_property
    def counts(self) -> Sequence[Count | Signed]:
        """Signed counts in their order; where the roll grows, as they were written down beside the keys."""
        return self.frozen.grown.counts if self.frozen.grown else counts_of(self.box.id)

    def signed_counts(self, seed: bytes) -> list[dict[str, Any]]:
        """Items of `counts.json`."""
        grown = self.frozen.grown
        return [count_json(seed, self.box.fingerprint, count.number, count.at, count.voters, count.additions,
                           grown and grown.root_of(count.additions), acts=acts)
                for count, acts in zip(self.counts, self._acts, strict=True)]

    @cached_property
    def _acts(self) -> list[acts_file.Acts | None]:
        """Acts of staff that each count tells."""
        return acts_file.of(self.box, [count.number for count in self.counts])

    def people(self) -> Iterator[tuple[bytes, int | None, int | None]]:
        """Everybody on the roll, those added too, in order of person: keyed hash, neighbourhood, state or None."""
        keys, added = self._keys, dict.fromkeys(self.frozen.grown.persons if self.frozen.grown else ())
        if added:
            added |= dict(db.session.execute(sa.select(RollEntry.person, RollEntry.neighbourhood_id).where(
                RollEntry.roll_id == self.box.roll_id, RollEntry.person.in_(added))).all())
        opening = db.session.execute(
            sa.select(RollEntry.person, RollEntry.neighbourhood_id)
            .where(*rolls.standing_at(self.box.roll_id, self.box.opened_at)).order_by(RollEntry.person))
        for person, place in merge(opening, sorted(added.items()), key=itemgetter(0)):
            yield person, place, self.states.get(keys.row_key(self.box.id, person))

    def roll(self) -> list[RollLine]:
        """Lines of `roll.txt`."""
        entries = rolls.salted(self.box.roll_id, self.box.opened_at)
        return sorted(self._line(roll_leaf(self.box.id, salt, person), person) for person, salt in entries)

    def added(self) -> list[RollLine] | None:
        """Lines of `additions.txt`; None where the roll does not grow."""
        grown = self.frozen.grown
        return grown and [self._line(leaf, person) for leaf, person in zip(grown.leaves, grown.persons, strict=True)]

    def _line(self, leaf: bytes, person: bytes) -> RollLine:
        return RollLine(leaf, self.states.get(self._keys.row_key(self.box.id, person)) in TOOK_PART)

    @cached_property
    def _keys(self) -> BoxKeys:
        return keyring.box_keys(self.box.id, self.box.key_sha256)

    def cells(self) -> list[Cell]:
        """Turnout by neighbourhood; nothing is hidden yet."""
        sizes, voted = Counter(), Counter()
        for _person, place, state in self.people():
            sizes[place] += 1
            voted[place] += state in TOOK_PART
        names = {place.id: place.name_at(self.box.created_at) for place in district.neighbourhoods(closed=True)}
        places = sorted(sizes, key=lambda place: list(names).index(place) if place in names else len(names))
        return [Cell(names.get(place, ELSEWHERE), sizes[place], voted[place]) for place in places]


def ended(box: BallotBox) -> Ended:
    """Of a finished box that is not emptied. Raises Unavailable where what was frozen, or the key, is lost."""
    keys = keyring.box_keys(box.id, box.key_sha256)
    added = additions_file.completed(box, keys, additions_file.read(box.id, keys))
    return Ended(box, closing_file.read(box), watching.found(box, keys, ledger_file.read(box.id, keys), added))


def state(box_id: bytes) -> tuple:
    """The facts that a count depends on, as far as they can be told without opening anything."""
    return heads.newest(box_id).root, papers.reconciliation(box_id)


def counts_of(box_id: bytes) -> list[Count]:
    """Signed counts in their order."""
    return list(db.session.scalars(sa.select(Count).filter_by(box_id=box_id).order_by(Count.number)))


def additions_by_day(box: BallotBox) -> list[tuple[date, int]]:
    """Number of people added to a roll that grows on each day for which a count was signed, the last one first."""
    if not grows(box):
        return []
    counts = [count.as_signed() for count in counts_of(box.id)]
    return additions.by_day(counts, lambda at: local(at).date())


def tokens(box_id: bytes) -> list[bytes]:
    """Lines of `live.txt`."""
    return list(db.session.scalars(sa.select(LiveToken.token).filter_by(box_id=box_id).order_by(LiveToken.token)))


class Entries:
    """The entry of every leaf in order, read from the database each time; never held as a whole."""

    def __init__(self, box_id: bytes):
        self._box_id = box_id

    def __iter__(self) -> Iterator[bytes]:
        return (leaf.entry for leaf in with_pauses(log.leaves(self._box_id)))


def paper(box: BallotBox) -> list[PaperOpening]:
    """Every batch with its choices, in log order."""
    length = rule_of(box).length
    batches = db.session.scalars(sa.select(PaperBatch).filter_by(box_id=box.id).order_by(PaperBatch.leaf_number))
    return [PaperOpening(batch.leaf_number, batch.n, batch.as_logged(place, box.format), batch.n2,
                         [batch.choices[start:start + length] for start in range(0, len(batch.choices or b""), length)])
            for place, batch in enumerate(batches, 1)]


def objections(box: BallotBox) -> list[dict[str, Any]]:
    """Those that are leaves of the log, in its order."""
    objections = db.session.scalars(sa.select(Objection).filter_by(box_id=box.id).where(
        Objection.leaf_number.is_not(None)).order_by(Objection.leaf_number))
    return [objection_json(objection.leaf_number, objection.n, objection.as_logged(), objection.withheld)
            for objection in objections]


def desks(box: BallotBox, paper: Paper) -> list[dict[str, Any]]:
    """Papers issued, and online ballots withdrawn for them, by the neighbourhood of the desk; sheets that vanished are
    of none."""
    rows = db.session.execute(
        sa.select(PaperSheet.neighbourhood_id, sa.func.count(), sa.func.count().filter(PaperSheet.withdrew))
        .select_from(PaperSheet).outerjoin(Neighbourhood, Neighbourhood.id == PaperSheet.neighbourhood_id)
        .where(PaperSheet.box_id == box.id).group_by(PaperSheet.neighbourhood_id, Neighbourhood.position)
        .order_by(Neighbourhood.position))
    names = {place.id: place.name_at(box.created_at) for place in district.neighbourhoods(closed=True)}
    desks = {name: {"desk": name, "issued": issued, "withdrawn": withdrawn}
             for name, issued, withdrawn in ((names.get(place, ELSEWHERE), *numbers) for place, *numbers in rows)}
    if vanished := paper.issued - sum(desk["issued"] for desk in desks.values()):
        desks.setdefault(ELSEWHERE, {"desk": ELSEWHERE, "issued": 0, "withdrawn": 0})["issued"] += vanished
    return list(desks.values())
