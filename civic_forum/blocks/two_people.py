"""Acts of two people: one begins, a second person confirms. `why_not_second` is the one rule that says who that may be.

A feature declares an act once (`TwoPeople`); what waits is a row of `JointAct`, void when anything that was shown
changed. `accounts.queries.people.signatory` gives what the rule asks about an account.
"""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any, Generic, TypeVar

import sqlalchemy as sa

from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, NotFound, existing
from civic_forum.platform.i18n import _
from civic_forum.platform.joint_acts import JointAct
from civic_forum.platform.policy import Predicate, require
from civic_forum.platform.work import Work, use_case

Case = TypeVar("Case")
"""Subject of an act, read again and locked, with the accounts of those who sign."""
Marks = frozenset[tuple[str, Any]]
"""Signs by which a person is known: account, verified person, mobile, mail. Who shares one is the same person."""
HELD_FOR = timedelta(days=7)
"""Time for which a second person has held the right; none in a marked sample."""


class Strength(StrEnum):
    """Demand on the second person."""

    PLAIN = "plain"
    STRICT = "strict"
    """Verified at a desk, in the right for seven days, and neither gave it to the other."""
    FIRST_DAY = "first_day"
    """Both made on the machine: before there is a desk, and anybody for seven days."""


@dataclass(frozen=True, kw_only=True)
class Signatory:
    """Somebody as the rule of two people sees them, as they are now."""

    id: int
    marks: Marks
    is_verified_at_desk: bool
    held_since: datetime | None
    """Moment since which they hold the right; None: they do not."""
    granted_by: frozenset[int]
    """Accounts that gave it to them."""


def why_not_second(first: Signatory | None, second: Signatory, about: Collection[Marks] = (), *, strength: Strength,
                   now: datetime, held_for: timedelta = HELD_FOR) -> str | None:
    """Reason why this is not the second person of an act, or None. `first`: None where a command on the machine began
    it; `about`: those about whom it is."""
    if second.held_since is None:
        return _("지금은 이 일을 확인할 권한이 없어요.")
    if first is not None and first.held_since is None:
        return _("먼저 한 사람에게 이제 이 권한이 없어요. 처음부터 다시 해 주세요.")
    if first is not None and first.marks & second.marks:
        return _("먼저 한 사람이 아닌 다른 사람이 확인해야 해요.")
    if any(second.marks & marks or first is not None and first.marks & marks for marks in about):
        return _("내 일을 내가 처리할 수는 없어요. 다른 담당자에게 부탁해 주세요.")
    if strength is Strength.PLAIN:
        return None
    if strength is Strength.STRICT and not second.is_verified_at_desk:
        return _("동 주민센터에서 본인 확인을 받은 담당자만 두 번째로 확인할 수 있어요.")
    if strength is Strength.STRICT and now - second.held_since < held_for:
        return _("권한을 받고 %(days)s일이 지나야 두 번째로 확인할 수 있어요.", days=held_for.days)
    if first is not None and (first.id in second.granted_by or second.id in first.granted_by):
        return _("두 사람 가운데 한 명이 다른 한 명에게 권한을 줬어요. 다른 사람이 확인해야 해요.")
    if strength is Strength.FIRST_DAY and (second.granted_by or first is not None and first.granted_by):
        return _("누리집 컴퓨터에서 정한 처음 두 관리자만 이렇게 확인할 수 있어요.")
    return None


def _held_elsewhere(subject: str, signers: frozenset[int]) -> Any:
    raise NotFound(subject)


