"""Looking a receipt up and having one checked, without signing in. Who looked for what is written nowhere."""

from typing import NamedTuple

from flask import jsonify, redirect, render_template, request, url_for

from civic_forum.kernel import clock
from civic_forum.kernel.errors import NotFound, Refusal
from civic_forum.kernel.i18n import _
from civic_forum.kernel.web import accepts_files, by_address, leaves_no_trace

from .. import ballot_forms, keyring, receipt_checks, subjects
from ..forms.receipts import ReceiptForm
from ..models import BallotBox
from ..queries import log
from ..queries import receipts as queries
from ..queries.log import Found
from ..rules.boxes import close_is_due
from ..rules.log import EntryType
from ..rules.receipts import Receipt, typed
from ..services import closing
from ..slips import Slip
from .blueprint import bp

MOST_BYTES = 256 * 1024


class Shown(NamedTuple):
    """A ballot in a public log."""

    slip: Slip
    box: BallotBox
    title: str
    url: str
    way: list[tuple[str, str | None]]
    proof: dict


@bp.get("/receipts")
@leaves_no_trace
@by_address
def receipts():
    """The form, or on the way to the receipt whose number was typed."""
    written = request.args.get("tracker")
    if written is None:
        return _page()
    if tracker := typed(written[:100]):
        return redirect(url_for(".receipt", tracker=tracker))
    reason = _("확인 번호는 글자와 숫자 열두 개예요. 확인증을 보고 다시 적어 주세요.") if written.strip() else _(
        "확인 번호를 적어 주세요. 확인증에 크게 적혀 있어요.")
    return _page(422, written=written[:100], wrong=reason)


@bp.get("/receipts/<tracker>")
@leaves_no_trace
@by_address
def receipt(tracker: str):
    """Where the ballot stands in the public log."""
    known = typed(tracker)
    if known is None:
        return redirect(url_for(".receipts", tracker=tracker[:100]))
    if known != tracker:
        return redirect(url_for(".receipt", tracker=known))
    _close_due()
    if not (found := _ballots(known)):
        return render_template("ballots/receipt_unknown.html", tracker=known, waiting=_waiting()), 404
    boxes = queries.boxes([one.box_id for one in found])
    places = {box.id: (url, way) for box, url, way in subjects.with_urls(list(boxes.values()))}
    shown = [_shown(one, boxes[one.box_id], *places[one.box_id]) for one in found]
    return render_template("ballots/receipt.html", tracker=known, shown=shown)


@bp.get("/receipts/<tracker>/<box_hex>.json")
@leaves_no_trace
@by_address
def proof(tracker: str, box_hex: str):
    """The proof that the ballot is in the log, as a file for the verifier."""
    found = next((one for one in _ballots(tracker) if one.box_id.hex() == box_hex), None)
    if found is None:
        raise NotFound(_("이 번호의 투표지가 공개 기록부에 없어요."))
    answer = jsonify(log.inclusion(found.box_id, found.number))
    answer.headers["Content-Disposition"] = f"attachment; filename=proof-{tracker}.json"
    return answer


@bp.post("/receipts/checks")
@accepts_files(MOST_BYTES)
@leaves_no_trace
@by_address
def check_receipt():
    form = ReceiptForm()
    if not form.validate():
        return _page(422, form=form)
    try:
        read = receipt_checks.read(form.text())
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(refusal.status, form=form)
    _close_due()
    checked = receipt_checks.check(read)
    slip = Slip(read)
    title = title_of(checked.box) if checked.box else _("이 누리집이 모르는 투표")
    return render_template("ballots/receipt_check.html", checked=checked, slip=slip, title=title,
                           url=subject_url(checked.box) if checked.box else None,
                           way=subjects.way(checked.box) if checked.box else None)


def _page(status: int = 200, *, form: ReceiptForm | None = None, written: str = "", wrong: str = ""):
    return render_template("ballots/receipts.html", form=form or ReceiptForm(formdata=None), written=written,
                           wrong=wrong, waiting=_waiting()), status


def _close_due() -> None:
    for box in queries.waiting():
        if close_is_due(box, clock.now()):
            closing.close_if_due(box.id)


def _ballots(tracker: str) -> list[Found]:
    """Only ballots have receipts: a withdrawal, a batch or an objection is nobody's to look up."""
    if typed(tracker) != tracker:  # as it came in an address: no database need see it
        return []
    return [one for one in log.by_tracker(tracker) if one.type == EntryType.BALLOT]


def _shown(found: Found, box: BallotBox, url: str, way: list[tuple[str, str | None]]) -> Shown:
    """The same receipt as at casting (Ed25519 is deterministic), now with its place and the proof of it."""
    proof = log.inclusion(found.box_id, found.number)
    receipt = Receipt.issue(keyring.signing_seed(), found.fingerprint, found.hash)
    slip = Slip(receipt, {name: proof[name] for name in ("number", "proof", "head")})
    return Shown(slip, box, title_of(box), url, way, proof)


def _waiting() -> list[tuple[str, str, BallotBox]]:
    return [(title_of(box), url, box) for box, url, _way in subjects.with_urls(queries.waiting())]


def title_of(box: BallotBox) -> str:
    return ballot_forms.title_of(box)


def subject_url(box: BallotBox) -> str:
    return subjects.of(box).url(box)
