"""The kiosk of a desk: a person types the code that the clerk read out and votes alone. Nothing stays behind but the
cookie that says which kiosk this browser is.
"""

from datetime import timedelta

from flask import Response, g, make_response, redirect, render_template, request, url_for
from limits import parse

from civic_forum.blocks.pages import attempt, handle
from civic_forum.district import queries as district
from civic_forum.platform import clock, cookies
from civic_forum.platform.errors import NotFound, Refusal, TooMany
from civic_forum.platform.i18n import _, local
from civic_forum.platform.web import address, by_address, limiter, unlogged, visitor

from .. import queries as boxes
from ..box import voters
from ..desk.views import bp, get, look_ups, looked_up, of_page, post
from ..forms import CodeForm, RegistrationForm
from ..models import BallotBox
from ..policy import may_open_kiosk
from ..rules.boxes import Channel
from ..voting import refusals
from ..voting import ballot as ballot_forms
from ..voting import pages as ballot_pages
from ..voting.receipts import ReceiptView
from . import browser, devices, services
from .browser import COOKIE, DEVICE, PATH
from .codes import LASTS, TURNS
from .services import Admitted

AWAY_S = 120
"""After so long without a touch the screen is cleared; a warning comes before."""
RECEIPT_S = 180
WRONG_CODES = parse("5 per 10 minutes")
_OF_CODES, _OF_REGISTRATIONS = "kiosk codes", "kiosk registrations"


@bp.url_value_preprocessor
def choose_frame(_endpoint, _values) -> None:
    """Before anything can go wrong: what is refused at a kiosk is refused there, without a way into the site."""
    if request.path == PATH or request.path.startswith(f"{PATH}/"):
        g.frame, g.way_out = "ballots/kiosk_frame.html", PATH


@bp.get("/kiosk")
@unlogged
def kiosk():
    """The code; before that the member of staff who opens the kiosk leaves their account, and the browser is
    registered.
    """
    if visitor().is_authenticated:
        return render_template("ballots/kiosk_opening.html")
    if browser.kiosk() is None:
        return _registration(RegistrationForm(formdata=None))
    return _code_page(CodeForm(formdata=None))


@bp.post("/kiosk/registration")
@unlogged
@by_address
def register_kiosk():
    """Make this browser the kiosk whose code an administrator got."""
    count_code(_OF_REGISTRATIONS)
    form = RegistrationForm()

    def registered():
        secret = devices.join(form.code.data or "")
        code_was_right(_OF_REGISTRATIONS)
        return _kept(redirect(url_for(".kiosk"), 303), DEVICE, secret, browser.LASTS)

    return handle(form, registered, lambda: _registration(form), checks=True)


@bp.post("/kiosk/opening")
@unlogged
def open_kiosk():
    """Sign out of this browser, and clear what it kept of the work before."""
    if visitor().is_authenticated:
        services.open_kiosk(by=visitor())
    return browser.cleared(redirect(url_for(".kiosk"), 303))


@bp.post("/kiosk")
@unlogged
@by_address
def enter_kiosk():
    if browser.kiosk() is None:
        return _not_here()
    count_code(_OF_CODES)
    form = CodeForm()

    def entered():
        turn = next(iter(TURNS.ask(form.code.data or "", browser.kiosk())), None)
        secret = turn.secret if turn else services.enter(form.code.data, browser.secret())
        code_was_right(_OF_CODES)
        if visitor().is_authenticated:
            services.open_kiosk(by=visitor())
        browser.sign_out()
        answer = redirect(turn.address if turn else url_for(".kiosk_ballot"), 303)
        if turn is None:
            return _kept(answer, COOKIE, secret, LASTS)
        for name, text, lasts in ((turn.cookie, secret, turn.lasts), (DEVICE, browser.secret(), browser.LASTS)):
            cookies.put(answer, name, text, lasts, samesite="Strict")
        return answer

    return handle(form, entered, lambda: _code_page(form), checks=True)


def count_code(kind: str) -> None:
    """A try of this address, whose kiosks stand at one desk: counted before it is looked at. Raises TooMany after five.
    """
    if limiter.enabled and not limiter.limiter.hit(WRONG_CODES, kind, address()):
        raise TooMany(_("코드를 여러 번 잘못 넣었어요. 10분 뒤에 다시 해 주세요."), retry_after=600)


def code_was_right(kind: str) -> None:
    """The desk has all its tries again: only wrong codes one after another count."""
    if limiter.enabled:
        limiter.limiter.clear(WRONG_CODES, kind, address())


@bp.get("/kiosk/ballot")
@unlogged
def kiosk_ballot():
    admitted = _admitted()
    if admitted is None:
        return browser.cleared(redirect(url_for(".kiosk")))
    return _ballot_page(admitted)


@bp.post("/kiosk/casts")
@unlogged
def cast_at_kiosk():
    """As JSON of one length from the script, or as a form from a page without it."""
    if browser.kiosk() is None:
        return _not_here()
    admitted = _admitted()
    if admitted is None:
        return _over()
    try:
        receipt = services.use(_secret(), ballot_pages.sent(lambda: _box_sent(admitted)), browser.secret())
    except NotFound:
        return _over()
    except refusals.CastingOver as late:
        return _too_late(late)
    except Refusal as refusal:
        return _refused(admitted, refusal)
    answer = ballot_pages.received(ReceiptView(receipt.tracker, receipt.public_key), "ballots/kiosk_receipt.html",
                                   lambda: _around(admitted))
    return _kept(make_response(answer), COOKIE, _secret(), LASTS) if admitted.ahead else answer


