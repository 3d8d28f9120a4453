"""Asking for a text to be taken down, blocking it for a time, and deciding about it: always two persons."""

from datetime import timedelta

import sqlalchemy as sa
from flask_login import AnonymousUserMixin

from civic_forum.accounts.models import AccessRecord, User
from civic_forum.accounts.queries import people
from civic_forum.accounts.rules import LOOK_UP_LEAST, LOOK_UP_MOST
from civic_forum.platform import keys
from civic_forum.platform.errors import Conflict, Refusal, TooMany
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.text_checks import words_given
from civic_forum.platform.work import use_case

from .. import operations, queries, rules
from ..events import TakedownAsked, TakedownDecided
from ..models import TakedownRequest
from ..policy import may_decide, may_keep, may_moderate
from ..queries import takedowns
from ..rules import ActionKind, Ended, Ground

CONTACT = "moderation.contact"
"""The purpose under which contacts are sealed."""


def ask_takedown(form_key: str, kind: str, subject_id: int, *, ground: Ground, text: str,
                 contact: str) -> TakedownRequest:
    """Ask without an account; the same `form_key` again gives the request of the first time.

    Raises NotFound for a text that not everybody can read, TooMany where enough have asked about it already.
    """
    text = words_given(text, rules.REQUEST_LEAST, rules.REQUEST_MOST, "text")
    contact = words_given(contact, rules.CONTACT_LEAST, rules.CONTACT_MOST, "contact", sealed=True)
    sealed = keys.seal(CONTACT, contact)
    with use_case(None) as work:
        if known := takedowns.by_form_key(form_key):
            return known
        thing = queries.reported(kind, subject_id, AnonymousUserMixin())
        if takedowns.open_about(kind, subject_id) >= rules.OPEN_REQUESTS:
            raise TooMany(_("이 글에 대한 요청이 이미 여럿 있어 살펴보고 있어요. 급하면 화면 아래의 연락처로 알려 주세요."))
        made = work.store(TakedownRequest(form_key=form_key, subject_kind=thing.kind, subject_id=thing.id,
                                          ground=ground, text=text, contact_sealed=sealed, at=work.at))
        work.record("moderation.takedown_asked", made, about=thing.about, ground=ground.value)
        work.emit(TakedownAsked(made.id))
        return made


def see_takedown_contact(takedown_id: int, *, reason: str, by: User) -> str:
    """Contact of who asked; that it was looked at, and why, is in the log. Never for whoever wrote the text."""
    reason = words_given(reason, LOOK_UP_LEAST, LOOK_UP_MOST, "reason")
    with use_case(by) as work:
        actor = people.held(by.id)[by.id]
        require(actor, may_moderate)
        case = takedowns.locked(takedown_id)
        require(actor, may_keep, case.author_id)
        request = case.request
        if request.contact_sealed is None:
            raise Conflict(_("연락처를 지운 요청이에요."))
        work.session.add(AccessRecord(by_id=by.id, user_id=None, reason=reason, at=work.at))
        work.record("moderation.contact_seen", request)
        return keys.unseal(CONTACT, request.contact_sealed)


def block_takedown(takedown_id: int, *, reason: str, by: User) -> TakedownRequest:
    """Hide the text until a second person has decided, for 30 days at most; its author is told."""
    reason = words_given(reason, rules.REASON_LEAST, rules.REASON_MOST, "reason")
    with use_case(by) as work:
        held, case = _held(work, takedown_id)
        request = case.request
        require(held.actor, may_keep, case.author_id)
        _refuse_decided(case)
        if request.blocked_until is not None:
            raise Conflict(_("다른 운영자가 먼저 글을 가렸어요. 이제 다른 사람이 정해 주세요."))
        until = work.at + timedelta(days=rules.BLOCK_DAYS)
        request.blocked_by_id, request.blocked_until = by.id, until
        operations.act(work, ActionKind.TAKEDOWN, request.subject_kind, request.subject_id, rule=_rule(request.ground),
                       reason=reason, until=until, takedown_id=request.id)
        work.record("moderation.takedown_blocked", request)
        return request


def decide_takedown(takedown_id: int, *, granted: bool, decision: str, by: User) -> TakedownRequest:
    """Keep the text hidden for good, or show it again; never the one who hid it.

    A request that nobody has hidden a text for can only be refused: granting takes two.
    """
    decision = words_given(decision, rules.DECISION_LEAST, rules.DECISION_MOST, "decision")
    with use_case(by) as work:
        held, case = _held(work, takedown_id)
        require(held.actor, may_moderate)
        _refuse_decided(case)
        require(held.actor, may_decide, case.decided)
        request, action = case.request, case.action
        if granted and (action is None or request.blocked_until <= work.at):
            raise Refusal(_("먼저 글을 가려 주세요. 가린 사람이 아닌 다른 운영자가 받아들일 수 있어요."), field="granted")
        request.granted, request.decision, request.decided_by_id = granted, decision, by.id
        request.decided_at = work.at
        work.session.flush()
        if granted:
            queries.actions.locked([action.id])[0].until = None
        elif action is not None:
            operations.end(work, action, Ended.TAKEN_BACK)
        work.record("moderation.takedown_decided", request, granted=granted)
        work.emit(TakedownDecided(request.id))
        return request


def forget_contacts(days: int) -> int:
    """Throw away how to reach those whose requests were decided so many days ago; returns how many."""
    with use_case(None) as work:
        return work.session.execute(sa.update(TakedownRequest).where(
            TakedownRequest.decided_at < work.at - timedelta(days=days), TakedownRequest.contact_sealed.is_not(None)
        ).values(contact_sealed=None)).rowcount


def _held(work, takedown_id: int) -> tuple[operations.HeldAuthors, takedowns.TakedownCase]:
    """Accounts before requests, as everywhere."""
    held = operations.hold(work, {takedowns.case(takedown_id).author_id} - {None})
    return held, takedowns.locked(takedown_id)


def _refuse_decided(case: takedowns.TakedownCase) -> None:
    if case.request.decided_at is not None:
        raise Conflict(_("이미 정한 요청이에요. 다시 정할 수 없어요."))


def _rule(ground: Ground) -> rules.Rule:
    """Under which rule of the house a text is hidden that somebody asked to take down."""
    return {Ground.PRIVACY: rules.Rule.PRIVACY, Ground.DEFAMATION: rules.Rule.ABUSE}.get(ground, rules.Rule.OTHER)
