"""Public pages of consultations: the list, one of them, answering, where one stands, and the result."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import current_app, g, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required
from wtforms import TextAreaField

from civic_forum.blocks import about, sections
from civic_forum.blocks.kinds import Ref
from civic_forum.blocks.listing import Given
from civic_forum.blocks.pages import ask_first, attempt, handle, saved
from civic_forum.district.maps import DistrictMap, district_map
from civic_forum.district.queries import neighbourhood_names, neighbourhoods
from civic_forum.platform import clock, cookies, countdown, keys, plain_text
from civic_forum.platform.delivery import becomes_another
from civic_forum.platform.error_pages import wants_json
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal, TooMany
from civic_forum.platform.forms import PUBLIC, Form
from civic_forum.platform.i18n import _, _l
from civic_forum.platform.policy import require
from civic_forum.platform.web import (address, by_address, by_download, by_user, count_in_hours, login, never_cached,
                                      sign_in_for, unlogged, visitor)

from . import answering, guests, identities, labels, proposing, queries, results, rules, services
from .answering import Position
from .guests import Here
from .identities import Device, Guest
from .kiosk.queries import codes as kiosk_codes
from .letters import queries as letters
from .kinds import CONSULTATION
from .mapping import Settings
from .models import Consultation, OpinionMap, Statement
from .pages import bp
from .policy import may_answer, may_propose, may_read, may_write, stage_of, takes_kiosk, why_lost
from .process import DOCUMENTS
from .queries import Opened
from .results import Result
from .rules import Stage

ANSWERS_AN_HOUR = 600
WHY_SIGN_IN = _l("이 물음에 답하려면 로그인해 주세요.")
WHY_SIGN_IN_TO_WRITE = _l("내 의견을 쓰려면 로그인해 주세요.")
WHY_SIGN_IN_TO_PROPOSE = _l("이 의견으로 제안하려면 로그인해 주세요.")
BACK_TO_MINE = "mine"
BACK_TO_HALL = re.compile(r"forums/[a-z0-9-]{1,60}")
"""Hall of a forum in which the consultation stands."""


class OwnStatementForm(Form):
    text = TextAreaField(_l("내 의견 한 줄"), render_kw=PUBLIC)


@bp.get("")
def show_list():
    return sections.page(_list_facts, queries.CONSULTATIONS.given(request.args))


def _list_facts(words: Given):
    wanted, now = queries.CONSULTATIONS.read(words), clock.now()
    page = wanted.page(words.get("after"))
    cards = queries.cards(page.items, now)
    becomes_another(*(moment for card in cards for moment in (card.consultation.opens_at, card.consultation.closes_at)))
    return "opinions/list.html", {
        "cards": cards, "stage": wanted["stage"], "chips": wanted.links("stage"), "labels": labels, "now": now,
        "left": countdown.days_left, "after_url": page.after and wanted.address(after=page.after)}


def found(slug: str) -> Consultation:
    """The consultation at this address, if the visitor may know of it. Raises NotFound."""
    consultation = queries.by_slug(slug)
    if may_read(visitor(), consultation):
        raise queries.missing()
    return consultation


@dataclass(frozen=True)
class Visit:
    """A consultation as somebody meets it: what they answered, and why they may not answer."""

    consultation: Consultation
    stage: Stage
    numbers: Sequence[int]
    position: Position
    why_not: str | None
    here: Here

    @property
    def at_kiosk(self) -> bool:
        return self.here.kiosk is not None and not visitor().is_authenticated

    @property
    def given(self) -> int:
        """Number of statements that were answered, of those that are asked still."""
        return len(self.numbers) - len(self.position.left)

    @property
    def needs_sign_in(self) -> bool:
        return (self.why_not is not None and self.stage is Stage.OPEN and not visitor().is_authenticated
                and not self.consultation.is_for_everyone)

    def require(self) -> None:
        """Raises Denied where they may not answer."""
        if self.why_not:
            raise Denied(self.why_not)


def _visit(slug: str) -> Visit:
    consultation = found(slug)
    draw, here = _draw(consultation), guests.here(consultation)
    position = answering.position(consultation, draw, by=visitor(), device=here.device)
    return Visit(consultation, stage_of(consultation), draw.numbers, position,
                 may_answer(visitor(), answering.asked(consultation, visitor(), here.device)), here)


def _at_kiosk(slug: str) -> ResponseReturnValue:
    """The way in for the next person, and the way out for the one who is there."""
    return redirect(url_for(".kiosk", slug=slug), 303)


def _away(visit: Visit) -> ResponseReturnValue | None:
    """The way of somebody who has no place of their own here: to sign in, or to the start of a kiosk."""
    if visit.needs_sign_in:
        return login.unauthorized()
    return _at_kiosk(visit.consultation.slug) if visit.at_kiosk else None


def _draw(consultation: Consultation) -> queries.Draw:
    return sections.kept(queries.draw, consultation.id)


@bp.get("/<slug>")
def show(slug: str):
    visit = _visit(slug)
    consultation, now = visit.consultation, clock.now()
    becomes_another(consultation.opens_at, consultation.closes_at)
    latest = queries.latest_participants(consultation.id)
    codes = takes_kiosk(consultation) and sections.kept(kiosk_codes, consultation.id)
    if visit.here.device or visit.here.kiosk:
        g.pop("page_version", None)  # it says how far this browser came
    return render_template(
        "opinions/show.html", consultation=consultation, visit=visit, labels=labels, people=latest or 0,
        left=countdown.days_left(consultation.closes_at, now), has_result=latest is not None,
        may_write=may_write(visitor(), answering.asked(consultation, visitor())) is None,
        documents=DOCUMENTS.of(consultation), agenda=_agenda(consultation),
        about_sections=about.SECTIONS.ask(CONSULTATION.name, [consultation.id]),
        letters=consultation.by_letter and sections.kept(letters.numbers, consultation.id), codes=codes,
        places=codes and neighbourhood_names())


def _agenda(consultation: Consultation) -> about.Subject | None:
    """The agenda that was made of its result, once everybody may read it."""
    return about.subject(Ref("agenda", consultation.agenda_id)) if consultation.agenda_id else None


# Answering


@bp.get("/<slug>/answer")
@sign_in_for(WHY_SIGN_IN, once=True)
@unlogged
def answer(slug: str):
    visit = _visit(slug)
    if visit.needs_sign_in:
        return login.unauthorized()
    if wants_json():
        return _in_hall(visit)
    if visit.stage is not Stage.OPEN:
        return redirect(f"/consultations/{slug}")
    if visit.at_kiosk and visit.here.device is None:
        return _at_kiosk(slug)
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
            return _at_kiosk(slug)
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
    visit = _visit(slug)
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
    draw = _draw(consultation)
    position = answering.position_after(done, draw)
    if position.next is None:
        return "", {"Content-Location": url_for(".mine", slug=consultation.slug)}
    visit = Visit(consultation, Stage.OPEN, draw.numbers, position, None, here)
    statement = queries.statement(consultation.id, position.next)
    form = render_template("opinions/statement.html", consultation=consultation, visit=visit, statement=statement,
                           labels=labels, mine=None, place=_place(visit, position.next), last=number, then="")
    return form, {"Content-Location": target}


# Where one stands


@bp.get("/<slug>/mine")
@sign_in_for(WHY_SIGN_IN, once=True)
@unlogged
def mine(slug: str):
    visit = _visit(slug)
    if away := _away(visit):
        return away
    consultation, user = visit.consultation, visitor()
    if visit.stage in (Stage.PREPARING, Stage.ANNOUNCED):
        return redirect(f"/consultations/{slug}")
    statements = {each.number: each for each in queries.statements(consultation.id)}
    latest = queries.latest_map(consultation.id)
    result = _result(latest, statements)
    answers = {number: answer for number, answer in visit.position.answers.items() if number in statements}
    me = visit.position.participant
    group = result.letter_of(me.point.group) if result and me else None
    beside = result.beside_others(answers) if result else []
    return render_template(
        "opinions/mine.html", consultation=consultation, visit=visit, labels=labels, statements=statements,
        answers=answers, is_known=user.is_authenticated, result=result, group=group,
        is_last=bool(latest and latest.is_last), lacks=visit.given < min(Settings.answers, len(visit.numbers)),
        is_uncounted=bool(consultation.verified_only and me and me.row.basis in rules.UNVERIFIED),
        likeness=result.likeness(answers) if result else {}, common=beside[-1] if beside else None,
        rare=[each for each in beside if each[2] <= 100 * results.RARE_MOST][:3], dot=_dot(result, me),
        own=queries.own_statements(consultation.id, user.id) if user.is_authenticated else [],
        proposals=proposing.begun_with(consultation.id), lost=why_lost(consultation),
        may_write=may_write(user, answering.asked(consultation, user)) is None)


def _dot(result: Result | None, me: Opened | None) -> tuple[float, float] | None:
    """Point of the picture near which somebody stands, for themselves alone."""
    if result is None or result.picture is None or me is None:
        return None
    return result.picture.near(result.letter_of(me.point.group), me.point.x, me.point.y)


def _result(latest: OpinionMap | None, statements: Mapping[int, Statement]) -> Result | None:
    return latest and results.read(latest.published, {number for number, each in statements.items() if each.is_asked})


@bp.route("/<slug>/mine/removal", methods=["GET", "POST"])
@sign_in_for(WHY_SIGN_IN, once=True)
@by_address
@unlogged
def remove_mine(slug: str):
    visit = _visit(slug)
    if away := _away(visit):
        return away
    visit.require()
    here = f"/consultations/{slug}"
    if request.method != "POST":
        return ask_first(
            _("내 답 지우기"), _("내 답을 모두 지울까요?"),
            _("답 %(count)s개를 지워요. 되살릴 수 없어요. 다음 결과에서 빼지만, 한 사람의 답이 드러나지 않게 보이는 수는 그대로일 수 있어요. "
              "내가 쓴 의견은 남아요.",
              count=len(visit.position.answers)),
            act=f"{here}/mine/removal", label=_("모두 지우기"), back=f"{here}/mine", danger=True,
            trail=[(_("구청이 묻습니다"), "/consultations"), (visit.consultation.title, here),
                   (_("내 자리"), f"{here}/mine"), (_("내 답 지우기"), None)])
    answering.withdraw(visit.consultation.id, by=visitor(), device=visit.here.device)
    return saved(_("답을 모두 지웠어요."), here)


@bp.post("/<slug>/mine/age")
@sign_in_for(WHY_SIGN_IN, once=True)
@by_address
@unlogged
def say_age(slug: str):
    visit = _visit(slug)
    if away := _away(visit):
        return away
    answering.say_age(visit.consultation.id, request.form.get("age", "?"), by=visitor(), device=visit.here.device)
    return saved(_("저장했어요."), url_for(".mine", slug=slug, _anchor="age"))


# A statement of one's own


@bp.route("/<slug>/statements", methods=["GET", "POST"])
@sign_in_for(WHY_SIGN_IN_TO_WRITE)
@login_required
@by_address
@by_user
@never_cached
def write(slug: str):
    consultation, form = found(slug), OwnStatementForm()
    require(visitor(), may_write, answering.asked(consultation, visitor()))
    if request.method != "POST":
        return _write_page(consultation, form)
    text = form.text.data or ""
    alike = [] if "anyway" in request.form else services.alike(text, queries.statements(consultation.id))
    if alike:
        return _write_page(consultation, form, alike)
    return handle(form, lambda: _written(consultation, form), lambda: _write_page(consultation, form),
                  lambda made: saved(_("올렸어요. 이제 모두가 답할 수 있어요.") if made.is_asked else
                                     _("받았어요. 운영자가 살펴보고, 공개하는지 알려 드려요."),
                                     f"/consultations/{slug}/mine#own"))


def _written(consultation: Consultation, form: OwnStatementForm) -> Statement:
    form.refuse_personal_numbers()
    return services.write(consultation.id, form.text.data or "", by=visitor())


def _write_page(consultation: Consultation, form: OwnStatementForm, alike: list[Statement] | None = None) -> str:
    return render_template("opinions/write.html", consultation=consultation, form=form, alike=alike or [],
                           labels=labels, most=rules.TEXT_MOST)


# One statement


@bp.get("/<slug>/statements/<int:number>")
def statement(slug: str, number: int):
    """Answers of everybody to a statement, what came of it, and the way on to a proposal."""
    consultation, user = found(slug), visitor()
    statement = queries.statement(consultation.id, number)
    if not statement.is_asked or stage_of(consultation) not in (Stage.OPEN, Stage.CLOSED):
        raise NotFound(_("지금 묻고 있는 의견이 아니에요."))
    becomes_another(consultation.opens_at, consultation.closes_at)
    result = _result(queries.latest_map(consultation.id), {number: statement})
    return render_template(
        "opinions/one.html", consultation=consultation, stage=stage_of(consultation), statement=statement,
        labels=labels, line=result and result.by_number.get(number),
        proposals=proposing.begun_with(consultation.id)[number],
        why_not=may_propose(user, statement) if user.is_authenticated else None)


@bp.post("/<slug>/statements/<int:number>/proposal")
@sign_in_for(WHY_SIGN_IN_TO_PROPOSE)
@login_required
@by_address
@by_user
def propose(slug: str, number: int):
    draft = proposing.propose(found(slug).id, number, by=visitor())
    return redirect(url_for("proposals.write", key=draft.draft_key, step=1), 303)


# The result


@bp.get("/<slug>/result")
def result(slug: str):
    consultation = found(slug)
    becomes_another(consultation.opens_at, consultation.closes_at)
    statements = {each.number: each for each in queries.statements(consultation.id)}
    latest = queries.latest_map(consultation.id)
    read = _result(latest, statements)
    return render_template(
        "opinions/result.html", consultation=consultation, stage=stage_of(consultation), labels=labels,
        statements=statements, at=latest and latest.at, is_last=bool(latest and latest.is_last), result=read,
        taken_out=[each for each in statements.values() if each.is_taken_out and each.published_at],
        proposals=proposing.begun_with(consultation.id),
        places=_map(read.neighbourhoods) if read else None, agenda=_agenda(consultation), others=rules.OTHERS,
        lost=why_lost(consultation))


@bp.get("/<slug>/result.json")
@by_download
def result_json(slug: str):
    """The publication, from which anybody can compute the result again. Raises NotFound before there is one."""
    consultation = found(slug)
    latest = queries.latest_map(consultation.id)
    if latest is None:
        raise NotFound(_("아직 결과가 없어요."))
    hidden = {str(each.number) for each in queries.statements(consultation.id) if each.hidden_at is not None}
    return jsonify(latest.published | {"statements": [
        each | {"text": ""} if each["id"] in hidden else each for each in latest.published["statements"]]})


def _map(people: Mapping[str, int]) -> DistrictMap | None:
    """Those who answered by neighbourhood; None where no place is known or all are few."""
    places = neighbourhoods()
    known = {place.id: people[place.name_ko] for place in places if place.name_ko in people}
    hidden = [place.id for place in places if place.id not in known]
    return district_map(known, _("명"), hidden=hidden, neighbourhoods=places) if known else None
