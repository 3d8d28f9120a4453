"""Casting a ballot inside the caller's `work.unlogged_transaction`, after `locking.take_lock`.

Whatever is refused rolls everything back, so that nobody is marked as having voted without a ballot in the box. After
the commit, and before the answer, the caller appends what was written to the ledger (`ledger_file.append`).
"""

from dataclasses import dataclass, replace
from datetime import datetime
from secrets import token_bytes
from typing import NamedTuple

from civic_forum.accounts.rules import is_bound
from civic_forum.platform.errors import Refusal

from .. import queries as boxes
from ..keys import keyring
from ..rules.signing import Receipt
from ..voting import refusals
from . import sealing, voters
from .sealing import BoxKeys, Channel, LENGTHS, Leaf, OpenedRow, ballot_leaf, commitment, mark
from ..rules.boxes import BoxStage, stage_of
from ..rules.choices import NotAccepted
from .ledger import Written
from .voters import NOT_TAKING_PART

MOST_CHANGES = 100


@dataclass(frozen=True, slots=True)
class CastForm:
    """Content of a ballot form. The form key is new at every opening of the page."""

    fingerprint: bytes
    form_key: bytes
    state: bytes
    """Of the voter's row when the page was opened."""
    mine: bytes
    """Drawn by the browser; without script the page brings it."""
    choice: bytes
    """Canonical (`rules.choices`)."""


class Taken(NamedTuple):
    """A ballot that is in the box: its receipt, and what the ledger has to name."""

    receipt: Receipt
    written: Written
    again: bool
    """It was in the box before."""
    keys: BoxKeys
    bound: bool = False
    """The first ballot of its person, from an account into which staff could have got."""


def cast(box_id: bytes, person: bytes, form: CastForm, channel: Channel, *, at: datetime,
         keys: BoxKeys | None = None, account_id: int | None = None) -> Taken:
    """Put a ballot into the box, or give the receipt again of one that is in it.

    `at`: from `locking.take_lock`; `channel`: online or assisted; `keys`: those of the box, where they were just read;
    `account_id`: of who sent it; at a kiosk nobody's.
    Raises a Refusal: 409 closed, not yet open, another form, on paper, voted online, changed elsewhere; 403 not in the
    roll; 422 a choice that is none; 429 changed too often; 503 a key is lost, or the row damaged."""
    if channel.on_paper:
        raise ValueError("paper is issued, not cast")
    facts = boxes.facts(box_id, person, account_id)
    against = why_not_now(facts, at)
    if against and facts.finished_at:
        raise against
    check(facts, form)
    keys = keyring.box_keys(box_id, facts.key_sha256, keys)
    row_key = keys.row_key(box_id, person)
    if facts.added and facts.salt != keys.salt(box_id, person):
        against = against or refusals.NotInRoll()  # somebody without K wrote that entry
    if against:
        if again := _repeated(facts, keys, row_key, form, voters.by_key(box_id, keys, row_key)):
            return again
        raise against
    first = OpenedRow(channel, 0, voters.next_revision(box_id, keys, row_key, None), form.form_key, form.mine,
                      form.choice)
    new = form.state == voters.state_of(keys, row_key, None)
    if new and why_bound(facts, keys, None) is None and (taken := _put(facts, keys, row_key, first, first=True)):
        return taken._replace(bound=_is_bound(facts))
    before = voters.by_key(box_id, keys, row_key, hold=True)
    if again := _repeated(facts, keys, row_key, form, before):
        return again
    if refusal := why_bound(facts, keys, before):
        raise refusal
    _refuse_change(keys, row_key, form, before, channel)
    now = replace(first, revision=voters.next_revision(box_id, keys, row_key, before))
    if taken := _put(facts, keys, row_key, now, first=False):
        return taken._replace(bound=_is_bound(facts) and before is not None and before.channel is NOT_TAKING_PART)
    raise refusals.ChangedElsewhere()


def opened_for(box_id: bytes, person: bytes, account_id: int) -> bytes:
    """Form key of a new ballot of this account. Raises what stands against it because of what staff did."""
    facts, keys = boxes.facts(box_id, person, account_id), keyring.box_keys(box_id)
    if refusal := why_bound(facts, keys, voters.by_key(box_id, keys, keys.row_key(box_id, person))):
        raise refusal
    return keys.form_key(_account(facts)) if facts.staff_act_confirmed else token_bytes(sealing.FORM_KEY_BYTES)


