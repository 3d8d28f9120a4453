"""One request by one of the cast, as a browser of theirs would send it."""

import re

from tests import limits

from .forms import filled_in
from .scene import Scene

CONVERTER = re.compile(r"<(?:[^:<>]*:)?(\w+)>")
LANGUAGE = "ko"
"""Language of those who are asked for none."""


def rule_of(rule) -> str:
    """The address of a rule without its converters: `/proposals/<number>`."""
    return CONVERTER.sub(r"<\1>", rule.rule)


def ask(app, scene: Scene, actor: str, method: str, rule: str, thing: str, language: str = "", **more):
    """The answer that this actor gets, who chose this language, or else LANGUAGE."""
    limits.forget()
    about = scene.things[thing]
    client = client_of(app, scene, actor, about.session(actor))
    client.set_cookie("language", language or LANGUAGE)
    address = CONVERTER.sub(lambda found: str(about.path[found[1]]), rule)
    given = filled_in(rule, scene, actor) | about.form if method == "POST" else None
    return client.open(address, method=method, query_string=about.query(actor), data=given, buffered=True, **more)


def client_of(app, scene: Scene, actor: str, more=()):
    """A browser in which this actor is signed in, with more in its cookie."""
    client, cookie = app.test_client(), dict(more)
    if secret := scene.secrets.get(actor):
        cookie |= {"_user_id": secret, "_fresh": True}
    if cookie:
        with client.session_transaction() as session:
            session.update(cookie)
    return client


def outcome(answer) -> str:
    """`in` for being led to signing in, `ok` for being led on, else the status."""
    if answer.status_code in (302, 303, 307):
        return "in" if answer.location.startswith("/sign-in") else "ok"
    return str(answer.status_code)
