"""The way to a provider and back: OpenID Connect, the code flow with PKCE, by Authlib.

Everything here asks the network or computes; the caller holds no transaction. Of a provider only addresses of its own
are asked (`Provider.owns`), none is followed elsewhere, and each has five seconds. One that did not answer is not
asked again for ten.
"""

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from flask import current_app

from civic_forum.platform import clock
from civic_forum.platform.errors import Refusal, Unavailable
from civic_forum.platform.i18n import _

from .rules import SKEW_S, Provider

if TYPE_CHECKING:
    from joserfc.jwk import KeySet
    from joserfc.jwt import Token

PATIENCE_S = 5
AWAY_FOR_S = 10
MOST_BYTES = 512 * 1024
KNOWN_FOR_S = 3600
SUBJECT = re.compile(r"[ -~]{1,255}")
"""ASCII alone. (OpenID Connect Core 1.0, 2)"""
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA")
"""Signatures of a key pair: what is signed with a shared secret, or not at all, says nothing."""
LEAST_RSA_BITS = 2048
"""Keys of RSA that are shorter sign nothing. (NIST SP 800-131A)"""


@dataclass(frozen=True)
class Metadata:
    """Addresses that a provider told of itself."""

    authorization: str
    token: str
    jwks: str
    userinfo: str | None
    names_itself: bool
    """True where it says its issuer with every answer (RFC 9207)."""
    posts_secret: bool
    """True where the secret goes into the form and not into the header."""


class _Strict(json.JSONDecoder):
    """JSON in which no object has a name twice: readers would differ about what it says."""

    def __init__(self) -> None:
        super().__init__(object_pairs_hook=self._once)

    @staticmethod
    def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(pairs)
        if len(members) < len(pairs):
            raise ValueError("a name stands twice")
        return members


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_args: Any) -> None:
        return None


_opener = build_opener(_NoRedirects, ProxyHandler({}))
_metadata: dict[str, tuple[float, Metadata]] = {}
_keys: dict[str, tuple[float, "KeySet"]] = {}
"""Both by issuer, with the moment at which they were asked for."""
_away_until: dict[str, float] = {}
"""By issuer, of those that could not be reached or were too slow."""


class Wrong(Refusal):
    """An answer of a provider that proves nothing. `reason` is for the log."""

    def __init__(self, reason: str):
        super().__init__(_("확인한 내용을 믿을 수 없어서 받지 않았어요. 처음부터 다시 해 주세요."))
        self.reason = reason


def away() -> Unavailable:
    return Unavailable(_("확인해 주는 곳이 지금 답하지 않아요. 조금 뒤에 다시 하거나 다른 방법을 골라 주세요."), retry_after=60)


def metadata(provider: Provider) -> Metadata:
    """As its issuer publishes it. (OpenID Connect Discovery 1.0, 4) Raises Unavailable, Wrong."""
    _refuse_away(provider)
    return _known(_metadata, provider, lambda: _read_metadata(provider))


def _refuse_away(provider: Provider) -> None:
    if time.monotonic() < _away_until.get(provider.issuer, 0.0):
        raise away()


