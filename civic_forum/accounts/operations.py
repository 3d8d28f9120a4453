"""Accounts inside the caller's transaction: opened, signed in, verified, limited, erased."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from secrets import choice, randbelow, token_bytes, token_urlsafe
from typing import NamedTuple

import sqlalchemy as sa

from civic_forum.platform import clock, hooks, keys, outbox
from civic_forum.platform.base import db, store
from civic_forum.platform.errors import Conflict, ProofNeeded, Refusal, existing
from civic_forum.platform.i18n import Language, _, end, local

from . import authenticators, identity, mail, rules, totp
from .authenticators import Answer
from .documents import Document, current
from .events import PersonVerified
from .identity import Identity, SEALED_BIRTH_DATE, SEALED_NAME
from .models import (AccessRecord, Affiliation, Consent, DeskCheck, HandOver, Letter, OneTimeCode, Passkey,
                     PasskeyChallenge, Person, ProviderLink, RoleGrant, User, UserSession)
from .queries import passkeys, people, users
from .queries.sessions import secret_hash
from .queries.users import code_hash
from .rules import (AffiliationKind, Belonging, Challenged, LIFETIME, MOBILE_CODE_DIGITS, Purpose, Verification,
                    sign_in_key)


def add_user(session, *, name: str, password_hash: str | None, nickname: str, at: datetime,
             neighbourhood_id: int | None = None, language: Language = Language.KO, mobile: str | None = None,
             email: str | None = None, opened_by_id: int | None = None) -> User:
    """The new account, flushed. A name that is taken breaks a unique constraint: `use_case` makes it a Conflict.

    `name` must have the shape that `rules.sign_in_key` knows; `email` is not confirmed by this.
    """
    key = sign_in_key(name)
    if key is None:
        raise ValueError("not a sign-in name")
    return store(session, User(sign_in_name=key, sign_in_key=key, password_hash=password_hash, nickname=nickname,
                               email=email, mobile=mobile, neighbourhood_id=neighbourhood_id, language=str(language),
                               created_at=at, opened_by_id=opened_by_id))


def note_consent(user: User, document: Document, *, agreed: bool, at: datetime) -> None:
    """Note that the user agreed to, refused or took back what the newest version asks."""
    db.session.add(Consent(user_id=user.id, document=document, version=current(document).number, given=agreed, at=at))


def open_session(session, user: User, *, device: str, at: datetime, passkey: bool = False) -> str:
    """A new session; returns the secret for the cookie, of which only the hash is kept."""
    secret = token_urlsafe(32)
    session.add(UserSession(secret_hash=secret_hash(secret), user_id=user.id, device=device[:60], created_at=at,
                            seen_on=local(at).date(), passkey_at=at if passkey else None))
    return secret


def note_proof(user: User, at: datetime, *, passkey: bool = False) -> None:
    """Note that whoever holds the session `user` came with has just proved who they are; commands have none."""
    if user.session_key:
        db.session.execute(sa.update(UserSession).filter_by(secret_hash=secret_hash(user.session_key), user_id=user.id)
                           .values({"proved_at": at} | ({"passkey_at": at} if passkey else {})))


def require_proof(user: User | None, at: datetime, *, passkey: bool = False) -> None:
    """Raise ProofNeeded unless whoever holds the session `user` came with proved within ten minutes who they are; a
    sign-in is such a proof. `passkey`: by a passkey. For commands (no session), whoever runs the machine has. Ask with
    the user's row held."""
    if user is None or user.session_key is None:
        return
    proof = UserSession.passkey_at if passkey else sa.func.coalesce(UserSession.proved_at, UserSession.created_at)
    proved = db.session.scalar(sa.select(proof).filter_by(secret_hash=secret_hash(user.session_key), user_id=user.id))
    if proved is None or at - proved >= rules.PROOF_LASTS:
        raise ProofNeeded(passkey=passkey)