@dataclass(frozen=True, kw_only=True)
class TwoPeople(Generic[Case]):
    """Use-cases of an act that one person begins and another one confirms."""

    name: str
    """Of its rows and entries of the audit log."""
    strength: Strength
    lasts: timedelta = timedelta(hours=24)
    """Time in which the second person confirms."""
    may: Predicate
    """(actor, case) → the reason why somebody may neither begin nor confirm it."""
    held: Callable[[str, frozenset[int]], Case] = _held_elsewhere
    """(subject, accounts of those who sign) → the case, all read again and locked in one order. Raises NotFound. Not
    where a use-case that holds them begins and confirms it."""
    shown: Callable[[Case], Any]
    """All that both saw, as JSON holds it."""
    signatory: Callable[[int, Case], Signatory]
    about: Callable[[Case], Collection[Marks]] = lambda _case: ()
    held_for: Callable[[], timedelta]
    """`accounts.queries.people.held_for`"""
    proof: Callable[[Any, datetime], None] = lambda _actor, _at: None
    """(who confirms, moment) raises Denied without a password or passkey of now, where it takes one."""
    carry_out: Callable[[Work, Case], None] = lambda _work, _case: None
    """Effect of a confirmation, in its transaction."""

    def fingerprint(self, case: Case) -> bytes:
        return sha256(json.dumps([self.name, self.shown(case)], sort_keys=True, default=str).encode()).digest()

    def pending(self, subject: str, *, lock: bool = False) -> JointAct | None:
        """The act that waits for this thing, be it too late or not."""
        acts = sa.select(JointAct).filter_by(name=self.name, subject=subject, ended_at=None)
        return db.session.scalar(acts.with_for_update().execution_options(populate_existing=True) if lock else acts)

    def begin(self, work: Work, subject: str, case: Case) -> JointAct:
        """Let it wait from now on, inside a use-case that holds the case; the one before is withdrawn."""
        if (before := self.pending(subject)) is not None:
            before.ended_at = work.at
        act = JointAct(name=self.name, subject=subject, fingerprint=self.fingerprint(case), at=work.at,
                       by_id=getattr(work.actor, "id", None), until=work.at + self.lasts)
        work.session.add(act)
        return act

    def propose(self, subject: str, *, by: Any) -> JointAct:
        """Begin it. Raises Denied, and Conflict where the same waits already."""
        with use_case(by) as work:
            case = self.held(subject, frozenset((by.id,)))
            require(by, self.may, case)
            waiting = self.pending(subject, lock=True)
            if waiting is not None and self.why_void(waiting, case, work.at) is None:
                raise Conflict(_("이미 제안했어요. 다른 사람의 확인을 기다리고 있어요."))
            act = self.begin(work, subject, case)
            work.record(f"{self.name}_proposed", subject)
            return act

    def confirm(self, subject: str, *, seen: bytes | None = None, by: Any) -> JointAct:
        """Confirm and carry out what another person began. `seen`: fingerprint of the page that was read. Of several
        who confirm at once one succeeds. Raises Denied for who is not the second person, Conflict for what is void."""
        with use_case(by) as work:
            self.proof(by, work.at)
            known = self.pending(subject)
            signers = frozenset((by.id, known.by_id) if known and known.by_id else (by.id,))
            return self.confirm_in(work, subject, self.held(subject, signers), seen=seen)

    def confirm_in(self, work: Work, subject: str, case: Case, *, seen: bytes | None = None) -> JointAct:
        """The same inside a use-case that holds the case with both who sign."""
        require(work.actor, self.may, case)
        act = existing(self.pending(subject, lock=True), lambda: NotFound(_("기다리는 확인이 없어요. 이미 끝났거나 처음부터 다시 해야 해요.")))
        if seen is not None and seen != act.fingerprint:
            raise Conflict(_("화면을 연 뒤에 내용이 바뀌었어요. 다시 읽고 결정해 주세요."))
        if reason := self.why_void(act, case, work.at):
            raise Conflict(reason)
        first = None if act.by_id is None else self.signatory(act.by_id, case)
        if reason := why_not_second(first, self.signatory(work.actor.id, case), self.about(case), now=work.at,
                                    strength=self.strength, held_for=self.held_for()):
            raise Denied(reason)
        act.confirmed_by_id, act.ended_at = work.actor.id, work.at
        self.carry_out(work, case)
        work.record(f"{self.name}_confirmed", subject, begun_by=act.by_id)
        return act

    def withdraw(self, subject: str, *, by: Any) -> None:
        """Take back what waits. Raises Denied, and Conflict where nothing does."""
        with use_case(by) as work:
            require(by, self.may, self.held(subject, frozenset((by.id,))))
            if (act := self.pending(subject, lock=True)) is None:
                raise Conflict(_("이미 끝난 제안이에요."))
            act.ended_at = work.at
            work.record(f"{self.name}_withdrawn", subject)

    def why_void(self, act: JointAct, case: Case, now: datetime) -> str | None:
        """Reason why this cannot be confirmed any more, or None."""
        if now >= act.until:
            return _("확인할 시간이 지났어요. 처음부터 다시 해 주세요.")
        return None if act.fingerprint == self.fingerprint(case) else _("그 뒤에 내용이 바뀌었어요. 처음부터 다시 해 주세요.")
