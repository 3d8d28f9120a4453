"""Own grades of a member."""

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_login import login_required

from civic_forum.blocks.pages import handle, saved
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.web import by_user, never_cached, visitor

from .. import forms, labels, policy, queries, services
from ..queries import Sheet
from .blueprint import bp

PAGE = "/evaluations/<slug>/grades"


def _sheet(slug: str) -> Sheet:
    """Raises NotFound and Denied."""
    evaluation = queries.by_slug(slug)
    if policy.may_read(visitor(), evaluation):
        raise queries.missing()
    sheet = queries.sheet(evaluation, visitor())
    require(visitor(), policy.may_sit, sheet)
    return sheet


@bp.get(PAGE)
@never_cached
@login_required
def own_grades(slug: str) -> ResponseReturnValue:
    sheet = _sheet(slug)
    return render_template("evaluations/grades.html", sheet=sheet, evaluation=sheet.evaluation, labels=labels,
                           items=queries.items(sheet.evaluation.id), why_not=policy.may_grade(visitor(), sheet))


@bp.get(f"{PAGE}/<id:commitment_id>")
@never_cached
@login_required
def own_grade(slug: str, commitment_id: int) -> ResponseReturnValue:
    sheet = _sheet(slug)
    grade = sheet.grades.get(queries.item(sheet.evaluation.id, commitment_id).id)
    data = {"note": grade.note} | {f"points_{place}": str(points) for place, points in enumerate(grade.points)} \
        if grade else {}
    return _page(sheet, commitment_id, _form(sheet, formdata=None, data=data))


def _form(sheet: Sheet, **options: Any) -> Any:
    return forms.grade_form(sheet.evaluation.criteria, sheet.evaluation.in_steps, **options)


def _page(sheet: Sheet, commitment_id: int, form: Any, conflict: forms.ConflictForm | None = None) -> str:
    item = queries.item(sheet.evaluation.id, commitment_id)
    return render_template("evaluations/grade.html", sheet=sheet, evaluation=sheet.evaluation, item=item, form=form,
                           conflict=conflict or forms.ConflictForm(formdata=None),
                           why_not=policy.may_grade(visitor(), sheet) or sheet.why_not(item))


@bp.post(f"{PAGE}/<id:commitment_id>")
@login_required
@by_user
def grade(slug: str, commitment_id: int) -> ResponseReturnValue:
    sheet = _sheet(slug)
    form, evaluation = _form(sheet), sheet.evaluation
    return handle(form, lambda: services.grade(
        slug, commitment_id, forms.points_of(form, evaluation.criteria, evaluation.in_steps), form.note.data or "",
        by=visitor()), lambda: _page(sheet, commitment_id, form), lambda _made: saved(
            _("점수를 냈어요. 열 때까지 나만 볼 수 있어요."), f"/evaluations/{slug}/grades"))


@bp.post(f"{PAGE}/<id:commitment_id>/conflicts")
@login_required
@by_user
def note_conflict(slug: str, commitment_id: int) -> ResponseReturnValue:
    sheet, form = _sheet(slug), forms.ConflictForm()
    return handle(form, lambda: services.note_conflict(slug, commitment_id, form.conflict.data or "", by=visitor()),
                  lambda: _page(sheet, commitment_id, _form(sheet, formdata=None), form), lambda _made: saved(
                      _("이 약속에서 빠졌어요."), f"/evaluations/{slug}/grades"))