def end_sessions(session, user_id: int, *, but: int | None = None) -> int:
    """End every session of the user, or all but the one with this id; returns how many."""
    ended = sa.delete(UserSession).where(UserSession.user_id == user_id)
    if but is not None:
        ended = ended.where(UserSession.id != but)
    return session.execute(ended).rowcount


def end_all_sessions(session, user_ids: Collection[int]) -> None:
    """End every session of these users."""
    session.execute(sa.delete(UserSession).where(UserSession.user_id.in_(user_ids)))


def end_one(session, user_id: int, secret: str) -> None:
    """End the session that this secret opens, if it is this user's."""
    session.execute(sa.delete(UserSession).filter_by(secret_hash=secret_hash(secret), user_id=user_id))


READABLE = "23456789abcdefghjkmnpqrstuvwxyz"
"""Digits and letters that nobody takes for another: no 0 and o, no 1, i and l."""
GROUPS, GROUP = 3, 5
"""15 characters of 31: 74 bits."""


def issue_code(session, user_id: int, purpose: Purpose, *, at: datetime, email: str | None = None,
               by_id: int | None = None) -> str:
    """A code that works once and ends the older ones of its kind; only its keyed hash is kept."""
    end_codes(session, user_id, purpose, at=at)
    code = _TYPED[purpose]() if purpose in _TYPED else token_urlsafe(32)
    session.add(OneTimeCode(user_id=user_id, purpose=purpose, email=email, issued_by_id=by_id, created_at=at,
                            expires_at=at + LIFETIME[purpose],
                            code_hash=code_hash(kept_form(code, user_id, purpose, at))))
    return code


def end_codes(session, user_id: int, *purposes: Purpose, at: datetime) -> None:
    session.execute(sa.update(OneTimeCode).where(
        OneTimeCode.user_id == user_id, OneTimeCode.purpose.in_(purposes), OneTimeCode.used_at.is_(None),
    ).values(used_at=at))


def kept_form(code: str, user_id: int, purpose: Purpose, at: datetime) -> str:
    """Form of a code that is hashed: a code typed by hand counts in any case and grouping, and only for its user;
    digits, which are few and may come again, only with the moment at which they were sent."""
    if purpose is Purpose.CONFIRM_MOBILE:
        return f"{user_id}:{at.timestamp()}:" + "".join(
            character for character in unicodedata.normalize("NFKC", code) if character.isdecimal())
    if purpose is Purpose.DESK_RESET:
        return f"{user_id}:" + "".join(character for character in code.lower() if character.isalnum())
    return code


def readable_code() -> str:
    return "-".join("".join(choice(READABLE) for _each in range(GROUP)) for _group in range(GROUPS))


def short_code() -> str:
    return f"{randbelow(10 ** MOBILE_CODE_DIGITS):0{MOBILE_CODE_DIGITS}}"


_TYPED = {Purpose.DESK_RESET: readable_code, Purpose.CONFIRM_MOBILE: short_code}
"""Codes that are typed by hand; the others are part of an address."""


class Wrong(Refusal):
    """Name, password or code do not fit; counts towards the limit of failed sign-ins."""


def use_second_factor(user: User, code: str, at: datetime) -> None:
    """Take a code of a user whose row the caller holds. Raises Wrong; a code works once."""
    step = user.totp_secret and totp.step_of(user.totp_secret, code, at, after=user.totp_last_step)
    if step is None:
        raise Wrong(_("숫자 6자리가 맞지 않아요. 앱에 지금 보이는 숫자를 적어 주세요."), field="code")
    user.totp_last_step = step


def new_challenge(session, purpose: Challenged, user_id: int | None, at: datetime, kept: bytes | None = None) -> bytes:
    """Random bytes to be signed within minutes; `kept` is for whoever brings the answer."""
    challenge = token_bytes(32)
    lasts = rules.PROVIDER_LASTS if purpose is Challenged.PROVIDER else rules.CHALLENGE_LASTS
    session.add(PasskeyChallenge(challenge=challenge, purpose=purpose, user_id=user_id, kept=kept,
                                 expires_at=at + lasts))
    return challenge


