"""Pages of kiosks: one person after another answers, and nothing of the one before stays."""

import re
import secrets
from datetime import timedelta

from flask import Response, current_app, g, make_response, redirect, render_template, request, session, url_for

from civic_forum.accounts.rules import DEVICE_COOKIE, DEVICE_PATH
from civic_forum.blocks.pages import attempt, saved
from civic_forum.platform import cookies
from civic_forum.platform.errors import Denied
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.web import shown_to, unlogged, visitor

from .. import answering, guests, queries
from ..models import Kiosk
from ..pages import bp, desk
from ..policy import Asked, may_answer, may_open_kiosk, may_use_paper
from ..public import found
from ..rules import Basis
from . import services

HERE = re.compile(r"/consultations/[a-z0-9-]{1,60}(?=/|$)")
SEAT_LASTS = timedelta(minutes=30)
"""Longest time of one person; without a touch it is over much sooner."""


@bp.app_url_value_preprocessor
def choose_frame(_endpoint, _values) -> None:
    """Before anything can go wrong: what is refused at a kiosk is refused there, without a way into the site. By the
    path: an address that is none names no values."""
    if (here := HERE.match(request.path)) and cookies.value(guests.KIOSK):
        g.frame, g.way_out = "opinions/kiosk/frame.html", f"{here[0]}/kiosk"
        g.kiosk_back = g.way_out


@desk.get("/<slug>/kiosks")
@shown_to(may_use_paper)
def kiosks(slug: str):
    one = queries.by_slug(slug)
    return render_template("opinions/kiosk/desk.html", consultation=one, kiosks=queries.kiosks(one.id),
                           why_not=may_open_kiosk(visitor(), one))


@desk.post("/<slug>/kiosks")
@shown_to(may_use_paper)
def start_kiosk(slug: str):
    """This browser is signed out, and is a kiosk from now on."""
    one = queries.by_slug(slug)
    secret = services.start(one.id, by=visitor())
    answer = _cleared(redirect(url_for("opinions.kiosk", slug=slug), 303))
    cookies.put(answer, guests.KIOSK, secret, services.LASTS, samesite="Strict")
    return answer


@desk.post("/<slug>/kiosks/<id:number>/revocations")
@shown_to(may_use_paper)
def revoke_kiosk(slug: str, number: int):
    services.revoke(queries.by_slug(slug).id, number, by=visitor())
    return saved(_("키오스크를 끝냈어요."), url_for(".kiosks", slug=slug))


@bp.get("/<slug>/kiosk")
@unlogged
def kiosk(slug: str):
    """The way in for the next person; for the one who is there, the way on and the way out."""
    one = found(slug)
    _kiosk(one.id)
    here = guests.here(one)
    position = answering.position(one, queries.draw(one.id), by=visitor(), device=here.device)
    return render_template("opinions/kiosk/start.html", consultation=one, position=position, is_taken=bool(here.device),
                           why_not=may_answer(visitor(), Asked(one, guest=Basis.KIOSK)))


@bp.post("/<slug>/kiosk")
@unlogged
def sit_down(slug: str):
    """The next person, with whom nothing of the one before is joined."""
    one = found(slug)
    _kiosk(one.id)

    def begin() -> None:
        require(visitor(), may_answer, Asked(one, guest=Basis.KIOSK))

    def begun(_done) -> Response:
        answer = make_response(redirect(url_for(".answer", slug=slug), 303))
        cookies.put(answer, guests.SEAT, secrets.token_urlsafe(16), SEAT_LASTS, samesite="Strict")
        return answer

    return attempt(begin, lambda refusal: render_template(
        "opinions/kiosk/start.html", consultation=one, position=None, is_taken=False, why_not=str(refusal)), begun)


@bp.post("/<slug>/kiosk/end")
@unlogged
def stand_up(slug: str):
    """The end of a person's turn: nothing of them stays in the browser; their answers do."""
    _kiosk(found(slug).id)
    return _cleared(redirect(url_for(".kiosk", slug=slug), 303))


def _kiosk(consultation_id: int) -> Kiosk:
    """Raises Denied in any other browser, and once the kiosk is over."""
    kiosk = guests.kiosk_here(consultation_id)
    if kiosk is None or visitor().is_authenticated:
        g.kiosk_over = True
        raise Denied(_("이 기기는 지금 키오스크가 아니에요. 동 주민센터 창구에 말해 주세요."))
    return kiosk


def _cleared(answer: Response) -> Response:
    """Signed out, with no cookie but that of the kiosk, and nothing kept by the browser."""
    session.clear()
    g.pop("csrf_token", None)
    for name in set(request.cookies) - {cookies.name(guests.KIOSK), current_app.config["SESSION_COOKIE_NAME"]}:
        cookies.end(answer, name)
    cookies.end(answer, cookies.name(DEVICE_COOKIE), DEVICE_PATH)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer
