"""The provider of identities of a sample: `python -m civic_forum.sample_data.provider FD`, on a socket that is open.

It is `oidc-provider-mock` with invented people, who are chosen by a click; requirements-sample.txt has it.
"""

import json
import logging
import os
import re
import socket
import sys
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path
from typing import Any

from civic_forum.platform import clock

KEY, CLIENT = "sample", "sample-district"
DATA = Path(__file__).with_name("data")
SETTINGS = """# Written at every start of the sample.
[providers.{key}]
label = "연습용 본인확인(예시)"
label_en = "Practice identity check (example)"
issuer = "{issuer}"
client_id = "{client}"
client_secret = "of an example"
purposes = ["resident", "sign-in"]
claims = {{ neighbourhood = "dong" }}
example = true
"""


def settings(issuer: str) -> str:
    """The file of providers that names this one."""
    return SETTINGS.format(key=KEY, issuer=issuer, client=CLIENT)


def port_of(described: Path) -> int:
    """Port of the start before, which links to it go by; 0 where there was none."""
    text = described.read_text("utf-8") if described.exists() else ""
    issuer = re.search(r'^issuer = "http://\S+:(\d+)"$', text, re.M)
    return int(issuer[1]) if issuer else 0


def people() -> list[dict[str, Any]]:
    """Invented people, those of an age born so many years ago."""
    invented: list[dict[str, Any]] = json.loads((DATA / "provider.json").read_text("utf-8"))
    for person in invented:
        if age := person.pop("age", None):
            person["birthdate"] = f"{clock.now().year - age}-01-01"
    return invented


def main() -> None:
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
    with redirect_stderr(StringIO()):  # it warns of its own libraries
        import oidc_provider_mock
    from jinja2 import ChoiceLoader, DictLoader
    from werkzeug.serving import make_server
    logging.disable(logging.WARNING)
    invented = people()
    app = oidc_provider_mock.app(user_claims=[oidc_provider_mock.User(
        sub=user["sub"], claims={name: user[name] for name in ("name", "birthdate", "dong")}) for user in invented])
    app.jinja_loader = ChoiceLoader([  # type: ignore[assignment]
        DictLoader({"authorization_form.html": (DATA / "provider.html").read_text("utf-8")}), app.jinja_loader])
    app.jinja_env.globals["people"] = invented
    listening = socket.socket(fileno=int(sys.argv[1]))
    host, port = listening.getsockname()[:2]
    make_server(host, port, app, threaded=True, fd=listening.fileno()).serve_forever()


if __name__ == "__main__":
    main()