def take_challenge(answer: Answer, purpose: Challenged, user_id: int | None, at: datetime) -> bytes:
    """The challenge of this answer, used up with it: of two answers to one, one finds it. Raises Refusal."""
    challenge = authenticators.read(answer).challenge
    use_up(challenge, purpose, user_id, at)
    return challenge


def use_up(challenge: bytes, purpose: Challenged, user_id: int | None, at: datetime) -> bytes | None:
    """Take the row of a challenge away; returns what was kept in it. Raises Refusal for one that is used, too old or of
    somebody else."""
    taken = existing(db.session.execute(sa.delete(PasskeyChallenge).where(
        PasskeyChallenge.challenge == challenge, PasskeyChallenge.purpose == purpose,
        PasskeyChallenge.user_id.is_(None) if user_id is None else PasskeyChallenge.user_id == user_id,
        PasskeyChallenge.expires_at > at).returning(PasskeyChallenge.kept)).one_or_none(),
        lambda: Refusal(_("시간이 지났거나 이미 쓴 확인이에요. 단추를 다시 눌러 주세요.")))
    kept: bytes | None = taken.kept
    return kept


class PasskeyUse(NamedTuple):
    """User whose passkey was used, held; or the refusal to raise once what it says is committed."""

    user: User | None
    refusal: Refusal | None = None


def use_passkey(work, answer: Answer, purpose: Challenged, user_id: int | None = None) -> PasskeyUse:
    """Use a passkey: the one of this user, or of whoever signs in. Raises Refusal for an answer to nothing that was
    asked; whatever else is wrong is returned, since the challenge is used up by it and a copied passkey is noted."""
    challenge = take_challenge(answer, purpose, user_id, work.at)
    credential_id = authenticators.read(answer).credential_id
    owner_id = passkeys.owner_of(credential_id)
    user = users.held(owner_id) if owner_id and user_id in (None, owner_id) else None
    known = passkeys.held(user.id, credential_id=credential_id) if user else None
    if known is None:
        return PasskeyUse(None, Wrong(_("여기에서 쓸 수 없는 패스키예요. 지운 것이거나 다른 계정의 것이에요. 다른 방법으로 확인해 주세요.")))
    try:
        count = authenticators.check_use(answer, challenge, known.public_key)
    except Refusal as wrong:
        return PasskeyUse(user, Wrong(wrong))
    if known.copied_on is None and rules.is_copied(known.sign_count, count):
        known.copied_on = local(work.at).date()
        count_passkeys(user, work.at)
        mail.passkey_copied(user, known.name)
        work.record("accounts.passkey_copied", user, passkey=known.id)
    if known.copied_on is not None:
        return PasskeyUse(user, Wrong(_("복사된 것으로 보이는 패스키라서 쓸 수 없어요. 다른 방법으로 로그인해서 지우고 새로 만들어 주세요.")))
    known.sign_count, known.used_on = count, local(work.at).date()
    return PasskeyUse(user)


def keep_passkey(work, user: User, answer: Answer, name: str, *, challenged: int | None) -> None:
    """Keep a passkey that a browser made for what this user, or nobody yet, was given to sign. Raises Refusal for an
    answer that is not right; one that is kept already breaks a unique constraint."""
    made = authenticators.check_new(answer, take_challenge(answer, Challenged.MAKE, challenged, work.at))
    work.session.add(Passkey(user_id=user.id, credential_id=made.credential_id, public_key=made.public_key,
                             sign_count=made.sign_count, name=name, created_at=work.at))
    count_passkeys(user, work.at)


def count_passkeys(user: User, at: datetime) -> None:
    """Set `passkey_since` from what is known now."""
    db.session.flush()
    user.passkey_since = (user.passkey_since or local(at).date()) if passkeys.usable(user.id) else None


Affiliations = Mapping[AffiliationKind, int]
"""Where somebody lives, works, studies: kind → id of the neighbourhood."""


@dataclass(frozen=True)
class ToldApart:
    """Decision of a clerk about people of the same name and birthday.

    `among` is how many of them the clerk was shown; `same_as` the id of the person it is, None for
    somebody else.
    """

    among: int
    same_as: int | None = None


