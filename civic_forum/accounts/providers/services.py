"""Use-cases of providers of identities: the way there and back, and what follows from who somebody is there.

See docs/decisions/0052-providers-of-identities.md.
"""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from secrets import token_urlsafe
from typing import Any, NamedTuple

from flask import current_app

from civic_forum.district import queries as district
from civic_forum.platform import clock, keys, settings
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal, Unavailable, existing
from civic_forum.platform.i18n import _, local
from civic_forum.platform.policy import require
from civic_forum.platform.work import use_case

from .. import mail
from .. import rules as accounts
from ..identity import Identity, plausible
from ..models import ProviderLink, User
from ..operations import SamePerson, new_challenge, note_proof, require_proof, use_up, verify_person
from ..policy import may_change_own, may_grant_role
from ..queries import passkeys, people, users
from ..queries import providers as queries
from ..rules import LINKS_MOST, PROOF_LASTS, PROVIDER_LASTS, AffiliationKind, Challenged, StaffAct, Verification
from ..services import once, staff_acts
from ..services.entry import Blocked, NewAccount, SignedIn, half_way, open_for, opened
from ..services.passkeys import require_own_proof
from . import client, rules
from .rules import Lack, Provider, Purpose, Wanted

BY_ACCOUNT = frozenset({Wanted.RESIDENT, Wanted.LINK, Wanted.PROVE})
"""Errands of somebody who is signed in."""
VERIFIES = frozenset({Wanted.RESIDENT, Wanted.ONCE})
_WAY, _CAME, _KEPT = "provider-way", "provider-came", "provider-kept"
COOKIE_MOST = 3800
"""Bytes of a cookie that every browser keeps."""


@dataclass(frozen=True)
class Way:
    """Errand of a browser at a provider, in a sealed cookie of its own until it is back."""

    provider: str
    wanted: Wanted
    next: str
    state: str = ""
    nonce: str = ""
    verifier: str = ""
    until: float = 0
    kept: str = ""
    """Form that waits to be sent, as `views.kept` packs it: longer than a cookie, so the row of the state has it."""


class Returned(NamedTuple):
    """Somebody back from a provider, with claims that are verified."""

    provider: Provider
    way: Way
    said: Mapping[str, Any]


def chosen(key: str, wanted: Wanted) -> Provider:
    """Raises NotFound for a provider that is not there for this."""
    provider = queries.by_key(key)
    if provider is None or not provider.serves(wanted):
        raise NotFound(_("이 방법은 지금 쓸 수 없어요. 다른 방법을 골라 주세요."))
    return provider


def start(key: str, wanted: Wanted, *, target: str, kept: str = "", language: str = "ko", by: User | None
          ) -> tuple[str, str]:
    """Address at the provider, and the sealed way for the cookie. Raises ProofNeeded, Denied, NotFound, Unavailable."""
    provider = chosen(key, wanted)
    db.session.rollback()
    client.metadata(provider)
    with use_case(by) as work:
        if wanted in BY_ACCOUNT:
            require(by, may_change_own)
        if wanted is Wanted.LINK:
            _require_room(work, users.held(by.id))
        state = new_challenge(work.session, Challenged.PROVIDER, by.id if by else None, work.at,
                              keys.seal(_KEPT, kept) if kept else None)
        until = (work.at + PROVIDER_LASTS).timestamp()
    way = Way(key, wanted, target, _text(state), token_urlsafe(24), token_urlsafe(48), until)
    if len(sealed := _sealed(_WAY, way)) > COOKIE_MOST:
        sealed = _sealed(_WAY, replace(way, next=""))
    return client.address_of(provider, redirect_uri(provider), state=way.state, nonce=way.nonce, verifier=way.verifier,
                             language=None if wanted in VERIFIES else language,
                             anew=_asks_anew(provider, wanted)), sealed


def _asks_anew(provider: Provider, wanted: Wanted) -> bool:
    """True where whoever sits at the device must show who they are now: others may have left a sign-in there."""
    return wanted is not Wanted.SIGN_IN and not provider.always_asks


def redirect_uri(provider: Provider) -> str:
    """Address of ours for this provider alone: an answer of another one does not come here."""
    return f"{current_app.config['URL']}/providers/{provider.key}/callback"


def way_of(sealed: str) -> Way | None:
    """The way that a cookie holds, if it is one of ours."""
    try:
        fields = _opened(_WAY, sealed)
        return Way(**fields | {"wanted": Wanted(fields["wanted"])})
    except (ValueError, TypeError, KeyError, Unavailable):
        return None


def _sealed(purpose: str, of: Any) -> str:
    return urlsafe_b64encode(keys.seal(purpose, json.dumps(asdict(of)))).decode()