def why_bound(facts: boxes.Facts, keys: BoxKeys, voter: OpenedRow | None) -> Refusal | None:
    """Refusal for an account into which staff could have got: of its first ballot until a second clerk has seen whose
    it is, of every change of a ballot that it did not itself cast after that."""
    if not _is_bound(facts):
        return None
    if voter is None or voter.channel is NOT_TAKING_PART:
        return None if facts.staff_act_confirmed else refusals.SecondClerkFirst()
    own = facts.staff_act_confirmed and keys.form_key(_account(facts), voter.form_key) == voter.form_key
    return None if own or voter.channel.on_paper else refusals.ChangedOnPaper()


def _is_bound(facts: boxes.Facts) -> bool:
    return not facts.rehearsal and is_bound(facts.staff_act_at, facts.created_at)


def _account(facts: boxes.Facts) -> bytes:
    """The account as staff left it."""
    return f"{facts.account_id}:{facts.staff_act_at.timestamp()}".encode()


def why_not_now(facts: boxes.Facts, at: datetime) -> Refusal | None:
    """Refusal of a new ballot of this person at this moment."""
    stage = stage_of(facts, at)
    if stage.reached(BoxStage.CLOSED):
        return refusals.CastingOver(at)
    if stage is not BoxStage.OPEN:
        return refusals.NotYetOpen()
    if facts.struck:
        return refusals.StruckFromRoll()
    return None if facts.in_roll else refusals.NotInRoll()


def check(facts: boxes.Facts, form: CastForm) -> None:
    """Raise what stands against a ballot by itself: another vote's, a choice that is none."""
    if form.fingerprint != facts.fingerprint:
        raise refusals.AnotherForm()
    try:
        boxes.rule_of(facts).check(form.choice)
    except NotAccepted as wrong:
        raise refusals.not_accepted(wrong, boxes.rule_of(facts)) from wrong
    right = all(len(getattr(form, name)) == LENGTHS[name] for name in ("form_key", "state", "mine"))
    if not right or not any(form.form_key) or not any(form.mine):  # zeros stand for nothing in a row
        raise refusals.AnotherForm()


def _repeated(facts: boxes.Facts, keys: BoxKeys, row_key: bytes, form: CastForm,
              voter: OpenedRow | None) -> Taken | None:
    """The receipt again where the ballot in the row came by this form."""
    if voter is None or voter.form_key != form.form_key:
        return None
    if (voter.choice, voter.mine) != (form.choice, form.mine):
        raise refusals.SentAlready()
    return _taken(facts, keys, row_key, voter, True)[0]


def _refuse_change(keys: BoxKeys, row_key: bytes, form: CastForm, before: OpenedRow | None, channel: Channel) -> None:
    if before is not None and before.channel in (Channel.PAPER_ISSUED, Channel.PAPER_RETURNED):
        raise refusals.OnPaper()
    if before is not None and (before.channel, channel) == (Channel.ONLINE, Channel.ASSISTED):
        raise refusals.VotedOnline()
    if before is None or form.state != voters.state_of(keys, row_key, before):
        raise refusals.ChangedElsewhere()
    if before.revision > MOST_CHANGES:
        raise refusals.ChangedTooOften()


def _put(facts: boxes.Facts, keys: BoxKeys, row_key: bytes, voter: OpenedRow, *, first: bool) -> Taken | None:
    """Write the row and the promise of a new ballot; None where another row came first. A `mine` that was ever used in
    this box is refused."""
    taken, leaf = _taken(facts, keys, row_key, voter)
    name = taken.written.name
    sealed = sealing.seal_promise(keys, facts.id, name, leaf.mark, leaf.commitment)
    written, promised = voters.put(facts.id, keys, row_key, voter, name, sealed, first=first)
    if written and not promised:
        raise refusals.AnotherForm()
    return taken if written else None


def _taken(facts: boxes.Facts, keys: BoxKeys, row_key: bytes, voter: OpenedRow, again: bool = False) -> tuple[Taken,
                                                                                                              Leaf]:
    n = keys.n(row_key, voter.revision, voter.form_key)
    leaf = ballot_leaf(facts.fingerprint, mark(facts.fingerprint, voter.mine), commitment(n, voter.choice))
    receipt = Receipt.issue(keyring.signing_seed(), facts.fingerprint, leaf.hash, voter.mine)
    return Taken(receipt, Written(row_key, voter.revision, keys.name(voter.mine)), again, keys), leaf