class SamePerson(Conflict):
    """There is a verified person of this name and birthday; the desk has to tell them apart."""


def check_age(who: Identity, at: datetime) -> None:
    """Raise Refusal for somebody under 14, or a date that cannot be a birth date."""
    day = local(at).date()
    if not identity.plausible(who.birth_date, day):
        raise Refusal(_("생년월일을 다시 확인해 주세요."), field="birth_date")
    if not rules.old_enough(who.birth_date, day):
        raise Refusal(_("14세 미만은 회원이 될 수 없어요. 보호자나 학교를 통해 동 주민센터 현장 접수로 의견을 낼 수 있다고 "
                        "안내해 주세요."), field="birth_date")


def verify_person(user: User, who: Identity, *, how: Verification, affiliations: Affiliations, at: datetime,
                  told_apart: ToldApart | None = None) -> Person:
    """Tie a user, whose row the caller holds, to the person that they are.

    Raises SamePerson when others of this name and birthday are known and nobody has told them apart,
    Refusal when the account belongs to another person or the person to another account.
    """
    check_age(who, at)
    if user.person_id is None:
        person = _person_for(who, told_apart, at)
        if (account := people.account_of(person.id)) is not None:
            if account.is_guest:
                raise Refusal(_("지금 계정 없이 참여하고 있는 분이에요. 그 화면에서 ‘다 했어요’를 누르거나 %(time)s이 지난 뒤에 다시 해 주세요.",
                                time=end(account.once_until)))
            raise Refusal(_("이미 본인 확인을 마친 계정이 있어요. 한 사람은 확인된 계정을 하나만 쓸 수 있어요."))
        user.person = person
        db.session.flush()
        hooks.run(PersonVerified(user.id), db.session)
    else:
        person = db.session.get_one(Person, user.person_id)
        if not who.fits(person):
            raise Refusal(_("이 계정은 다른 이름이나 생년월일로 이미 확인됐어요. 로그인 이름이나 창구 번호를 다시 확인해 주세요."))
    for kind, neighbourhood_id in affiliations.items():
        put_affiliation(user, kind, neighbourhood_id, how=how, at=at)
    db.session.execute(sa.update(Affiliation).where(Affiliation.user_id == user.id).values(person_id=person.id))
    if AffiliationKind.LIVE in affiliations:
        user.neighbourhood_id = affiliations[AffiliationKind.LIVE]
    count_residency(user)
    return person


def _person_for(who: Identity, told_apart: ToldApart | None, at: datetime) -> Person:
    people.take_turn()
    key = keys.newest()
    namesakes = people.namesakes(who)
    same = told_apart and told_apart.same_as
    if len(namesakes) != (told_apart.among if told_apart else 0) or same not in (
            None, *(namesake.id for namesake in namesakes)):
        raise SamePerson(_("같은 이름과 생년월일로 이미 확인된 분이 있어요. 동 주민센터에서 확인해야 해요."))
    if same is not None:
        return next(namesake for namesake in namesakes if namesake.id == same)
    return store(db.session, Person(
        identity_hash=(hashed := who.hashed(key)), folded_hash=hashed, key_id=key, created_at=at,
        name_sealed=keys.seal(SEALED_NAME, who.name),
        birth_date_sealed=keys.seal(SEALED_BIRTH_DATE, who.birth_date.isoformat()),
        distinguisher=max((namesake.distinguisher for namesake in namesakes), default=-1) + 1))


def put_affiliation(user: User, kind: AffiliationKind, neighbourhood_id: int, *, how: Verification,
                    at: datetime) -> Affiliation:
    """Note that the user lives, works or studies there; one place of each kind. What was verified before and is
    verified again stays of then: lists that grow take nobody whom they left out."""
    known = db.session.scalar(sa.select(Affiliation).filter_by(user_id=user.id, kind=kind).with_for_update())
    if known is None:
        known = Affiliation(user_id=user.id, kind=kind)
        db.session.add(known)
    unchanged = known.neighbourhood_id == neighbourhood_id and Verification.DECLARED not in (known.how, how)
    known.person_id, known.neighbourhood_id, known.how = user.person_id, neighbourhood_id, how
    known.at = known.at if unchanged else at
    db.session.flush()
    return known


