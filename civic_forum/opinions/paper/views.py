"""Desk pages of paper: sheets to print, and what came back."""

from flask import redirect, render_template, request, url_for
from wtforms import StringField

from civic_forum.blocks.pages import handle, saved
from civic_forum.platform import plain_text
from civic_forum.platform.fields import NumberField
from civic_forum.platform.forms import Form
from civic_forum.platform.i18n import _, _l
from civic_forum.platform.web import shown_to, visitor

from .. import queries as consultations
from ..forms import PrintForm
from ..models import Consultation
from ..pages import desk
from ..policy import may_use_paper
from . import queries, services
from .operations import State, Typed


class TypingForm(Form):
    sheet = NumberField(_l("종이 번호"))
    typed = StringField(_l("표시한 것"))


@desk.get("/<slug>/paper")
@shown_to(may_use_paper)
def paper(slug: str):
    return _page(consultations.by_slug(slug))


def _page(consultation: Consultation, prints: Form | None = None, typing: Form | None = None):
    return render_template(
        "opinions/paper/show.html", consultation=consultation,
        prints=prints or PrintForm(formdata=None, data={"count": 20}), typing=typing or TypingForm(formdata=None),
        waiting=queries.typed_once(consultation.id), runs=queries.paper_runs(consultation.id),
        counted=queries.sheets_counted(consultation.id), why_not=may_use_paper(visitor(), consultation))


@desk.post("/<slug>/paper/prints")
@shown_to(may_use_paper)
def print_sheets(slug: str):
    consultation, form = consultations.by_slug(slug), PrintForm()
    return handle(form, lambda: services.print_sheets(consultation.id, form.count.number or 0, by=visitor()),
                  lambda: _page(consultation, prints=form),
                  lambda run: redirect(url_for(".sheets", slug=slug, first=run.first), 303))


@desk.get("/<slug>/paper/sheets/<id:first>")
@shown_to(may_use_paper)
def sheets(slug: str, first: int):
    """The sheets of one printing."""
    consultation = consultations.by_slug(slug)
    run = queries.paper_run(consultation.id, first)
    texts = {statement.number: statement for statement in consultations.statements(consultation.id)}
    return render_template("opinions/paper/print.html", consultation=consultation, run=run,
                           statements=[texts[number] for number in run.statements if number in texts])


@desk.post("/<slug>/paper/typings")
@shown_to(may_use_paper)
def type_in(slug: str):
    consultation, form = consultations.by_slug(slug), TypingForm()
    sheet = plain_text.number(request.form.get("sheet") or "", digits=6) or 0
    return handle(form, lambda: services.type_in(consultation.id, sheet, form.typed.data or "", by=visitor()),
                  lambda: _page(consultation, typing=form),
                  lambda typed: saved(_said(sheet, typed), url_for(".paper", slug=slug)))


def _said(sheet: int, typed: Typed) -> str:
    if typed.state is State.COUNTED:
        return _("%(sheet)s번 종이를 세었어요.", sheet=sheet)
    if typed.state is State.DIFFERS:
        return _("%(sheet)s번 종이는 위에서 %(lines)s번째 줄이 먼저 적은 것과 달라요. 종이를 다시 보고, 틀리게 적은 사람이 고쳐 주세요.", sheet=sheet,
                 lines=", ".join(map(str, typed.differs_at[:10])))
    return _("%(sheet)s번 종이를 적었어요. 다른 사람이 한 번 더 적으면 세어요.", sheet=sheet)
