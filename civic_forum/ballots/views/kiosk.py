"""The kiosk of a desk: a person types the code that the clerk gave them and votes alone. Nothing stays behind."""

from flask import Response, current_app, g, jsonify, make_response, redirect, render_template, request, session, url_for

from civic_forum.kernel import clock
from civic_forum.kernel.error_pages import error_page
from civic_forum.kernel.errors import NotFound, Refusal
from civic_forum.kernel.i18n import _, local
from civic_forum.kernel.web import by_address, leaves_no_trace, visitor

from .. import ballot_forms, refusals, subjects
from ..forms.kiosk import CodeForm
from ..models import BallotBox
from ..queries import boxes, casts
from ..services import kiosk as services
from ..services.kiosk import Admitted
from ..slips import Slip
from ..wording import ballot_words
from .blueprint import bp
from .kiosk_passes import code_was_right, count_code

COOKIE = "kiosk"
PATH = "/kiosk"
AWAY_S = 120
"""After so long without a touch the screen is cleared; a warning comes before."""
RECEIPT_S = 180
CHOSEN_ON_THE_WAY = ("text", "contrast", "language")
"""Cookies of how somebody wanted to see the page."""
ELSEWHERE = ("cross-site", "same-site")
"""A picture or a link of another site would else sign anybody out and throw their drafts away."""


@bp.url_value_preprocessor
def choose_frame(_endpoint, _values) -> None:
    """Before anything can go wrong: what is refused at a kiosk is refused there, without a way into the site."""
    if request.path == PATH or request.path.startswith(f"{PATH}/"):
        g.frame, g.way_out = "ballots/kiosk_frame.html", PATH


@bp.get("/kiosk")
@leaves_no_trace
def kiosk():
    """The code; before that the member of staff who opens the kiosk leaves their account."""
    if visitor().is_authenticated:
        return render_template("ballots/kiosk_opening.html")
    return _code_page(CodeForm(formdata=None))


@bp.post("/kiosk/opening")
@leaves_no_trace
def open_kiosk():
    """Sign out of this browser, and clear what it kept of the work before."""
    if visitor().is_authenticated:
        services.open_kiosk(by=visitor())
    return _cleared(redirect(url_for(".kiosk"), 303))


@bp.post("/kiosk")
@leaves_no_trace
@by_address
def enter_kiosk():
    count_code()
    form = CodeForm()
    if not form.validate():
        return _code_page(form, 422)
    try:
        secret = services.enter(form.code.data)
    except Refusal as refusal:
        form.refuse(refusal)
        return _code_page(form, refusal.status)
    code_was_right()
    if visitor().is_authenticated:
        services.open_kiosk(by=visitor())
    _sign_out()
    answer = redirect(url_for(".kiosk_ballot"), 303)
    answer.set_cookie(COOKIE, secret, path=PATH, httponly=True, samesite="Strict",
                      max_age=int(services.LASTS.total_seconds()), secure=current_app.config["COOKIE_SECURE"])
    return answer


@bp.get("/kiosk/ballot")
@leaves_no_trace
def kiosk_ballot():
    admitted = _admitted()
    if admitted is None:
        return _cleared(redirect(url_for(".kiosk")))
    return _ballot_page(admitted)


@bp.post("/kiosk/casts")
@leaves_no_trace
def cast_at_kiosk():
    """As JSON of one length from the script, or as a form from a page without it."""
    admitted = _admitted()
    if admitted is None:
        return _over()
    box = boxes.by_id(admitted.box_id)
    try:
        form = (ballot_forms.from_json(request.get_data()) if request.is_json
                else ballot_forms.from_fields(request.form, boxes.rule_of(box)))
        receipt = services.use(_secret(), form)
    except NotFound:
        return _over()
    except refusals.CastingOver as late:
        return _too_late(box, late)
    except Refusal as refusal:
        return _refused(admitted, refusal)
    if request.is_json:
        return jsonify(Slip(receipt).to_json())
    return render_template("ballots/kiosk_receipt.html", slip=Slip(receipt), **_around(boxes.by_id(admitted.box_id)))


