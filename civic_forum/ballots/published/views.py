"""Promises of the ballot box, the program that checks it; looking a ballot up by its tracker, and what a voter's own
browser needs to check a receipt. Nobody signs in, and who looked for what is written nowhere.
"""

import re
from pathlib import Path

from flask import Response, current_app, jsonify, redirect, render_template, request, send_file, url_for

from civic_forum.platform import clock
from civic_forum.platform.errors import Unavailable
from civic_forum.platform.i18n import _, end
from civic_forum.platform.web import address_limit, limiter, never_cached, unlogged

from .. import voted
from .. import queries as ballots_queries
from ..box.sealing import EntryType
from ..counting import closing
from ..desk.views import bp
from ..keys import keyring
from ..models import BallotBox
from ..rules.boxes import close_is_due
from ..rules.signing import HeadKind, typed
from ..rules.signing import tracker as tracker_of
from ..voting import ballot as ballot_forms
from ..voting.receipts import ReceiptView
from . import heads, queries

VERIFIER = Path(__file__).resolve().parents[3] / "verifier"
SANDBOX = "sandbox; default-src 'none'"
SCRIPTS = ("vendor/noble-ed25519/ed25519.js", "js/framing.js", "js/receipt.js")
NEEDED = "verifyAsync"
STYLE = "css/receipt-checker.css"

by_looking_up = limiter.shared_limit(address_limit, scope="receipts")
"""Decorates views of receipts: a hall that looks up what it cast does not shut its own door."""


@bp.get("/voting")
def voting():
    return render_template("ballots/voting.html", key=_key_fingerprint(), earlier=_earlier(),
                           size=(VERIFIER / "verify.py").stat().st_size)


@bp.get("/verifier/verify.py")
@bp.get("/verifier/draw.py", defaults={"name": "draw.py"})
@never_cached
def verifier(name="verify.py"):
    return _sent(name, "text/x-python", as_attachment=True)


@bp.get("/verifier/FORMAT.md")
@bp.get("/verifier/DRAW.md", defaults={"name": "DRAW.md"})
@never_cached
def record_format(name="FORMAT.md"):
    return _sent(name, "text/markdown", as_attachment=False)


def _sent(name: str, media_type: str, *, as_attachment: bool) -> Response:
    answer = send_file(VERIFIER / name, mimetype=media_type, download_name=name,
                       as_attachment=as_attachment, conditional=True)
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer


@bp.get("/receipts")
@unlogged
@by_looking_up
def receipts():
    """The form, or on the way to the ballot whose tracker was typed."""
    written = request.args.get("tracker")
    if written is None:
        return _page()
    if tracker := typed(written[:100]):
        return redirect(url_for(".receipt", tracker=tracker))
    reason = _("확인 번호는 글자와 숫자 열두 개예요. 확인증을 보고 다시 적어 주세요.") if written.strip() else _(
        "확인 번호를 적어 주세요. 확인증에 크게 적혀 있어요.")
    return _page(422, written=written[:100], wrong=reason)


@bp.get("/receipts/checker.html")
@by_looking_up
def checker():
    """The page that checks receipts as one file, for a browser without a line."""
    page = render_template("ballots/receipt_checker.html", key=_key_fingerprint(), earlier=_earlier())
    page = page.replace("<!-- style -->", f"<style>\n{_static(STYLE)}</style>")
    answer = current_app.make_response(page.replace("<!-- script -->", f'<script type="module">\n{_script()}</script>'))
    answer.headers["Content-Disposition"] = "attachment; filename=receipt-checker.html"
    answer.headers["Content-Security-Policy"] = SANDBOX
    return answer


@bp.get("/receipts/<tracker>")
@unlogged
@by_looking_up
def receipt(tracker: str):
    """Place of the ballot in the public log."""
    known = typed(tracker)
    if known is None:
        return redirect(url_for(".receipts", tracker=tracker[:100]))
    if known != tracker:
        return redirect(url_for(".receipt", tracker=known))
    for box in ballots_queries.waiting():
        if close_is_due(box, clock.now()):
            closing.close_if_due(box.id)
    if not (ballots := _ballots(known)):
        return render_template("ballots/receipt_unknown.html", tracker=known, waiting=_waiting()), 404
    boxes = ballots_queries.by_ids([ballot.box_id for ballot in ballots])
    places = {box.id: {"box": box, "title": ballot_forms.title_of(box), "url": vote.url, "way": vote.breadcrumbs}
              for box, vote in zip(boxes.values(), voted.gathered(list(boxes.values())), strict=True)}
    shown = [_proven(ballot) | places[ballot.box_id] for ballot in ballots]
    return render_template("ballots/receipt.html", tracker=known, shown=shown)


