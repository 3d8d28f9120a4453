"""One statement, a new one, and a proposal that begins with one."""

from flask import redirect, render_template, request, url_for
from flask_login import login_required
from wtforms import TextAreaField

from civic_forum.blocks.pages import handle, saved
from civic_forum.platform.delivery import becomes_another
from civic_forum.platform.errors import NotFound
from civic_forum.platform.forms import PUBLIC, Form
from civic_forum.platform.i18n import _, _l
from civic_forum.platform.policy import require
from civic_forum.platform.web import by_address, by_user, never_cached, sign_in_for, visitor

from .. import answering, labels, proposing, queries, rules, services
from ..models import Consultation, Statement
from ..pages import bp, found
from ..policy import may_propose, may_write, stage_of
from ..rules import Stage
from .results import result_of

WHY_SIGN_IN_TO_WRITE = _l("내 의견을 쓰려면 로그인해 주세요.")
WHY_SIGN_IN_TO_PROPOSE = _l("이 의견으로 제안하려면 로그인해 주세요.")


class OwnStatementForm(Form):
    text = TextAreaField(_l("내 의견 한 줄"), render_kw=PUBLIC)


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


@bp.get("/<slug>/statements/<int:number>")
def statement(slug: str, number: int):
    """Answers of everybody to a statement, what came of it, and the way on to a proposal."""
    consultation, user = found(slug), visitor()
    statement = queries.statement(consultation.id, number)
    if not statement.is_asked or stage_of(consultation) not in (Stage.OPEN, Stage.CLOSED):
        raise NotFound(_("지금 묻고 있는 의견이 아니에요."))
    becomes_another(consultation.opens_at, consultation.closes_at)
    result = result_of(queries.latest_map(consultation.id), {number: statement})
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