@bp.post("/kiosk/done")
@leaves_no_trace
def end_kiosk():
    """Clear the screen for the next person."""
    _leave()
    return _cleared(redirect(url_for(".kiosk"), 303))


@bp.get("/kiosk/over")
@leaves_no_trace
def kiosk_over():
    """Nobody touched the screen for a while: it clears itself. The cookie of the kiosk comes from no other site."""
    _leave()
    return _cleared(make_response(render_template("ballots/kiosk_over.html")))


def _code_page(form: CodeForm, status: int = 200):
    return render_template("ballots/kiosk.html", form=form), status


def _ballot_page(admitted: Admitted, *, chosen=None, blank=False, refused="", group=None, status=200):
    box = boxes.by_id(admitted.box_id)
    form = ballot_forms.opened(box, admitted.person, casts.standing(box.id, admitted.person).revision)
    return render_template(
        "ballots/kiosk_ballot.html", form=form, chosen=chosen or {}, blank=blank, refused=refused, group=group,
        slip=Slip.blank(), words=ballot_words(form.title), pictures=subjects.of(box).pictures(box),
        left=_seconds_left(admitted), **_around(box)), status


def _seconds_left(admitted: Admitted) -> int:
    return max(1, int((admitted.until - clock.now()).total_seconds()))


def _around(box: BallotBox) -> dict[str, object]:
    return {"box": box, "title": ballot_forms.title_of(box), "away": AWAY_S, "receipt_seconds": RECEIPT_S}


def _refused(admitted: Admitted, refusal: Refusal):
    if request.is_json:
        raise refusal
    if refusal.status == Refusal.status:
        rule = boxes.rule_of(boxes.by_id(admitted.box_id))
        return _ballot_page(admitted, chosen=ballot_forms.selection(request.form, rule), refused=str(refusal),
                            group=getattr(refusal, "group", None), blank=ballot_forms.is_blank(request.form),
                            status=refusal.status)
    again = url_for(".kiosk_ballot")
    return render_template("ballots/kiosk_refused.html", reason=str(refusal), again=again), refusal.status


def _too_late(box: BallotBox, late: refusals.CastingOver):
    came = _("보낸 투표지가 %(time)s에 도착해 세지 않았어요. 시각은 투표함의 시계로 재요.", time=f"{local(late.at):%H:%M:%S}")
    if request.is_json:
        answer = error_page(late.status, came)
        answer.set_data(jsonify(answer.get_json() | {"type": "closed"}).get_data())
        return answer
    return render_template("ballots/kiosk_refused.html", reason=came, again=None), late.status


def _over():
    """The pass was used, given up, or is too old."""
    reason = _("투표를 이미 마쳤거나 시간이 지났어요. 확인증을 받지 못했다면 창구에 말해 주세요.")
    if request.is_json:
        raise NotFound(reason)
    return render_template("ballots/kiosk_refused.html", reason=reason, again=None), NotFound.status


def _secret() -> str:
    return request.cookies.get(COOKIE, "")[:100]


def _admitted() -> Admitted | None:
    return services.voter(_secret()) if _secret() else None


def _leave() -> None:
    if _secret():
        services.leave(_secret())


def _sign_out() -> None:
    session.clear()
    g.pop("csrf_token", None)


def _cleared(answer: Response) -> Response:
    """Signed out, without a cookie of ours, nothing kept by the browser; unless another site asked for that."""
    if request.headers.get("Sec-Fetch-Site") in ELSEWHERE:
        return answer
    _sign_out()
    answer.delete_cookie(COOKIE, path=PATH, httponly=True, samesite="Strict")
    for name in CHOSEN_ON_THE_WAY:
        answer.delete_cookie(name)
    answer.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return answer
