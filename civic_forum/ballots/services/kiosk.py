"""Voting at the kiosk of a desk: the clerk opens it for a person, who votes alone. The clerk touches nothing of it."""

import json
from datetime import datetime, timedelta, timezone
from secrets import randbelow, token_urlsafe
from typing import NamedTuple

import sqlalchemy as sa

from civic_forum.accounts.steps import sessions
from civic_forum.kernel import keys, work
from civic_forum.kernel.base import database_now, db
from civic_forum.kernel.errors import Conflict, Denied, NotFound, Refusal
from civic_forum.kernel.i18n import _, moment
from civic_forum.kernel.policy import require

from ..box import casting, voters
from ..box.casting import CastForm
from ..models import BallotBox, KioskPass
from ..policy import may_open_kiosk
from ..queries import boxes, rolls
from ..refusals import CastingOver, VotedOnline
from ..rules.boxes import BoxStage, Channel, stage_of
from ..rules.receipts import Receipt
from ..steps import locking
from . import closing
from .casting import acknowledged
from .desk import visitor_of, why_not_own

LASTS = timedelta(minutes=10)
DIGITS = 8
_CODE, _SECRET, _HOLDER, _SEALED = ("ballots.kiosk.code", "ballots.kiosk.secret", "ballots.kiosk.holder",
                                    "ballots.kiosk.pass")


class Handed(NamedTuple):
    """A code that the clerk reads out: eight digits, and until when they hold."""

    code: str
    until: datetime


class Admitted(NamedTuple):
    """A person at the kiosk, with the box and the moment at which their time is over."""

    box_id: bytes
    person: bytes
    until: datetime


def issue(box_id: bytes, visit: str, *, by) -> Handed:
    """Make a code for the person whom the clerk has just looked up; an earlier one of theirs is over. Raises Conflict
    while the vote is not open and for somebody with paper, Refusal for somebody who is not in the roll, Denied without
    a look-up, for another neighbourhood and for oneself."""
    with work.use_case(by) as use_case:
        actor = locking.acting(by, may_open_kiosk)
        at = locking.take_lock(box_id)
        box = boxes.held(box_id)
        person, _account_id = visitor_of(visit, box_id, by=actor, at=use_case.at)
        _check(actor, box, person, at)
        handed = Handed(f"{randbelow(10 ** DIGITS):0{DIGITS}d}", at + LASTS)
        holder = keys.keyed_hash(_HOLDER, box_id + person)
        sealed = keys.seal(_SEALED, json.dumps([person.hex(), handed.until.timestamp()]))
        db.session.execute(sa.delete(KioskPass).where(KioskPass.holder == holder))
        db.session.add(KioskPass(secret_hash=keys.keyed_hash(_CODE, handed.code.encode()), box_id=box_id,
                                 holder=holder, sealed=sealed))
        use_case.record("ballots.kiosk_pass_issued", box)
        return handed


def open_kiosk(*, by) -> None:
    """The member of staff who makes a browser the kiosk is signed out of it, and only of it."""
    with work.use_case(by) as use_case:
        sessions.end_one(use_case.session, by.id, by.session_key)
        use_case.record("accounts.signed_out", by)


def enter(code: str) -> str:
    """Take a code at the kiosk: it works once. Returns the secret for the kiosk's cookie. Raises NotFound."""
    digits = "".join(sign for sign in code[:40] if sign.isdecimal() and sign.isascii())
    if len(digits) != DIGITS:
        raise NotFound(_("창구에서 받은 숫자 8자리를 적어 주세요."), field="code")
    secret = token_urlsafe(32)
    with work.plain_transaction():
        at = database_now()
        held = _held(_CODE, digits)
        if held is None or held.is_open or _admitted(held).until <= at:
            raise NotFound(_("번호가 맞지 않거나 시간이 지났어요. 창구에서 다시 받아 주세요."), field="code")
        held.secret_hash, held.is_open = keys.keyed_hash(_SECRET, secret.encode()), True
    return secret


def voter(secret: str) -> Admitted | None:
    """The person at the kiosk with this cookie; None once they voted, left, or ran out of time."""
    found = db.session.get(KioskPass, keys.keyed_hash(_SECRET, secret.encode()), populate_existing=True)
    admitted = _admitted(found) if found is not None else None
    return admitted if admitted is not None and admitted.until > database_now() else None


def use(secret: str, form: CastForm) -> Receipt:
    """Cast as assisted, and end the pass once the ledger names the ballot; what is refused leaves the pass as it is.
    Raises what `services.casting.cast` raises, and NotFound for a pass that is over."""
    known = voter(secret)
    if known is None:
        raise _over()
    try:
        with work.plain_transaction():
            at = locking.take_lock(known.box_id)
            held = _held(_SECRET, secret)
            if held is None or known.until <= at:
                raise _over()
            taken = casting.cast(known.box_id, known.person, form, Channel.ASSISTED, at=at)
    except CastingOver:
        closing.close_if_due(known.box_id)
        raise
    receipt = acknowledged(known.box_id, taken)
    leave(secret)
    return receipt


def leave(secret: str) -> None:
    """Give the pass up without voting; the clerk can make another one."""
    with work.plain_transaction():
        if (held := _held(_SECRET, secret)) is not None:
            db.session.delete(held)


def forget_expired() -> int:
    """Delete the passes that are over; returns how many."""
    with work.plain_transaction():
        at = database_now()
        over = [one for one in db.session.scalars(sa.select(KioskPass)) if _admitted(one).until <= at]
        for one in over:
            db.session.delete(one)
        return len(over)


def why_not_now(box: BallotBox, at: datetime) -> str | None:
    """Reason of the moment against opening the kiosk, or None."""
    stage = stage_of(box, at)
    if stage.reached(BoxStage.CLOSED):
        return _("투표가 끝나서 현장에서 투표할 수 없어요.")
    if stage is not BoxStage.OPEN:
        return _("%(moment)s부터 현장에서 투표할 수 있어요.", moment=moment(box.opens_at))
    return None


def _check(actor, box: BallotBox, person: bytes, at: datetime) -> None:
    if reason := why_not_now(box, at):
        raise Conflict(reason)
    entry = rolls.entry(box.roll_id, person)
    if entry is None or entry.struck_at is not None:
        raise Refusal(_("이 투표의 명부에 없거나 명부에서 빠진 분이에요. 현장에서 투표할 수 없어요."))
    require(actor, may_open_kiosk, entry.neighbourhood_id)
    if reason := why_not_own(actor, person):
        raise Denied(reason)
    standing = voters.standing(box.id, person)
    if standing.channel is Channel.ONLINE:
        raise VotedOnline()
    if standing.is_paper:
        raise Conflict(_("종이 투표지를 받은 분이에요. 종이로 투표하거나, 안 쓴 종이를 먼저 돌려받아 주세요."))


def _held(purpose: str, secret: str) -> KioskPass | None:
    return db.session.get(KioskPass, keys.keyed_hash(purpose, secret.encode()), with_for_update=True,
                          populate_existing=True)


def _admitted(found: KioskPass) -> Admitted:
    person, until = json.loads(keys.unseal(_SEALED, found.sealed))
    return Admitted(found.box_id, bytes.fromhex(person), datetime.fromtimestamp(until, timezone.utc))


def _over() -> NotFound:
    return NotFound(_("투표를 이미 마쳤거나 시간이 지났어요. 창구에 말해 주세요."))