def _opened(purpose: str, sealed: str) -> dict[str, Any]:
    fields: dict[str, Any] = json.loads(keys.unseal(purpose, urlsafe_b64decode(sealed)))
    return fields


def _text(state: bytes) -> str:
    return urlsafe_b64encode(state).decode().rstrip("=")


def take_up(key: str, answer: Mapping[str, str], sealed: str, *, by: User | None) -> Way:
    """The way on which somebody comes back, once, with the form that waits. Raises Refusal for an answer that this
    browser has not asked for, or that was used."""
    if queries.by_key(key) is None:
        raise NotFound(_("이 방법은 지금 쓸 수 없어요. 다른 방법을 골라 주세요."))
    way = way_of(sealed)
    if way is not None and "error" in answer and "state" not in answer:  # nothing follows from it, whoever says so
        raise _said_no(answer["error"])
    if way is None:
        raise Refusal(_("시간이 지났거나 다른 브라우저에서 시작한 확인이에요. 처음부터 다시 해 주세요."))
    if not hmac.compare_digest(way.state.encode(), answer.get("state", "").encode()):
        raise Refusal(_("이 브라우저에서 마지막으로 시작한 확인이 아니에요. 마지막에 연 창에서 이어서 하거나 처음부터 다시 해 주세요."))
    if way.wanted not in BY_ACCOUNT and by is not None and not by.is_guest:
        raise Refusal(_("그 사이에 로그인했어요. 로그인한 계정으로 이어서 해 주세요."))
    if way.wanted in BY_ACCOUNT and by is None:
        raise Refusal(_("그 사이에 로그인이 끝났어요. 다시 로그인하고 처음부터 해 주세요."))
    if clock.now().timestamp() >= way.until:
        raise Refusal(_("시간이 지났어요. 처음부터 다시 해 주세요."))
    with use_case(by) as work:
        kept = use_up(urlsafe_b64decode(way.state + "="), Challenged.PROVIDER,
                      by.id if way.wanted in BY_ACCOUNT else None, work.at)
    return replace(way, kept=keys.unseal(_KEPT, kept) if kept else "")


def come_back(key: str, answer: Mapping[str, str], way: Way) -> Returned:
    """Claims of somebody who is back on a way. Raises Refusal for an answer of another provider, or one that proves
    nothing; Unavailable."""
    db.session.rollback()
    provider = chosen(way.provider, way.wanted)
    _refuse_another(provider, key, answer)
    if "error" in answer:
        raise _said_no(answer["error"])
    claims = client.claims_of(provider, redirect_uri(provider), code=answer.get("code", ""), nonce=way.nonce,
                              verifier=way.verifier, with_userinfo=way.wanted in VERIFIES)
    if _asks_anew(provider, way.wanted):
        client.refuse_older(claims, PROOF_LASTS.total_seconds())
    return Returned(provider, way, claims)


def _refuse_another(provider: Provider, key: str, answer: Mapping[str, str]) -> None:
    """Raise Wrong for an answer of another provider than the one that was asked. (RFC 9207, 2.4)"""
    named = answer.get("iss")
    if key != provider.key or named not in (None, provider.issuer):
        raise client.Wrong("an answer of another provider")
    if named is None and client.metadata(provider).names_itself:
        raise client.Wrong("an answer that does not say whose it is")


def _said_no(error: str) -> Refusal:
    if error == "access_denied":
        return Refusal(_("확인을 그만두었어요. 아무것도 바뀌지 않았어요."))
    if error in ("server_error", "temporarily_unavailable"):
        return client.away()
    return client.Wrong("it says no")


class ToDesk(Refusal):
    """Verified claims that make nobody a resident here; the sentence says what to do at the desk."""


def _lacks(lack: Lack) -> Refusal:
    sentences = {
        Lack.NAME: _("확인해 준 내용으로는 이름을 알 수 없어요. 신분증을 가지고 동 주민센터로 와 주세요."),
        Lack.BIRTH_DATE: _("확인해 준 내용에 생년월일이 없어요. 신분증을 가지고 동 주민센터로 와 주세요."),
        Lack.PLACE: _("확인해 준 내용으로는 어느 동에 사는지 알 수 없어요. 신분증을 가지고 동 주민센터로 와 주세요."),
        Lack.ELSEWHERE: _("확인해 준 주소가 이 구가 아니에요. 이사한 지 얼마 안 됐다면 신분증을 가지고 동 주민센터로 와 주세요. 여기서 일하거나 "
                          "학교에 다니면 주민 확인 화면에 적을 수 있어요."),
    }
    return ToDesk(sentences[lack])


class Established(NamedTuple):
    """Somebody who is verified, and the id of the neighbourhood where they live."""

    identity: Identity
    neighbourhood_id: int


