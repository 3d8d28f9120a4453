"""Taking part once: verified, without an account, and forgotten at the end. See docs/decisions/0053.

Whoever does so is a user without name and password, tied to their person until `once_until`: whatever asks for a
verified resident needs to know nothing else. The end is leaving.
"""

import logging
from collections.abc import Collection
from typing import Any, NamedTuple

from civic_forum.platform import clock, erasure, outbox
from civic_forum.platform.errors import Conflict, ProofNeeded, Refusal
from civic_forum.platform.i18n import Language, _, _l
from civic_forum.platform.policy import require
from civic_forum.platform.work import Work, use_case

from ..documents import REQUIRED, Document
from ..identity import Identity
from ..models import User
from ..operations import SamePerson, end_sessions, note_consent, open_session, require_proof, verify_person
from ..policy import Visit, may_end_once, may_verify
from ..queries import people, users
from ..rules import ONCE_LASTS, AffiliationKind, Evidence, StaffAct, Verification, sign_in_key
from ..wrong_names import note_wrong_name, refuse_guessing
from . import leaving, staff_acts
from .entry import NewAccount, drawn_nickname, hashed, keep_made, unfit_name

log = logging.getLogger(__name__)
MAY_HAVE_ACCOUNT = _l("같은 이름과 생년월일로 이미 확인된 분이 있어요. 전에 확인한 계정이 있으면 그 계정으로 로그인해 주세요. 없으면 신분증을 가지고 동 "
                      "주민센터로 와 주세요. 창구에서 바로 구별해 드려요.")
"""For somebody whose name and birthday are known: it may be their own account, or a namesake's."""
TOLD_APART_AT_DESK = _l("같은 이름과 생년월일로 이미 확인된 분이 있어요. 신분증을 가지고 동 주민센터로 와 주세요. 창구에서 바로 구별해 드려요.")
AGREED = Document.PRIVACY, Document.AGE
"""Asked before somebody is verified; the birth date that comes says of itself whether they are old enough."""


class Entered(NamedTuple):
    """Session of somebody who takes part once."""

    secret: str
    is_new: bool
    """False where they were taking part already, here or elsewhere."""


class HasAccount(Refusal):
    """A verified account of this person is there: they sign in."""


def begin(who: Identity, neighbourhood_id: int, *, device: str = "", language: Language = Language.KO,
          how: Verification = Verification.PROVIDER) -> Entered:
    """Let somebody whose identity was established just now take part, or go on where they are doing so already. Both
    consents were given before.

    Raises HasAccount, SamePerson for a namesake, Refusal for somebody too young.
    """
    for _again in range(2):  # somebody of this name began in the same moment: this time they are found
        with use_case(None) as work:
            held = people.held(*people.accounts_as(who))
            people.take_turn()
            accounts = people.accounts_of([person.id for person in people.namesakes(who)])
            if {account.id for account in accounts.values()} == held.keys():
                return _begun(work, who, neighbourhood_id, list(held.values()), device, language, how)
    raise Conflict(_("그 사이에 내용이 바뀌었어요. 다시 한번 확인해 주세요."))


def _begun(work: Work, who: Identity, neighbourhood_id: int, accounts: list[User], device: str, language: Language,
           how: Verification) -> Entered:
    user = _going_on(accounts, neighbourhood_id)
    if user is not None and user.is_over:  # nobody has come by yet to forget them
        leaving.erase(work, user)
        work.session.flush()
        user = None
    is_new = user is None
    if user is None:
        user = _added(work, language)
        verify_person(user, who, how=how, affiliations={AffiliationKind.LIVE: neighbourhood_id}, at=work.at)
        work.record("accounts.verified", user, how=how, kinds=[AffiliationKind.LIVE])
    user.once_until = work.at + ONCE_LASTS
    end_sessions(work.session, user.id)  # one may be left at a computer of others
    work.record("accounts.once_begun" if is_new else "accounts.once_gone_on", user)
    return Entered(open_session(work.session, user, device=device, at=work.at), is_new)


def _added(work: Work, language: Language) -> User:
    user = work.store(User(nickname=drawn_nickname(), language=str(language), created_at=work.at,
                           once_until=work.at + ONCE_LASTS))
    for document in AGREED:
        note_consent(user, document, agreed=True, at=work.at)
    return user


