"""Taking part in a forum: asking for a place, giving it back, agreeing to be recorded, coming in."""

from datetime import timedelta

from civic_forum.accounts.models import AccessRecord, User
from civic_forum.accounts.rules import LOOK_UP_LEAST, LOOK_UP_MOST
from civic_forum.platform import keys, plain_text
from civic_forum.platform.errors import NotFound, Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.work import use_case

from .. import queries as forums
from ..events import PlaceTaken
from ..operations import checked_text, entered
from . import operations, policy, queries, rules
from .models import RecordingConsent, Registration
from .rules import RegistrationRequest


def register(forum_id: int, wanted: RegistrationRequest, *, consents: bool | None = None, key: str = "",
             by: User) -> Registration:
    """Ask for a place, or say anew what one needs. Who asks when all places are taken waits in the order of asking.

    `consents`: what they said of being recorded, where the form asked; kept apart from the registration. While the
    forum is live whoever registers is there. Raises Refusal at the field, Conflict where no place is left.
    """
    with use_case(by) as work:
        at = entered(work, forum_id, by, policy.may_register, lambda forum: queries.of(forum.id, by.id))
        if at.thing is not None and at.thing.way is not wanted.way:
            require(by, policy.may_ask, at)
        registration = operations.put(work, at.forum, at.thing, by.id, wanted, key)
        if consents is not None:
            operations.consent(work, at.forum, by.id, consents)
        work.record("forums.registered", registration, way=str(registration.way), place=str(registration.place))
        return registration


def withdraw(forum_id: int, *, by: User) -> Registration:
    """Give one's place back; whoever waits longest gets it."""
    with use_case(by) as work:
        at = entered(work, forum_id, by, policy.may_withdraw, lambda forum: queries.of(forum.id, by.id))
        operations.withdraw(work, at.forum, at.thing)
        work.record("forums.withdrew", at.thing)
        return at.thing


def withdraw_other(forum_id: int, registration_id: int, reason: str, *, by: User) -> Registration:
    """Take somebody's place away, with a reason that they are told."""
    reason = checked_text(reason, rules.LONGEST_REASON, "reason")
    with use_case(by) as work:
        at = entered(work, forum_id, by, policy.may_withdraw_others, lambda forum: _known(forum.id, registration_id))
        operations.withdraw(work, at.forum, at.thing)
        work.record("forums.place_taken", at.thing)
        work.emit(PlaceTaken(at.thing.id, reason))
        return at.thing


def consent(forum_id: int, agrees: bool, *, by: User) -> RecordingConsent:
    """Agree to being recorded, or take that back."""
    with use_case(by) as work:
        at = entered(work, forum_id, by, policy.may_consent, lambda forum: queries.of(forum.id, by.id))
        consent = operations.consent(work, at.forum, by.id, agrees)
        work.record("forums.consented" if agrees else "forums.consent_taken_back", at.forum)
        return consent


def arrive(forum_id: int, key: str = "", *, by: User) -> Registration:
    """Come in while it is live: who has a place is counted as there from then on. Again changes nothing."""
    with use_case(by) as work:
        at = entered(work, forum_id, by, policy.may_arrive, lambda forum: queries.of(forum.id, by.id))
        operations.arrive(work, at.forum, at.thing, key)
        return at.thing


def see_needs(forum_id: int, registration_id: int, reason: str, *, by: User) -> str:
    """Needs of somebody in their own words; that one looked, and why, is kept in the access log."""
    with use_case(by) as work:
        forum = forums.locked(forum_id)
        require(by, policy.may_see_registrations, forum)
        reason = plain_text.clean(reason)
        if not LOOK_UP_LEAST <= len(reason) <= LOOK_UP_MOST:
            raise Refusal(_("왜 보는지 5자부터 200자까지 적어 주세요."), field="reason")
        registration = _known(forum.id, registration_id)
        if registration.needs_sealed is None:
            raise NotFound(_("따로 적은 것이 없거나 기간이 지나 지웠어요."))
        work.session.add(AccessRecord(by_id=by.id, user_id=registration.user_id, reason=reason, at=work.at))
        work.record("forums.needs_seen", registration)
        return keys.unseal(operations.NEEDS, registration.needs_sealed)


def own_words(registration: Registration) -> str:
    """Needs of somebody in their own words; empty where they wrote nothing."""
    return keys.unseal(operations.NEEDS, registration.needs_sealed) if registration.needs_sealed else ""


def _known(forum_id: int, registration_id: int) -> Registration:
    return forums.existing(queries.by_id(forum_id, registration_id),
                           lambda: NotFound(_("이런 신청은 없어요. 화면을 새로 고쳐 주세요.")))


def forget_needs(days: int) -> int:
    """Throw away what people needed at forums that ended so many days ago, and their age group and neighbourhood;
    returns how many."""
    with use_case(None) as work:
        return queries.forget_needs(work.at - timedelta(days=days))