@bp.post("/kiosk/skips")
@unlogged
def skip_at_kiosk():
    """Leave one ballot of the visit out; behind the last one the screen is cleared."""
    admitted = _admitted()
    if admitted is None:
        return _over()
    try:
        services.skip(_secret(), boxes.by_hex(request.form.get("box", "")[:100]).id, browser.secret())
    except NotFound:
        return _over()
    return _kept(redirect(url_for(".kiosk_ballot"), 303), COOKIE, _secret(), LASTS)


@bp.post("/kiosk/done")
@unlogged
def end_kiosk():
    """Clear the screen for the next person."""
    _leave()
    return browser.cleared(redirect(url_for(".kiosk"), 303))


@bp.get("/kiosk/over")
@unlogged
def kiosk_over():
    """Nobody touched the screen for a while: it clears itself. The cookie of the kiosk comes from no other site."""
    _leave()
    return browser.cleared(make_response(render_template("ballots/kiosk_over.html")))


def _code_page(form: CodeForm):
    return render_template("ballots/kiosk.html", form=form, device=browser.kiosk(),
                           places=district.neighbourhood_names())


def _registration(form: RegistrationForm):
    return render_template("ballots/kiosk_registration.html", form=form)


def _ballot_page(admitted: Admitted, status: int = 200, **tried):
    box = boxes.by_id(admitted.box_id)
    form = ballot_forms.opened(box, admitted.person, voters.standing(box.id, admitted.person))
    left = max(1, int((admitted.until - clock.now()).total_seconds()))
    return render_template("ballots/kiosk_ballot.html", slip=ReceiptView.blank(), left=left,
                           **ballot_pages.shown(box, form, **tried), **_around(admitted)), status


def _box_sent(admitted: Admitted) -> BallotBox:
    """The box of a page without script; the script names options in one way for all boxes."""
    try:
        return admitted.box_of(bytes.fromhex(request.form.get("fingerprint", "")))
    except ValueError:
        return boxes.by_id(admitted.box_id)


def _around(admitted: Admitted) -> dict[str, object]:
    box = boxes.by_id(admitted.box_id)
    return {"box": box, "title": ballot_forms.title_of(box), "away": AWAY_S, "receipt_seconds": RECEIPT_S,
            "admitted": admitted}


def _refused(admitted: Admitted, refusal: Refusal):
    if request.is_json:
        raise refusal
    if refusal.status == Refusal.status:
        return _ballot_page(admitted, refusal.status, **ballot_pages.tried(boxes.by_id(admitted.box_id), refusal))
    return _not_cast(str(refusal), refusal.status, again=url_for(".kiosk_ballot"))


def _not_cast(reason: str, status: int, again: str | None = None):
    return render_template("ballots/kiosk_refused.html", reason=reason, again=again), status


def _too_late(late: refusals.CastingOver):
    came = _("보낸 투표지가 %(time)s에 도착해 세지 않았어요. 시각은 투표함의 시계로 재요.", time=f"{local(late.at):%H:%M:%S}")
    onward = url_for(".kiosk_ballot") if _admitted() else None
    return ballot_pages.closed(late, came) if request.is_json else _not_cast(came, late.status, again=onward)


def _not_here():
    """A browser that is no kiosk, or is none any more."""
    if request.is_json:
        raise refusals.NotAKiosk()
    return _not_cast(refusals.NotAKiosk.sentence, refusals.NotAKiosk.status)


def _over():
    """The pass was used, given up, or is too old."""
    reason = _("투표를 이미 마쳤거나 시간이 지났어요. 확인증을 받지 못했다면 창구에 말해 주세요.")
    if request.is_json:
        raise NotFound(reason)
    return _not_cast(reason, NotFound.status)


def _secret() -> str:
    return cookies.value(COOKIE)[:100]


def _kept(answer: Response, name: str, secret: str, lasts: timedelta) -> Response:
    """With a cookie that only the kiosk's pages get."""
    cookies.put(answer, name, secret, lasts, path=PATH, samesite="Strict")
    return answer


def _admitted() -> Admitted | None:
    return services.voter(_secret(), browser.secret()) if _secret() else None


def _leave() -> None:
    if _secret():
        services.leave(_secret())


@get("/kiosk-passes", "kiosk_passes", may_open_kiosk)
def show(box: BallotBox, *, trouble=None, **looked):
    return render_template(
        "ballots/kiosk_passes.html", trouble=trouble, Channel=Channel,
        why_not=services.why_not_now(box, clock.now()), **look_ups(box, **looked), **of_page(box, "kiosk_passes"),
        offered=lambda person, account: services.offered(box, person, account, by=visitor()))


@post("/kiosk-passes/look-ups", "look_up_for_kiosk", may_open_kiosk)
@post("/kiosk-passes/account-look-ups", "look_up_account_for_kiosk", may_open_kiosk)
@by_address
def look_up(box: BallotBox):
    return looked_up(box, show)


@post("/kiosk-passes", "open_for_voter", may_open_kiosk)
def issue(box: BallotBox):
    """The code stands on this answer alone; asking again makes another one."""
    return attempt(lambda: services.issue(box.id, request.form.get("visit", "")[:2_000], by=visitor()),
                   lambda refusal: show(box, trouble=str(refusal)),
                   lambda handed: render_template("ballots/kiosk_pass.html", code=handed.shown, until=handed.until,
                                                  number=handed.number, opens=handed.opens,
                                                  **of_page(box, "kiosk_passes")))
