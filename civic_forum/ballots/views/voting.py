"""What the ballot box promises and what it does not, and the program with which everybody can check it."""

from pathlib import Path

from flask import Response, render_template, send_file

from civic_forum.kernel.errors import Unavailable
from civic_forum.kernel.web import never_cached

from .. import keyring
from .blueprint import bp

VERIFIER = Path(__file__).resolve().parents[3] / "verifier"
AN_HOUR = 3600


@bp.get("/voting")
def voting():
    return render_template("ballots/voting.html", key=_key_fingerprint(), size=(VERIFIER / "verify.py").stat().st_size)


@bp.get("/verifier/verify.py")
@never_cached
def verifier():
    return _sent("verify.py", "text/x-python", as_attachment=True)


@bp.get("/verifier/FORMAT.md")
@never_cached
def record_format():
    return _sent("FORMAT.md", "text/markdown", as_attachment=False)


def _key_fingerprint() -> str | None:
    """None before the first vote is prepared."""
    try:
        return keyring.key_fingerprint()
    except Unavailable:
        return None


def _sent(name: str, media_type: str, *, as_attachment: bool) -> Response:
    answer = send_file(VERIFIER / name, mimetype=f"{media_type}; charset=utf-8", download_name=name,
                       as_attachment=as_attachment, conditional=True)
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["Cache-Control"] = f"public, max-age={AN_HOUR}"
    return answer
