"""Pages of kiosks: codes at the desk, one person after another, and nothing of the one before."""

import re

from flask import Response, g, redirect, render_template, request, session, url_for

from civic_forum.ballots.kiosk import browser, register
from civic_forum.ballots.kiosk.codes import Handed
from civic_forum.blocks.pages import attempt
from civic_forum.platform import clock, cookies, keys
from civic_forum.platform.errors import Denied
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.web import never_cached, shown_to, unlogged, visitor

from .. import answering, guests
from .. import queries as consultations
from ..guests import Here
from ..models import Consultation
from ..pages import bp, desk, found
from ..policy import may_answer, may_open_kiosk, may_use_paper
from . import queries, services

HANDED = "opinions.handed"
HERE = re.compile(r"/consultations/[a-z0-9-]{1,60}(?=/|$)")


@bp.app_url_value_preprocessor
def choose_frame(_endpoint, _values) -> None:
    """Before anything can go wrong: what is refused at a kiosk is refused there, without a way into the site. By the
    path: an address that is none names no values."""
    if (here := HERE.match(request.path)) and browser.secret():
        g.frame, g.way_out = "opinions/kiosk/frame.html", f"{here[0]}/kiosk"
        g.kiosk_back = g.way_out


@desk.get("/<slug>/kiosks")
@shown_to(may_use_paper)
@never_cached
def kiosks(slug: str):
    return _desk_page(consultations.by_slug(slug))


def _desk_page(consultation: Consultation, trouble: str | None = None) -> str:
    return render_template("opinions/kiosk/desk.html", consultation=consultation, trouble=trouble,
                           why_not=may_open_kiosk(visitor(), consultation), handed=_handed(consultation))


def _handed(consultation: Consultation) -> Handed | None:
    """The code that was handed out last in this session, while it holds."""
    consultation_id, code, until, number = session.get(HANDED, (0, b"", clock.now(), 0))
    here = consultation_id == consultation.id and until > clock.now()
    return Handed(keys.unseal(HANDED, code), until, number) if here else None


@desk.post("/<slug>/kiosk-codes")
@shown_to(may_use_paper)
@never_cached
def issue_code(slug: str):
    """The code stands on the next page, in this session alone: whoever loads that anew takes no other line of the
    register."""
    consultation = consultations.by_slug(slug)

    def keep(handed: Handed):
        session[HANDED] = consultation.id, keys.seal(HANDED, handed.code), handed.until, handed.number
        return redirect(url_for(".kiosks", slug=slug), 303)

    return attempt(lambda: services.issue(consultation.id, by=visitor()),
                   lambda refusal: _desk_page(consultation, str(refusal)), keep)


@desk.get("/<slug>/kiosks/register")
@shown_to(may_use_paper)
def print_register(slug: str):
    """A sheet of today's register of one's own desk."""
    consultation = consultations.by_slug(slug)
    require(visitor(), may_open_kiosk, consultation)
    return render_template("opinions/kiosk/register.html", consultation=consultation, **register.sheet(
        visitor(), lambda desk, day: queries.last_number(consultation.id, desk, day),
        lambda **words: url_for(".print_register", slug=slug, **words)))


@bp.get("/<slug>/kiosk")
@unlogged
def kiosk(slug: str):
    """For the one who is there the way on and the way out; without anybody the code of the next person."""
    consultation = found(slug)
    here = _here(consultation)
    if here.device is None:
        return redirect(url_for("ballots.kiosk"), 303)
    position = answering.position(consultation, consultations.draw(consultation.id), by=visitor(), device=here.device)
    return render_template("opinions/kiosk/start.html", consultation=consultation, position=position,
                           why_not=may_answer(visitor(), answering.asked(consultation, visitor(), here.device)))


@bp.post("/<slug>/kiosk/end")
@unlogged
def stand_up(slug: str):
    """The end of a person's turn: nothing of them stays in the browser; their answers do."""
    _here(found(slug))
    services.leave(cookies.value(guests.SEAT)[:100])
    answer: Response = browser.cleared(redirect(url_for("ballots.kiosk"), 303))
    return answer


def _here(consultation: Consultation) -> Here:
    """Raises Denied in any other browser, and once the kiosk is revoked."""
    here = guests.here(consultation)
    if here.kiosk is None or visitor().is_authenticated:
        g.kiosk_over = True
        raise Denied(_("이 기기는 지금 키오스크가 아니에요. 동 주민센터 창구에 말해 주세요."))
    return here