def established(returned: Returned) -> Established:
    """The person of whom verified claims speak. Raises ToDesk, Refusal for a level that is too low."""
    _require_level(returned)
    names = district.ids_by_name(district.neighbourhoods())
    resident = rules.resident(returned.provider, returned.said, names, settings.value("DISTRICT_NAME"))
    if isinstance(resident, Lack):
        raise _lacks(resident)
    who, today = Identity(resident.name, resident.birth_date), local(clock.now()).date()
    if not plausible(who.birth_date, today):
        raise _lacks(Lack.BIRTH_DATE)
    if not accounts.old_enough(who.birth_date, today):
        raise ToDesk(_("만 14세부터 할 수 있어요. 14세 미만이면 보호자와 함께 동 주민센터로 오면 의견을 낼 수 있어요."))
    return Established(who, names[resident.neighbourhood])


def verify(returned: Returned, *, by: User) -> None:
    """Verify one's own account as living where the provider says. Raises ToDesk, Conflict."""
    person = established(returned)
    with use_case(by) as work:
        held = people.held(by.id, *people.accounts_as(person.identity))
        user = held.pop(by.id)
        require(by, may_change_own, user)
        if user.person_id is not None and not person.identity.fits(user.person):
            raise ToDesk(_("이 계정은 다른 이름이나 생년월일로 이미 확인됐어요. 내 계정이 맞으면 신분증을 가지고 동 주민센터로 와 주세요."))
        if user.person_id is None:
            once.make_way(work, held.values(), person.neighbourhood_id)
        try:
            verify_person(user, person.identity, how=Verification.PROVIDER, at=work.at,
                          affiliations={AffiliationKind.LIVE: person.neighbourhood_id})
        except SamePerson as known:
            raise _known_already(returned, user) from known
        work.record("accounts.verified", user, how=Verification.PROVIDER, kinds=[AffiliationKind.LIVE],
                    provider=returned.provider.key)


def _known_already(returned: Returned, user: User) -> Refusal:
    """Sentence for somebody whose name and birthday are known: their own account, or a namesake's."""
    if queries.owner_of(queries.subject_hash(returned.provider, returned.said["sub"])) not in (None, user.id):
        return ToDesk(_("이미 본인 확인을 마친 다른 계정이 있어요. 한 사람은 확인된 계정을 하나만 쓸 수 있으니 그 계정으로 로그인해 주세요."))
    return ToDesk(str(once.MAY_HAVE_ACCOUNT))


# Signing in by a provider

class Unknown(Refusal):
    """Nobody signs in by this account of the provider yet."""

    def __init__(self) -> None:
        super().__init__(_("이 확인으로 들어올 수 있는 계정이 아직 없어요."))


@dataclass(frozen=True)
class Came:
    """Somebody back from a provider who has no account here; sealed in the form of signing up, for as long as the way
    took."""

    provider: str
    subject: str
    until: float


def came(returned: Returned) -> str:
    """The sealed text for the form."""
    until = (clock.now() + PROVIDER_LASTS).timestamp()
    return _sealed(_CAME, Came(returned.provider.key, returned.said["sub"], until))


def sign_up(account: NewAccount, sealed: str, *, device: str) -> str:
    """Open an account that is entered by a provider; returns the secret of the first session. Raises Refusal, at `name`
    as signing up does."""
    try:
        arrival = Came(**_opened(_CAME, sealed))
    except (ValueError, TypeError, Unavailable):
        arrival = None
    if arrival is None or clock.now().timestamp() >= arrival.until:
        raise Refusal(_("시간이 지났어요. 로그인 화면에서 처음부터 다시 해 주세요."))
    provider = chosen(arrival.provider, Wanted.SIGN_IN)
    if Purpose.SIGN_IN not in provider.purposes:
        raise Denied(_("이 확인으로는 가입할 수 없어요."))
    if queries.owner_of(queries.subject_hash(provider, arrival.subject)) is not None:
        raise Refusal(_("이 확인으로는 이미 어느 계정에 로그인하고 있어요. 로그인 화면에서 다시 해 주세요."))
    return opened(account, None, device=device,
                  beside=lambda work, user: add_link(work, user, provider, arrival.subject))


class Entered(NamedTuple):
    signed_in: SignedIn
    sign_in_name: str


def sign_in(returned: Returned, *, device: str, knows: Callable[[str], bool]) -> Entered:
    """Open a session as by a password: a second factor is asked for, unless the level holds one. `knows` says whether
    this device knows a sign-in name. Raises Unknown, Blocked, Denied."""
    _require_level(returned)
    subject = queries.subject_hash(returned.provider, returned.said["sub"])
    with use_case(None) as work:
        owner_id = queries.owner_of(subject)
        user = users.held(owner_id) if owner_id else None
        if user is None or user.left_at is not None or queries.owner_of(subject) != user.id:
            raise Unknown
        if user.is_blocked:
            raise Blocked(user.id)
        strong = rules.holds_second_factor(returned.provider, returned.said)
        if user.must_use_passkey and not strong:
            raise Denied(_("역할이 있는 계정이라 이 확인만으로는 들어올 수 없어요. 패스키로 로그인해 주세요."))
        name = user.sign_in_name or ""
        if user.totp_confirmed_at is not None and not strong:
            return Entered(half_way(user), name)
        return Entered(SignedIn(user.id, open_for(work, user, device, knows(name)), ""), name)