def count_residency(user: User) -> None:
    """Set `is_resident` from what is known now."""
    rows = db.session.scalars(sa.select(Affiliation).filter_by(user_id=user.id))
    user.is_resident = rules.is_resident([Belonging(row.kind, row.how) for row in rows])


def put_muted(muted: Mapping[User, datetime | None]) -> None:
    """Let users write nothing until then, or again (None)."""
    for user, until in muted.items():
        user.muted_until = until


def put_blocked(session, blocked: Mapping[User, tuple[datetime, datetime | None] | None]) -> None:
    """Block accounts since a moment and until another (None: not by itself), or let them in again (None).

    The sessions of those who are blocked end.
    """
    for user, block in blocked.items():
        user.blocked_at, user.blocked_until = block or (None, None)
    session.flush()
    end_all_sessions(session, [user.id for user, block in blocked.items() if block])


MENTION = "…"
"""Stands where a reason named somebody who has left."""


def erase_account(user: User, session) -> None:
    """Erase everything personal about a held user; the row, its number and its dates stay."""
    person = session.get(Person, user.person_id) if user.person_id else None
    names = {user.sign_in_name, user.nickname, user.email, user.confirmed_email, user.mobile,
             person and keys.unseal(SEALED_NAME, person.name_sealed)} - {None, ""}
    _erase_reasons(session, user, names)
    outbox.forget(session, user.id, _own_addresses(user) | {user.sign_in_name})
    for kind in (OneTimeCode, UserSession, Letter, Passkey, PasskeyChallenge, ProviderLink, HandOver):
        session.execute(sa.delete(kind).where(kind.user_id == user.id))
    for kind, statement in ((DeskCheck, sa.update(DeskCheck).values(user_id=None, person_id=None)),
                            (Affiliation, sa.delete(Affiliation))):  # acts of staff stay in their numbers
        session.execute(statement.where(sa.or_(
            kind.user_id == user.id, kind.person_id == user.person_id if person else sa.false())))
    session.execute(sa.update(RoleGrant).where(RoleGrant.user_id == user.id, RoleGrant.withdrawn_at.is_(None))
                    .values(withdrawn_at=clock.now()))
    for name in ("sign_in_name", "sign_in_key", "nickname", "password_hash", "email", "confirmed_email", "mobile",
                 "confirmed_mobile", "neighbourhood_id", "person_id", "totp_secret", "totp_confirmed_at",
                 "totp_last_step", "passkey_since", "once_until"):
        setattr(user, name, None)
    user.is_resident, user.language, user.left_at = False, "ko", clock.now()
    user.staff_act_at, user.staff_act_confirmed, user.staff_act_unread = None, False, False
    session.flush()
    if person is not None:
        session.delete(person)
        session.flush()


def _erase_reasons(session, user: User, names: set[str]) -> None:
    """Erase reasons of looking somebody up: they were typed by hand and may name them; that they did so stays on
    record.

    Of reasons about others only the mention goes: a nickname may be any word, and nobody empties the log by leaving.
    """
    session.execute(sa.update(AccessRecord).where(AccessRecord.user_id == user.id).values(reason=""))
    mention = re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))), re.IGNORECASE)
    about_others = sa.select(AccessRecord).where(
        sa.or_(*(AccessRecord.reason.icontains(name, autoescape=True) for name in sorted(names))))
    for record in session.scalars(about_others):
        record.reason = mention.sub(MENTION, record.reason)


def _own_addresses(user: User) -> set[str]:
    """The address that is proved to be theirs, as they spelled it too; another may be somebody else's."""
    spelled = {user.email} if (user.email or "").lower() == user.confirmed_email else set()
    return (spelled | {user.confirmed_email}) - {None}
