"""Authenticators of passkeys (WebAuthn): options for the browser, and its answers, checked by py_webauthn."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from flask import current_app

from civic_forum.platform import keys, settings
from civic_forum.platform.errors import Denied, Refusal
from civic_forum.platform.i18n import _

from .rules import CHALLENGE_LASTS, NoPasskeys, RelyingParty, relying_party

if TYPE_CHECKING:
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

Made = TypeVar("Made")
MILLISECONDS = int(CHALLENGE_LASTS.total_seconds() * 1000)
ID_MOST = 1023
"""Bytes of the id of a passkey. (Web Authentication Level 3, 5.1)"""
_HANDLE = "passkey-user"


@dataclass(frozen=True)
class Answer:
    """Answer of a browser for an authenticator, in JSON, as it was sent."""

    text: str


@dataclass(frozen=True)
class Said:
    """Parts of an answer that say which challenge and which passkey it is about; nothing is checked by them."""

    credential_id: bytes
    challenge: bytes
    origin: str


@dataclass(frozen=True)
class NewKey:
    credential_id: bytes
    public_key: bytes
    sign_count: int


def why_none() -> str | None:
    """Reason, for people, for which this site has no passkeys."""
    party = relying_party(current_app.config["URL"])
    if party is NoPasskeys.NUMBERS:
        return _("이 사이트의 주소가 이름이 아니라 숫자라서 패스키를 쓸 수 없어요.")
    if party is NoPasskeys.OPEN:
        return _("이 사이트의 주소가 https로 시작하지 않아서 패스키를 쓸 수 없어요.")
    return None


def site() -> RelyingParty:
    """The site as passkeys know it. Raises Denied where it has none."""
    party = relying_party(current_app.config["URL"])
    if not isinstance(party, RelyingParty):
        raise Denied(why_none())
    return party


def options_to_make(challenge: bytes, handle: str, name: str, nickname: str, known: Iterable[bytes] = ()) -> str:
    """JSON for `navigator.credentials.create`: a passkey that is found without a name, behind finger, face or PIN. One
    with the `handle` of another takes its place in a device."""
    import webauthn
    from webauthn.helpers.structs import (AuthenticatorSelectionCriteria, ResidentKeyRequirement,
                                          UserVerificationRequirement)
    return webauthn.options_to_json(webauthn.generate_registration_options(
        rp_id=site().host, rp_name=settings.value("SITE_NAME"), user_name=name, user_display_name=nickname,
        user_id=keys.keyed_hash(_HANDLE, handle.encode()), challenge=challenge, timeout=MILLISECONDS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED),
        exclude_credentials=_described(known)))


def options_to_use(challenge: bytes, allowed: Iterable[bytes] = ()) -> str:
    """JSON for `navigator.credentials.get`; none `allowed`: whichever passkey of this site the device finds."""
    import webauthn
    from webauthn.helpers.structs import UserVerificationRequirement
    return webauthn.options_to_json(webauthn.generate_authentication_options(
        rp_id=site().host, challenge=challenge, timeout=MILLISECONDS, allow_credentials=_described(allowed),
        user_verification=UserVerificationRequirement.REQUIRED))


def _described(ids: Iterable[bytes]) -> list["PublicKeyCredentialDescriptor"]:
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor
    return [PublicKeyCredentialDescriptor(id=credential_id) for credential_id in ids]


def read(answer: Answer) -> Said:
    """Raises Refusal for what is no answer, and for one that was given to a page of another site."""
    if not answer.text:
        raise Refusal(_("패스키를 확인하지 못했어요. 자바스크립트를 켜고 단추를 다시 눌러 주세요."))

    from webauthn.helpers import base64url_to_bytes

    def parsed() -> Said:
        reply = json.loads(answer.text)
        client = json.loads(base64url_to_bytes(reply["response"]["clientDataJSON"]))
        return Said(base64url_to_bytes(reply["rawId"]), base64url_to_bytes(client["challenge"]), str(client["origin"]))

    response, here = _whatever_it_holds(parsed), site()
    if response.origin != here.origin:
        raise Refusal(_("다른 사이트에 준 답이라 받지 않았어요. 주소가 %(address)s인지 확인하고 다시 해 주세요.",
                        address=here.origin))
    return response


def check_new(answer: Answer, challenge: bytes) -> NewKey:
    """The key of a passkey that was just made. Raises Refusal."""
    import webauthn
    here = site()
    registration = _whatever_it_holds(lambda: webauthn.verify_registration_response(
        credential=answer.text, expected_challenge=challenge, expected_rp_id=here.host, expected_origin=here.origin,
        require_user_verification=True))
    if len(registration.credential_id) > ID_MOST:
        raise _not_confirmed()
    return NewKey(registration.credential_id, registration.credential_public_key, registration.sign_count)


def check_use(answer: Answer, challenge: bytes, public_key: bytes) -> int:
    """The sign count of an answer that this key has signed: `rules.is_copied` judges it. Raises Refusal."""
    import webauthn
    here = site()
    return _whatever_it_holds(lambda: webauthn.verify_authentication_response(
        credential=answer.text, expected_challenge=challenge, expected_rp_id=here.host, expected_origin=here.origin,
        credential_public_key=public_key, credential_current_sign_count=0,
        require_user_verification=True)).new_sign_count


def _whatever_it_holds(parse: Callable[[], Made]) -> Made:
    """The library and the decoders below it raise what they like for bytes that strangers made up."""
    try:
        return parse()
    except Exception as wrong:
        raise _not_confirmed() from wrong


def _not_confirmed() -> Refusal:
    return Refusal(_("패스키를 확인하지 못했어요. 기기의 지문, 얼굴이나 PIN으로 다시 확인해 주세요."))
