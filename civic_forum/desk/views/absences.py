"""Absences at the desk: one's own, and those of others for their head and for administrators."""

from typing import Any

from flask import render_template, url_for

from civic_forum.accounts.policy import may_note_absence
from civic_forum.accounts.queries import absences as queries
from civic_forum.accounts.queries import people as accounts
from civic_forum.accounts.services import absences as services
from civic_forum.blocks.pages import handle, saved
from civic_forum.platform import clock
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _, local
from civic_forum.platform.policy import require
from civic_forum.platform.web import visitor

from ..forms import AbsenceForm
from ..pages import bp, shown_to


@bp.get("/absences")
@shown_to(may_note_absence)
def absences():
    return render_template("desk/absences.html", absences=queries.coming(local(clock.now()).date()),
                           people=accounts.led_by(visitor()))


@bp.get("/absences/people/<id:user_id>")
@shown_to(may_note_absence)
def new_absence(user_id: int):
    return _page(user_id, _form(user_id, formdata=None))


@bp.post("/absences/people/<id:user_id>")
@shown_to(may_note_absence)
def note_absence(user_id: int):
    form = _form(user_id)
    return handle(form, lambda: services.note(
        user_id, form.from_day.data, form.until_day.data, form.deputy.user_id, by=visitor()),
        lambda: _page(user_id, form), lambda _done: saved(_("적었어요. 대신할 사람에게는 첫날에 알려요."), url_for(".absences")))


@bp.post("/absences/<id:absence_id>/removal")
@shown_to(may_note_absence)
def remove_absence(absence_id: int):
    services.remove(absence_id, by=visitor())
    return saved(_("지웠어요. 그 사람의 일은 다시 그 사람 책상에 있어요."), url_for(".absences"))


def _form(user_id: int, **options: Any) -> AbsenceForm:
    user = existing(accounts.by_id(user_id), lambda: NotFound(_("그런 회원이 없어요.")))
    require(visitor(), may_note_absence, user)
    form = AbsenceForm(**options)
    form.deputy.offer(accounts.colleagues(user), _("정하지 않아요"))
    return form


def _page(user_id: int, form: AbsenceForm) -> str:
    return render_template("desk/absence.html", user=accounts.by_id(user_id), form=form)
