"""Asking for a text to be taken down, without an account, and what became of it; deciding about it at the desk."""

from secrets import token_hex

from flask import current_app, redirect, render_template, request, url_for
from flask_login import AnonymousUserMixin

from civic_forum.blocks.pages import attempt, handle, saved
from civic_forum.platform import clock
from civic_forum.platform.errors import Denied, NotFound, Refusal
from civic_forum.platform.i18n import _, local
from civic_forum.platform.policy import require, why_not
from civic_forum.platform.web import address, by_address, by_user, count_in_hours, never_cached, visitor

from .. import labels, queries, rules, services
from ..forms import NumberForm, ReasonForm, TakedownForm, VerdictForm
from ..pages import bp, desk, for_moderators
from ..policy import may_keep
from ..queries import takedowns, things


@bp.get("/moderation/takedowns/new")
@never_cached
def takedown_form():
    about = request.args.get("about", "")
    thing = queries.reported_as(about, AnonymousUserMixin()) if about else None
    return _form_page(TakedownForm(formdata=None, about=about, form_key=token_hex(16)), thing)


@bp.post("/moderation/takedowns/new")
@never_cached
@by_address
def ask_takedown():
    form, thing = TakedownForm(), None

    def ask():
        nonlocal thing
        thing = things.asked_about(form.about.data or "", form.address.data or "")
        count_in_hours(1, "takedowns", address(), int(current_app.config["LIMIT_TAKEDOWNS"]))
        return services.takedowns.ask_takedown(form.key(), thing.kind, thing.id, ground=form.chosen(),
                                               text=form.text.data or "", contact=form.contact.data or "")

    def again(refusal: Refusal):
        form.refuse(refusal)
        return _form_page(form, thing)

    return attempt(ask, again, lambda made: saved(_("요청을 받았어요. 아래 번호를 적어 두세요."),
                                                  url_for(".takedown", number=takedowns.number(made))))


@bp.get("/moderation/takedowns")
@never_cached
def find_takedown():
    """The page that asks for the number; with one, the way to what became of it."""
    number = request.args.get("number", "")[:60]
    form = NumberForm(formdata=None, number=number)
    if number:
        try:
            return redirect(url_for(".takedown", number=takedowns.number(takedowns.by_number(number).request)), 303)
        except NotFound as missing:
            form.number.errors = [str(missing)]
    return render_template("moderation/takedown_find.html", form=form), 404 if number else 200


@bp.get("/moderation/takedowns/<number>")
@never_cached
def takedown(number: str):
    case = _by_now(takedowns.by_number(number))
    return render_template("moderation/takedown.html", case=case, number=takedowns.number(case.request), labels=labels,
                           standing=case.standing(clock.now()).value)


def _by_now(case: takedowns.TakedownCase) -> takedowns.TakedownCase:
    """Whoever reads first that the time of a block is over writes it down: the page says that the text is shown."""
    if case.action is None or case.standing(clock.now()) is not takedowns.TakedownState.OVER:
        return case
    services.cases.end_over()
    return takedowns.case(case.request.id)


@desk.get("/takedowns")
@for_moderators
def list_takedowns():
    wanted = takedowns.WAITING.read(request.args)
    page = takedowns.waiting(wanted, visitor(), request.args.get("after"))
    shown = things.shown([(case.request.subject_kind, case.request.subject_id) for case in page.items])
    return render_template("moderation/desk/takedowns.html", page=page, shown=shown, labels=labels,
                           today=local(clock.now()).date(), wanted=wanted,
                           after_url=page.after and wanted.address(after=page.after))


@desk.get("/takedowns/<id:takedown_id>")
@for_moderators
def takedown_case(takedown_id: int):
    require(visitor(), may_keep, takedowns.case(takedown_id).author_id)
    return _takedown_page(takedown_id)


@desk.post("/takedowns/<id:takedown_id>/blocks")
@for_moderators
@by_user
def block_takedown(takedown_id: int):
    form = ReasonForm()
    return handle(
        form, lambda: services.takedowns.block_takedown(takedown_id, reason=form.reason.data or "", by=visitor()),
        lambda: _takedown_page(takedown_id, block=form),
        lambda _made: saved(_("글을 가렸어요. 다른 운영자가 한 번 더 살펴 정해요."),
                            url_for(".takedown_case", takedown_id=takedown_id)), through=(Denied, NotFound))


@desk.post("/takedowns/<id:takedown_id>/decisions")
@for_moderators
@by_user
def decide_takedown(takedown_id: int):
    form = _takedown_decision()
    return handle(form, lambda: services.takedowns.decide_takedown(
        takedown_id, granted=form.says_yes(), decision=form.decision.data or "", by=visitor()),
                  lambda: _takedown_page(takedown_id, decision=form),
                  lambda _made: saved(_("결정했어요. 요청한 사람은 요청 번호로 볼 수 있어요."), url_for(".list_takedowns")),
                  public=True, through=(Denied, NotFound))


@desk.post("/takedowns/<id:takedown_id>/contact")
@for_moderators
@by_user
def takedown_contact(takedown_id: int):
    form = ReasonForm(prefix="why")
    return handle(
        form, lambda: services.takedowns.see_takedown_contact(takedown_id, reason=form.reason.data or "", by=visitor()),
        lambda: _takedown_page(takedown_id, why=form),
        lambda contact: _takedown_page(takedown_id, contact=contact), through=(Denied, NotFound))


def _takedown_decision(**options) -> VerdictForm:
    return VerdictForm(_("받아들여요. 글을 계속 가려요."), _("받아들이지 않아요. 가린 글은 다시 보여요."), **options)


def _takedown_page(takedown_id: int, *, block=None, decision=None, why=None, contact: str | None = None) -> str:
    case = _by_now(takedowns.case(takedown_id))
    about = case.request.subject_kind, case.request.subject_id
    return render_template(
        "moderation/desk/takedown.html", case=case, labels=labels, number=takedowns.number(case.request),
        standing=case.standing(clock.now()).value, thing=things.shown([about]).get(about), contact=contact,
        block=block or ReasonForm(formdata=None), decision=decision or _takedown_decision(formdata=None),
        why=why or ReasonForm(formdata=None, prefix="why"), block_days=rules.BLOCK_DAYS,
        why_not_decide=why_not(visitor(), "moderation.decide", case.decided))


def _form_page(form: TakedownForm, thing) -> str:
    if not form.form_key.data:
        form.form_key.data = token_hex(16)
    return render_template("moderation/takedown_form.html", form=form, thing=thing, block_days=rules.BLOCK_DAYS)
