"""Voting at the kiosk of a desk: the clerk opens it for a person, who votes alone. The clerk touches nothing of it.

One visit serves all boxes that are voted on together, one after another. A kiosk is a registered browser
(`queries.kiosks`); `device` is the secret of its cookie.
"""

import json
from datetime import datetime, timezone
from secrets import token_urlsafe
from typing import NamedTuple

import sqlalchemy as sa

from civic_forum.accounts import operations as sessions
from civic_forum.accounts.models import User
from civic_forum.platform import keys, work
from civic_forum.platform.base import database_now, db
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal, Unavailable
from civic_forum.platform.i18n import _, moment

from .. import voted
from .. import queries as boxes
from ..box import casting, locking, voters
from ..box.casting import CastForm
from ..counting import closing
from ..desk import counts as desk_counts
from ..desk.services import add_visitor, newcomer, visitor_of, why_alone, why_not_own
from ..events import AssistedBallotCast
from ..models import BallotBox
from .models import KioskPass
from ..policy import may_open_kiosk, why_own_list
from ..rolls import queries as rolls
from ..rules.boxes import BoxStage, Channel, stage_of
from ..rules.signing import Receipt
from ..voting.refusals import CastingOver, NotAKiosk, VotedOnline
from ..voting.services import acknowledged
from . import queries
from .codes import LASTS, Handed, desk_of, digits_of, new_code

_CODE, _SECRET, _HOLDER, _SEALED = ("ballots.kiosk.code", "ballots.kiosk.secret", "ballots.kiosk.holder",
                                    "ballots.kiosk.pass")


class Offered(NamedTuple):
    """One of the boxes that a visit could serve, with the reason against it, if any."""

    name: str
    box: BallotBox
    why_not: Refusal | None


class Admitted(NamedTuple):
    """A person at the kiosk, with the box whose turn it is and the moment at which their time for it is over."""

    box_id: bytes
    person: bytes
    until: datetime
    account_id: int | None = None
    desk: int | None = None
    """Of the clerk; None: the whole district's."""
    device_id: int | None = None
    """The kiosk that took the code."""
    issued: float = 0
    """The moment of the code: what is cast counts on its day."""
    past: tuple[str, ...] = ()
    """Boxes of the visit that had their turn, in hex."""
    ahead: tuple[str, ...] = ()
    """Those that follow."""
    casts: int = 0
    """Ballots cast so far."""

    @property
    def place(self) -> int:
        """Of this box among those of the visit, from 1."""
        return len(self.past) + 1

    @property
    def total(self) -> int:
        """Boxes of the visit."""
        return self.place + len(self.ahead)

    def box_of(self, fingerprint: bytes) -> BallotBox:
        """The box for which a form was made: the one whose turn it is, unless it is of one before, whose answer was
        lost."""
        past = [boxes.by_id(bytes.fromhex(box_id)) for box_id in self.past]
        return next((box for box in past if box.fingerprint == fingerprint), None) or boxes.by_id(self.box_id)

    def sealed(self) -> bytes:
        """All but the box, as the pass keeps it."""
        _box, person, until, *others = self
        return keys.seal(_SEALED, json.dumps([person.hex(), until.timestamp(), *others]))


def issue(box_id: bytes, visit: str, *, by) -> Handed:
    """Make a code for the person whom the clerk has just looked up: for this box and every other one that is voted on
    together with it and that they may vote in here. An earlier code of theirs is over. Where no box is left, raises
    what stands against this one: Conflict while the vote is not open and for somebody with paper, VotedOnline, Refusal
    for somebody who is not in the roll; Denied without a look-up, for another neighbourhood and for oneself."""
    add_visitor([box for _name, box in _together(boxes.required(box_id))], box_id, visit,
                lambda box, person, account: why_not_at_kiosk(box, person, database_now(), by, account), by=by)
    with work.use_case(by) as use_case:
        actor = locking.acting(by, may_open_kiosk)
        together = _together(boxes.required(box_id))
        at = locking.take_lock(*(box.id for _name, box in together))
        box = boxes.held(box_id)
        person, account_id = visitor_of(visit, box_id, by=actor, at=use_case.at)
        account = db.session.get(User, account_id or 0, populate_existing=True)
        offers = _offered(actor, together, person, at, account)
        taken = [offer for offer in offers if offer.why_not is None]
        if not taken:
            raise next(offer.why_not for offer in offers if offer.box.id == box_id)
        desk = desk_of(actor, rolls.entry(taken[0].box.roll_id, person).neighbourhood_id)
        # one line of the register and as many codes in each box: its numbers are those of everybody who got a code
        number = max(desk_counts.add(box.id, desk, at, codes=1).codes
                     for _name, box in sorted(together, key=lambda pair: pair[1].id) if why_not_now(box, at) is None)
        handed = Handed(new_code(), at + LASTS, number, tuple(offer.name for offer in taken if offer.name))
        holder, *earlier = keys.hashes(_HOLDER, together[0][1].id + person)
        first, *ahead = [offer.box.id for offer in taken]
        sealed = Admitted(first, person, handed.until, account_id, desk, None, at.timestamp(), (),
                          tuple(next_id.hex() for next_id in ahead)).sealed()
        db.session.execute(sa.delete(KioskPass).where(KioskPass.holder.in_((holder, *earlier))))
        db.session.add(KioskPass(secret_hash=keys.keyed_hash(_CODE, handed.code.encode()), box_id=first,
                                 holder=holder, sealed=sealed))
        use_case.record("ballots.kiosk_pass_issued", box)
        return handed


