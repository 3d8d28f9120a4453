"""A provider of identities that does what it is told, right or wrong: `python -m tests.accounts.providers.hostile FD`.

It keeps the rules of OpenID Connect (a code once, its client and redirect address, PKCE) and signs with real keys. PUT
/behaviour says in JSON what it does otherwise: `claims` (put into the ID token; null takes one away), `userinfo`,
`again`, `userinfo_again` (said a second time in the JSON of the ID token and of userinfo), `userinfo_text` (in
place of all that), `metadata`, `answer`
(parameters of the way back), `sign` ("stranger": a key nobody knows by the known id; "none";
"shared": the public key as a shared secret), `rotate` (new keys), `wait` (seconds before a token), `token` (status and
text in place of one). GET /asked counts what was asked for.
"""

import base64
import hashlib
import hmac
import json
import socket
import sys
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_urlsafe
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from joserfc import jws
from joserfc.jwk import ECKey, RSAKey

CLIENT, SECRET = "the-district", "only for the tests"
SUBJECT = "pairwise-8c1f"
PERSON = {"name": "김하늘", "birthdate": "1991-05-17", "dong": "가산동"}


class State:
    def __init__(self):
        self.key, self.number = ECKey.generate_key("P-256"), 1
        self.stranger = ECKey.generate_key("P-256")
        self.behaviour, self.codes, self.tokens, self.asked = {}, {}, {}, Counter()

    def behave(self, behaviour):
        if behaviour.pop("rotate", False):
            self.key, self.number = ECKey.generate_key("P-256"), self.number + 1
        if bits := behaviour.pop("rsa", 0):
            self.key, self.number = RSAKey.generate_key(bits), self.number + 1
        self.behaviour = behaviour

    @property
    def kid(self):
        return f"key-{self.number}"


STATE = State()


def signed(claims):
    how, kid = STATE.behaviour.get("sign"), STATE.kid
    if how == "none":
        parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
                 for part in ({"alg": "none", "typ": "JWT"}, claims)]
        return ".".join([*parts, ""])
    if how == "shared":
        public = STATE.key.as_pem(private=False)
        return by_hand({"alg": "HS256", "kid": kid}, claims, public)
    key = STATE.stranger if how in ("stranger", "unknown") else STATE.key
    header = {"typ": "JWT", "alg": "RS256" if isinstance(key, RSAKey) else "ES256",
              "kid": "nobody-knows" if how == "unknown" else kid}
    return jws.serialize_compact(header, twice(claims, STATE.behaviour.get("again")), key)


def twice(claims, again):
    """JSON of an object that says some names a second time."""
    text = json.dumps(claims)
    return f"{text[:-1]}, {json.dumps(again)[1:]}" if again else text


def by_hand(header, claims, secret):
    said = b".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (header, claims))
    return (said + b"." + base64.urlsafe_b64encode(hmac.digest(secret, said, "sha256")).rstrip(b"=")).decode()


def changed(known, changes):
    return {name: value for name, value in (known | changes).items() if value is not None}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_args):
        """Say nothing."""

    @property
    def issuer(self):
        return f"http://{self.headers['Host']}"

    def say(self, said, status=200, **headers):
        body = said.encode() if isinstance(said, str) else json.dumps(said).encode()
        self.send_response(status)
        for name, value in ({"Content-Type": "application/json", "Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_PUT(self):
        STATE.behave(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.say({})

    def do_GET(self):
        at = urlsplit(self.path)
        STATE.asked[at.path] += 1
        if at.path == "/.well-known/openid-configuration":
            self.say(changed({
                "issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token", "jwks_uri": f"{self.issuer}/jwks",
                "userinfo_endpoint": f"{self.issuer}/userinfo"}, STATE.behaviour.get("metadata", {})))
        elif at.path == "/jwks":
            self.say({"keys": [STATE.key.as_dict(private=False) | {"kid": STATE.kid, "use": "sig"}]})
        elif at.path == "/authorize":
            self.authorize(dict(parse_qsl(at.query)))
        elif at.path == "/userinfo":
            claims = STATE.tokens.get((self.headers.get("Authorization") or "").removeprefix("Bearer "))
            more = changed(claims or {}, STATE.behaviour.get("userinfo", {}))
            text = STATE.behaviour.get("userinfo_text") or twice(more, STATE.behaviour.get("userinfo_again"))
            self.say(text, 200 if claims else 401)
        elif at.path == "/asked":
            self.say(STATE.asked)
        else:
            self.say({}, 404)

    def authorize(self, asked):
        code = token_urlsafe(16)
        STATE.codes[code] = asked
        answer = changed({"code": code, "state": asked["state"]}, STATE.behaviour.get("answer", {}))
        self.say("", 302, Location=f"{asked['redirect_uri']}?{urlencode(answer)}")

    def do_POST(self):
        form = {name: values[0] for name, values in
                parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()).items()}
        STATE.asked[self.path] += 1
        time.sleep(STATE.behaviour.get("wait", 0))
        if "token" in STATE.behaviour:
            status, text, headers = STATE.behaviour["token"]
            return self.say(text, status, **headers)
        asked = STATE.codes.pop(form.get("code"), None)
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".replace(" ", "%20").encode()).decode()
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).decode()
        if (asked is None or asked["redirect_uri"] != form["redirect_uri"] or asked["client_id"] != CLIENT
                or self.headers["Authorization"] != f"Basic {basic}"
                or (asked["code_challenge"], asked["code_challenge_method"]) != (challenge.rstrip("="), "S256")):
            return self.say({"error": "invalid_grant"}, 400)
        now, token = int(time.time()), token_urlsafe(16)
        half = hashlib.sha256(token.encode()).digest()[:16]
        claims = {"iss": self.issuer, "sub": SUBJECT, "aud": CLIENT, "iat": now, "exp": now + 300, "auth_time": now,
                  "nonce": asked["nonce"], "at_hash": base64.urlsafe_b64encode(half).decode().rstrip("="), **PERSON}
        claims = changed(claims, STATE.behaviour.get("claims", {}))
        STATE.tokens[token] = {"sub": claims.get("sub", "")}
        self.say({"access_token": token, "token_type": "Bearer", "id_token": signed(claims)})


if __name__ == "__main__":
    listening = socket.socket(fileno=int(sys.argv[1]))
    server = ThreadingHTTPServer(listening.getsockname(), Handler, bind_and_activate=False)
    server.socket.close()
    server.socket = listening
    server.serve_forever()