def _require_level(returned: Returned) -> None:
    if not rules.is_level(returned.provider, returned.said):
        raise Refusal(_("더 확실한 방법으로 본인을 확인해야 해요. 다른 인증서로 다시 해 주세요."))


def link(returned: Returned, *, by: User) -> None:
    """Let one's own account be entered by this account of the provider. Raises ProofNeeded, Refusal."""
    _require_level(returned)
    try:
        with use_case(by) as work:
            user = users.held(by.id)
            require(by, may_change_own, user)
            _require_room(work, user)
            add_link(work, user, returned.provider, returned.said["sub"])
    except Conflict as taken:
        raise Refusal(_("이 확인으로는 이미 어느 계정에 로그인하고 있어요. 그 계정에서 먼저 연결을 끊어 주세요.")) from taken


def add_link(work, user: User, provider: Provider, subject: str) -> None:
    """Note the link, and tell the owner. A subject that has one breaks the unique constraint."""
    work.session.add(ProviderLink(user_id=user.id, provider=provider.key, linked_on=local(work.at).date(),
                                  subject_hash=queries.subject_hash(provider, subject)))
    mail.provider_linked(user, provider)
    work.record("accounts.provider_linked", user, provider=provider.key)


def link_for(user: User, key: str, subject: str, *, by: User) -> None:
    """An administrator lets an account of staff be entered by this account of the office's directory. Raises Denied,
    NotFound, Refusal."""
    provider = chosen(key, Wanted.LINK)
    if Purpose.STAFF not in provider.purposes:
        raise Denied(_("구청 직원이 쓰는 곳만 관리자가 연결할 수 있어요."))
    try:
        with use_case(by) as work:
            held = people.held(by.id, user.id)
            require(held[by.id], may_grant_role, held[user.id])
            require_proof(by, work.at)
            if not held[user.id].grants:
                raise Denied(_("역할이 있는 계정만 관리자가 연결할 수 있어요."))
            add_link(work, held[user.id], provider, subject)
            staff_acts.note(work, held[user.id], StaffAct.PROVIDER)
    except Conflict as taken:
        raise Refusal(_("이 확인으로는 이미 어느 계정에 로그인하고 있어요. 그 계정에서 먼저 연결을 끊어 주세요.")) from taken


def _require_room(work, user: User) -> None:
    require_own_proof(work, user)
    if len(queries.of_user(user.id)) >= LINKS_MOST:
        raise Refusal(_("%(most)s개까지 연결할 수 있어요. 쓰지 않는 것을 먼저 끊어 주세요.", most=LINKS_MOST))


def unlink(link_id: int, *, by: User) -> None:
    """Take one link of one's own away. Raises ProofNeeded, NotFound, and Refusal for the last way into the account."""
    with use_case(by) as work:
        user = users.held(by.id)
        require(by, may_change_own, user)
        require_own_proof(work, user)
        link = existing(queries.held(user.id, link_id), lambda: NotFound(_("이미 끊은 연결이에요.")))
        others = set(queries.opening(user.id)) - {link.id}
        if user.password_hash is None and not passkeys.usable(user.id) and not others:
            raise Refusal(_("이 계정에 들어오는 하나뿐인 길이라 끊을 수 없어요. 비밀번호를 정하거나 패스키를 먼저 만들어 주세요."))
        work.session.delete(link)
        work.record("accounts.provider_unlinked", user, provider=link.provider)


def prove(returned: Returned, *, by: User) -> None:
    """Count the session as proved: whoever holds it came by the linked account of the provider, and just now."""
    _require_level(returned)
    with use_case(by) as work:
        user = users.held(by.id)
        require(by, may_change_own, user)
        strong = rules.holds_second_factor(returned.provider, returned.said)
        if queries.owner_of(queries.subject_hash(returned.provider, returned.said["sub"])) != user.id:
            raise Refusal(_("이 계정에 연결한 확인이 아니에요. 연결한 것으로 다시 해 주세요."))
        if (user.must_use_passkey or user.totp_confirmed_at is not None) and not strong:
            raise Refusal(_("2단계 인증을 쓰는 계정이라 이 확인만으로는 부족해요. 비밀번호나 패스키로 확인해 주세요."))
        note_proof(by, work.at)
        work.record("accounts.proved", user, second_factor=strong, provider=returned.provider.key)