def offered(box: BallotBox, person: bytes, account: User | None = None, *, by) -> list[Offered]:
    """Every box that a visit of this person could serve, in their order, as things stand."""
    return _offered(by, _together(box), person, database_now(), account)


def open_kiosk(*, by) -> None:
    """The member of staff who makes a browser the kiosk is signed out of it, and only of it."""
    with work.use_case(by) as use_case:
        sessions.end_one(use_case.session, by.id, by.session_key)
        use_case.record("accounts.signed_out", by)


def enter(code: str, device: str) -> str:
    """Take a code at a kiosk of its desk: it works once. Returns the secret for the pass's cookie. Raises NotAKiosk in
    any other browser, NotFound."""
    digits = digits_of(code)
    secret = token_urlsafe(32)
    with work.unlogged_transaction():
        here = queries.registered(device)
        if here is None:
            raise NotAKiosk()
        if digits is None:
            raise NotFound(_("창구에서 받은 숫자 8자리를 적어 주세요."), field="code")
        at = database_now()
        held = _held(_CODE, digits)
        admitted = _admitted(held) if held is not None else None
        if admitted is None or held.is_open or admitted.until <= at:
            raise NotFound(_("번호가 맞지 않거나 시간이 지났어요. 창구에서 다시 받아 주세요."), field="code")
        if not here.serves(admitted.desk):
            raise NotFound(_("다른 창구에서 드린 번호예요. 번호를 받은 창구의 기기에 넣어 주세요."), field="code")
        held.secret_hash, held.is_open = keys.keyed_hash(_SECRET, secret.encode()), True
        held.sealed = admitted._replace(device_id=here.id).sealed()
    return secret


def voter(secret: str, device: str) -> Admitted | None:
    """The person at the kiosk with these cookies; None once they voted, left, or ran out of time, in another browser,
    and once the kiosk is revoked."""
    here = queries.registered(device)
    kiosk_pass = here and db.session.scalar(_pass(_SECRET, secret))
    admitted = _admitted(kiosk_pass) if kiosk_pass else None
    return admitted if admitted and admitted.device_id == here.id and admitted.until > database_now() else None


def use(secret: str, form: CastForm, device: str) -> Receipt:
    """Cast as assisted, and go on to the next box once the ledger names the ballot; after the last one the pass is
    over. What is refused leaves the pass as it is, a box that closed meanwhile is passed over. The form of an earlier
    box, sent again because its answer was lost, gives its receipt again. Raises what `services.casting.cast` raises,
    NotFound for a pass that is over, and NotAKiosk where the kiosk was revoked meanwhile."""
    known = voter(secret, device)
    if known is None:
        raise _over()
    box_id = known.box_of(form.fingerprint).id
    try:
        with work.unlogged_transaction():
            at = locking.take_lock(box_id)
            held = _held(_SECRET, secret)
            if queries.registered(device) is None:
                raise NotAKiosk()
            if held is None or held.box_id != known.box_id or known.until <= at:
                raise _over()
            taken = casting.cast(box_id, known.person, form, Channel.ASSISTED, at=at)
            if box_id != known.box_id and not taken.again:
                raise _over()
    except CastingOver:
        closing.close_if_due(box_id)
        if known.ahead:
            _leave_out(secret, known, box_id)
        raise
    receipt = acknowledged(box_id, taken)
    if box_id == known.box_id:
        _used(secret, known)
    return receipt


def _used(secret: str, known: Admitted) -> None:
    """A ballot was cast: its desk has one more of them, the person is told of the first one, and the next box has its
    turn. In a transaction of its own, so that what is written here shares no number with the ballot."""
    with work.use_case(None) as use_case:
        held = _held(_SECRET, secret)
        if held is None or held.box_id != known.box_id:
            return
        desk_counts.add(known.box_id, known.desk, datetime.fromtimestamp(known.issued, timezone.utc), used=1)
        if known.account_id is not None and not known.casts:
            use_case.emit(AssistedBallotCast(known.box_id, known.account_id, known.desk))
        _go_on(held, known._replace(casts=known.casts + 1))


def skip(secret: str, box_id: bytes, device: str) -> None:
    """Leave this box out and go on to the next one; nothing where its turn is over already. Raises NotFound."""
    known = voter(secret, device)
    if known is None:
        raise _over()
    _leave_out(secret, known, box_id)