def _read_metadata(provider: Provider) -> Metadata:
    metadata = _ask(provider, f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration")
    if metadata.get("issuer") != provider.issuer:
        raise Wrong("metadata of another issuer")
    asked = [metadata.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
    userinfo = metadata.get("userinfo_endpoint")
    if not all(isinstance(url, str) and provider.owns(url) for url in [*asked, *filter(None, [userinfo])]):
        raise Wrong("addresses that are not the provider's own")
    methods = metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    return Metadata(*asked, userinfo, metadata.get("authorization_response_iss_parameter_supported") is True,
                    "client_secret_basic" not in methods and "client_secret_post" in methods)


def _known(cache: dict, provider: Provider, read: Callable[[], Any], *, anew: bool = False) -> Any:
    at, reading = cache.get(provider.issuer, (0.0, None))
    if reading is None or anew or time.monotonic() - at > KNOWN_FOR_S:
        reading = read()
        cache[provider.issuer] = time.monotonic(), reading
    return reading


def address_of(provider: Provider, redirect_uri: str, *, state: str, nonce: str, verifier: str, language: str | None,
               anew: bool = False) -> str:
    """Address at the provider to which the browser goes. `anew`: a sign-in there that goes on is not enough.
    `language`: None where names come back, which must not be translated."""
    from authlib.oauth2.client import OAuth2Client
    client = OAuth2Client(None, provider.client_id, redirect_uri=redirect_uri, scope=" ".join(provider.scopes),
                          code_challenge_method="S256")
    asked = {"acr_values": " ".join(provider.level)} if provider.level else {}
    if anew:
        asked |= {"prompt": "login", "max_age": "0"}
    if language:
        asked |= {"ui_locales": language}
    url, _state = client.create_authorization_url(metadata(provider).authorization, state=state, code_verifier=verifier,
                                                  nonce=nonce, **asked)
    return str(url)


def claims_of(provider: Provider, redirect_uri: str, *, code: str, nonce: str, verifier: str,
              with_userinfo: bool = False) -> dict[str, Any]:
    """Verified claims for a code, used up by it. `with_userinfo`: with those of the person that the provider tells only
    when asked. Raises Unavailable, Wrong."""
    from authlib.oauth2.auth import ClientAuth
    from authlib.oauth2.rfc6749.parameters import prepare_token_request
    known = metadata(provider)
    method = "none" if not provider.client_secret else "client_secret_post" if known.posts_secret else None
    body = prepare_token_request("authorization_code", redirect_uri=redirect_uri, code=code, code_verifier=verifier)
    quoted = [quote(text, safe="") if method is None else text for text in (provider.client_id, provider.client_secret)]
    _uri, headers, body = ClientAuth(*quoted, method).prepare(
        "POST", known.token, {"Content-Type": "application/x-www-form-urlencoded"}, body)
    tokens = _ask(provider, known.token, body.encode(), headers)
    id_token, access_token = tokens.get("id_token"), tokens.get("access_token")
    if not isinstance(id_token, str):
        raise Wrong("no ID token")
    claims = dict(_verified(provider, id_token, nonce, access_token))
    if with_userinfo and known.userinfo and isinstance(access_token, str):
        userinfo = _ask(provider, known.userinfo, headers={"Authorization": f"Bearer {access_token}"})
        if userinfo.get("sub") != claims["sub"]:
            raise Wrong("claims of somebody else")
        claims = {name: userinfo[name] for name in provider.claims.of_the_person() & userinfo.keys()} | claims
    return claims


def _verified(provider: Provider, id_token: str, nonce: str, access_token: object) -> Mapping[str, Any]:
    """Claims of an ID token, all that OpenID Connect Core 1.0, 3.1.3.7 asks being so."""
    from authlib.oidc.core import CodeIDToken
    from joserfc.errors import JoseError
    token = _signed(provider, id_token)
    claims = CodeIDToken(
        token.claims, token.header,
        options={"iss": {"essential": True, "value": provider.issuer},
                 "aud": {"essential": True, "value": provider.client_id}, "sub": {"essential": True}},
        params={"nonce": nonce, "client_id": provider.client_id, "access_token": access_token})
    try:
        claims.validate(now=_now(), leeway=SKEW_S)
    except (JoseError, TypeError, ValueError) as wrong:
        raise Wrong(f"{type(wrong).__name__}: {wrong}") from wrong
    subject = claims["sub"]
    if not isinstance(subject, str) or not SUBJECT.fullmatch(subject):
        raise Wrong("no subject")
    return claims


def refuse_older(claims: Mapping[str, Any], seconds: float) -> None:
    """Raise Wrong for claims of somebody who showed longer ago than that, or at no known moment, who they are."""
    at = claims.get("auth_time")
    if type(at) not in (int, float) or not -SKEW_S <= _now() - at <= seconds + SKEW_S:
        raise Wrong("not signed in anew")


def _now() -> int:
    """Clocks of providers are not moved with that of a sample."""
    return int(clock.now().timestamp()) - clock.offset_seconds()


def _signed(provider: Provider, id_token: str) -> "Token":
    """An ID token that a key of the provider has signed; its keys are asked for again once, since it may have changed
    them."""
    from joserfc import jwt
    from joserfc.errors import JoseError
    for anew in (False, True):
        keys = _known(_keys, provider, lambda: _read_keys(provider), anew=anew)
        try:
            return jwt.decode(id_token, keys, algorithms=ALGORITHMS, decoder_cls=_Strict)
        except (JoseError, ValueError, TypeError, KeyError, RecursionError) as wrong:
            reason = wrong
    raise Wrong(f"{type(reason).__name__}: {reason}") from reason


def _read_keys(provider: Provider) -> "KeySet":
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet
    from joserfc.util import base64_to_int
    try:
        keys = [key for key in _ask(provider, metadata(provider).jwks)["keys"]
                if key["kty"] != "RSA" or base64_to_int(key["n"]).bit_length() >= LEAST_RSA_BITS]
        return KeySet.import_key_set({"keys": keys})
    except (JoseError, ValueError, TypeError, KeyError) as wrong:
        raise Wrong("no keys") from wrong


def _ask(provider: Provider, url: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
         ) -> dict[str, Any]:
    """The JSON object at an address of the provider. Raises Unavailable, Wrong where it says no."""
    if not provider.owns(url):
        raise Wrong("an address that is not the provider's own")
    _refuse_away(provider)
    until = time.monotonic() + PATIENCE_S
    try:
        with _opener.open(Request(url, body, {"Accept": "application/json", **(headers or {})}),
                          timeout=PATIENCE_S) as answer:
            document = json.loads(_read(answer, until), cls=_Strict)
    except HTTPError as no:
        no.close()
        if no.code in (401, 403):  # it does not know us: nothing that people could mend
            current_app.logger.error("provider %s refuses the site: HTTP %s", provider.key, no.code)
        if no.code == 400:
            raise Wrong("HTTP 400") from no
        raise away() from no
    except (ValueError, RecursionError) as trouble:
        raise away() from trouble
    except (OSError, HTTPException) as trouble:
        _away_until[provider.issuer] = time.monotonic() + AWAY_FOR_S
        raise away() from trouble
    if not isinstance(document, dict):
        raise Wrong("no JSON object")
    return document


def _read(answer: Any, until: float) -> bytes:
    """All of an answer that is neither too long nor too slow. Raises OSError."""
    body = b""
    while part := answer.read1(64 * 1024):
        body += part
        if len(body) > MOST_BYTES or time.monotonic() > until:
            raise OSError("too much or too slow")
    return body


def forget() -> None:
    """Ask every provider anew for its addresses and keys."""
    for known in (_metadata, _keys, _away_until):
        known.clear()