@bp.get("/receipts/<tracker>/<fingerprint>.json")
@unlogged
@by_looking_up
def proof(tracker: str, fingerprint: str):
    """Proof that the ballot is in the log of this box, or why there is none: for the browser, and as a file to keep."""
    wanted = bytes.fromhex(fingerprint) if re.fullmatch("[0-9a-fA-F]{64}", fingerprint) else b""
    box = ballots_queries.by_fingerprint(wanted)
    if box is None:
        return _none("unknown", _("이 누리집에 그런 투표함이 없어요. 다른 누리집의 확인증인지 확인해 주세요."))
    closing.close_if_due(box.id)
    head = heads.newest(box.id)
    if head is None or head.number < HeadKind.CLOSING.number:
        return _none("waits", _("%(moment)s에 마감하면 모든 투표지가 한꺼번에 기록부에 올라요. 그 뒤에 다시 확인해 주세요.",
                                moment=end(box.closes_at)))
    ballot = next((ballot for ballot in _ballots(tracker) if ballot.box_id == box.id), None)
    if ballot is None:
        return _none("missing", _("기록부에 이 투표지가 없어요. 서명이 맞는데도 없다면 이 확인증이 증거예요. "
                                  "잘 간직하고 구청과 참관인에게 알려 주세요."))
    answer = jsonify(queries.inclusion(box.id, ballot.number) | {"live": f"{voted.of(box).url}/live.txt"})
    answer.headers["Content-Disposition"] = f"attachment; filename=proof-{tracker}.json"
    return answer


def _none(state: str, detail: str):
    return jsonify(state=state, detail=detail), 404


def _page(status: int = 200, *, written: str = "", wrong: str = ""):
    return render_template("ballots/receipts.html", written=written, wrong=wrong, waiting=_waiting(),
                           key=_key_fingerprint(), earlier=_earlier()), status


def _key_fingerprint() -> str:
    """Empty before the first vote, and while the key is lost."""
    try:
        return keyring.key_fingerprint()
    except Unavailable:
        return ""


def _earlier() -> list[heads.Signer]:
    """Empty while the keys cannot be read."""
    try:
        return heads.earlier_signers()
    except Unavailable:
        return []


def _script() -> str:
    """All modules as one: the vendored one keeps its names to itself."""
    vendored, *own = map(_static, SCRIPTS)
    vendored, own = vendored.rpartition("\nexport {")[0], "".join(
        line.removeprefix("export ") for line in "".join(own).splitlines(keepends=True)
        if not line.startswith("import "))
    return f"const {{ {NEEDED} }} = (() => {{\n{vendored}\nreturn {{ {NEEDED} }};\n}})();\n{own}"


def _static(name: str) -> str:
    return (Path(current_app.static_folder) / name).read_text("utf-8")


def _ballots(tracker: str) -> list:
    """Only ballots have receipts: a batch or an objection is nobody's to look up."""
    if typed(tracker) != tracker:  # as it came in an address: no database need see it
        return []
    return [leaf for leaf in queries.by_tracker(tracker) if leaf.type == EntryType.BALLOT]


def _proven(ballot) -> dict:
    """A ballot of a public log, with its slip."""
    proof = queries.inclusion(ballot.box_id, ballot.number)
    return {"slip": ReceiptView(tracker_of(ballot.hash), bytes.fromhex(proof["head"]["public_key"])), "proof": proof}


def _waiting() -> list[tuple[str, str, BallotBox]]:
    boxes = ballots_queries.waiting()
    return [(ballot_forms.title_of(box), vote.url, box) for box, vote in zip(boxes, voted.gathered(boxes), strict=True)]