def at_window(work: Work, who: Identity, neighbourhood_id: int, *, evidence: Evidence,
              sign_in_name: str = "") -> User | None:
    """Account of the person whose card a clerk sees at a window, held. Whoever has none takes part once from now on,
    verified by one clerk: both consents were given before. Told to nobody yet but of being verified. None for several
    of one name and birthday, and for another sign-in name, which is counted as wrong.

    Raises Refusal for somebody too young, TooMany.
    """
    held = people.held(work.actor.id, *people.accounts_as(who))
    require(held[work.actor.id], may_verify, None)
    refuse_guessing(work, held[work.actor.id])
    people.take_turn()
    accounts = list(people.accounts_of([person.id for person in people.namesakes(who)]).values())
    if not {account.id for account in accounts} <= held.keys():
        raise Conflict(_("그 사이에 내용이 바뀌었어요. 다시 한번 확인해 주세요."))
    for user in [user for user in accounts if user.is_over]:
        accounts.remove(user)
        leaving.erase(work, user)
        work.session.flush()
    known = [user for user in accounts if not sign_in_name or user.sign_in_name == sign_in_name]
    if accounts and len(known) != 1:
        note_wrong_name(work)
        return None
    if known:
        require(held[work.actor.id], may_verify, Visit(known[0], frozenset()))
        return known[0]
    require(held[work.actor.id], may_verify, Visit(None, frozenset((neighbourhood_id,))))
    user = _added(work, Language.KO)
    staff_acts.bind(work, user)
    verify_person(user, who, how=Verification.DESK, affiliations={AffiliationKind.LIVE: neighbourhood_id}, at=work.at)
    staff_acts.note(work, user, StaffAct.VERIFY, place=neighbourhood_id, evidence=evidence)
    work.record("accounts.verified", user, how=Verification.DESK, kinds=[AffiliationKind.LIVE])
    return user


def make_way(work: Work, accounts: Collection[User], neighbourhood_id: int) -> None:
    """Forget somebody who takes part once and is being verified with an account that they have besides: the only one
    of these held accounts of one name and birthday."""
    if len(accounts) == 1:
        user, = accounts
        if user.is_guest and not user.is_blocked and user.neighbourhood_id == neighbourhood_id:
            leaving.erase(work, user)
            work.session.flush()


def _going_on(accounts: list[User], neighbourhood_id: int) -> User | None:
    """Somebody who takes part once already and may be the one who comes now: of the same neighbourhood. Others of their
    name are told apart at a desk."""
    if not accounts:
        return None
    if len(accounts) > 1:
        raise SamePerson(str(TOLD_APART_AT_DESK))
    user, = accounts
    if not user.is_guest:
        raise HasAccount(str(MAY_HAVE_ACCOUNT))
    if user.is_blocked:
        raise Refusal(_("지금은 쓸 수 없는 계정이에요. 구청에 문의해 주세요."))
    if user.neighbourhood_id != neighbourhood_id:
        raise SamePerson(str(TOLD_APART_AT_DESK))
    return user


def end(*, by: User) -> None:
    """Forget who takes part: all that leaving erases. Their vote keeps what it keeps of everybody, and so does their
    support."""
    with use_case(by) as work:
        user = users.held(by.id)
        require(user or by, may_end_once, user)
        leaving.erase(work, user)
    outbox.forget_files(by.id)


def end_over() -> int:
    """Forget those whose time is over; returns how many."""
    ended, failed, last = 0, None, 0
    while user_ids := people.guests_until(clock.now(), after=last):
        for user_id in user_ids:
            try:
                ended += _end_over(user_id)
            except Exception as failure:  # the others are forgotten nevertheless
                log.exception("forgetting somebody who took part once failed")
                failed = failure
        last = user_ids[-1]
    if ended:
        erasure.forget_deleted(erasure.tables_about(*leaving.ABOUT_PEOPLE))
    if failed:
        raise failed
    return ended


def _end_over(user_id: int) -> bool:
    with use_case(None) as work:
        user = users.held(user_id)
        if user is None or user.once_until is None or user.once_until > work.at:
            return False
        leaving.erase(work, user)
    outbox.forget_files(user_id)
    return True


def make_account(account: NewAccount, *, device: str, session_id: int | None = None, by: User) -> None:
    """Make who takes part an ordinary account, with the same person and all they did; other sessions end. Raises
    Refusal as `sign_up`, and for whoever was verified longer ago than a proof lasts: somebody may have walked off."""
    password_hash = hashed(account)
    try:
        with use_case(by) as work:
            user = users.held(by.id)
            require(user or by, may_end_once, user)
            if proved_too_long_ago(by):
                raise Refusal(_("본인을 확인한 지 10분이 지났어요. 다시 확인하면 이어서 계정을 만들어요."))
            end_sessions(work.session, user.id, but=session_id)
            user.sign_in_name = user.sign_in_key = sign_in_key(account.name)
            user.password_hash, user.language, user.once_until = password_hash, str(account.language), None
            for document in (*REQUIRED, Document.AGE):
                note_consent(user, document, agreed=True, at=work.at)
            keep_made(work, user, account, device)
            work.record("accounts.signed_up", user)
    except Conflict as taken:
        raise unfit_name() from taken


def proved_too_long_ago(who: Any) -> bool:
    """True for somebody who takes part once and must be verified again before they make an account."""
    if not getattr(who, "is_guest", False):
        return False
    try:
        require_proof(who, clock.now())
    except ProofNeeded:
        return True
    return False
