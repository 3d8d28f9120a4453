"""Answering, one statement after another."""

import re

from flask import current_app, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from civic_forum.blocks.pages import attempt
from civic_forum.platform import cookies, keys, plain_text
from civic_forum.platform.error_pages import wants_json
from civic_forum.platform.errors import Conflict, Denied, Refusal, TooMany
from civic_forum.platform.i18n import _
from civic_forum.platform.web import address, count_in_hours, login, sign_in_for, unlogged, visitor

from .. import answering, guests, identities, labels, queries, rules
from ..guests import Here
from ..identities import Device, Guest
from ..models import Consultation
from ..pages import bp, found
from ..rules import Stage
from .visits import WHY_SIGN_IN, Visit, draw_of, met, to_kiosk

ANSWERS_AN_HOUR = 600
BACK_TO_MINE = "mine"
BACK_TO_HALL = re.compile(r"forums/[a-z0-9-]{1,60}")
"""Hall of a forum in which the consultation stands."""


@bp.get("/<slug>/answer")
@sign_in_for(WHY_SIGN_IN, once=True)
@unlogged
def answer(slug: str):
    visit = met(slug)
    if visit.needs_sign_in:
        return login.unauthorized()
    if wants_json():
        return _in_hall(visit)
    if visit.stage is not Stage.OPEN:
        return redirect(f"/consultations/{slug}")
    if visit.at_kiosk and visit.here.device is None:
        return to_kiosk(slug)
    visit.require()
    number = plain_text.number(request.args.get("statement", ""), digits=9) or visit.position.next
    return redirect(url_for(".mine", slug=slug)) if number is None else _answer_page(visit, number)


def _in_hall(visit: Visit) -> ResponseReturnValue:
    """The next statement, as a hall puts it."""
    number = visit.position.next
    return jsonify(id="hall-answer", html=render_template(
        "opinions/in_hall.html", consultation=visit.consultation, numbers=visit.numbers, position=visit.position,
        why_not=visit.why_not, statement=number and queries.statement(visit.consultation.id, number),
        then=_then(), opinion_labels=labels))


def _then() -> str:
    """Place to which the form leads back."""
    then = request.values.get("then", "")
    return then if then == BACK_TO_MINE or BACK_TO_HALL.fullmatch(then) else ""


def _answer_page(visit: Visit, number: int, refused: Refusal | None = None) -> str:
    """The page of one statement. Raises Conflict for one that was taken out."""
    statement = queries.statement(visit.consultation.id, number)
    if not statement.is_asked:
        raise Conflict(_("빠진 의견이에요. 다른 의견에 답해 주세요."))
    return render_template(
        "opinions/answer.html", consultation=visit.consultation, visit=visit, statement=statement, refused=refused,
        labels=labels, mine=visit.position.answers.get(number), place=_place(visit, number), last=_last(visit, number),
        then=_then())


def _place(visit: Visit, number: int) -> int:
    """Place of a statement in the row of those that somebody answers."""
    return visit.given + (number not in visit.position.answers)


def _last(visit: Visit, number: int) -> int | None:
    """The statement that was answered before this one, as the address says."""
    last = plain_text.number(request.args.get("last", ""), digits=9)
    return last if last != number and last in visit.position.answers else None


@bp.post("/<slug>/responses")
@sign_in_for(WHY_SIGN_IN, once=True)
@unlogged
def respond(slug: str):
    """One answer. Nothing notes who gave it; a browser without an account gets its cookie with the first."""
    consultation = found(slug)
    kiosk, device = guests.here(consultation)
    if kiosk is None and cookies.value(guests.SEAT):
        raise Denied(_("이 기기는 이제 키오스크가 아니에요. 동 주민센터 창구에 말해 주세요."))
    if not (visitor().is_authenticated or isinstance(device, Guest) or consultation.is_for_everyone):
        return login.unauthorized()
    is_new = False
    if device is None and not visitor().is_authenticated:
        if kiosk is not None:
            return to_kiosk(slug)
        device, is_new = guests.browser(), True
    number = plain_text.number(request.form.get("statement", ""), digits=9) or 0
    answer = {"1": rules.AGREE, "0": rules.PASS, "-1": rules.DISAGREE}.get(request.form.get("value", ""), 2)

    def act() -> answering.Answered:
        _count(consultation, device)
        return answering.respond(consultation.id, number, answer, by=visitor(), device=device)

    return attempt(act, lambda refusal: _again(slug, number, refusal),
                   lambda done: _answered(consultation, number, done, Here(kiosk, device), device if is_new else None))


def _count(consultation: Consultation, device: Device | None) -> None:
    """Raises TooMany. A cookie that nobody has answered with counts as a new browser, wherever it is from."""
    mark = identities.marks(consultation.id, visitor(), device)[0].value
    if not visitor().is_authenticated and not queries.participant(consultation.id, [mark]):
        _count_newcomer(device)
    count_in_hours(1, "answers", keys.keyed_hash("limit of answers", mark).hex(), ANSWERS_AN_HOUR)


def _count_newcomer(device: Device | None) -> None:
    """Raises TooMany for one more browser; letters and seats are limited by their codes."""
    if not isinstance(device, Guest):
        count_in_hours(1, "devices that answer", address(), current_app.config["LIMIT_DEVICES"], text=lambda minutes: _(
            "여기에서 새로 답하기 시작한 사람이 아주 많아요. %(num)s분 뒤에 다시 하거나 로그인해 주세요.", num=minutes))


def _again(slug: str, number: int, refusal: Refusal) -> str:
    """The same statement, or the next one where this cannot be answered any more, with what is wrong."""
    if wants_json() or not isinstance(refusal, (Conflict, TooMany)) and refusal.field != "value":
        raise refusal
    visit = met(slug)
    shown = number if number in visit.numbers else visit.position.next
    if shown is None:
        raise refusal
    return _answer_page(visit, shown, refusal)


def _answered(consultation: Consultation, number: int, done: answering.Answered, here: Here,
              new_device: str | None) -> ResponseReturnValue:
    gone_on = make_response(_gone_on(consultation, number, done, here))
    if new_device:
        guests.keep(gone_on, new_device)
    return gone_on


def _gone_on(consultation: Consultation, number: int, done: answering.Answered, here: Here) -> ResponseReturnValue:
    if wants_json():  # in a hall, which asks for the next one by itself
        return "", 204
    if then := _then():
        return redirect(url_for(".mine", slug=consultation.slug, _anchor=f"s{number}") if then == BACK_TO_MINE
                        else f"/{then}?tab=pulse#consultation", 303)
    target = url_for(".answer", slug=consultation.slug, last=number)
    return _next(consultation, number, done, here, target) if "next" in request.form else redirect(target, 303)


def _next(consultation: Consultation, number: int, done: answering.Answered, here: Here,
          target: str) -> ResponseReturnValue:
    """The form of the next statement alone, in the place of the page that a browser is sent to."""
    draw = draw_of(consultation)
    position = answering.position_after(done, draw)
    if position.next is None:
        return "", {"Content-Location": url_for(".mine", slug=consultation.slug)}
    visit = Visit(consultation, Stage.OPEN, draw.numbers, position, None, here)
    statement = queries.statement(consultation.id, position.next)
    form = render_template("opinions/statement.html", consultation=consultation, visit=visit, statement=statement,
                           labels=labels, mine=None, place=_place(visit, position.next), last=number, then="")
    return form, {"Content-Location": target}