def _leave_out(secret: str, known: Admitted, box_id: bytes) -> None:
    with work.unlogged_transaction():
        held = _held(_SECRET, secret)
        if held is not None and held.box_id == known.box_id == box_id:
            _go_on(held, known)


def _go_on(held: KioskPass, known: Admitted) -> None:
    """The first box ahead in which the person may still vote here, with the whole time for it; the pass ends where
    there is none."""
    at, past, ahead = database_now(), [*known.past, known.box_id.hex()], list(known.ahead)
    while ahead:
        box = boxes.by_id(bytes.fromhex(ahead.pop(0)))
        if why_not_at_kiosk(box, known.person, at) is None:
            held.box_id = box.id
            held.sealed = known._replace(box_id=box.id, until=at + LASTS, past=tuple(past), ahead=tuple(ahead)).sealed()
            return
        past.append(box.id.hex())
    db.session.delete(held)


def leave(secret: str) -> None:
    """Give the pass up without voting; the clerk can make another one."""
    with work.unlogged_transaction():
        if (held := _held(_SECRET, secret)) is not None:
            db.session.delete(held)


def end_passes_at(device_id: int) -> None:
    """Inside the transaction that revokes this kiosk: whoever votes there now needs a new code."""
    opened = db.session.scalars(sa.select(KioskPass).where(KioskPass.is_open)).all()
    there = [kiosk_pass.secret_hash for kiosk_pass in opened if _admitted(kiosk_pass).device_id == device_id]
    db.session.execute(sa.delete(KioskPass).where(KioskPass.secret_hash.in_(there)))


def forget_expired() -> int:
    """Delete the passes that are over; returns how many."""
    with work.unlogged_transaction():
        at = database_now()
        over = [kiosk_pass for kiosk_pass in db.session.scalars(sa.select(KioskPass))
                if _admitted(kiosk_pass).until <= at]
        for kiosk_pass in over:
            db.session.delete(kiosk_pass)
        return len(over)


def why_not_now(box: BallotBox, at: datetime) -> str | None:
    """Reason of the moment against opening the kiosk, or None."""
    stage = stage_of(box, at)
    if stage.reached(BoxStage.CLOSED):
        return _("투표가 끝나서 현장에서 투표할 수 없어요.")
    if stage is not BoxStage.OPEN:
        return _("%(moment)s부터 현장에서 투표할 수 있어요.", moment=moment(box.opens_at))
    return None


def why_not_at_kiosk(box: BallotBox, person: bytes, at: datetime, actor=None,
                     account: User | None = None) -> Refusal | None:
    """The refusal that stands against voting at a kiosk in this box, or None; with `actor` also the clerk's. `account`:
    theirs, where there is one."""
    if reason := why_not_now(box, at):
        return Conflict(reason)
    entry = rolls.entry(box.roll_id, person) or newcomer(box, account)
    if entry is None or getattr(entry, "struck_at", None) is not None:
        return Refusal(_("이 투표의 명부에 없거나 명부에서 빠진 분이에요. 현장에서 투표할 수 없어요."))
    if actor and (reason := may_open_kiosk(actor, entry.neighbourhood_id) or why_own_list(actor, box.roll)
                  or why_not_own(actor, person)):
        return Denied(reason)
    if refusal := why_alone(box, account):
        return refusal
    try:
        standing = voters.standing(box.id, person)
    except Unavailable as damaged:  # the boxes beside it are served all the same
        return damaged
    if standing.channel is not None and not standing.channel.on_paper:
        return VotedOnline()
    if standing.is_paper:
        return Conflict(_("종이 투표지를 받은 분이에요. 종이로 투표하거나, 안 쓴 종이를 먼저 돌려받아 주세요."))
    return None


def _together(box: BallotBox) -> list[tuple[str, BallotBox]]:
    """This box with those that are voted on together with it and were opened, by name; "" for a box by itself."""
    together = [(name, other) for name, other in voted.together(box) if other.opened_at is not None]
    return together if len(together) > 1 else [("", box)]


def _offered(actor, together: list[tuple[str, BallotBox]], person: bytes, at: datetime,
             account: User | None = None) -> list[Offered]:
    return [Offered(name, box, why_not_at_kiosk(box, person, at, actor, account)) for name, box in together]


def _held(purpose: str, secret: str) -> KioskPass | None:
    return db.session.scalar(_pass(purpose, secret).with_for_update())


def _pass(purpose: str, secret: str) -> sa.Select:
    known = keys.hashes(purpose, secret.encode())
    return sa.select(KioskPass).where(KioskPass.secret_hash.in_(known)).execution_options(populate_existing=True)


def _admitted(kiosk_pass: KioskPass) -> Admitted:
    person, until, *others = json.loads(keys.unseal(_SEALED, kiosk_pass.sealed))
    return Admitted(kiosk_pass.box_id, bytes.fromhex(person), datetime.fromtimestamp(until, timezone.utc), *others)


def _over() -> NotFound:
    return NotFound(_("투표를 이미 마쳤거나 시간이 지났어요. 창구에 말해 주세요."))
