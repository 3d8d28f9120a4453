"""Pages of letters: printing and withdrawing at the desk, and answering by one."""

from types import SimpleNamespace

import segno
from flask import current_app, g, make_response, redirect, render_template, request, url_for
from wtforms import StringField

from civic_forum.accounts.queries import people
from civic_forum.blocks.pages import ask_first, handle, saved
from civic_forum.platform import clock, cookies, plain_text, typed_codes
from civic_forum.platform.forms import Form
from civic_forum.platform.i18n import _, _l
from civic_forum.platform.policy import require
from civic_forum.platform.web import address, by_address, count_in_hours, never_cached, shown_to, unlogged, visitor

from .. import guests
from .. import queries as consultations
from ..forms import PrintForm
from ..identities import Guest
from ..models import Consultation
from ..pages import bp, desk, found
from ..policy import ASKS, Asked, may_answer, may_make, may_send_letters
from ..rules import Basis
from . import queries, services


class CodeForm(Form):
    code = StringField(_l("편지에 적힌 코드"))


@desk.get("/<slug>/letters")
@shown_to(may_make)
def letters(slug: str):
    return _page(consultations.by_slug(slug))


def _page(consultation: Consultation, prints: Form | None = None, code: Form | None = None):
    there = queries.runs(consultation.id)
    return render_template(
        "opinions/letters/desk.html", consultation=consultation, runs=there, numbers=queries.numbers(consultation.id),
        waiting={run.run: (queries.letters(consultation.id, run.run),
                           people.why_not_another(run.printed_by, visitor(), ASKS))
                 for run in there if run.posted is None},
        prints=prints or PrintForm(formdata=None, data={"count": 20}), code=code or CodeForm(formdata=None),
        why_not=may_send_letters(visitor(), consultation))


@desk.post("/<slug>/letters/prints")
@shown_to(may_make)
@never_cached
def print_letters(slug: str):
    """The letters, with codes that stand on this answer alone."""
    consultation, form = consultations.by_slug(slug), PrintForm()
    return handle(form, lambda: services.print_letters(consultation.id, form.count.number or 0, by=visitor()),
                  lambda: _page(consultation, form),
                  lambda codes: render_template("opinions/letters/print.html", consultation=consultation,
                                                letters=[_letter(consultation, code) for code in codes], site=_site()))


def _site() -> str:
    return str(current_app.config["URL"]).rstrip("/")


def _letter(consultation: Consultation, code: str) -> SimpleNamespace:
    picture = segno.make(f"{_site()}/consultations/{consultation.slug}/letter/{code}", error="m", micro=False)
    return SimpleNamespace(code=typed_codes.grouped(code), picture=picture.svg_data_uri(
        scale=4, border=4, dark="#1e2124", light="#ffffff"))


@desk.post("/<slug>/letters/<id:run>/posts")
@shown_to(may_make)
def post_letters(slug: str, run: int):
    count = plain_text.number(request.form.get("posted", ""), digits=4) or 0
    services.post(consultations.by_slug(slug).id, run, count, by=visitor())
    return saved(_("보냈다고 적었어요. 이제 이 편지로 답할 수 있어요."), url_for(".letters", slug=slug))


@desk.route("/<slug>/letters/<id:run>/withdrawals", methods=["GET", "POST"])
@shown_to(may_make)
def withdraw_letters(slug: str, run: int):
    if request.method != "POST":
        require(visitor(), may_send_letters, consultations.by_slug(slug))
        there = url_for(".letters", slug=slug)
        return ask_first(
            _("편지 거두기"), _("%(run)s번째 묶음을 거둘까요?", run=run),
            _("아직 쓰지 않은 편지로는 답할 수 없게 돼요. 되돌릴 수 없고, 거둔 편지의 수를 모두가 봐요."), act=request.path,
            label=_("거두기"), back=there, danger=True, trail=[(_("편지로 받기"), there), (_("편지 거두기"), None)])
    services.withdraw(consultations.by_slug(slug).id, run, by=visitor())
    return saved(_("아직 쓰지 않은 편지를 거뒀어요. 그 편지로는 이제 답할 수 없어요."), url_for(".letters", slug=slug))


@desk.post("/<slug>/letters/returns")
@shown_to(may_make)
def take_back_letter(slug: str):
    """One letter by its code: it came back, never left, or somebody else used it."""
    consultation, form = consultations.by_slug(slug), CodeForm()
    return handle(form, lambda: services.take_back(consultation.id, form.code.data or "", by=visitor()),
                  lambda: _page(consultation, code=form),
                  lambda is_out: saved(_("이 편지를 뺐어요. 이제 답할 수 없어요.") if is_out else
                                       _("누가 이미 쓴 편지예요. 다른 담당자 한 명도 편지를 보고 여기에 코드를 적으면 "
                                         "그 답을 빼요."),
                                       url_for(".letters", slug=slug)))


@bp.get("/<slug>/letter", defaults={"code": ""})
@bp.get("/<slug>/letter/<code>", endpoint="opened_letter")
@unlogged
def letter(slug: str, code: str):
    """The letter is taken up by the button alone: whoever looks ahead at addresses uses nothing."""
    consultation = found(slug)
    g.this_page = url_for(".letter", slug=slug)
    return _letter_page(consultation, CodeForm(formdata=None, data={"code": code[:40]}), is_given=bool(code))


def _letter_page(consultation: Consultation, form: CodeForm, **shown):
    return render_template(
        "opinions/letters/letter.html", consultation=consultation, form=form, **shown, why_not=may_answer(
            visitor(), Asked(consultation, guest=Basis.LINK)) or services.why_not_signed_in(consultation, visitor()))


@bp.post("/<slug>/letter")
@by_address
@unlogged
def take_up_letter(slug: str):
    """Answer by a letter in this browser, to which it belongs from then on, or say that somebody else was first. Its
    code leaves the address, and the browser keeps its own secret."""
    consultation, form, browser = found(slug), CodeForm(), guests.browser()

    def take_up() -> Guest | None:
        count_in_hours(1, "letters", address(), current_app.config["LIMIT_DEVICES"])
        if "claim" in request.form:
            return services.claim(consultation.id, form.code.data or "", browser)
        return services.take_up(
            consultation.id, form.code.data or "", browser, by=visitor(), before=guests.letter(consultation))

    def taken_up(guest: Guest | None):
        if guest is None:
            return _letter_page(consultation, form, is_claimed=True)
        gone_on = make_response(redirect(url_for(".answer", slug=slug), 303))
        cookies.put(
            gone_on, guests.letter_cookie(consultation), guests.sealed(guest), consultation.closes_at - clock.now())
        guests.keep(gone_on, browser)
        return gone_on

    return handle(form, take_up, lambda: _letter_page(consultation, form), taken_up)
